"""What a letter changes by itself on receipt: withdrawals and marketing objections (R8).

An unproven letter reaches the From address, suppressed at once, and the consents of the
client to whom that address alone belongs; nothing else (law: identity level L0).
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from models import rights
from models.acts.cases import Asked
from models.acts.work import Work
from models.consents import purposes_of
from models.database import rows
from models.identity import withdrawal_reach
from models.tables import ConsentEvent, PolicyVersion, RequestItem, Suppression
from models.vocabulary import (
    ActorKind,
    AskedPurpose,
    ConsentEventKind,
    ConsentMethod,
    ItemStatus,
    Language,
    Purpose,
    RequestType,
    TimelineKind,
)


def effective_purposes(asked: Sequence[Asked]) -> tuple[AskedPurpose, ...]:
    """The purposes that end on receipt, in the order of the vocabulary."""
    named = {
        purpose
        for kind, purposes in asked
        if rights.takes_effect_on_receipt(kind, purposes)
        for purpose in purposes or (AskedPurpose.ALL,)
    }
    if AskedPurpose.ALL in named:
        return (AskedPurpose.ALL,)
    return tuple(purpose for purpose in AskedPurpose if purpose in named)


async def take_effect(
    work: Work,
    asked: Sequence[Asked],
    *,
    from_address: str | None,
    owners: Sequence[int],
    received_at: datetime,
    language: Language,
    message_id: int,
    evidence_sha256: str,
    request_id: int,
) -> None:
    """Suppression of the address and ledger events, inside the caller's transaction."""
    ended = effective_purposes(asked)
    if not ended:
        return
    index = work.house.vault.address_index(from_address) if from_address else None
    if index:
        await suppress(index, ended, received_at, "mail")
    reach = withdrawal_reach(owners)
    if index is None and reach.client_id is None:
        await _nobody_s(work, asked, request_id)
        return
    purposes = await _named(purposes_of(ended), work.house.today(received_at))
    await ConsentEvent.bulk_create(
        [
            ConsentEvent(
                client_id=reach.client_id,
                subject_index=None if reach.client_id else index,
                purpose_id=purpose["id"],
                kind=ConsentEventKind.WITHDRAWN,
                at=received_at,
                effective_at=received_at,
                policy_version_id=purpose["policy"],
                language=language,
                method=ConsentMethod.MAIL,
                message_id=message_id,
                evidence_sha256=evidence_sha256,
                actor_kind=ActorKind.SUBJECT,
                actor_label="subject",
            )
            for purpose in purposes
        ]
    )
    work.note(
        TimelineKind.EFFECT,
        f"In effect since receipt: {', '.join(ended)}.",
        request_id=request_id,
        message_id=message_id,
    )
    if reach.needs_person:
        work.note(
            TimelineKind.HELD,
            "The address belongs to several clients: decide whose consents end.",
            request_id=request_id,
            message_id=message_id,
        )


async def _named(codes: Collection[Purpose], on: date) -> list[dict[str, Any]]:
    """`id` of each purpose, and of the `policy` in force on that day (clause 11)."""
    return await rows(
        "SELECT id, (SELECT v.id FROM policy_version v WHERE v.valid_from <= ?"
        " ORDER BY v.valid_from DESC LIMIT 1) AS policy FROM consent_purpose WHERE code IN ??",
        (on, list(codes)),
    )


async def _nobody_s(work: Work, asked: Sequence[Asked], request_id: int) -> None:
    """Without an address or a client nothing is in effect: the right stays open for a person."""
    kinds = [kind for kind, named in asked if rights.takes_effect_on_receipt(kind, named)]
    await RequestItem.filter(request_id=request_id, type__in=kinds).update(
        status=ItemStatus.OPEN, effective_at=None
    )
    summary = "Nobody's consents ended yet: find out whose they are."
    work.note(TimelineKind.HELD, summary, request_id=request_id)


async def suppress(
    address_index: str, purposes: Sequence[AskedPurpose], since: datetime, source: str
) -> None:
    """Not to be written to for these purposes; an older promise stands."""
    await Suppression.bulk_create(
        [
            Suppression(address_index=address_index, purpose=purpose, since=since, source=source)
            for purpose in purposes
        ],
        ignore_conflicts=True,
    )


async def policy_in_force(on: date) -> int | None:
    """Id of the policy version in force on that local day (clause 11)."""
    found = await PolicyVersion.filter(valid_from__lte=on).order_by("-valid_from").first()
    return found.id if found else None


def asked_of(
    labels: Sequence[RequestType], purposes: Sequence[AskedPurpose], *, marketing_objection: bool
) -> list[Asked]:
    """Labels with the purposes that belong to each."""
    by_kind = {
        RequestType.CONSENT_WITHDRAWAL: tuple(purposes) or (AskedPurpose.ALL,),
        RequestType.OBJECTION: (AskedPurpose.MARKETING,) if marketing_objection else (),
    }
    return [(kind, by_kind.get(kind, ())) for kind in RequestType if kind in labels]
