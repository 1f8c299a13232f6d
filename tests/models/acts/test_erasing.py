"""An erasure is decided by category, carried out once, answered line by line, and stays."""

from pathlib import Path
from typing import Any

import pytest

from models.acts.clients import ClientRecord, import_clients, upsert_client
from models.acts.closing import close_case
from models.acts.deciding import decide_item
from models.acts.effects import suppress
from models.acts.erasing import Choice, execute_erasure
from models.acts.fulfilment import complete_task
from models.acts.holds import lift_hold, set_hold
from models.acts.registers import Transfer, record_disclosure
from models.acts.seals import seal, verify
from models.checking import check
from models.house import House
from models.personal import PSEUDONYM
from models.shapes import SYSTEM, Actor, ActRefused
from models.tables import (
    CategoryDecision,
    Client,
    ContactAddress,
    Contract,
    DataSubjectRequest,
    FulfilmentTask,
    JournalEntry,
    Message,
    Suppression,
    TimelineEntry,
    Tombstone,
)
from models.vocabulary import (
    AddressKind,
    AskedPurpose,
    ClientKind,
    DataCategory,
    ErrorCode,
    Justification,
    LawfulBasis,
    LetterKind,
    Outcome,
    RequestStatus,
    RequestType,
    TaskKind,
    TimelineKind,
)
from tests.letters_for_acts import letter, received, verdict
from tests.models.acts.desk import MARI, a_case, again, do_tasks, everything, post_goes, text_of
from tests.models.acts.erasures import (
    LATER,
    LAW,
    UNTIL,
    a_customer,
    an_erasure,
    carry_out,
    choose,
    decide_all,
    erasing_house,
)
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
KEEPS_INVOICES = {
    "client": Choice(DataCategory.CLIENT, Outcome.PARTLY_GRANTED, LAW, UNTIL),
    "payment": Choice(DataCategory.PAYMENT, Outcome.PARTLY_GRANTED, LAW, UNTIL),
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with an erasure log of its own."""
    return erasing_house(tmp_path)


async def state() -> list[Any]:
    """Whatever an erasure could change."""
    tables = (Client, ContactAddress, Contract, CategoryDecision, FulfilmentTask, Tombstone)
    return [*await everything(), *[await one.all().order_by("id").values() for one in tables]]


async def answered(
    house: House, actor: Actor, case: DataSubjectRequest, outcome: Outcome
) -> DataSubjectRequest:
    """Decided as a whole, and closed."""
    reason = LAW if outcome is Outcome.PARTLY_GRANTED else None
    version = (await again(case)).version
    await decide_item(
        house, actor, request_id=case.id, version=version, kind=RequestType.ERASURE,
        outcome=outcome, answer="Kustutasime teie andmed.", reason=reason,
        explanation="Arveid peame säilitama." if reason else "", now=LATER,
    )  # fmt: skip
    version = (await again(case)).version
    await close_case(house, actor, request_id=case.id, version=version, now=LATER)
    return await again(case)


async def test_a_whole_erasure_leaves_nothing_of_the_client_and_is_answered_line_by_line(
    house: House,
) -> None:
    key = await a_customer(house)
    promised = house.vault.address_index(MARI)
    await suppress(promised, [AskedPurpose.MARKETING], NOW, "mail")
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    case = await carry_out(house, actor, case)
    assert await Suppression.filter(address_index=promised).exists()  # else nobody could keep it
    client = await Client.get(id=key)
    assert (client.display_name, client.external_id, client.erased_at) == (PSEUDONYM, None, LATER)
    assert not await ContactAddress.exists()
    assert not await Contract.exists()
    await do_tasks(house, actor, case)
    case = await answered(house, actor, case, Outcome.GRANTED)
    assert case.status is RequestStatus.CLOSED
    text = await text_of(house, LetterKind.CLOSING)
    assert "Kustutasime:\n- kliendi ja tema esindaja andmed\n" in text
    assert "- teie taotlus ja meie vastus: säilitame kuni 8. märtsini 2029" in text
    assert await post_goes(house, LATER) == 1
    await seal(house.vault)
    assert (await check(house.vault))[1] == []


async def test_what_the_law_keeps_stays_and_the_letter_says_until_when_and_why(
    house: House,
) -> None:
    key = await a_customer(house)
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case, **KEEPS_INVOICES)
    case = await carry_out(house, actor, case)
    client = await Client.get(id=key)
    assert (client.display_name, client.erase_after) == ("Mari Maasikas", UNTIL)
    left = await ContactAddress.all()
    assert [one.kind for one in left] == [AddressKind.POSTAL]
    await do_tasks(house, actor, case)
    await answered(house, actor, case, Outcome.PARTLY_GRANTED)
    text = await text_of(house, LetterKind.CLOSING)
    assert "säilitame kuni 31. detsembrini 2033; alus: raamatupidamise seaduse § 12" in text
    assert "välja arvatud see, mis on nimetatud allpool" in text


async def test_a_running_contract_keeps_one_address_of_each_kind(house: House) -> None:
    await a_customer(house, running=True)
    case, actor = await an_erasure(house)
    needed = Justification.CONTRACT_PERFORMANCE_NECESSITY
    keep = {
        name: Choice(DataCategory(name), outcome, needed)
        for name, outcome in (
            ("client", Outcome.PARTLY_GRANTED),
            ("payment", Outcome.REFUSED),
            ("communication", Outcome.PARTLY_GRANTED),
            ("device", Outcome.PARTLY_GRANTED),
            ("content", Outcome.REFUSED),
        )
    }
    await decide_all(house, actor, case, **keep)
    await carry_out(house, actor, case)
    kinds = [one.kind for one in await ContactAddress.all().order_by("id")]
    assert sorted(kinds) == ["email", "phone", "postal"]
    assert await ContactAddress.filter(value=MARI).exists()


async def test_tasks_follow_the_decisions(house: House) -> None:
    key = await a_customer(house)
    await record_disclosure(
        house, SYSTEM, client_id=key, version=1, now=NOW,
        transfer=Transfer("Maksekeskus AS", [DataCategory.PAYMENT], "makse",
                          LawfulBasis.CONTRACT, NOW),
    )  # fmt: skip
    case, actor = await an_erasure(house)
    await choose(house, actor, case, category=DataCategory.SATISFACTION, outcome=Outcome.GRANTED)
    tasks = FulfilmentTask.filter(request_id=case.id)
    assert sorted([one.system for one in await tasks]) == [
        "service usage statistics",
        "survey tool",
    ]
    await choose(
        house, actor, case, category=DataCategory.SATISFACTION, outcome=Outcome.REFUSED,
        reason=Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED, note="Vaidlus.",
    )  # fmt: skip
    assert not await tasks.exists()
    await decide_all(house, actor, case)
    assert await tasks.filter(kind=TaskKind.NOTIFY_RECIPIENT, system="Maksekeskus AS").count() == 1
    assert await tasks.filter(kind=TaskKind.DELETE_IN_MAILBOX).count() == 1


async def test_a_recipient_that_was_told_stands_in_the_answer(house: House) -> None:
    key = await a_customer(house)
    await record_disclosure(
        house, SYSTEM, client_id=key, version=1, now=NOW,
        transfer=Transfer("Maksekeskus AS", [DataCategory.PAYMENT], "makse",
                          LawfulBasis.CONTRACT, NOW),
    )  # fmt: skip
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    case = await carry_out(house, actor, case)
    await do_tasks(house, actor, case)
    await answered(house, actor, case, Outcome.GRANTED)
    assert "edastanud: Maksekeskus AS." in await text_of(house, LetterKind.CLOSING)


async def test_a_done_task_forgets_the_letter_it_named(house: House) -> None:
    await a_customer(house)
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    await do_tasks(house, actor, case)
    assert not await FulfilmentTask.filter(detail_sealed__not_isnull=True).exists()


async def test_letters_of_no_case_go_with_the_client_and_those_of_the_case_wait(
    house: House,
) -> None:
    await a_customer(house)
    loose = await received(
        house, verdict(), letter(MARI, message_id="<x@example.com>", text="Arve?"), uid=9
    )
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    await carry_out(house, actor, case)
    assert (await Message.get(id=loose.result.message_id)).text_sealed is None
    assert (await Message.get(request_id=case.id)).text_sealed is not None


async def test_an_erased_client_does_not_come_back_with_the_next_import(house: House) -> None:
    await a_customer(house)
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    await carry_out(house, actor, case)
    again_mari = ClientRecord("K-77", ClientKind.NATURAL_PERSON, "Mari Maasikas")
    other = ClientRecord("K-78", ClientKind.NATURAL_PERSON, "Jaan Tamm")
    with pytest.raises(ActRefused) as refusal:
        await upsert_client(house, SYSTEM, record=again_mari)
    assert refusal.value.problems[0].code is ErrorCode.CONFLICT
    assert await import_clients(house, SYSTEM, [again_mari, other]) == (1, 0)
    assert await Client.filter(erased_at=None).count() == 1


async def test_an_erasure_is_journalled_and_logged_without_names(house: House) -> None:
    key = await a_customer(house)
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    await carry_out(house, actor, case)
    entry = await JournalEntry.get(action="client.erase")
    assert entry.targets == [f"Client:{key}", f"DataSubjectRequest:{case.id}"]
    log = house.erasure_log.read_text()
    for word in ("Mari", "mari", "K-77", "example.com"):
        assert word not in log
    await seal(house.vault)
    assert await verify(house.vault) == []


async def test_a_hold_is_set_and_lifted_with_a_reason(house: House) -> None:
    await a_customer(house)
    case, actor = await an_erasure(house)
    await set_hold(
        house, actor, request_id=case.id, version=case.version, reason="Kohtuasi.", now=LATER
    )
    held = await again(case)
    assert held.legal_hold
    await lift_hold(
        house, actor, request_id=case.id, version=held.version, reason="Lõppes.", now=LATER
    )
    assert not (await again(case)).legal_hold
    assert await TimelineEntry.filter(kind=TimelineKind.LEGAL_HOLD).count() == 2


async def test_nothing_is_erased_under_a_hold_on_another_case_of_the_same_client(
    house: House,
) -> None:
    key = await a_customer(house)
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    other = await a_case(house, RequestType.COMPLAINT, uid=2)
    await DataSubjectRequest.filter(id=other.id).update(subject_id=key, legal_hold=True)
    await refused(house, actor, case, ErrorCode.LEGAL_HOLD)


async def refused(house: House, actor: Actor, case: DataSubjectRequest, code: ErrorCode) -> None:
    """Executing is refused with this code and changes nothing."""
    before, version = await state(), (await again(case)).version
    with pytest.raises(ActRefused) as refusal:
        await execute_erasure(house, actor, request_id=case.id, version=version, now=LATER)
    assert [one.code for one in refusal.value.problems] == [code]
    assert await state() == before
    assert not house.erasure_log.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"legal_hold": True}, ErrorCode.LEGAL_HOLD),
        ({"assurance": "claimed"}, ErrorCode.IDENTITY_REQUIRED),
        ({"subject_id": None}, ErrorCode.INVALID),
        ({"status": RequestStatus.CLOSED}, ErrorCode.ILLEGAL_TRANSITION),
    ],
)
async def test_an_illegal_erasure_is_refused_and_nothing_is_touched(
    house: House, change: dict[str, Any], code: ErrorCode
) -> None:
    await a_customer(house)
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    await DataSubjectRequest.filter(id=case.id).update(**change)
    await refused(house, actor, case, code)


async def test_an_erasure_waits_until_every_category_is_decided(house: House) -> None:
    await a_customer(house)
    case, actor = await an_erasure(house)
    await choose(house, actor, case, category=DataCategory.SATISFACTION, outcome=Outcome.GRANTED)
    await refused(house, actor, case, ErrorCode.DECISION_INCOMPLETE)


async def test_a_restricted_client_is_not_erased(house: House) -> None:
    key = await a_customer(house)
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    await Client.filter(id=key).update(restricted_since=NOW)
    await refused(house, actor, case, ErrorCode.RESTRICTED)


async def test_an_erasure_is_carried_out_once(house: House) -> None:
    await a_customer(house)
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    case = await carry_out(house, actor, case)
    with pytest.raises(ActRefused) as refusal:
        await carry_out(house, actor, case)
    assert refusal.value.problems[0].code is ErrorCode.CONFLICT


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (Choice(DataCategory.PAYMENT, Outcome.GRANTED), ErrorCode.REASON_REQUIRED),
        (Choice(DataCategory.PAYMENT, Outcome.REFUSED, note="x"), ErrorCode.REASON_REQUIRED),
        (Choice(DataCategory.PAYMENT, Outcome.REFUSED, LAW, note="x"), ErrorCode.REASON_REQUIRED),
        (
            Choice(DataCategory.PAYMENT, Outcome.PARTLY_GRANTED, LAW, NOW.date(), "x"),
            ErrorCode.INVALID,
        ),
        (Choice(DataCategory.PAYMENT, Outcome.NOT_HELD, note="x"), ErrorCode.INVALID),
        (Choice(DataCategory.DEVICE, Outcome.GRANTED, LAW, note="x"), ErrorCode.INVALID),
    ],
)
async def test_a_category_is_kept_only_on_a_ground_until_a_day_and_otherwise_with_a_note(
    house: House, choice: Choice, code: ErrorCode
) -> None:
    await a_customer(house)
    case, actor = await an_erasure(house)
    before = await state()
    with pytest.raises(ActRefused) as refusal:
        await choose(house, actor, case, **{
            name: getattr(choice, name)
            for name in ("category", "outcome", "reason", "keep_until", "note")
        })  # fmt: skip
    assert refusal.value.problems[0].code is code
    assert await state() == before


async def test_a_case_is_not_closed_before_its_erasure_and_its_tasks_are_done(
    house: House,
) -> None:
    await a_customer(house)
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case)
    for step in (carry_out, do_tasks):
        before = await DataSubjectRequest.filter(status=RequestStatus.CLOSED).count()
        with pytest.raises(ActRefused) as refusal:
            await answered(house, actor, case, Outcome.GRANTED)
        assert refusal.value.problems[0].code is ErrorCode.DECISION_INCOMPLETE
        assert await DataSubjectRequest.filter(status=RequestStatus.CLOSED).count() == before
        await step(house, actor, case)
    await answered(house, actor, case, Outcome.GRANTED)


async def test_the_right_is_decided_as_its_categories_are(house: House) -> None:
    await a_customer(house)
    case, actor = await an_erasure(house)
    await decide_all(house, actor, case, **KEEPS_INVOICES)
    with pytest.raises(ActRefused) as refusal:
        await answered(house, actor, case, Outcome.GRANTED)
    assert refusal.value.problems[0].code is ErrorCode.CONFLICT


async def test_a_task_is_done_once_and_by_the_version_of_its_case(house: House) -> None:
    await a_customer(house)
    case, actor = await an_erasure(house)
    await choose(house, actor, case, category=DataCategory.SATISFACTION, outcome=Outcome.GRANTED)
    task = await FulfilmentTask.all().first()
    assert task is not None
    codes = []
    for version in (0, (await again(case)).version, (await again(case)).version + 1):
        try:
            await complete_task(house, actor, task_id=task.id, version=version, now=LATER)
        except ActRefused as refusal:
            codes.append(refusal.problems[0].code)
    assert codes == [ErrorCode.STALE_VERSION, ErrorCode.CONFLICT]
