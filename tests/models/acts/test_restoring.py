"""Yesterday's backup restored: the person stays erased, nobody is answered twice."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from models.acts.restoring import REASON, Restored, restore
from models.erasure_log import LogProblem, read
from models.house import House
from models.personal import PSEUDONYM
from models.tables import (
    Client,
    ContactAddress,
    JournalEntry,
    Message,
    OutboundMail,
    RequestItem,
    Sighting,
    TimelineEntry,
    Tombstone,
)
from models.vocabulary import DeliveryState, Fate, LetterKind, RequestType
from tests.letters_for_acts import letter, received, verdict
from tests.models.acts.desk import MARI, a_case, a_client
from tests.models.acts.erasures import (
    LATER,
    a_customer,
    an_erasure,
    carry_out,
    decide_all,
    erasing_house,
)
from tests.registers import NOW, in_use
from tests.servers.postgres import Postgres, database_name

DAY = timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with an erasure log of its own."""
    return erasing_house(tmp_path)


@pytest.fixture
def backup_url(register_url: str, postgres: Postgres) -> "Backup":
    """Makes copies of the register."""
    return Backup(register_url, postgres)


class Backup:
    """A copy of a register nobody has open."""

    def __init__(self, url: str, postgres: Postgres) -> None:
        self.url = url
        self._postgres = postgres

    def take(self) -> str:
        """DATABASE_URL of the copy."""
        if self.url.startswith("sqlite"):
            path = self.url.removeprefix("sqlite://")
            shutil.copy(path, f"{path}.backup")
            return f"sqlite://{path}.backup"
        return self._postgres.create_database(database_name(self.url))


@asynccontextmanager
async def since_backup(house: House, backup: Backup) -> AsyncIterator[None]:
    """Mari asked for erasure; a backup; then she was erased; then the backup is in use."""
    async with in_use(backup.url):
        await a_customer(house)
        await received(
            house, verdict(), letter(MARI, message_id="<x@example.com>", text="Arve?"), uid=9
        )
        case, actor = await an_erasure(house)
        other = await a_case(house, RequestType.INFORMATION, sender="jaan@example.com", uid=5)
        assert other.reference == "NP-2026-0002"
    copy = backup.take()
    async with in_use(backup.url):
        await received(
            house, verdict(), letter(MARI, message_id="<y@example.com>", text="Ja veel?"), uid=10
        )
        await decide_all(house, actor, case)
        await carry_out(house, actor, case)
        await a_case(house, RequestType.COPY, sender="uus@example.com", uid=11)
    async with in_use(copy):
        assert await Client.filter(display_name="Mari Maasikas", erased_at=None).exists()
        yield


async def restored(house: House) -> Restored:
    """The command's work, two days later."""
    return await restore(house, list(read(house.erasure_log)), now=LATER + 2 * DAY)


async def test_the_person_stays_erased(house: House, backup_url: Backup) -> None:
    async with since_backup(house, backup_url):
        assert (await restored(house)).erased == 1
        client = await Client.all().get()
        assert (client.display_name, client.external_id) == (PSEUDONYM, None)
        assert not await ContactAddress.exists()
        loose = await Message.get(request_id=None)
        assert loose.text_sealed is None
        item = await RequestItem.get(type=RequestType.ERASURE)
        assert item.effective_at == LATER
        assert await TimelineEntry.filter(kind="erased", summary__contains="Restored").exists()
        entry = await JournalEntry.get(action="register.restored")
        assert entry.detail == {"erased": 1, "held": 1}


async def test_a_letter_erased_since_the_backup_is_neither_read_nor_kept(
    house: House, backup_url: Backup
) -> None:
    async with since_backup(house, backup_url):
        await restored(house)
        await Tombstone.filter(noun="letter").delete()  # another copy: other bytes, same words
        came = await received(
            house, verdict(), letter(MARI, message_id="<y@example.com>", text="Ja veel?"), uid=10
        )
        assert came.fate is Fate.ERASED
        sighting = await Sighting.get(uid=10).prefetch_related("raw_letter")
        assert sighting.raw_letter is not None
        assert (sighting.fate, sighting.raw_letter.sealed) == (Fate.ERASED, None)


async def test_nobody_is_answered_twice(house: House, backup_url: Backup) -> None:
    async with since_backup(house, backup_url):
        assert (await restored(house)).held == 1
        waiting = await OutboundMail.filter(state=DeliveryState.HELD)
        assert [one.hold_reasons for one in waiting] == [[REASON]]
        assert not await OutboundMail.filter(state=DeliveryState.QUEUED).exists()
        seen_again = await a_case(house, RequestType.COPY, sender="uus@example.com", uid=11)
        mail = await OutboundMail.get(request_id=seen_again.id)
        assert (mail.kind, mail.state) == (LetterKind.ACKNOWLEDGEMENT, DeliveryState.HELD)
        new = await a_case(
            house, RequestType.COPY, sender="uusim@example.com", uid=12, received_at=LATER + 3 * DAY
        )
        mail = await OutboundMail.get(request_id=new.id)
        assert mail.state is DeliveryState.QUEUED


async def test_no_case_number_is_given_out_twice(house: House, backup_url: Backup) -> None:
    async with since_backup(house, backup_url):
        done = await restored(house)
        assert done.next_numbers == ("NP-2025-1001", "NP-2026-1003")
        new = await a_case(house, RequestType.COPY, sender="uus@example.com", uid=12)
        assert new.reference == "NP-2026-1003"


async def test_restoring_twice_does_not_touch_who_came_since(
    house: House, backup_url: Backup
) -> None:
    async with since_backup(house, backup_url):
        await restored(house)
        log = house.erasure_log.read_text()
        key = await a_client(house, "uus@example.com", key="new")
        assert (await restored(house)).erased == 0
        assert (await Client.get(id=key)).erased_at is None
        assert house.erasure_log.read_text() == log


async def test_a_row_that_is_another_client_now_is_left_alone(
    house: House, backup_url: Backup
) -> None:
    async with since_backup(house, backup_url):
        await Client.all().update(created_at=NOW - 300 * DAY)
        assert (await restored(house)).erased == 0
        assert await Client.filter(display_name="Mari Maasikas").exists()


async def test_a_torn_last_line_is_left_out_and_any_other_is_a_problem(
    house: House, backup_url: Backup
) -> None:
    async with since_backup(house, backup_url):
        whole = house.erasure_log.read_text()
        house.erasure_log.write_text(whole + whole[: len(whole) // 2])
        assert len(list(read(house.erasure_log))) == 1
        house.erasure_log.write_text("{\n" + whole)
        with pytest.raises(LogProblem, match="line 1"):
            list(read(house.erasure_log))
        house.erasure_log.unlink()
        with pytest.raises(LogProblem, match="cannot be read"):
            list(read(house.erasure_log))
