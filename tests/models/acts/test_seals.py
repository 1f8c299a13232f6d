"""The journal's chain: what was tampered with is found and named, on both databases."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.acts import seals
from models.acts.seals import Head, head, seal, verify
from models.acts.work import working
from models.database import connection
from models.house import House
from models.sealed import Vault
from models.shapes import SYSTEM
from models.tables import Heartbeat, JournalEntry, JournalSeal
from tests.registers import SECRET


async def written(house: House, count: int) -> list[int]:
    """So many rows, one act each; their ids."""
    for number in range(count):
        async with working(house, SYSTEM, "test") as work:
            work.journal("client.look", [f"Client:{number}"], {"n": number})
    return [row.id for row in await JournalEntry.all().order_by("id")]


@pytest.fixture
async def ids(register: str, house: House) -> list[int]:
    """Six sealed rows."""
    found = await written(house, 6)
    assert await seal(house.vault) == 6
    assert await verify(house.vault) == []
    return found


async def test_sealing_again_seals_only_what_is_new(ids: list[int], house: House) -> None:
    assert await seal(house.vault) == 0
    await written(house, 1)
    assert await seal(house.vault) == 1
    assert await JournalSeal.all().count() == 2
    assert await verify(house.vault) == []


async def test_many_rows_are_sealed_in_batches_of_one_chain(
    register: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "BATCH", 4)
    await written(house, 10)
    assert await seal(house.vault) == 10
    found = await JournalSeal.all().order_by("number").values_list("number", "entries")
    assert [tuple(one) for one in found] == [(1, 4), (2, 4), (3, 2)]
    assert await verify(house.vault) == []


@pytest.mark.parametrize(
    "change",
    [
        {"action": "client.other"},
        {"actor_label": "somebody"},
        {"targets": ["Client:99"]},
        {"detail": {"n": 7}},
        {"operation": None},
        {"call_id": "x"},
        {"at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_changed_row_is_named(ids: list[int], house: House, change: dict[str, Any]) -> None:
    await JournalEntry.filter(id=ids[2]).update(**change)
    assert await verify(house.vault) == [f"journal seal 1: entry {ids[2]} was changed"]


async def test_a_deleted_row_is_named(ids: list[int], house: House) -> None:
    await JournalEntry.filter(id=ids[3]).delete()
    assert await verify(house.vault) == [f"journal seal 1: entry {ids[3]} was deleted"]


async def test_the_last_row_of_a_seal_is_missed_too(ids: list[int], house: House) -> None:
    await JournalEntry.filter(id=ids[-1]).delete()
    assert await verify(house.vault) == [f"journal seal 1: entry {ids[-1]} was deleted"]


async def test_two_rows_that_changed_places_are_named(ids: list[int], house: House) -> None:
    first, second = ids[1], ids[4]
    for old, new in ((first, 10_000), (second, first), (10_000, second)):
        await connection().execute_query(f"UPDATE journal_entry SET id = {new} WHERE id = {old}")
    assert await verify(house.vault) == [
        f"journal seal 1: entry {first} stands where entry {second} stood: rows were reordered",
        f"journal seal 1: entry {second} stands where entry {first} stood: rows were reordered",
    ]


async def test_a_row_put_into_a_sealed_gap_is_named(register: str, house: House) -> None:
    """A number that a rollback left free does not stay free for somebody else's row."""
    ids = await written(house, 4)
    await JournalEntry.filter(id=ids[1]).delete()
    await seal(house.vault)
    later = (await written(house, 1))[-1]
    await connection().execute_query(f"UPDATE journal_entry SET id = {ids[1]} WHERE id = {later}")
    assert await verify(house.vault) == [f"journal seal 1: entry {ids[1]} was put in"]


async def test_a_missing_seal_is_named(ids: list[int], house: House) -> None:
    for _ in range(2):
        await written(house, 1)
        await seal(house.vault)
    await JournalSeal.filter(number=2).delete()
    assert "journal seal 2 is missing" in await verify(house.vault)


@pytest.mark.parametrize("with_rows", [False, True])
async def test_the_first_seal_is_missed_with_its_rows_or_without(
    ids: list[int], house: House, with_rows: bool
) -> None:
    for _ in range(2):
        await written(house, 1)
        await seal(house.vault)
    await JournalSeal.filter(number=1).delete()
    if with_rows:
        await JournalEntry.filter(id__lte=ids[-1]).delete()
    assert "journal seal 1 is missing" in await verify(house.vault)


async def test_the_only_seal_is_missed_by_the_heartbeat(ids: list[int], house: House) -> None:
    await JournalSeal.all().delete()
    assert await verify(house.vault) == [
        "the journal was cut off: the sealer's heartbeat knows seal 1, the chain ends at 0"
    ]


async def test_a_cut_somebody_made_without_the_key_is_none(ids: list[int], house: House) -> None:
    """A row that says retention took the first seal away does not make it so."""
    await written(house, 1)
    await seal(house.vault)
    async with working(house, SYSTEM, "purge") as work:
        work.journal(seals.CUT, ["JournalSeal:2"], {"seal": 2, "entry": ids[-1] + 1, "proof": ""})
    await JournalSeal.filter(number=1).delete()
    await JournalEntry.filter(id__lte=ids[-1]).delete()
    assert "journal seal 1 is missing" in await verify(house.vault)


async def test_a_forged_seal_needs_the_key(ids: list[int], house: House) -> None:
    """Who holds the database but not DATA_KEY cannot seal what he changed."""
    await JournalEntry.filter(id=ids[2]).update(action="forged")
    await JournalSeal.all().delete()
    await Heartbeat.all().delete()
    stranger = Vault([bytes(32)], [SECRET])
    assert await seal(stranger) == 6
    assert await verify(stranger) == []
    assert await verify(house.vault) == [
        "journal seal 1: the seal itself was changed, or made with another key"
    ]


async def test_a_tail_cut_off_is_missed_by_the_heartbeat(ids: list[int], house: House) -> None:
    """Seals and rows gone together leave a chain that fits, but ends too early."""
    await written(house, 2)
    await seal(house.vault)
    await JournalSeal.filter(number=2).delete()
    await JournalEntry.filter(id__gt=ids[-1]).delete()
    assert await verify(house.vault) == [
        "the journal was cut off: the sealer's heartbeat knows seal 2, the chain ends at 1"
    ]


async def test_a_noted_head_finds_what_the_database_was_made_to_forget(
    ids: list[int], house: House
) -> None:
    await written(house, 2)
    await seal(house.vault)
    noted = await head()
    assert noted is not None
    assert Head.read(f" {noted}\n") == noted
    assert await verify(house.vault, noted) == []
    await JournalSeal.filter(number=2).delete()
    await JournalEntry.filter(id__gt=ids[-1]).delete()
    await Heartbeat.all().delete()
    assert await verify(house.vault) == []
    assert await verify(house.vault, noted) == [
        "the journal was cut off: the head handed in knows seal 2, the chain ends at 1"
    ]
    await written(house, 1)
    await seal(house.vault)
    assert await verify(house.vault, noted) == [
        "journal seal 2 is not the one the head handed in knows"
    ]


@pytest.mark.parametrize("text", ["", "12", "x:" + "0" * 64, "12:abc"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Head.read(text)
