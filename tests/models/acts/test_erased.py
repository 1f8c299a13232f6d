"""A case whose time was up takes no new words: nobody would purge them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.acts.breaches import decide_breach, report_breach
from models.acts.cases import add_note
from models.acts.closing import reopen_case
from models.acts.fulfilment import complete_task, skip_tasks
from models.acts.holds import lift_hold, set_hold
from models.acts.moving import move_message
from models.acts.purge import purge
from models.acts.recording import Told, record_request
from models.acts.replying import reply
from models.acts.telling import decide_telling
from models.house import House
from models.tables import DataSubjectRequest, FulfilmentTask, Message, OutboundMail
from models.vocabulary import (
    BreachOutcome,
    Channel,
    ErrorCode,
    Fate,
    RequestStatus,
    RequestType,
    Role,
    TellingOutcome,
)
from tests.models.acts.desk import a_case, a_client, again, refused, staff
from tests.registers import NOW
from tests.registers import house as sample_house

pytestmark = pytest.mark.usefixtures("register")
LATER = NOW.replace(year=2029) + timedelta(days=1)
WORDS = "Mari Kask helistas."
TOLD = Told(Channel.PHONE, NOW, [RequestType.COMPLAINT], WORDS)

ACTS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "note": (add_note, {"text": WORDS}),
    "reply": (reply, {"text": WORDS, "holds_data": False}),
    "hold": (set_hold, {"reason": WORDS}),
    "lift hold": (lift_hold, {"reason": WORDS}),
    "reopen": (reopen_case, {"reason": WORDS}),
    "report breach": (report_breach, {"note": WORDS}),
    "decide breach": (
        decide_breach,
        {"outcome": BreachOutcome.NO_BREACH, "explanation": WORDS},
    ),
    "decide telling": (
        decide_telling,
        {"outcome": TellingOutcome.NO_HIGH_RISK, "explanation": WORDS},
    ),
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with an erasure log of its own."""
    return sample_house(erasure_log=tmp_path / "erasure.log")


async def finish(case: DataSubjectRequest, status: RequestStatus = RequestStatus.CLOSED) -> None:
    """The case ended on the day it came."""
    await DataSubjectRequest.filter(id=case.id).update(
        status=status, closed_at=NOW, closed_on=NOW.date()
    )
    await OutboundMail.all().update(state="sent")


async def by_mail(house: House) -> DataSubjectRequest:
    """A case of a letter."""
    await a_client(house)
    return await a_case(house, RequestType.COMPLAINT)


async def by_phone(house: House) -> DataSubjectRequest:
    """A case without a letter."""
    made = await record_request(house, await staff(house), told=TOLD, now=NOW)
    return await DataSubjectRequest.get(id=made.request_id)


@pytest.mark.parametrize("opened", [by_mail, by_phone])
@pytest.mark.parametrize("name", ACTS)
async def test_no_act_writes_words_to_a_case_whose_words_are_erased(
    house: House, opened: Callable[[House], Any], name: str
) -> None:
    case, officer = await opened(house), await staff(house, Role.DPO)
    await finish(case)
    assert await purge(house, now=LATER)
    case = await again(case)
    assert case.erased_at is not None
    act, given = ACTS[name]
    done = act(house, officer, request_id=case.id, version=case.version, now=LATER, **given)
    assert await refused(done) is ErrorCode.CONFLICT


async def test_an_act_that_read_the_case_before_it_was_erased_is_too_late(house: House) -> None:
    case, officer = await by_mail(house), await staff(house, Role.DPO)
    await finish(case)
    seen = await again(case)
    await purge(house, now=LATER)
    for act, given in ACTS.values():
        done = act(house, officer, request_id=case.id, version=seen.version, now=LATER, **given)
        assert await refused(done) is ErrorCode.STALE_VERSION


async def test_tasks_of_an_erased_case_are_settled_without_words(house: House) -> None:
    case, handler = await by_mail(house), await staff(house)
    await finish(case)
    await purge(house, now=LATER)
    task = await FulfilmentTask.get(request_id=case.id)
    case = await again(case)
    told: dict[str, Any] = {"version": case.version, "now": LATER}
    done = complete_task(house, handler, task_id=task.id, note=WORDS, **told)
    assert await refused(done) is ErrorCode.CONFLICT
    told |= {"request_id": case.id, "task_ids": [task.id]}
    assert await refused(skip_tasks(house, handler, reason=WORDS, **told)) is ErrorCode.CONFLICT
    await skip_tasks(house, handler, reason="", **told)
    task = await FulfilmentTask.get(id=task.id)
    assert (task.is_skipped, task.note_sealed, task.detail_sealed) == (True, None, None)


async def test_an_erased_letter_is_not_moved_out_of_its_erased_case(house: House) -> None:
    case = await by_mail(house)
    other = await a_case(house, RequestType.COPY, uid=2)
    await Message.filter(request_id=case.id).update(fate=Fate.FOLLOW_UP)
    await finish(case)
    await purge(house, now=LATER)
    message = await Message.get(request_id=case.id)
    done = move_message(
        house, await staff(house), message_id=message.id, version=message.version,
        request_id=other.id, reason=WORDS, now=LATER,
    )  # fmt: skip
    assert await refused(done) is ErrorCode.CONFLICT


@pytest.mark.parametrize(
    ("status", "stays"),
    [(RequestStatus.CLOSED, True), (RequestStatus.MERGED, False)],
)
async def test_a_case_stays_until_its_possible_breach_is_decided_for_then_nobody_could(
    house: House, status: RequestStatus, stays: bool
) -> None:
    case, officer = (
        await a_case(house, RequestType.COMPLAINT, possible_breach=True),
        await staff(house, Role.DPO),
    )
    await finish(case, status)
    await purge(house, now=LATER)
    case = await again(case)
    assert (case.erased_at is None) is stays
    if stays:
        await decide_breach(
            house, officer, request_id=case.id, version=case.version, now=LATER,
            outcome=BreachOutcome.NO_BREACH, explanation=WORDS,
        )  # fmt: skip
        await purge(house, now=LATER)
        assert (await again(case)).erased_at is not None


async def test_a_breach_found_out_late_is_recorded_as_a_case_of_its_own(house: House) -> None:
    case, officer = await by_mail(house), await staff(house, Role.DPO)
    await finish(case)
    await purge(house, now=LATER)
    made = await record_request(house, officer, told=TOLD, now=LATER)
    await report_breach(
        house, officer, request_id=made.request_id or 0, version=1, note=WORDS, known_at=LATER,
        now=LATER,
    )  # fmt: skip
    fresh = await DataSubjectRequest.get(id=made.request_id)
    assert fresh.breach_decide_by == LATER + timedelta(hours=72)
