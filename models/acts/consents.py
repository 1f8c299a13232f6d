"""Consents recorded by people and machines: append-only events (Art. 7(1), ISO/IEC TS 27560)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.acts.effects import policy_in_force, suppress
from models.acts.promises import lift
from models.acts.work import working
from models.consents import ConsentFact, fold, may_follow
from models.house import House
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import Client, ConsentEvent, ConsentPurpose, ContactAddress
from models.vocabulary import (
    ActorKind,
    AddressKind,
    AskedPurpose,
    ConsentEventKind,
    ConsentMethod,
    ConsentState,
    ErrorCode,
    Language,
    Purpose,
)

STOPS = (ConsentEventKind.WITHDRAWN, ConsentEventKind.REFUSED)
STARTS = (ConsentEventKind.GIVEN, ConsentEventKind.RENEWED)


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One event to record; `at` is when the person said so, `effective_at` when it holds from.

    `expires_on` is the last day of a consent that was given, or renewed, for a time.
    `lifts_suppression`: a colleague confirms that it came after a promise not to write, which
    it ends for this purpose; `note` says how it can be shown (Art. 7(1)).
    """

    purpose: Purpose
    kind: ConsentEventKind
    method: ConsentMethod
    at: datetime
    effective_at: datetime | None = None
    language: Language | None = None
    note: str | None = None
    expires_on: date | None = None
    lifts_suppression: bool = False


async def record_consent(
    house: House,
    actor: Actor,
    *,
    client_id: int,
    version: int,
    record: ConsentRecord,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Appends one event; a withdrawal or refusal also suppresses the client's addresses.

    Refused with NOT_FOUND, STALE_VERSION, RESTRICTED (Art. 18: only a stop may be
    recorded), CONFLICT (nothing stands that could be renewed) or INVALID (an event in the
    future, an end that fits no consent); and like `promises.lift`.
    """
    operation = "consentWithdraw" if record.kind in STOPS else "consentRecord"
    async with working(house, actor, operation, now=now, call_id=call_id) as work:
        client = await _client(client_id)
        _check(client, record, work.now)
        _check_end(record, house.today(record.effective_at or record.at))
        await _check_ledger(client_id, record)
        changed = await Client.filter(id=client_id, version=version).update(
            version=version + 1, updated_at=work.now
        )
        if not changed:
            raise ActRefused(
                Problem(
                    ErrorCode.STALE_VERSION,
                    "Somebody changed this client meanwhile: read it again.",
                    ("input", "version"),
                )
            )
        await append_event(house, actor, client_id, record)
        if record.kind in STOPS:
            await _suppress_addresses(client_id, (record.purpose,), record.at)
        detail: dict[str, Any] = {"kind": record.kind, "purpose": record.purpose}
        if record.lifts_suppression:
            note = record.note or ""
            lifted = await lift(work, client_id, record.purpose, record.kind, record.at, note)
            detail["promisesEnded"] = lifted
        work.journal("consent.record", [f"Client:{client_id}"], detail)
    return ActResult(client_id=client_id)


async def _client(client_id: int) -> Client:
    client = await Client.get_or_none(id=client_id, erased_at=None)
    if client is None:
        raise ActRefused(Problem(ErrorCode.NOT_FOUND, "No such client.", ("input", "clientId")))
    return client


def _check(client: Client, record: ConsentRecord, now: datetime) -> None:
    if record.at > now:
        raise ActRefused(
            Problem(ErrorCode.INVALID, "The event lies in the future.", ("input", "at"))
        )
    if record.effective_at is not None and record.effective_at < record.at:
        message = "A consent takes effect with the event or later."
        raise ActRefused(Problem(ErrorCode.INVALID, message, ("input", "effectiveAt")))
    if client.restricted_since is not None and record.kind not in STOPS:
        raise ActRefused(
            Problem(
                ErrorCode.RESTRICTED,
                "Processing is restricted (Art. 18): lift the restriction first.",
                ("input", "clientId"),
            )
        )


def _check_end(record: ConsentRecord, first_day: date) -> None:
    """Only a consent that is given or renewed has a last day, its first or a later one."""
    if record.expires_on is None:
        return
    if record.kind not in STARTS:
        message = "Only a consent that is given or renewed has a last day."
        raise ActRefused(Problem(ErrorCode.INVALID, message, ("input", "expiresOn")))
    if record.expires_on < first_day:
        message = "A consent ends after it began."
        raise ActRefused(Problem(ErrorCode.INVALID, message, ("input", "expiresOn")))


async def _check_ledger(client_id: int, record: ConsentRecord) -> None:
    """What stood when the event took place."""
    events = await ConsentEvent.filter(client_id=client_id, purpose__code=record.purpose)
    facts = [
        ConsentFact(record.purpose, one.kind, one.at, one.effective_at, one.id) for one in events
    ]
    standing = fold(facts, as_of=record.effective_at or record.at).get(record.purpose)
    state = standing.state if standing else ConsentState.UNKNOWN
    if not may_follow(state, record.kind):
        message = f"The consent is {state.value} then: it cannot be {record.kind.value}."
        raise ActRefused(Problem(ErrorCode.CONFLICT, message, ("input", "kind")))


async def append_event(house: House, actor: Actor, client_id: int, record: ConsentRecord) -> None:
    """One ledger row, inside the caller's transaction."""
    purpose = await ConsentPurpose.get(code=record.purpose)
    await ConsentEvent.create(
        client_id=client_id,
        purpose_id=purpose.id,
        kind=record.kind,
        at=record.at,
        effective_at=record.effective_at or record.at,
        expires_on=record.expires_on,
        policy_version_id=await policy_in_force(house.today(record.at)),
        language=record.language,
        method=record.method,
        actor_kind=actor.kind,
        actor_label=actor.label,
        staff_id=actor.staff_id if actor.kind is ActorKind.STAFF else None,
        note_sealed=house.vault.seal_text("note", record.note),
    )


async def _suppress_addresses(client_id: int, purposes: Sequence[Purpose], since: datetime) -> None:
    indexes = await ContactAddress.filter(client_id=client_id, kind=AddressKind.EMAIL).values_list(
        "address_index", flat=True
    )
    for index in indexes:
        await suppress(str(index), [AskedPurpose(purpose) for purpose in purposes], since, "staff")
