"""A person's verdict replaces the classifier's, which stays beside it."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from models.acts.classify import classify_message
from models.acts.mailbox import UNDATED
from models.house import House
from models.shapes import SYSTEM, ActRefused, ActResult
from models.tables import (
    Classification,
    DataSubjectRequest,
    Message,
    OutboundMail,
    Suppression,
    TimelineEntry,
)
from models.vocabulary import (
    Answer,
    AskedPurpose,
    Decision,
    DeliveryState,
    ErrorCode,
    Fate,
    LetterKind,
    RequestType,
    Role,
)
from tests.letters_for_acts import letter, received, verdict
from tests.models.acts.desk import staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")

DOUBT = verdict(RequestType.COPY, decision=Decision.TRIAGE)


async def in_triage(house: House, **more: object) -> Message:
    """One letter that waits for a person."""
    await received(house, DOUBT, **more)  # type: ignore[arg-type]
    return await Message.get()


async def judged(house: House, message: Message, **given: Any) -> ActResult:
    """A person decides about the letter: an erasure, unless told otherwise."""
    wish: dict[str, Any] = {"labels": [RequestType.ERASURE], "now": NOW} | given
    return await classify_message(
        house, SYSTEM, message_id=message.id, version=message.version, **wish
    )


async def test_labels_open_a_case_on_the_clock_of_receipt_and_queue_the_letter(
    house: House,
) -> None:
    message = await in_triage(house)
    result = await judged(house, message)
    request = await DataSubjectRequest.get(id=result.request_id)
    assert request.due_on == message.due_on
    assert (await OutboundMail.get()).state is DeliveryState.QUEUED
    assert [row.model for row in await Classification.all().order_by("id")] == ["by hand", "person"]
    assert (await Message.get()).fate is Fate.REGISTERED


async def test_what_screening_held_stays_held_after_a_person_classified(house: House) -> None:
    message = await in_triage(house, answer=Answer.HOLD, reasons=("no_proof",))
    await judged(house, message)
    assert (await OutboundMail.get()).state is DeliveryState.HELD


async def test_no_labels_let_the_letter_go(house: House) -> None:
    message = await in_triage(house)
    await judged(house, message, labels=[])
    assert (await Message.get()).fate is Fate.IGNORED
    assert await DataSubjectRequest.all().count() == 0


async def test_a_withdrawal_found_by_a_person_is_effective_since_receipt(house: House) -> None:
    message = await in_triage(house)
    await judged(
        house, message, labels=[RequestType.CONSENT_WITHDRAWAL], purposes=[AskedPurpose.ALL]
    )
    assert (await Suppression.get()).since == message.received_at


async def test_a_letter_can_be_attached_to_a_case(house: House) -> None:
    first = await received(house, verdict(RequestType.ERASURE))
    await received(house, DOUBT, letter(message_id="<b@example.com>"), uid=2)
    message = await Message.get(fate=Fate.TRIAGE)
    result = await judged(
        house, message, labels=[RequestType.COPY], request_id=first.result.request_id
    )
    assert result.request_id == first.result.request_id
    assert (await Message.get(id=message.id)).fate is Fate.FOLLOW_UP


async def test_an_ignored_letter_can_be_found_and_registered(house: House) -> None:
    await received(house, verdict())
    message = await Message.get()
    result = await judged(house, message)
    assert result.created


@pytest.mark.parametrize(
    ("labels", "purposes", "code"),
    [
        ([RequestType.ERASURE], [AskedPurpose.ALL], ErrorCode.INVALID),
        ([RequestType.CONSENT_WITHDRAWAL], [], ErrorCode.INVALID),
        (
            [RequestType.CONSENT_WITHDRAWAL],
            [AskedPurpose.ALL, AskedPurpose.COOKIES],
            ErrorCode.INVALID,
        ),
    ],
)
async def test_purposes_belong_to_withdrawals_and_all_stands_alone(
    house: House, labels: list[RequestType], purposes: list[AskedPurpose], code: ErrorCode
) -> None:
    message = await in_triage(house)
    with pytest.raises(ActRefused) as refused:
        await judged(house, message, labels=labels, purposes=purposes)
    assert refused.value.problems[0].code is code
    assert (await Message.get()).fate is Fate.TRIAGE


async def test_two_people_cannot_classify_one_letter(house: House) -> None:
    message = await in_triage(house)
    same = {"message_id": message.id, "version": message.version, "labels": [RequestType.COPY]}
    await classify_message(house, SYSTEM, **same, now=NOW)  # type: ignore[arg-type]
    with pytest.raises(ActRefused) as refused:
        await classify_message(house, SYSTEM, **same, now=NOW)  # type: ignore[arg-type]
    assert refused.value.problems[0].code is ErrorCode.STALE_VERSION
    assert await DataSubjectRequest.all().count() == 1


async def test_a_letter_nobody_could_date_is_on_the_clock_of_its_true_receipt(
    house: House,
) -> None:
    """Half past midnight in Tallinn, written down in another time zone."""
    message = await in_triage(house, folder=UNDATED)
    true = datetime(2026, 2, 3, 17, 30, tzinfo=timezone(timedelta(hours=-5)))
    result = await judged(house, message, received_at=true)
    request, letter = await DataSubjectRequest.get(id=result.request_id), await Message.get()
    assert request.received_at == letter.received_at == datetime(2026, 2, 3, 22, 30, tzinfo=UTC)
    assert request.received_on == letter.received_on == date(2026, 2, 4)
    assert request.due_on == letter.due_on == date(2026, 3, 4)
    summary = "A person found out that it was received on 2026-02-04."
    assert await TimelineEntry.filter(message_id=message.id, summary=summary).exists()


@pytest.mark.parametrize(("folder", "days"), [("INBOX", -9), (UNDATED, 1), (UNDATED, -9999)])
async def test_a_receipt_our_server_knows_or_that_cannot_be_is_not_given_by_a_person(
    house: House, folder: str, days: int
) -> None:
    message = await in_triage(house, folder=folder)
    with pytest.raises(ActRefused) as refused:
        await judged(house, message, received_at=NOW + timedelta(days=days))
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == (ErrorCode.INVALID, ("input", "receivedAt"))
    assert (await Message.get()).received_at == message.received_at


LEAK = verdict(RequestType.COMPLAINT, decision=Decision.TRIAGE, possible_breach=True)


async def test_a_leak_told_of_in_triage_has_its_hours_in_the_case_it_is_put_to(
    house: House,
) -> None:
    first = await received(house, verdict(RequestType.ERASURE))
    await received(house, LEAK, letter(message_id="<b@example.com>"), uid=2)
    message = await Message.get(fate=Fate.TRIAGE)
    await judged(house, message, labels=[], request_id=first.result.request_id)
    case = await DataSubjectRequest.get(id=first.result.request_id)
    assert case.breach_decide_by == message.received_at + timedelta(hours=72)


async def test_the_officer_hears_of_a_leak_in_a_letter_that_was_ignored(house: House) -> None:
    await staff(house, Role.DPO)
    await received(house, verdict(possible_breach=True))
    assert not await OutboundMail.filter(kind=LetterKind.STAFF_ALARM).exists()
    await judged(house, await Message.get(), labels=[RequestType.COMPLAINT])
    assert await OutboundMail.filter(kind=LetterKind.STAFF_ALARM).count() == 1
    assert (await DataSubjectRequest.get()).breach_decide_by is not None
