"""A colleague lets the acknowledgement go: the one that waits or a new one, and never twice."""

from dataclasses import replace

import pytest

from models.acts.acknowledging import acknowledge
from models.acts.assigning import assign
from models.acts.recording import Told, record_request
from models.acts.splitting import split_case
from models.house import House
from models.letters.wire import acknowledgement_id
from models.shapes import Actor
from models.tables import DataSubjectRequest, JournalEntry, Message, OutboundMail
from models.vocabulary import (
    AskedPurpose,
    AutomaticKind,
    Channel,
    DeliveryState,
    ErrorCode,
    LetterKind,
    RequestStatus,
    RequestType,
)
from tests.models.acts.desk import (
    MARI,
    a_case,
    a_client,
    again,
    newest,
    post_goes,
    refused,
    staff,
    text_of,
)
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
ACK = LetterKind.ACKNOWLEDGEMENT


async def let_go(house: House, actor: Actor, case: DataSubjectRequest) -> None:
    """The act on the case as it stands."""
    version = (await again(case)).version
    await acknowledge(house, actor, request_id=case.id, version=version, now=NOW)


async def test_a_held_acknowledgement_goes_out_once(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(replace(house, acknowledge="hold"), RequestType.ERASURE)
    assert (await newest(ACK)).state is DeliveryState.HELD
    await let_go(house, actor, case)
    assert await refused(let_go(house, actor, case)) is ErrorCode.CONFLICT
    assert await post_goes(house, NOW) == 1
    assert (await again(case)).acknowledged_at == NOW
    assert await refused(let_go(house, actor, case)) is ErrorCode.CONFLICT
    assert await OutboundMail.all().count() == 1
    entry = await JournalEntry.get(action="request.acknowledge")
    assert entry.targets == [f"DataSubjectRequest:{case.id}", "OutboundMail:1"]


async def test_one_that_nobody_wrote_is_written_under_the_id_the_automatic_one_would_have(
    house: House,
) -> None:
    await a_client(house)
    actor = await staff(house)
    quiet = await a_case(replace(house, acknowledge="off"), RequestType.COPY)
    assert not await OutboundMail.exists()
    await let_go(house, actor, quiet)
    mine, message = await newest(ACK), await Message.get(request_id=quiet.id)
    assert message.content_index is not None
    assert mine.message_id == acknowledgement_id(
        message.content_index, house.vault.mail_id_key, house.mail_domain
    )
    assert (mine.answers_id, mine.automatic) == (message.id, True)
    assert house.vault.open_text("to", mine.to_sealed) == MARI
    assert quiet.reference in await text_of(house, ACK)
    assert await refused(let_go(house, actor, quiet)) is ErrorCode.CONFLICT


@pytest.mark.parametrize(
    "state",
    [one for one in DeliveryState if one not in (DeliveryState.HELD, DeliveryState.DROPPED)],
)
async def test_nobody_who_may_have_the_letter_gets_it_again(
    house: House, state: DeliveryState
) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.ERASURE)
    await OutboundMail.all().update(state=state)
    assert await refused(let_go(house, actor, case)) is ErrorCode.CONFLICT


async def test_a_letter_that_was_dropped_may_go_only_if_no_server_ever_saw_it(
    house: House,
) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.ERASURE)
    dropped = OutboundMail.all()
    await dropped.update(state=DeliveryState.DROPPED, last_response="no answer to DATA was seen")
    assert await refused(let_go(house, actor, case)) is ErrorCode.CONFLICT
    await dropped.update(last_response=None, attempts=1)
    assert await refused(let_go(house, actor, case)) is ErrorCode.CONFLICT
    await dropped.update(attempts=0)
    await let_go(house, actor, case)
    assert await post_goes(house, NOW) == 1


async def test_a_spoken_request_and_a_machine_s_letter_are_not_acknowledged(house: House) -> None:
    actor = await staff(house)
    told = Told(Channel.PHONE, NOW, [RequestType.INQUIRY], "Küsis tähtaega.")
    spoken = await record_request(house, actor, told=told, now=NOW)
    oral = await DataSubjectRequest.get(id=spoken.request_id)
    assert await refused(let_go(house, actor, oral)) is ErrorCode.INVALID
    case = await a_case(replace(house, acknowledge="off"), RequestType.INQUIRY)
    await Message.filter(request_id=case.id).update(automatic=AutomaticKind.AUTO_REPLY)
    assert await refused(let_go(house, actor, case)) is ErrorCode.INVALID


async def test_a_withdrawal_acknowledged_late_is_closed_by_its_letter_only_while_new(
    house: House,
) -> None:
    await a_client(house)
    actor = await staff(house)
    off = replace(house, acknowledge="off")
    wish = (AskedPurpose.MARKETING,)
    fresh = await a_case(off, RequestType.CONSENT_WITHDRAWAL, purposes=wish)
    taken = await a_case(off, RequestType.CONSENT_WITHDRAWAL, uid=2, purposes=wish)
    await assign(
        house, actor, request_id=taken.id, version=taken.version, staff_id=actor.staff_id, now=NOW
    )
    closing = "täitsime teie soovi"
    for case, closes in ((fresh, True), (taken, False)):
        await let_go(house, actor, case)
        assert (closing in await text_of(house, ACK)) is closes
        await post_goes(house, NOW)
        is_closed = (await again(case)).status is RequestStatus.CLOSED
        assert is_closed is closes


async def test_a_case_that_came_out_of_another_has_an_acknowledgement_of_its_own(
    house: House,
) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.ERASURE, RequestType.COPY)
    await post_goes(house, NOW)
    case = await again(case)
    made = await split_case(
        house, actor, request_id=case.id, version=case.version, labels=[RequestType.COPY],
        is_shared=False, reason="Teise inimese soov.", now=NOW,
    )  # fmt: skip
    other = await DataSubjectRequest.get(id=made.request_id)
    await let_go(house, actor, other)
    assert (await newest(ACK)).request_id == other.id
    assert await refused(let_go(house, actor, other)) is ErrorCode.CONFLICT
    assert await refused(let_go(house, actor, case)) is ErrorCode.CONFLICT
