"""A consent given for a time ends by itself, once, on the day after its last one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.acts.consents import ConsentRecord, record_consent
from models.acts.daily import every_day
from models.acts.expiring import expire_due
from models.consents import ConsentFact, Standing, fold
from models.house import House
from models.shapes import SYSTEM, ActRefused
from models.tables import (
    Client,
    ConsentEvent,
    DataSubjectRequest,
    JournalEntry,
    OutboundMail,
    Suppression,
    TimelineEntry,
)
from models.vocabulary import (
    ConsentEventKind,
    ConsentMethod,
    ConsentState,
    ErrorCode,
    Purpose,
    RequestType,
    TimelineKind,
)
from tests.models.acts.desk import a_case, a_client
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
GIVEN, RENEWED = ConsentEventKind.GIVEN, ConsentEventKind.RENEWED
LAST_DAY = date(2026, 5, 31)
OVER = datetime(2026, 5, 31, 21, 0, tzinfo=UTC)  # midnight in Tallinn, summer time


async def says(
    house: House,
    client_id: int,
    kind: ConsentEventKind = GIVEN,
    at: datetime = NOW,
    expires_on: date | None = LAST_DAY,
    purpose: Purpose = Purpose.MARKETING,
) -> None:
    """What the person said of a consent."""
    record = ConsentRecord(purpose, kind, ConsentMethod.FORM, at, expires_on=expires_on)
    version = (await Client.get(id=client_id)).version
    await record_consent(
        house, SYSTEM, client_id=client_id, version=version, record=record, now=max(at, NOW)
    )


async def standing(purpose: Purpose, at: datetime) -> Standing:
    """The consent as it stood at that moment."""
    events = await ConsentEvent.filter(purpose__code=purpose)
    facts = [ConsentFact(purpose, one.kind, one.at, one.effective_at, one.id) for one in events]
    return fold(facts, as_of=at)[purpose]


async def test_it_ends_once_with_its_last_day_in_the_ledger_and_nobody_is_written_to(
    house: House,
) -> None:
    client = await a_client(house)
    await says(house, client)
    case = await a_case(house, RequestType.INQUIRY)
    letters = await OutboundMail.all().count()
    assert await expire_due(house, now=OVER - timedelta(seconds=1)) == 0
    version = (await Client.get(id=client)).version
    assert await expire_due(house, now=OVER) == 1
    assert await expire_due(house, now=OVER + timedelta(days=1)) == 0
    event = await ConsentEvent.get(kind=ConsentEventKind.EXPIRED)
    assert (event.effective_at, event.method, event.actor_label) == (
        OVER, ConsentMethod.FORM, "system",
    )  # fmt: skip
    assert (await standing(Purpose.MARKETING, OVER)).state is ConsentState.EXPIRED
    before = await standing(Purpose.MARKETING, OVER - timedelta(seconds=1))
    assert before.state is ConsentState.GIVEN
    assert (await Client.get(id=client)).version == version + 1
    assert await OutboundMail.all().count() == letters
    assert not await Suppression.exists()
    entry = await TimelineEntry.get(request_id=case.id, kind=TimelineKind.EFFECT)
    assert entry.summary == "Consent ended, its time was over: marketing."
    journal = await JournalEntry.get(action="consent.expire")
    assert journal.targets == [f"Client:{client}"]


@pytest.mark.parametrize("days_late", [0, 3, 200])
async def test_a_run_that_comes_late_writes_the_right_day(house: House, days_late: int) -> None:
    await says(house, await a_client(house))
    await expire_due(house, now=OVER + timedelta(days=days_late))
    assert (await standing(Purpose.MARKETING, OVER)).since == OVER


async def test_a_renewed_consent_ends_with_its_new_last_day(house: House) -> None:
    client = await a_client(house)
    await says(house, client)
    later = LAST_DAY + timedelta(days=30)
    await says(house, client, RENEWED, NOW + timedelta(days=10), later)
    assert await expire_due(house, now=OVER) == 0
    assert await expire_due(house, now=OVER + timedelta(days=30)) == 1


async def test_an_expired_consent_can_be_renewed_without_an_end(house: House) -> None:
    client = await a_client(house)
    await says(house, client)
    await expire_due(house, now=OVER)
    await says(house, client, RENEWED, OVER + timedelta(days=1), None)
    assert await expire_due(house, now=OVER + timedelta(days=400)) == 0
    renewed = await standing(Purpose.MARKETING, OVER + timedelta(days=1))
    assert renewed.state is ConsentState.GIVEN


async def test_a_consent_that_was_withdrawn_does_not_expire(house: House) -> None:
    client = await a_client(house)
    await says(house, client)
    await says(house, client, ConsentEventKind.WITHDRAWN, NOW + timedelta(days=1), None)
    assert await expire_due(house, now=OVER) == 0


async def test_a_restriction_keeps_no_consent_alive(house: House) -> None:
    client = await a_client(house)
    await says(house, client)
    await Client.filter(id=client).update(restricted_since=NOW)
    assert await expire_due(house, now=OVER) == 1


async def test_each_purpose_of_each_client_ends_by_itself(house: House) -> None:
    first = await a_client(house)
    second = await a_client(house, "jaan@example.com", key="k2")
    await says(house, first)
    await says(house, first, purpose=Purpose.SURVEYS)
    await says(house, first, purpose=Purpose.COOKIES, expires_on=None)
    await says(house, second, expires_on=LAST_DAY + timedelta(days=1))
    assert await expire_due(house, now=OVER) == 2
    assert await JournalEntry.filter(action="consent.expire").count() == 1
    assert await expire_due(house, now=OVER + timedelta(days=1)) == 1


async def test_the_day_s_work_ends_what_is_over(house: House) -> None:
    await says(house, await a_client(house))
    assert await every_day(house, now=OVER)
    assert await ConsentEvent.filter(kind=ConsentEventKind.EXPIRED).count() == 1
    assert not await DataSubjectRequest.exists()


@pytest.mark.parametrize(
    ("kind", "expires_on"),
    [
        (GIVEN, NOW.date() - timedelta(days=1)),
        (ConsentEventKind.WITHDRAWN, LAST_DAY),
        (ConsentEventKind.REFUSED, LAST_DAY),
    ],
)
async def test_an_end_that_fits_no_consent_is_refused(
    house: House, kind: ConsentEventKind, expires_on: date
) -> None:
    client = await a_client(house)
    with pytest.raises(ActRefused) as refusal:
        await says(house, client, kind, expires_on=expires_on)
    (problem,) = refusal.value.problems
    assert (problem.code, problem.path) == (ErrorCode.INVALID, ("input", "expiresOn"))
    assert not await ConsentEvent.exists()


async def test_a_consent_may_end_on_the_day_it_was_given(house: House) -> None:
    await says(house, await a_client(house), expires_on=NOW.date())
    assert await expire_due(house, now=NOW + timedelta(days=1)) == 1
