"""Whether people are told of a breach: on the timeline, in the journal, never undone."""

from datetime import timedelta
from typing import Any

import pytest

from models.acts.breaches import decide_breach, report_breach
from models.acts.purge import purge
from models.acts.reminding import tell_staff
from models.acts.telling import decide_telling
from models.house import House
from models.shapes import Actor, ActRefused
from models.tables import (
    BreachTelling,
    DataSubjectRequest,
    JournalEntry,
    OutboundMail,
    TimelineEntry,
)
from models.vocabulary import (
    BreachOutcome,
    ErrorCode,
    LetterKind,
    RequestStatus,
    RequestType,
    Role,
    TellingOutcome,
    TimelineKind,
)
from tests.models.acts.desk import a_case, again, staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")

HOUR = timedelta(hours=1)
HOW = "Kiri igaühele: mis lekkis, mida see tähendab, keda küsida."
TOLD: dict[str, Any] = {
    "outcome": TellingOutcome.TOLD,
    "explanation": HOW,
    "told_at": NOW + 2 * HOUR,
}
NO_RISK: dict[str, Any] = {
    "outcome": TellingOutcome.NO_HIGH_RISK,
    "explanation": "Lekkisid ainult nimed, mis on avalikud.",
}


async def leaked(house: House) -> DataSubjectRequest:
    """A complaint that tells of a leak."""
    return await a_case(house, RequestType.COMPLAINT, possible_breach=True)


async def notify(house: House, officer: Actor, case: DataSubjectRequest) -> None:
    """The Inspectorate is told in time."""
    version, grounds = (await again(case)).version, "Loend saadeti valele aadressile."
    await decide_breach(
        house, officer, request_id=case.id, version=version, outcome=BreachOutcome.NOTIFIED,
        explanation=grounds, notified_at=NOW + HOUR, now=NOW + HOUR,
    )  # fmt: skip


async def decide(
    house: House, officer: Actor, case: DataSubjectRequest, hours: int = 3, **given: Any
) -> None:
    """Decides about telling so many hours after receipt."""
    version = (await again(case)).version
    now = NOW + hours * HOUR
    await decide_telling(house, officer, request_id=case.id, version=version, now=now, **given)


async def test_who_was_told_stands_with_moment_and_words(house: House) -> None:
    case, officer = await leaked(house), await staff(house, Role.DPO)
    await notify(house, officer, case)
    before = (await again(case)).version
    await decide(house, officer, case, **TOLD)
    found = await BreachTelling.get()
    assert (found.outcome, found.told_at) == (TellingOutcome.TOLD, NOW + 2 * HOUR)
    assert house.vault.open_text("note", found.explanation_sealed) == HOW
    assert (found.by_staff_id, found.decided_at) == (officer.staff_id, NOW + 3 * HOUR)
    assert found.decide_by == NOW + 72 * HOUR
    entry = await TimelineEntry.filter(kind=TimelineKind.BREACH).order_by("-id").first()
    assert entry is not None
    assert entry.summary == (
        "The people concerned were told of the breach (Art. 34) on"
        f" {(NOW + 2 * HOUR).astimezone(house.zone):%Y-%m-%d at %H:%M}."
    )
    journal = await JournalEntry.get(action="request.decide_telling")
    assert (journal.targets, journal.detail) == (
        [f"DataSubjectRequest:{case.id}"],
        {"outcome": "told"},
    )
    assert (await again(case)).version == before + 1


async def test_people_may_be_told_before_the_inspectorate(house: House) -> None:
    case, officer = await leaked(house), await staff(house, Role.DPO)
    await decide(house, officer, case, **TOLD)
    assert (await again(case)).breach_decide_by == NOW + 72 * HOUR
    await notify(house, officer, case)
    assert (await BreachTelling.get()).decide_by == NOW + 72 * HOUR


async def test_people_told_before_the_breach_was_known_were_told_of_an_earlier_one(
    house: House,
) -> None:
    case, officer = await leaked(house), await staff(house, Role.DPO)
    later = await a_case(house, RequestType.COMPLAINT, uid=2)
    await report_breach(
        house, officer, request_id=later.id, version=later.version, note="Sama leke.",
        known_at=NOW + 5 * HOUR, now=NOW + 5 * HOUR,
    )  # fmt: skip
    with pytest.raises(ActRefused) as refusal:
        await decide(house, officer, later, 6, **TOLD)
    problem = refusal.value.problems[0]
    assert (problem.code, problem.path[-1]) == (ErrorCode.INVALID, "toldAt")
    await decide(house, officer, case, 6, **TOLD)
    await decide(house, officer, later, 6, **TOLD)
    assert await BreachTelling.filter(told_at=NOW + 2 * HOUR).count() == 2


async def test_a_second_thought_about_telling_stands_beside_the_first(house: House) -> None:
    case, officer = await leaked(house), await staff(house, Role.DPO)
    await notify(house, officer, case)
    await decide(house, officer, case, **NO_RISK)
    await decide(house, officer, case, 4, **TOLD)
    with pytest.raises(ActRefused) as refusal:
        await decide(house, officer, case, 5, **NO_RISK)
    assert refusal.value.problems[0].code is ErrorCode.CONFLICT
    outcomes = [one.outcome for one in await BreachTelling.all().order_by("id")]
    assert outcomes == [TellingOutcome.NO_HIGH_RISK, TellingOutcome.TOLD]


async def test_a_second_thought_about_one_breach_is_none_about_another_that_waits(
    house: House,
) -> None:
    case, officer = await leaked(house), await staff(house, Role.DPO)
    await notify(house, officer, case)
    await decide(house, officer, case, **NO_RISK)
    version, other = (await again(case)).version, NOW + 4 * HOUR
    await report_breach(
        house, officer, request_id=case.id, version=version, note="Teine leke.", known_at=other,
        now=other,
    )  # fmt: skip
    await decide(house, officer, case, 5, **TOLD, decide_by=NOW + 72 * HOUR)
    assert {one.decide_by for one in await BreachTelling.all()} == {NOW + 72 * HOUR}
    with pytest.raises(ActRefused) as refusal:
        await decide(house, officer, case, 6, **NO_RISK, decide_by=NOW + 73 * HOUR)
    assert refusal.value.problems[0].path[-1] == "decideBy"
    await decide(house, officer, case, 6, **NO_RISK)
    assert await BreachTelling.filter(decide_by=other + 72 * HOUR).count() == 1


async def test_nobody_is_told_of_what_was_found_to_be_no_breach(house: House) -> None:
    case, officer = await leaked(house), await staff(house, Role.DPO)
    version = (await again(case)).version
    await decide_breach(
        house, officer, request_id=case.id, version=version, outcome=BreachOutcome.NO_BREACH,
        explanation="Tema enda kiri.", now=NOW + HOUR,
    )  # fmt: skip
    with pytest.raises(ActRefused) as refusal:
        await decide(house, officer, case, **TOLD)
    assert refusal.value.problems[0].code is ErrorCode.CONFLICT
    assert not await BreachTelling.all().exists()


async def test_the_morning_letter_counts_notified_breaches_until_telling_is_decided(
    house: House,
) -> None:
    case, officer = await leaked(house), await staff(house, Role.DPO)

    async def said(days: int) -> str:
        await tell_staff(house, now=NOW + timedelta(days=days))
        mail = await OutboundMail.filter(kind=LetterKind.STAFF_DIGEST).order_by("-id").first()
        assert mail is not None
        return house.vault.open_text("out-text", mail.text_sealed) or ""

    line = "kas andmesubjekte teavitada (IKÜM artikkel 34): "
    assert f"{line}0\n" in await said(0)
    await notify(house, officer, case)
    assert f"{line}1\n" in await said(1)
    await decide(house, officer, case, **NO_RISK)
    await a_case(house, RequestType.COMPLAINT, uid=2)
    assert f"{line}0\n" in await said(4)  # Saturday and Sunday have no letter


async def test_its_words_go_with_the_case_and_the_telling_stays(house: House) -> None:
    case, officer = await leaked(house), await staff(house, Role.DPO)
    await notify(house, officer, case)
    await decide(house, officer, case, **TOLD)
    await DataSubjectRequest.filter(id=case.id).update(
        status=RequestStatus.CLOSED, closed_at=NOW, closed_on=NOW.date()
    )
    await OutboundMail.all().update(state="sent")
    await purge(house, now=NOW + timedelta(days=365 * 3 + 10))
    found = await BreachTelling.get()
    assert (found.outcome, found.explanation_sealed) == (TellingOutcome.TOLD, None)
