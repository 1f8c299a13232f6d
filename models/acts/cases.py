"""Opening a case, adding rights to it, and what staff do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import deadlines, identity, rights
from models.acts.clocks import columns
from models.acts.work import Work, working
from models.breaches import decide_by
from models.caseclock import case_clock
from models.database import rows
from models.house import House
from models.lifecycle import may_write
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import DataSubjectRequest, RequestItem
from models.vocabulary import (
    AskedPurpose,
    Assurance,
    Channel,
    ErrorCode,
    IdentityMethod,
    ItemStatus,
    Language,
    RequestStatus,
    RequestType,
    TimelineKind,
)

FINAL = (RequestStatus.CLOSED, RequestStatus.MERGED, RequestStatus.NOT_A_REQUEST)

Asked = tuple[RequestType, tuple[AskedPurpose, ...]]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new case is opened with."""

    asked: Sequence[Asked]
    received_at: datetime
    channel: Channel
    language: Language | None
    subject_id: int | None
    assurance: Assurance
    their_reference: str | None = None
    acting_for: str | None = None
    possible_breach: bool = False
    duplicate_of: DataSubjectRequest | None = None
    shared_address: bool = False


async def next_reference(year: int) -> str:
    """NP-YYYY-NNNN, each number once; the year is the one of receipt in Tallinn."""
    found = await rows(
        "INSERT INTO case_number (year, last_number) VALUES (?, 1)"
        " ON CONFLICT (year) DO UPDATE SET last_number = case_number.last_number + 1"
        " RETURNING last_number",
        (year,),
    )
    return f"NP-{year}-{found[0]['last_number']:04d}"


async def bump_numbers(year: int, skip: int) -> list[str]:
    """Leaves out `skip` numbers of this year and the last; returns the next of each.

    After a backup was restored: letters may carry numbers the register has forgotten.
    """
    following = []
    for one in (year - 1, year):
        found = await rows(
            "INSERT INTO case_number (year, last_number) VALUES (?, ?)"
            " ON CONFLICT (year) DO UPDATE SET last_number = case_number.last_number + ?"
            " RETURNING last_number",
            (one, skip, skip),
        )
        following.append(f"NP-{one}-{found[0]['last_number'] + 1:04d}")
    return following


async def open_case(work: Work, opening: Opening) -> DataSubjectRequest:
    """Writes the case, its items and their clock, inside the caller's transaction."""
    zone = work.house.zone
    received_on = deadlines.local_day(opening.received_at, zone)
    since = await _since(opening)
    clock = case_clock([(kind, since) for kind, _ in opening.asked], zone)
    matched = opening.assurance is not Assurance.CLAIMED
    request = await DataSubjectRequest.create(
        reference=await next_reference(received_on.year),
        their_reference=opening.their_reference,
        status=RequestStatus.NEW,
        language=opening.language,
        channel=opening.channel,
        subject_id=opening.subject_id,
        acting_for_sealed=work.house.vault.seal_text("note", opening.acting_for),
        received_at=opening.received_at,
        received_on=received_on,
        **columns(clock),
        breach_decide_by=decide_by(opening.received_at) if opening.possible_breach else None,
        assurance=opening.assurance,
        identity_needed=identity.strictest(
            rights.needs_of(kind, purposes) for kind, purposes in opening.asked
        ),
        identity_method=IdentityMethod.KNOWN_ADDRESS if matched else None,
        identity_verified_at=work.now if matched else None,
        identity_by=work.actor.label if matched else None,
        duplicate_of=opening.duplicate_of,
        updated_at=work.now,
    )
    await _write_items(request, opening.asked, since, opening.shared_address)
    return request


async def _since(opening: Opening) -> datetime:
    """Where the clock begins: a repeated request keeps the earliest one."""
    earlier = opening.duplicate_of
    if earlier is None:
        return opening.received_at
    kinds = [kind for kind, _ in opening.asked]
    items = await RequestItem.filter(request_id=earlier.id, type__in=kinds)
    starts = [item.received_at or earlier.received_at for item in items]
    return min([opening.received_at, *starts])


async def add_items(
    request: DataSubjectRequest,
    asked: Sequence[Asked],
    received_at: datetime,
    *,
    shared_address: bool = False,
) -> list[Asked]:
    """Adds the rights the case does not have yet; returns them.

    A withdrawal is settled on receipt, unless the address belongs to several clients:
    then a person still decides whose consents end.
    """
    have = {item.type for item in await RequestItem.filter(request_id=request.id)}
    new = [(kind, purposes) for kind, purposes in asked if kind not in have]
    await _write_items(request, new, received_at, shared_address)
    return new


async def _write_items(
    request: DataSubjectRequest, asked: Sequence[Asked], received_at: datetime, shared: bool
) -> None:
    await RequestItem.bulk_create([_item(request.id, one, received_at, shared) for one in asked])


def _item(request_id: int, asked: Asked, received_at: datetime, shared: bool) -> RequestItem:
    kind, purposes = asked
    effective = rights.takes_effect_on_receipt(kind, purposes)
    settled = rights.is_settled_on_receipt(kind, purposes) and not shared
    return RequestItem(
        request_id=request_id,
        type=kind,
        purposes=[purpose.value for purpose in purposes],
        status=ItemStatus.EFFECTIVE if settled else ItemStatus.OPEN,
        received_at=received_at,
        effective_at=received_at if effective else None,
    )


async def touch(
    work: Work, request_id: int, version: int, *, wordless: bool = False, **changes: object
) -> None:
    """Changes a case if nobody else did meanwhile; an erased one only by acts without words.

    Refused with NOT_FOUND, STALE_VERSION, CONFLICT.
    """
    found = DataSubjectRequest.filter(id=request_id, version=version)
    writable = found if wordless else found.filter(erased_at=None)
    if not await writable.update(**changes, version=version + 1, updated_at=work.now):
        raise ActRefused(await _why_not(request_id, version))


async def _why_not(request_id: int, version: int) -> Problem:
    request = await DataSubjectRequest.get_or_none(id=request_id)
    if request is None:
        return Problem(ErrorCode.NOT_FOUND, "No such case.", ("input", "requestId"))
    erased = may_write(request.erased_at) if request.version == version else None
    message = "Somebody changed this case meanwhile: read it again."
    return erased or Problem(ErrorCode.STALE_VERSION, message, ("input", "version"))


async def add_note(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    text: str,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """A note for colleagues; its text is sealed."""
    if not text.strip():
        raise ActRefused(
            Problem(ErrorCode.REASON_REQUIRED, "The note is empty.", ("input", "text"))
        )
    async with working(house, actor, "requestNote", now=now, call_id=call_id) as work:
        await touch(work, request_id, version)
        work.note(
            TimelineKind.NOTE, "A note was added.", request_id=request_id, detail={"text": text}
        )
        work.journal("request.note", [f"DataSubjectRequest:{request_id}"])
    return ActResult(request_id=request_id)
