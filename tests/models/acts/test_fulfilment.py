"""Work for people follows the rights of a case, and a case closes once all of it is settled."""

import pytest

from models.acts.assigning import assign
from models.acts.closing import close_case, refuse_case, withdraw_case
from models.acts.correcting import correct_rights
from models.acts.deciding import decide_item
from models.acts.fulfilment import complete_tasks, skip_tasks
from models.acts.identifying import verify_identity
from models.acts.merging import merge_case
from models.acts.registers import Transfer, record_disclosure
from models.house import House
from models.shapes import SYSTEM, Actor, ActRefused
from models.tables import Client, DataSubjectRequest, FulfilmentTask, JournalEntry
from models.vocabulary import (
    DataCategory,
    ErrorCode,
    IdentityMethod,
    Justification,
    LawfulBasis,
    LetterKind,
    Outcome,
    RequestStatus,
    RequestType,
    Role,
    TaskKind,
)
from tests.models.acts.desk import (
    a_case,
    a_client,
    again,
    do_tasks,
    post_goes,
    refused,
    staff,
    text_of,
)
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
PROVIDER = "Maksekeskus AS"


async def decided(
    house: House, actor: Actor, case: DataSubjectRequest, kind: RequestType, **more: object
) -> None:
    """One right decided."""
    values: dict[str, object] = {"outcome": Outcome.GRANTED, "answer": "Tehtud."}
    await decide_item(
        house, actor, request_id=case.id, version=(await again(case)).version, kind=kind, now=NOW,
        **(values | more),  # type: ignore[arg-type]
    )  # fmt: skip


async def given_to(house: House, client_id: int, recipient: str = PROVIDER) -> None:
    """The client's payment data were given to somebody."""
    transfer = Transfer(
        recipient, [DataCategory.PAYMENT], "makse", LawfulBasis.LEGAL_OBLIGATION, NOW
    )
    version = (await Client.get(id=client_id)).version
    await record_disclosure(
        house, SYSTEM, client_id=client_id, version=version, transfer=transfer, now=NOW
    )


async def waiting(case: DataSubjectRequest) -> dict[TaskKind, int]:
    """How many tasks of each kind nobody has settled."""
    found: dict[TaskKind, int] = {}
    for task in await FulfilmentTask.filter(request_id=case.id, done_at=None):
        found[task.kind] = found.get(task.kind, 0) + 1
    return found


async def test_who_takes_a_proven_case_finds_the_systems_to_be_searched(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.INFORMATION)
    assert await waiting(case) == {}
    await assign(
        house, actor, request_id=case.id, version=case.version, staff_id=actor.staff_id, now=NOW
    )
    assert await waiting(case) == {TaskKind.SEARCH: 20}


async def test_nobody_searches_for_a_stranger_before_the_identity_is_checked(house: House) -> None:
    client = await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.PORTABILITY, sender="uus@example.com")
    await assign(
        house, actor, request_id=case.id, version=case.version, staff_id=actor.staff_id, now=NOW
    )
    assert await waiting(case) == {}
    await verify_identity(
        house, actor, request_id=case.id, version=(await again(case)).version, client_id=client,
        method=IdentityMethod.IN_PERSON, note="Käis kontoris.", now=NOW,
    )  # fmt: skip
    assert await waiting(case) == {TaskKind.EXPORT: 20}


@pytest.mark.parametrize(
    ("kind", "work"),
    [
        (RequestType.INFORMATION, TaskKind.SEARCH),
        (RequestType.RECTIFICATION, TaskKind.CORRECT),
        (RequestType.RESTRICTION, TaskKind.RESTRICT),
    ],
)
async def test_a_granted_right_makes_its_work_and_its_letter_names_who_was_told(
    house: House, kind: RequestType, work: TaskKind
) -> None:
    await given_to(house, await a_client(house))
    actor = await staff(house)
    case = await a_case(house, kind)
    await decided(house, actor, case, kind)
    told = {} if work is TaskKind.SEARCH else {TaskKind.NOTIFY_RECIPIENT: 1}
    assert await waiting(case) == {work: 20} | told
    case = await do_tasks(house, actor, case)
    await close_case(house, actor, request_id=case.id, version=case.version, now=NOW)
    assert (await again(case)).status is RequestStatus.CLOSED
    is_named = f"edastanud: {PROVIDER}." in await text_of(house, LetterKind.CLOSING)
    assert is_named is bool(told)


async def test_whoever_is_told_that_nothing_is_held_is_searched_for(house: House) -> None:
    actor = await staff(house)
    case = await a_case(house, RequestType.ERASURE, sender="keegi@example.com")
    await decided(house, actor, case, RequestType.ERASURE, outcome=Outcome.NOT_HELD)
    assert await waiting(case) == {TaskKind.SEARCH: 20}


async def test_work_left_when_a_case_closes_waits_in_the_list_all_the_same(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.RECTIFICATION)
    await decided(house, actor, case, RequestType.RECTIFICATION)
    version = (await again(case)).version
    await close_case(house, actor, request_id=case.id, version=version, now=NOW)
    assert await waiting(case) == {TaskKind.CORRECT: 20}
    await do_tasks(house, actor, case)
    assert await waiting(case) == {}


async def test_work_nobody_needs_any_more_goes_and_what_was_done_stays(house: House) -> None:
    await given_to(house, await a_client(house))
    actor = await staff(house, Role.DPO)
    case = await a_case(house, RequestType.RECTIFICATION)
    await decided(house, actor, case, RequestType.RECTIFICATION)
    first = await FulfilmentTask.filter(request_id=case.id).order_by("id").first()
    assert first is not None
    await complete_tasks(
        house, actor, request_id=case.id, version=(await again(case)).version,
        task_ids=[first.id], now=NOW,
    )  # fmt: skip
    ground = {"reason": Justification.NOT_REQUIRED_JUSTIFICATION, "explanation": "Andmed on õiged."}
    await decided(house, actor, case, RequestType.RECTIFICATION, outcome=Outcome.REFUSED, **ground)
    assert [one.id for one in await FulfilmentTask.filter(request_id=case.id)] == [first.id]
    await decided(house, actor, case, RequestType.RECTIFICATION)
    assert await waiting(case) == {TaskKind.CORRECT: 19, TaskKind.NOTIFY_RECIPIENT: 1}


@pytest.mark.parametrize("ends", [refuse_case, withdraw_case])
async def test_a_case_that_ends_without_an_answer_leaves_no_work_behind(
    house: House, ends: object
) -> None:
    await a_client(house)
    actor = await staff(house, Role.DPO)
    case = await a_case(house, RequestType.INFORMATION)
    await assign(
        house, actor, request_id=case.id, version=case.version, staff_id=actor.staff_id, now=NOW
    )
    given = {
        refuse_case: {"reason": Justification.PROCESS_EXCESSIVE, "explanation": "Kuues kord."},
        withdraw_case: {"note": "Helistas."},
    }[ends]  # type: ignore[index]
    version = (await again(case)).version
    await ends(house, actor, request_id=case.id, version=version, now=NOW, **given)  # type: ignore[operator]
    assert await waiting(case) == {}


async def test_a_corrected_case_has_the_work_of_its_new_right(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.INQUIRY)
    await correct_rights(
        house, actor, request_id=case.id, version=case.version, labels=[RequestType.INFORMATION],
        reason="Küsib oma andmeid.", now=NOW,
    )  # fmt: skip
    assert await waiting(case) == {TaskKind.SEARCH: 20}


async def test_a_merged_case_has_each_task_once(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    first = await a_case(house, RequestType.INFORMATION)
    second = await a_case(house, RequestType.COPY, RequestType.INFORMATION, uid=2)
    for case in (first, second):
        await decided(house, actor, case, RequestType.INFORMATION)
    first, second = await again(first), await again(second)
    await merge_case(
        house, actor, request_id=second.id, version=second.version, into_id=first.id,
        into_version=first.version, now=NOW,
    )  # fmt: skip
    assert await waiting(first) == {TaskKind.SEARCH: 20}
    assert await waiting(second) == {}


async def test_a_transfer_recorded_after_the_decision_is_still_a_recipient_to_be_told(
    house: House,
) -> None:
    client = await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.RESTRICTION)
    await decided(house, actor, case, RequestType.RESTRICTION)
    await do_tasks(house, actor, case)
    await given_to(house, client)
    assert await waiting(case) == {TaskKind.NOTIFY_RECIPIENT: 1}
    await given_to(house, client)
    assert await waiting(case) == {TaskKind.NOTIFY_RECIPIENT: 1}


async def test_a_recipient_that_could_not_be_told_is_reasoned_off_and_not_named_as_told(
    house: House,
) -> None:
    client = await a_client(house)
    for recipient in (PROVIDER, "Lõppenud OÜ"):
        await given_to(house, client, recipient)
    actor = await staff(house)
    case = await a_case(house, RequestType.RECTIFICATION)
    await decided(house, actor, case, RequestType.RECTIFICATION)
    gone = await FulfilmentTask.get(request_id=case.id, system="Lõppenud OÜ")
    version = (await again(case)).version
    given = {"request_id": case.id, "version": version, "task_ids": [gone.id], "now": NOW}
    with pytest.raises(ActRefused) as refusal:
        await skip_tasks(house, actor, reason=" ", **given)  # type: ignore[arg-type]
    assert refusal.value.problems[0].code is ErrorCode.REASON_REQUIRED
    await skip_tasks(house, actor, reason="Firma on kustutatud.", **given)  # type: ignore[arg-type]
    gone = await FulfilmentTask.get(id=gone.id)
    assert gone.is_skipped
    assert house.vault.open_text("note", gone.note_sealed) == "Firma on kustutatud."
    case = await do_tasks(house, actor, case)
    await close_case(house, actor, request_id=case.id, version=case.version, now=NOW)
    text = await text_of(house, LetterKind.CLOSING)
    assert PROVIDER in text
    assert "Lõppenud OÜ" not in text


async def test_tasks_are_settled_all_or_none(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.INFORMATION)
    other = await a_case(house, RequestType.RECTIFICATION, uid=2)
    await post_goes(house, NOW)
    for one, kind in ((case, RequestType.INFORMATION), (other, RequestType.RECTIFICATION)):
        await decided(house, actor, one, kind)
    mine = [one.id for one in await FulfilmentTask.filter(request_id=case.id).order_by("id")]
    theirs = await FulfilmentTask.filter(request_id=other.id).order_by("id").first()
    assert theirs is not None
    version = (await again(case)).version
    await complete_tasks(
        house, actor, request_id=case.id, version=version, task_ids=mine[:2], now=NOW
    )
    entry = await JournalEntry.get(action="task.complete")
    assert entry.targets == [f"FulfilmentTask:{one}" for one in mine[:2]]
    wrong = {
        ErrorCode.CONFLICT: (mine[1:3], version + 1),
        ErrorCode.STALE_VERSION: (mine[2:4], version),
        ErrorCode.NOT_FOUND: ([*mine[2:4], theirs.id], version + 1),
    }
    for code, (ids, of) in wrong.items():
        assert (
            await refused(
                complete_tasks(house, actor, request_id=case.id, version=of, task_ids=ids, now=NOW)
            )
            is code
        )
    assert await waiting(case) == {TaskKind.SEARCH: 18}
