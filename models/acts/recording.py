"""A request that came without a letter to the mailbox: by telephone, by post, in person (Art. 12).

The clock runs from when it reached us, a Sunday counts, and no form may be demanded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import deadlines
from models.acts.alarming import breach
from models.acts.cases import Asked, Opening, open_case
from models.acts.classify import check_purposes
from models.acts.consents import ConsentRecord, append_event
from models.acts.effects import asked_of, effective_purposes, suppress
from models.acts.standing import check, target
from models.acts.work import Work, working
from models.consents import purposes_of
from models.guards import reasoned, refuse
from models.house import House
from models.shapes import Actor, ActResult
from models.tables import Client, ContactAddress, DataSubjectRequest, RequestItem
from models.vocabulary import (
    AddressKind,
    AskedPurpose,
    Assurance,
    Channel,
    ConsentEventKind,
    ConsentMethod,
    ErrorCode,
    Language,
    RequestType,
    TimelineKind,
)

METHOD_OF = {
    Channel.EMAIL: ConsentMethod.MAIL,
    Channel.PHONE: ConsentMethod.PHONE,
    Channel.POST: ConsentMethod.PAPER,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a person asked for, as a colleague heard or read it.

    `received_at` is when it reached us, not when it is written down; `text` what was said.
    """

    channel: Channel
    received_at: datetime
    labels: Sequence[RequestType]
    text: str
    purposes: Sequence[AskedPurpose] = ()
    marketing_objection: bool = False
    language: Language | None = None
    acting_for: str | None = None
    possible_breach: bool = False

    @property
    def asked(self) -> list[Asked]:
        """Each right with its purposes."""
        objects = self.marketing_objection
        return asked_of(self.labels, self.purposes, marketing_objection=objects)


async def record_request(
    house: House,
    actor: Actor,
    *,
    told: Told,
    client_id: int | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Opens a case on the clock of its true receipt; identity is checked by an act of its own.

    `client_id` is who the person says to be. A withdrawal then takes effect at once; without
    it a person still has to find whose consents end. Refused with INVALID (receipt in the
    future or before the GDPR, no right, purposes that do not fit), REASON_REQUIRED without
    words, NOT_FOUND.
    """
    check_purposes(told.labels, told.purposes)
    async with working(house, actor, "requestCreate", now=now, call_id=call_id) as work:
        _check(work, told)
        client = await _client(client_id)
        opening = Opening(
            asked=told.asked,
            received_at=told.received_at,
            channel=told.channel,
            language=told.language or (client.language if client else None),
            subject_id=client_id,
            assurance=Assurance.CLAIMED,
            acting_for=told.acting_for,
            possible_breach=told.possible_breach,
            shared_address=client is None,
        )
        request = await open_case(work, opening)
        await put_into_effect(work, request, told.asked, METHOD_OF.get(told.channel))
        await _note(work, request, told)
        if request.breach_decide_by is not None:
            seed, decide_by = f"DataSubjectRequest:{request.id}", request.breach_decide_by
            await breach(work, seed, request, decide_by=decide_by)
        work.journal("request.create", target(request.id), {"channel": told.channel})
    return ActResult(request_id=request.id, reference=request.reference, created=True)


def _check(work: Work, told: Told) -> None:
    if not told.labels:
        check(refuse(ErrorCode.INVALID, "Say which rights are asked for.", "labels"))
    check(deadlines.may_begin(told.received_at, work.now))
    check(reasoned(told.text, "text"))


async def _client(client_id: int | None) -> Client | None:
    if client_id is None:
        return None
    client = await Client.get_or_none(id=client_id, erased_at=None)
    if client is None:
        check(refuse(ErrorCode.NOT_FOUND, "No such client.", "clientId"))
    return client


async def put_into_effect(
    work: Work,
    request: DataSubjectRequest,
    asked: Sequence[Asked],
    method: ConsentMethod | None,
) -> None:
    """Withdrawals and marketing objections of a case without a letter, since its receipt.

    They end the client's consents and suppress the client's addresses; without a client
    nothing is in effect yet.
    """
    ended = effective_purposes(asked)
    if not ended:
        return
    since, client_id = request.received_at, request.subject_id
    if client_id is None:
        await RequestItem.filter(request_id=request.id).update(effective_at=None)
        summary = "Nobody's consents ended yet: find out whose they are."
        work.note(TimelineKind.HELD, summary, request_id=request.id)
        return
    for purpose in sorted(purposes_of(ended)):
        kind, how = ConsentEventKind.WITHDRAWN, method or ConsentMethod.STAFF
        await append_event(
            work.house, work.actor, client_id, ConsentRecord(purpose, kind, how, since)
        )
    addresses = ContactAddress.filter(client_id=client_id, kind=AddressKind.EMAIL)
    for index in await addresses.values_list("address_index", flat=True):
        await suppress(str(index), ended, since, "staff")
    summary = f"In effect since receipt: {', '.join(ended)}."
    work.note(TimelineKind.EFFECT, summary, request_id=request.id)


async def _note(work: Work, request: DataSubjectRequest, told: Told) -> None:
    day = request.received_on.isoformat()
    work.note(
        TimelineKind.RECEIVED,
        f"Received on {day} ({told.channel.value}), written down by a colleague.",
        request_id=request.id,
        detail={"text": told.text},
    )
    named = ", ".join(kind.value for kind, _ in told.asked)
    work.note(TimelineKind.CLASSIFIED, f"Understood as: {named}.", request_id=request.id)
