"""A mailbox that was not watched for a time is told to the officer, once, with its beginning."""

from datetime import timedelta

import pytest

from models.acts import mailbox
from models.acts.outages import outage
from models.house import House
from models.tables import JournalEntry, OutboundMail
from models.vocabulary import Role
from tests.models.acts.desk import staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
PATIENCE = timedelta(minutes=30)


@pytest.fixture
async def watched(house: House, register: str) -> House:
    """A house with an officer; the mailbox was last compared at NOW."""
    await staff(house, Role.DPO)
    for folder in ("INBOX", "Junk"):
        await mailbox.contact(folder, 7, NOW)
    await mailbox.reconciled("INBOX", 7, NOW - timedelta(days=3))
    await mailbox.reconciled("Junk", 7, NOW)
    return house


async def test_a_gap_longer_than_patience_is_told_with_its_beginning(watched: House) -> None:
    gap = await outage(watched, PATIENCE, now=NOW + timedelta(hours=2))
    assert gap == timedelta(hours=2)
    mail = await OutboundMail.get()
    said = watched.vault.open_text("out-text", mail.text_sealed) or ""
    assert "Katkestuse algus: 5. märts 2026" in said
    assert (await JournalEntry.get(action="mailbox.outage")).detail == {"seconds": 7200}


async def test_the_same_gap_is_told_once_and_the_next_one_again(watched: House) -> None:
    for minutes in (60, 70):
        await outage(watched, PATIENCE, now=NOW + timedelta(minutes=minutes))
    assert await OutboundMail.all().count() == 1
    await mailbox.reconciled("INBOX", 7, NOW + timedelta(minutes=80))
    await outage(watched, PATIENCE, now=NOW + timedelta(hours=9))
    assert await OutboundMail.all().count() == 2


async def test_a_short_gap_is_nobody_s_business(watched: House) -> None:
    assert await outage(watched, PATIENCE, now=NOW + PATIENCE) is None
    assert not await OutboundMail.exists()


@pytest.mark.usefixtures("register")
async def test_before_the_first_contact_nothing_could_be_missed(house: House) -> None:
    await staff(house, Role.DPO)
    assert await outage(house, PATIENCE, now=NOW) is None
