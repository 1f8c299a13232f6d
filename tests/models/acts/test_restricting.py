"""A restricted client is kept but not used, and is told before the restriction ends."""

from datetime import date, timedelta
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.acts.clients import AddressRecord, ClientRecord, upsert_client
from models.acts.consents import ConsentRecord, record_consent
from models.acts.daily import every_day
from models.acts.deciding import decide_item
from models.acts.fulfilment import complete_tasks, skip_tasks
from models.acts.restricting import lift_due, lift_restriction
from models.database import CONNECTION, rows
from models.house import House
from models.shapes import SYSTEM, Actor
from models.tables import (
    Client,
    ContactAddress,
    DataSubjectRequest,
    FulfilmentTask,
    JournalEntry,
    Lifting,
    TimelineEntry,
)
from models.vocabulary import (
    AddressKind,
    ClientKind,
    ConsentEventKind,
    ConsentMethod,
    DeliveryState,
    ErrorCode,
    LetterKind,
    Outcome,
    Purpose,
    RequestType,
    TaskKind,
)
from tests.models.acts.desk import (
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
LATER = NOW + timedelta(days=3)
END = date(2026, 3, 20)


async def restricted(house: House) -> tuple[int, Actor]:
    """A client whose restriction was granted."""
    key = await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.RESTRICTION)
    await post_goes(house, NOW)
    case = await again(case)
    await decide_item(
        house, actor, request_id=case.id, version=case.version, kind=RequestType.RESTRICTION,
        outcome=Outcome.GRANTED, answer="Töötlemine on piiratud.", now=LATER,
    )  # fmt: skip
    return key, actor


async def lift(house: House, actor: Actor, key: int, **more: Any) -> None:
    """Announces the end."""
    client = await Client.get(id=key)
    given: dict[str, Any] = {"reasons": "Andmed on parandatud.", "lifted_on": END, "now": LATER}
    await lift_restriction(house, actor, client_id=key, version=client.version, **(given | more))


async def test_a_granted_restriction_holds_from_the_decision_on(house: House) -> None:
    key, actor = await restricted(house)
    client = await Client.get(id=key)
    assert client.restricted_since == LATER
    assert (client.restriction_reason, client.restricted_by) == (
        "Art. 18, NP-2026-0001",
        actor.label,
    )
    assert await TimelineEntry.filter(kind="effect", summary__contains="restricted").exists()
    assert await JournalEntry.filter(action="client.restrict").exists()


async def test_a_restricted_client_cannot_be_changed_and_gives_no_consent(house: House) -> None:
    key, actor = await restricted(house)
    client = await Client.get(id=key)
    changed = ClientRecord("k1", ClientKind.NATURAL_PERSON, "Mari Tamm")
    given = ConsentRecord(Purpose.MARKETING, ConsentEventKind.GIVEN, ConsentMethod.PHONE, NOW)
    for act in (
        upsert_client(house, SYSTEM, record=changed),
        record_consent(house, actor, client_id=key, version=client.version, record=given),
    ):
        assert await refused(act) is ErrorCode.RESTRICTED


async def test_a_restricted_client_may_still_stop_something(house: House) -> None:
    key, actor = await restricted(house)
    client = await Client.get(id=key)
    stop = ConsentRecord(Purpose.MARKETING, ConsentEventKind.WITHDRAWN, ConsentMethod.PHONE, NOW)
    await record_consent(house, actor, client_id=key, version=client.version, record=stop)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE client SET display_name = 'x' WHERE id = ?",
        "UPDATE client SET erased_at = updated_at WHERE id = ?",
        "UPDATE client SET restricted_since = NULL WHERE id = ?",
        "UPDATE contact_address SET value = 'x' WHERE client_id = ?",
        "DELETE FROM contact_address WHERE client_id = ?",
        "INSERT INTO representative (client_id, name) VALUES (?, 'x')",
        "INSERT INTO contract (client_id, number, starts_on) VALUES (?, 'x', '2026-01-01')",
    ],
)
async def test_the_database_itself_refuses_to_change_a_restricted_client(
    house: House, sql: str
) -> None:
    key, _ = await restricted(house)
    with pytest.raises(IntegrityError, match=r"Art\. 18"):
        async with in_transaction(CONNECTION):
            await rows(sql, [key])
    assert await ContactAddress.filter(client_id=key, value="mari@example.com").exists()
    assert (await Client.get(id=key)).restricted_since is not None


async def test_other_clients_are_changed_as_ever(house: House) -> None:
    await restricted(house)
    await upsert_client(
        house, SYSTEM, record=ClientRecord(
            "k2", ClientKind.NATURAL_PERSON, "Jaan",
            addresses=[AddressRecord(AddressKind.EMAIL, "jaan@example.com")],
        ),
    )  # fmt: skip
    assert await Client.all().count() == 2


async def test_a_restriction_ends_on_its_day_once_the_person_was_told(house: House) -> None:
    key, actor = await restricted(house)
    await lift(house, actor, key)
    assert "20. märts 2026" in await text_of(house, LetterKind.RESTRICTION_LIFTED)
    assert await lift_due(house, now=LATER.replace(day=25)) == 0, "the letter is not sent"
    await post_goes(house, LATER)
    assert await lift_due(house, now=LATER.replace(day=19)) == 0, "the day has not come"
    assert await lift_due(house, now=LATER.replace(day=20)) == 1
    client = await Client.get(id=key)
    assert (client.restricted_since, client.restriction_reason) == (None, None)
    assert await JournalEntry.filter(action="restriction.lift").exists()


async def test_a_notice_that_did_not_arrive_leaves_the_restriction(house: House) -> None:
    key, actor = await restricted(house)
    await lift(house, actor, key)
    await post_goes(house, LATER, DeliveryState.FAILED)
    assert await Lifting.filter(ended_at=None).count() == 0
    assert await lift_due(house, now=LATER.replace(day=25)) == 0
    assert (await Client.get(id=key)).restricted_since is not None
    await lift(house, actor, key)
    assert (await newest(LetterKind.RESTRICTION_LIFTED)).state is DeliveryState.QUEUED


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reasons": " "}, ErrorCode.REASON_REQUIRED),
        ({"lifted_on": LATER.date()}, ErrorCode.INVALID),
    ],
)
async def test_a_restriction_does_not_end_without_reasons_or_on_the_same_day(
    house: House, more: dict[str, Any], code: ErrorCode
) -> None:
    key, actor = await restricted(house)
    assert await refused(lift(house, actor, key, **more)) is code


async def test_the_day_s_work_is_done_once_a_day(house: House) -> None:
    assert await every_day(house, now=NOW)
    assert not await every_day(house, now=NOW + timedelta(hours=2))
    assert await every_day(house, now=NOW + timedelta(days=1))


async def test_marks_in_other_systems_come_off_when_the_restriction_ends(house: House) -> None:
    """Only where a colleague had set one."""
    key, actor = await restricted(house)
    tasks = FulfilmentTask.filter(kind=TaskKind.RESTRICT).order_by("id")
    first, *others = [task.id for task in await tasks]
    case = await DataSubjectRequest.get()
    await complete_tasks(
        house, actor, request_id=case.id, version=case.version, task_ids=[first], now=LATER
    )
    await skip_tasks(
        house, actor, request_id=case.id, version=case.version + 1, task_ids=others,
        reason="Seal teda ei ole.", now=LATER,
    )  # fmt: skip
    await lift(house, actor, key)
    await post_goes(house, LATER)
    unmarking = FulfilmentTask.filter(kind=TaskKind.UNRESTRICT)
    assert not await unmarking.exists()
    assert await lift_due(house, now=NOW + timedelta(days=16)) == 1
    (task,) = await unmarking
    assert (task.request_id, task.system) == (case.id, (await tasks)[0].system)
    assert task.done_at is None
