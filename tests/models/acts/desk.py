"""A desk for tests of acts on cases: staff of each role, clients, cases by mail, sent letters."""

from collections.abc import Awaitable, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from models.acts.access import upsert_staff
from models.acts.clients import AddressRecord, ClientRecord, upsert_client
from models.acts.delivery import begin_data, claim, record_delivery
from models.acts.fulfilment import complete_tasks
from models.house import House
from models.shapes import SYSTEM, Actor, ActRefused
from models.tables import (
    BreachDecision,
    BreachTelling,
    CategoryDecision,
    Client,
    ConsentEvent,
    ContactAddress,
    DataSubjectRequest,
    Extension,
    FulfilmentTask,
    JournalEntry,
    Message,
    OutboundMail,
    Question,
    RequestItem,
    Staff,
    Suppression,
    TimelineEntry,
    Tombstone,
)
from models.vocabulary import (
    ActorKind,
    AddressKind,
    ClientKind,
    DeliveryState,
    ErrorCode,
    Language,
    LetterKind,
    RequestType,
    Role,
)
from tests.letters_for_acts import letter, received, verdict
from tests.registers import NOW

MARI = "mari@example.com"


async def staff(house: House, role: Role = Role.CASE_HANDLER) -> Actor:
    """The trained colleague of this role."""
    known = await Staff.get_or_none(email=f"{role.value}@example.com")
    if known is not None:
        return Actor(ActorKind.STAFF, known.name, known.id, frozenset({role}))
    made = await upsert_staff(
        house,
        SYSTEM,
        name=f"Person {role.value}",
        email=f"{role.value}@example.com",
        role=role,
        trained_on=date(2026, 1, 15),
    )
    return Actor(ActorKind.STAFF, f"Person {role.value}", made.staff_id, frozenset({role}))


async def a_client(
    house: House, *addresses: str, key: str = "k1", language: Language | None = None
) -> int:
    """A client with these addresses on file."""
    record = ClientRecord(
        external_id=key,
        kind=ClientKind.NATURAL_PERSON,
        display_name="Mari Kask",
        language=language,
        addresses=[AddressRecord(AddressKind.EMAIL, one) for one in addresses or (MARI,)],
    )
    result = await upsert_client(house, SYSTEM, record=record, now=NOW)
    assert result.client_id is not None
    return result.client_id


async def a_case(
    house: House,
    *kinds: RequestType,
    sender: str = MARI,
    proven: bool = True,
    uid: int = 1,
    received_at: datetime = NOW,
    **more: Any,
) -> DataSubjectRequest:
    """A case opened by a letter."""
    found = letter(
        sender, proven=proven, message_id=f"<{uid}@example.com>", text=f"Minu palve nr {uid}."
    )
    came = await received(house, verdict(*kinds, **more), found, uid=uid, received_at=received_at)
    return await DataSubjectRequest.get(id=came.result.request_id)


async def again(request: DataSubjectRequest) -> DataSubjectRequest:
    """The case as it stands now."""
    return await DataSubjectRequest.get(id=request.id)


async def do_tasks(
    house: House, actor: Actor, case: DataSubjectRequest, at: datetime = NOW
) -> DataSubjectRequest:
    """Everything people have to do, done; the case after it."""
    case = await again(case)
    left = await FulfilmentTask.filter(request_id=case.id, done_at=None)
    if left:
        await complete_tasks(
            house, actor, request_id=case.id, version=case.version,
            task_ids=[task.id for task in left], now=at,
        )  # fmt: skip
    return await again(case)


async def post_goes(house: House, at: datetime, state: DeliveryState = DeliveryState.SENT) -> int:
    """Everything in the outbox goes out at this instant, or ends as `state`."""
    letters = await claim(house, 1, 50, now=at)
    for one in letters:
        await begin_data(one.outbound_id, 1, now=at)
        await record_delivery(house, one.outbound_id, state, response="250", now=at)
    return len(letters)


async def newest(kind: LetterKind) -> OutboundMail:
    """The newest letter of ours of this kind."""
    found = await OutboundMail.filter(kind=kind).order_by("-id").first()
    assert found is not None
    return found


async def text_of(house: House, kind: LetterKind) -> str:
    """What the newest letter of this kind says."""
    return house.vault.open_text("out-text", (await newest(kind)).text_sealed) or ""


async def everything() -> Sequence[Any]:
    """Whatever an act could change, or send; the journal last."""
    tables = (
        DataSubjectRequest, RequestItem, Extension, Question, Message, OutboundMail,
        ConsentEvent, Suppression, TimelineEntry, Client, ContactAddress, CategoryDecision,
        FulfilmentTask, BreachDecision, BreachTelling, Tombstone, JournalEntry,
    )  # fmt: skip
    return [await table.all().order_by("id").values() for table in tables]


async def refused(act: Awaitable[Any]) -> ErrorCode:
    """Why an act was refused; nothing changed, and nothing goes out."""
    before = await everything()
    with pytest.raises(ActRefused) as refusal:
        await act
    assert await everything() == before
    return refusal.value.problems[0].code
