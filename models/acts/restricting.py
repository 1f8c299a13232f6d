"""Restriction of processing (Art. 18): kept but not used; ended only after the person was told.

Restricted data are stored and nothing else, except with the person's consent or for legal
claims (Art. 18(2)): stops may be recorded and the person's own cases are answered. The
database refuses the rest as well (models.triggers).
"""

from datetime import date, datetime
from typing import Any

from models.acts.cases import touch
from models.acts.fulfilment import plan_unmarking
from models.acts.standing import check
from models.acts.work import Work, working
from models.acts.writing import Draft, case_facts, language_of, send
from models.guards import reasoned, refuse
from models.house import House
from models.letters.facts import RestrictionLiftedFacts
from models.shapes import SYSTEM, Actor, ActRefused, ActResult, Problem
from models.tables import Client, DataSubjectRequest, Lifting, OutboundMail
from models.vocabulary import DeliveryState, ErrorCode, LetterKind, RequestType, TimelineKind

REFUSED = "Processing is restricted (Art. 18): lift the restriction first."


def unrestricted(client: Client, *path: str) -> Problem | None:
    """The problem that stands against using or changing a restricted client."""
    if client.restricted_since is None:
        return None
    return refuse(ErrorCode.RESTRICTED, REFUSED, *path)


async def restrict(work: Work, request: DataSubjectRequest) -> None:
    """The client of a granted restriction, at once, inside the caller's transaction."""
    client = await Client.get_or_none(id=request.subject_id, erased_at=None)
    if client is None or client.restricted_since is not None:
        return
    await Client.filter(id=client.id).update(
        restricted_since=work.now,
        restriction_reason=f"Art. 18, {request.reference}",
        restricted_by=work.actor.label,
        version=client.version + 1,
        updated_at=work.now,
    )
    summary = "Processing of the client's data is restricted from now on."
    work.note(TimelineKind.EFFECT, summary, request_id=request.id)
    work.journal("client.restrict", [f"Client:{client.id}", f"DataSubjectRequest:{request.id}"])


async def lift_restriction(
    house: House,
    actor: Actor,
    *,
    client_id: int,
    version: int,
    reasons: str,
    lifted_on: date,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Tells the person; the restriction ends on `lifted_on`, once the letter was sent.

    `reasons` go to the person, in the person's language. Refused with NOT_FOUND,
    STALE_VERSION, REASON_REQUIRED, INVALID (a day that is not ahead, no restriction),
    CONFLICT (its end is announced already).
    """
    async with working(house, actor, "restrictionLift", now=now, call_id=call_id) as work:
        client = await _restricted(client_id, version)
        check(reasoned(reasons, "reasons"), await _may_announce(work, client, lifted_on))
        request = await _case_of(client_id)
        mail = await send(work, request, await _draft(work, request, lifted_on, reasons))
        await touch(work, request.id, request.version)  # a letter's id rests on the version
        await Lifting.create(
            client_id=client_id,
            letter_id=mail.id,
            lifted_on=lifted_on,
            by_label=actor.label,
            by_staff_id=actor.staff_id,
        )
        await Client.filter(id=client_id).update(version=version + 1, updated_at=work.now)
        summary = f"The restriction is to end on {lifted_on.isoformat()}, once the letter is sent."
        work.note(TimelineKind.EFFECT, summary, request_id=request.id)
        work.journal("restriction.announce", [f"Client:{client_id}"])
    return ActResult(client_id=client_id, request_id=request.id, outbound_id=mail.id)


async def _restricted(client_id: int, version: int) -> Client:
    client = await Client.get_or_none(id=client_id, erased_at=None)
    if client is None:
        raise ActRefused(Problem(ErrorCode.NOT_FOUND, "No such client.", ("input", "clientId")))
    if client.version != version:
        message = "Somebody changed this client meanwhile: read it again."
        raise ActRefused(Problem(ErrorCode.STALE_VERSION, message, ("input", "version")))
    if client.restricted_since is None:
        message = "Processing of this client is not restricted."
        raise ActRefused(Problem(ErrorCode.INVALID, message, ("input", "clientId")))
    return client


async def _may_announce(work: Work, client: Client, lifted_on: date) -> Problem | None:
    if lifted_on <= work.house.today(work.now):
        message = "The person is told before the restriction ends: name a later day (Art. 18(3))."
        return refuse(ErrorCode.INVALID, message, "liftedOn")
    if await Lifting.filter(client_id=client.id, ended_at=None).exists():
        return refuse(ErrorCode.CONFLICT, "The end of this restriction is announced already.")
    return None


async def _case_of(client_id: int) -> DataSubjectRequest:
    """The case that asked for the restriction, else the newest of the client."""
    cases = DataSubjectRequest.filter(subject_id=client_id, erased_at=None)
    asked = await cases.filter(items__type=RequestType.RESTRICTION).order_by("-id").first()
    found = asked or await cases.order_by("-id").first()
    if found is None:
        message = "No case of this client asked for it: there is nothing to answer to."
        raise ActRefused(Problem(ErrorCode.INVALID, message, ("input", "clientId")))
    return found


async def _draft(work: Work, request: DataSubjectRequest, lifted_on: date, reasons: str) -> Draft:
    facts: dict[str, Any] = case_facts(work, request)
    return Draft(
        LetterKind.RESTRICTION_LIFTED,
        await language_of(request),
        RestrictionLiftedFacts(**facts, lifted_on=lifted_on, reasons=reasons),
        holds_data=True,
    )


async def lift_due(house: House, *, now: datetime | None = None) -> int:
    """Ends the restrictions whose day has come and whose letter was sent; returns how many."""
    async with working(house, SYSTEM, "restrictionLift", now=now) as work:
        today = house.today(work.now)
        found = Lifting.filter(ended_at=None, lifted_on__lte=today, letter__state="sent")
        due = await found.order_by("id").prefetch_related("letter")
        for lifting in due:
            await _lift(work, lifting)
    return len(due)


async def _lift(work: Work, lifting: Lifting) -> None:
    client = await Client.get(id=lifting.client_id)
    await Client.filter(id=client.id).update(
        restricted_since=None,
        restriction_reason=None,
        restricted_by=None,
        version=client.version + 1,
        updated_at=work.now,
    )
    await Lifting.filter(id=lifting.id).update(ended_at=work.now)
    if lifting.letter.request_id is not None:
        await plan_unmarking(work, client.id, lifting.letter.request_id)
    summary = "The restriction has ended; the person was told before."
    work.note(TimelineKind.EFFECT, summary, request_id=lifting.letter.request_id)
    work.journal("restriction.lift", [f"Client:{client.id}"])


async def lifting_lost(work: Work, mail: OutboundMail) -> None:
    """The letter did not arrive: the restriction stays, its end is announced anew."""
    if await Lifting.filter(letter_id=mail.id, ended_at=None).update(ended_at=work.now):
        summary = "The notice did not arrive: the restriction stays."
        work.note(TimelineKind.EFFECT, summary, request_id=mail.request_id)


async def lifting_stands(mail: OutboundMail) -> bool:
    """Whether this notice may go out again: only while nobody decided anew."""
    waits = mail.state not in (DeliveryState.BOUNCED, DeliveryState.FAILED, DeliveryState.DROPPED)
    return waits or await Lifting.filter(letter_id=mail.id, ended_at=None).exists()
