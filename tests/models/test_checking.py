"""`models check` names what does not fit, and only that, on both databases."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from models.acts.seals import seal
from models.acts.work import working
from models.checking import Finding, check
from models.database import connection
from models.house import House
from models.shapes import SYSTEM
from models.tables import DataSubjectRequest, JournalEntry, JournalSeal, OutboundMail, RequestItem
from models.vocabulary import DeliveryState, RequestStatus, RequestType
from tests.models.acts.desk import a_case, a_client

Tamper = Callable[[list[int]], Awaitable[list[str]]]


async def changed(ids: list[int]) -> list[str]:
    await JournalEntry.filter(id=ids[1]).update(actor_label="nobody")
    return [f"journal seal 1: entry {ids[1]} was changed"]


async def deleted(ids: list[int]) -> list[str]:
    await JournalEntry.filter(id=ids[2]).delete()
    return [f"journal seal 1: entry {ids[2]} was deleted"]


async def reordered(ids: list[int]) -> list[str]:
    first, second, free = ids[0], ids[3], 10_000
    for old, new in ((first, free), (second, first), (free, second)):
        await connection().execute_query(f"UPDATE journal_entry SET id = {new} WHERE id = {old}")
    stands = "stands where entry {} stood: rows were reordered"
    return [
        f"journal seal 1: entry {first} {stands.format(second)}",
        f"journal seal 1: entry {second} {stands.format(first)}",
    ]


async def seal_removed(_: list[int]) -> list[str]:
    await JournalSeal.filter(number=2).delete()
    return ["journal seal 2 is missing"]


async def seal_rewritten(_: list[int]) -> list[str]:
    await JournalSeal.filter(number=2).update(digest="0" * 64)
    return ["journal seal 2: the seal itself was changed, or made with another key"]


async def end_cut_off(ids: list[int]) -> list[str]:
    await JournalSeal.filter(number=3).delete()
    await JournalEntry.filter(id__gt=ids[-1] + 1).delete()
    return ["the journal was cut off: the sealer's heartbeat knows seal 3, the chain ends at 2"]


async def chain(house: House) -> list[int]:
    """Three seals over four, one and one rows; the ids of the first four."""
    for count in (4, 1, 1):
        for number in range(count):
            async with working(house, SYSTEM, "test") as work:
                work.journal("client.look", [f"Client:{number}"], {"n": number})
        await seal(house.vault)
    return [row.id for row in await JournalEntry.all().order_by("id")][:4]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    "tamper",
    [changed, deleted, reordered, seal_removed, seal_rewritten, end_cut_off],
    ids=lambda tamper: tamper.__name__,
)
async def test_tampering_with_the_journal_is_found_and_named(house: House, tamper: Tamper) -> None:
    """Before it all is well; after it exactly what was done is said first."""
    ids = await chain(house)
    assert (await check(house.vault))[1] == []
    named = await tamper(ids)
    found = [finding.what for finding in (await check(house.vault))[1]]
    assert found[: len(named)] == named
    later = [what for what in found[len(named) :] if "seal 3" not in what]
    assert later == []  # what follows a broken seal may not fit either, nothing before it


@pytest.mark.usefixtures("register")
async def test_a_register_that_contradicts_itself_says_so(house: House) -> None:
    """A case without an item, a letter sent at no time, a case ended on no day."""
    await a_client(house)
    await a_case(house, RequestType.ERASURE)
    sheet, findings = await check(house.vault)
    assert (sheet["seen"], sheet["registered"], findings) == (1, 1, [])
    await RequestItem.all().delete()
    await OutboundMail.all().update(state=DeliveryState.SENT, sent_at=None)
    await DataSubjectRequest.all().update(status=RequestStatus.MERGED)  # on no day
    found = {finding.what: finding.count for finding in (await check(house.vault))[1]}
    assert found == {
        "a case without any item": 1,
        "a finished case without a closing day, or an open one with it": 1,
        "a letter sent without an instant": 1,
    }
    assert await DataSubjectRequest.all().count() == 1


@pytest.mark.usefixtures("register")
async def test_dates_that_are_not_those_of_the_rights_are_found(house: House) -> None:
    """Each open case is folded anew; a closed one with an open right contradicts itself."""
    await a_client(house)
    first = await a_case(house, RequestType.ERASURE, RequestType.INQUIRY)
    await a_case(house, RequestType.INQUIRY, uid=2)
    assert (await check(house.vault))[1] == []
    assert first.due_on is not None
    late = first.due_on + timedelta(days=1)
    await DataSubjectRequest.filter(id=first.id).update(due_on=late)
    wrong = "an open case whose dates are not those of its rights"
    assert (await check(house.vault))[1] == [Finding(wrong, 1)]
    await DataSubjectRequest.filter(id=first.id).update(status=RequestStatus.CLOSED, closed_on=late)
    undecided = "a closed case with a right nobody decided"
    assert (await check(house.vault))[1] == [Finding(undecided, 1)]
