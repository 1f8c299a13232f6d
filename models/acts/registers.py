"""Registers beside the cases: who was given data (clauses 5.3, 5.4, 7), policy versions (11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from models.acts.fulfilment import plan_tasks
from models.acts.restricting import unrestricted
from models.acts.standing import check
from models.acts.work import working
from models.guards import reasoned, refuse
from models.house import House
from models.lifecycle import OPEN
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import Client, DataSubjectRequest, Disclosure, PolicyVersion
from models.vocabulary import DataCategory, ErrorCode, LawfulBasis

RECIPIENT_MAX = 200
PURPOSE_MAX = 300
VERSION_MAX = 40


@dataclass(frozen=True, slots=True)
class Transfer:
    """A client's data given to somebody else; `at` is when."""

    recipient: str
    categories: Sequence[DataCategory]
    purpose: str
    basis: LawfulBasis
    at: datetime


async def record_disclosure(
    house: House,
    actor: Actor,
    *,
    client_id: int,
    version: int,
    transfer: Transfer,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """One more line of the register of disclosures; `version` is the client's.

    Refused with NOT_FOUND, STALE_VERSION, REASON_REQUIRED, INVALID (in the future, without a
    category), RESTRICTED unless a law obliges (Art. 18(2)).
    """
    async with working(house, actor, "disclosureRecord", now=now, call_id=call_id) as work:
        client = await Client.get_or_none(id=client_id, erased_at=None)
        if client is None:
            raise ActRefused(Problem(ErrorCode.NOT_FOUND, "No such client.", ("input", "clientId")))
        check(_lawful(transfer, work.now))
        if transfer.basis is not LawfulBasis.LEGAL_OBLIGATION:
            check(unrestricted(client, "clientId"))
        changed = Client.filter(id=client_id, version=version)
        if not await changed.update(version=version + 1, updated_at=work.now):
            message = "Somebody changed this client meanwhile: read it again."
            raise ActRefused(Problem(ErrorCode.STALE_VERSION, message, ("input", "version")))
        row = await Disclosure.create(
            client_id=client_id,
            recipient=transfer.recipient.strip(),
            categories=[one.value for one in dict.fromkeys(transfer.categories)],
            purpose=transfer.purpose.strip(),
            basis=transfer.basis,
            at=transfer.at,
            recorded_at=work.now,
            actor_kind=actor.kind,
            actor_label=actor.label,
            staff_id=actor.staff_id,
        )
        for case in await DataSubjectRequest.filter(subject_id=client_id, status__in=list(OPEN)):
            await plan_tasks(work, case.id)  # one more recipient to be told (Art. 19)
        work.journal("disclosure.record", [f"Client:{client_id}", f"Disclosure:{row.id}"])
    return ActResult(client_id=client_id, disclosure_id=row.id, created=True)


def _lawful(transfer: Transfer, now: datetime) -> Problem | None:
    problem = reasoned(transfer.recipient, "recipient") or reasoned(transfer.purpose, "purpose")
    if problem:
        return problem
    if len(transfer.recipient) > RECIPIENT_MAX or len(transfer.purpose) > PURPOSE_MAX:
        message = f"At most {RECIPIENT_MAX} letters for whom, {PURPOSE_MAX} for why."
        return refuse(ErrorCode.INVALID, message, "recipient")
    if not transfer.categories:
        return refuse(ErrorCode.INVALID, "Say which categories were given.", "categories")
    if transfer.at > now:
        return refuse(ErrorCode.INVALID, "The disclosure lies in the future.", "at")
    return None


async def record_policy(
    house: House,
    actor: Actor,
    *,
    name: str,
    valid_from: date,
    text: str,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """A new version of the policy (clause 11): consents from its day on point to it.

    Only the digest of `text` is kept. The same version and text again change nothing.
    Refused with REASON_REQUIRED without name or text, CONFLICT when the name stands for
    another text, or another version begins on that day.
    """
    async with working(house, actor, "policyVersionRecord", now=now, call_id=call_id) as work:
        check(reasoned(name, "version"), reasoned(text, "text"))
        if len(name) > VERSION_MAX:
            check(refuse(ErrorCode.INVALID, f"At most {VERSION_MAX} letters.", "version"))
        digest = sha256(text.encode()).hexdigest()
        found = await PolicyVersion.get_or_none(version=name.strip())
        if found is not None and (found.sha256, found.valid_from) == (digest, valid_from):
            return ActResult(policy_version_id=found.id)
        if found is not None or await PolicyVersion.filter(valid_from=valid_from).exists():
            message = "Another text stands under this version or day: a policy is never rewritten."
            check(refuse(ErrorCode.CONFLICT, message, "version"))
        row = await PolicyVersion.create(version=name.strip(), valid_from=valid_from, sha256=digest)
        work.journal("policy.record", [f"PolicyVersion:{row.id}"])
    return ActResult(policy_version_id=row.id, created=True)
