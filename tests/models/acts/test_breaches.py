"""A possible breach is decided: on the timeline, in the journal, never undone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.acts.alarming import breach
from models.acts.breaches import decide_breach, report_breach
from models.acts.purge import purge
from models.acts.reminding import tell_staff
from models.acts.work import working
from models.breaches import decide_by
from models.house import House
from models.shapes import BOT, Actor, ActRefused
from models.tables import (
    BreachDecision,
    DataSubjectRequest,
    JournalEntry,
    OutboundMail,
    TimelineEntry,
)
from models.vocabulary import (
    BreachOutcome,
    Decision,
    ErrorCode,
    LetterKind,
    RequestStatus,
    RequestType,
    Role,
    TimelineKind,
)
from tests.letters_for_acts import letter, received, verdict
from tests.models.acts.desk import a_case, again, staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")

HOUR = timedelta(hours=1)
WHY = "Loend saadeti valele aadressile; vastuvõtja kustutas selle."
NOTIFIED: dict[str, Any] = {
    "outcome": BreachOutcome.NOTIFIED,
    "explanation": WHY,
    "notified_at": NOW + HOUR,
}
NONE: dict[str, Any] = {
    "outcome": BreachOutcome.NO_BREACH,
    "explanation": "Ta nägi omaenda andmeid.",
}


async def told(house: House) -> DataSubjectRequest:
    """A complaint that tells of a leak."""
    return await a_case(house, RequestType.COMPLAINT, possible_breach=True)


async def decide(
    house: House, actor: Actor, case: DataSubjectRequest, hours: int = 2, **given: Any
) -> None:
    """Decides so many hours after receipt."""
    version = (await again(case)).version
    now = NOW + hours * HOUR
    await decide_breach(house, actor, request_id=case.id, version=version, now=now, **given)


async def test_a_notification_stands_with_its_moment_and_grounds(house: House) -> None:
    case, officer = await told(house), await staff(house, Role.DPO)
    await decide(house, officer, case, **NOTIFIED)
    found = await BreachDecision.get()
    assert (found.outcome, found.notified_at) == (BreachOutcome.NOTIFIED, NOW + HOUR)
    assert house.vault.open_text("note", found.explanation_sealed) == WHY
    assert (found.by_staff_id, found.decided_at) == (officer.staff_id, NOW + 2 * HOUR)
    entry = await TimelineEntry.get(kind=TimelineKind.BREACH)
    assert entry.summary == (
        f"The Inspectorate was notified of a breach (Art. 33) on"
        f" {(NOW + HOUR).astimezone(house.zone):%Y-%m-%d at %H:%M}."
    )
    journal = await JournalEntry.get(action="request.decide_breach")
    assert (journal.targets, journal.detail) == (
        [f"DataSubjectRequest:{case.id}"],
        {"outcome": "notified"},
    )
    assert (await again(case)).version == case.version + 1


async def test_a_late_notification_says_so_on_the_timeline(house: House) -> None:
    case, officer = await told(house), await staff(house, Role.DPO)
    late = NOTIFIED | {"notified_at": NOW + 80 * HOUR, "delay_reasons": "Logid saime täna."}
    await decide(house, officer, case, 81, **late)
    entry = await TimelineEntry.get(kind=TimelineKind.BREACH)
    assert entry.summary.endswith(", after the 72 hours.")
    delay = (await BreachDecision.get()).delay_sealed
    assert house.vault.open_text("note", delay) == "Logid saime täna."


async def test_a_notification_before_the_breach_was_known_is_one_recorded_of_an_earlier_one(
    house: House,
) -> None:
    case, officer = await told(house), await staff(house, Role.DPO)
    later = await a_case(house, RequestType.COMPLAINT, uid=2)
    await report_breach(
        house, officer, request_id=later.id, version=later.version, note="Sama leke.",
        known_at=NOW + 5 * HOUR, now=NOW + 5 * HOUR,
    )  # fmt: skip
    with pytest.raises(ActRefused) as refusal:
        await decide(house, officer, later, 6, **NOTIFIED)
    problem = refusal.value.problems[0]
    assert (problem.code, problem.path[-1]) == (ErrorCode.INVALID, "notifiedAt")
    await decide(house, officer, case, 6, **NOTIFIED)
    await decide(house, officer, later, 6, **NOTIFIED)
    assert await BreachDecision.filter(notified_at=NOW + HOUR).count() == 2


async def test_a_breach_known_in_the_future_is_refused_however_far_it_is(house: House) -> None:
    case, handler = await a_case(house, RequestType.COMPLAINT), await staff(house)
    for known_at in (NOW + HOUR, datetime.max.replace(tzinfo=UTC)):
        with pytest.raises(ActRefused) as refusal:
            await report_breach(
                house, handler, request_id=case.id, version=case.version, note="Leke.",
                known_at=known_at, now=NOW,
            )  # fmt: skip
        assert refusal.value.problems[0].path[-1] == "knownAt"
    assert (await again(case)).breach_decide_by is None


async def test_a_second_thought_stands_beside_the_first(house: House) -> None:
    case, officer = await told(house), await staff(house, Role.DPO)
    await decide(house, officer, case, **NONE)
    await decide(house, officer, case, 3, **NOTIFIED)
    with pytest.raises(ActRefused) as refusal:
        await decide(house, officer, case, 4, **NONE)
    assert refusal.value.problems[0].code is ErrorCode.CONFLICT
    outcomes = [one.outcome for one in await BreachDecision.all().order_by("id")]
    assert outcomes == [BreachOutcome.NO_BREACH, BreachOutcome.NOTIFIED]


async def test_a_case_nobody_flagged_is_on_the_clock_of_its_receipt(house: House) -> None:
    case = await a_case(house, RequestType.COMPLAINT)
    await decide(house, await staff(house, Role.DPO), case, **NOTIFIED)
    assert (await BreachDecision.get()).decide_by == NOW + 72 * HOUR
    assert (await again(case)).breach_decide_by is None


async def another_leak(house: House, case: DataSubjectRequest, hours: int) -> None:
    """A second letter of the case tells of another leak, so many hours after the first."""
    received = NOW + hours * HOUR
    async with working(house, BOT, "receive", now=received) as work:
        await breach(work, f"Leak:{hours}", await again(case), decide_by=decide_by(received))


async def test_a_leak_told_of_after_a_decision_has_hours_of_its_own(house: House) -> None:
    case, officer = await told(house), await staff(house, Role.DPO)
    await decide(house, officer, case, **NOTIFIED)
    await another_leak(house, case, 100)
    assert (await again(case)).breach_decide_by == NOW + 172 * HOUR
    in_time = NOTIFIED | {"notified_at": NOW + 150 * HOUR}
    await decide(house, officer, case, 151, **in_time)
    await another_leak(house, case, 200)
    await decide(house, officer, case, 201, **NONE)
    made = await BreachDecision.all().order_by("id")
    assert [one.decide_by - NOW for one in made] == [72 * HOUR, 172 * HOUR, 272 * HOUR]
    assert (await again(case)).breach_decide_by is None


async def test_of_two_leaks_nobody_has_decided_about_the_first_one_counts(house: House) -> None:
    case = await told(house)
    await another_leak(house, case, 30)
    assert (await again(case)).breach_decide_by == NOW + 72 * HOUR


async def test_who_decides_has_read_of_every_leak_the_case_tells_of(house: House) -> None:
    case, officer = await told(house), await staff(house, Role.DPO)
    for hours in (30, 100):
        seen = await again(case)
        await another_leak(house, case, hours)
        with pytest.raises(ActRefused) as refusal:
            await decide_breach(
                house, officer, request_id=case.id, version=seen.version,
                now=NOW + hours * HOUR, **NONE,
            )  # fmt: skip
        assert refusal.value.problems[0].code is ErrorCode.STALE_VERSION
        await decide(house, officer, case, hours, **NONE)
    assert [one.decide_by - NOW for one in await BreachDecision.all().order_by("id")] == [
        72 * HOUR,
        172 * HOUR,
    ]


async def test_a_leak_told_of_while_another_is_decided_keeps_its_own_hours(house: House) -> None:
    case, officer = await told(house), await staff(house, Role.DPO)
    read_before = await again(case)
    await decide(house, officer, case, **NONE)
    async with working(house, BOT, "receive", now=NOW + 100 * HOUR) as work:
        await breach(work, "Leak", read_before, decide_by=NOW + 172 * HOUR)
    assert (await again(case)).breach_decide_by == NOW + 172 * HOUR


async def test_a_closed_case_may_still_be_decided_and_stays_closed(house: House) -> None:
    case = await told(house)
    await DataSubjectRequest.filter(id=case.id).update(
        status=RequestStatus.CLOSED, closed_at=NOW, closed_on=NOW.date()
    )
    await decide(house, await staff(house, Role.DPO), case, **NONE)
    stands = await again(case)
    assert (stands.status, stands.closed_at) == (RequestStatus.CLOSED, NOW)


async def test_the_morning_letter_counts_until_somebody_decides(house: House) -> None:
    case, officer = await told(house), await staff(house, Role.DPO)

    async def said(days: int) -> str:
        await tell_staff(house, now=NOW + timedelta(days=days))
        mail = await OutboundMail.filter(kind=LetterKind.STAFF_DIGEST).order_by("-id").first()
        assert mail is not None
        return house.vault.open_text("out-text", mail.text_sealed) or ""

    line = "Võimalikke rikkumisi, mille kohta otsust ei ole (IKÜM artikkel 33): "
    leak = verdict(RequestType.COMPLAINT, decision=Decision.TRIAGE, possible_breach=True)
    await received(house, leak, letter("c@example.com", message_id="<3@example.com>"), uid=3)
    assert f"{line}2\n" in await said(0)
    await decide(house, officer, case, **NONE)
    assert f"{line}1\n" in await said(1)


async def test_its_words_go_with_the_case_and_the_decision_stays(house: House) -> None:
    case = await told(house)
    await decide(house, await staff(house, Role.DPO), case, **NOTIFIED)
    await DataSubjectRequest.filter(id=case.id).update(
        status=RequestStatus.CLOSED, closed_at=NOW, closed_on=NOW.date()
    )
    await OutboundMail.all().update(state="sent")
    await purge(house, now=NOW + timedelta(days=365 * 3 + 10))
    found = await BreachDecision.get()
    assert (found.outcome, found.explanation_sealed) == (BreachOutcome.NOTIFIED, None)


async def test_a_breach_nobody_flagged_is_reported_and_told_to_the_officer_at_once(
    house: House,
) -> None:
    case, handler = await a_case(house, RequestType.COMPLAINT), await staff(house)
    await staff(house, Role.DPO)

    async def report(**given: Any) -> None:
        version = (await again(case)).version
        await report_breach(
            house, handler, request_id=case.id, version=version, now=NOW + 30 * HOUR, **given
        )

    await report(note="Kirja lisas on teise kliendi arve.")
    found = await again(case)
    assert (found.breach_decide_by, found.version) == (NOW + 72 * HOUR, case.version + 1)
    entry = await TimelineEntry.get(kind=TimelineKind.BREACH)
    assert entry.summary.startswith("A possible breach: to be decided by")
    assert await JournalEntry.filter(action="request.report_breach").count() == 1
    alarm = await OutboundMail.get(kind=LetterKind.STAFF_ALARM)
    assert "arve" not in (house.vault.open_text("out-text", alarm.text_sealed) or "")
    with pytest.raises(ActRefused) as refusal:
        await report(note="Veel kord.")
    assert refusal.value.problems[0].code is ErrorCode.CONFLICT
    officer = await staff(house, Role.DPO)
    await decide(house, officer, case, 31, **NONE)
    with pytest.raises(ActRefused) as refusal:  # its alarm would be taken for the first one
        await report(note="Teine leke.")
    assert refusal.value.problems[0].path[-1] == "knownAt"
    await report(note="Teine leke.", known_at=NOW + 20 * HOUR)
    assert (await again(case)).breach_decide_by == NOW + 92 * HOUR
    assert await OutboundMail.filter(kind=LetterKind.STAFF_ALARM).count() == 2
