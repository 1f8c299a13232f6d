"""A request without a letter has its true clock, and a withdrawal holds from that moment."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from models.acts.deciding import decide_item
from models.acts.recording import Told, record_request
from models.house import House
from models.tables import ConsentEvent, DataSubjectRequest, RequestItem, Suppression, TimelineEntry
from models.vocabulary import (
    AskedPurpose,
    Assurance,
    Channel,
    ConsentMethod,
    ErrorCode,
    ItemStatus,
    Language,
    Outcome,
    RequestType,
)
from tests.models.acts.desk import MARI, a_client, refused, staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
SUNDAY = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
TOLD = Told(
    channel=Channel.PHONE,
    received_at=SUNDAY,
    labels=(RequestType.ERASURE,),
    text="Helistas pühapäeval ja palus oma konto kustutada.",
)
WITHDRAWN = replace(
    TOLD, labels=(RequestType.CONSENT_WITHDRAWAL,), purposes=(AskedPurpose.MARKETING,)
)


async def recorded(house: House, told: Told, client_id: int | None = None) -> DataSubjectRequest:
    """The case."""
    done = await record_request(house, await staff(house), told=told, client_id=client_id, now=NOW)
    return await DataSubjectRequest.get(id=done.request_id)


async def test_an_oral_request_on_a_sunday_counts_from_that_sunday(house: House) -> None:
    client = await a_client(house, language=Language.RU)
    case = await recorded(house, TOLD, client)
    assert case.received_on == date(2026, 3, 1)
    assert case.due_on == date(2026, 4, 1)
    assert (case.channel, case.language) == (Channel.PHONE, Language.RU)
    assert (case.subject_id, case.assurance) == (client, Assurance.CLAIMED)
    entry = await TimelineEntry.get(kind="received")
    assert house.vault.open_json("timeline", entry.detail_sealed) == {"text": TOLD.text}
    assert TOLD.text not in entry.summary


async def test_an_oral_withdrawal_holds_at_once_for_the_client(house: House) -> None:
    client = await a_client(house, MARI, "mari2@example.com")
    case = await recorded(house, WITHDRAWN, client)
    item = await RequestItem.get(request_id=case.id)
    assert (item.status, item.effective_at) == (ItemStatus.EFFECTIVE, SUNDAY)
    event = await ConsentEvent.get(client_id=client)
    assert (event.method, event.effective_at) == (ConsentMethod.PHONE, SUNDAY)
    assert await Suppression.filter(purpose="marketing", since=SUNDAY).count() == 2


async def test_a_withdrawal_of_nobody_known_waits_for_whom_a_person_finds(house: House) -> None:
    client = await a_client(house)
    case = await recorded(house, WITHDRAWN)
    item = await RequestItem.get(request_id=case.id)
    assert (item.status, item.effective_at) == (ItemStatus.OPEN, None)
    assert not await ConsentEvent.all().exists()
    await DataSubjectRequest.filter(id=case.id).update(subject_id=client)
    await decide_item(
        house, await staff(house), request_id=case.id, version=case.version,
        kind=RequestType.CONSENT_WITHDRAWAL, outcome=Outcome.GRANTED, now=NOW,
    )  # fmt: skip
    event = await ConsentEvent.get(client_id=client)
    assert event.effective_at == SUNDAY


async def test_a_report_of_a_leak_gives_seventy_two_hours(house: House) -> None:
    case = await recorded(house, replace(TOLD, possible_breach=True))
    assert case.breach_decide_by == SUNDAY + timedelta(hours=72)


async def test_what_cannot_have_happened_is_not_recorded(house: House) -> None:
    await staff(house)
    for told, client, code in (
        (replace(TOLD, received_at=NOW + timedelta(seconds=1)), None, ErrorCode.INVALID),
        (replace(TOLD, labels=()), None, ErrorCode.INVALID),
        (replace(TOLD, purposes=(AskedPurpose.ALL,)), None, ErrorCode.INVALID),
        (replace(TOLD, text=" "), None, ErrorCode.REASON_REQUIRED),
        (TOLD, 999, ErrorCode.NOT_FOUND),
    ):
        assert await refused(recorded(house, told, client)) is code
