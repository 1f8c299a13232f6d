"""Statements that hang on each other give what they would give one by one, on both databases."""

from datetime import UTC, datetime
from typing import Any

from api.reads.rows import instant
from models.chain import KEYS, Link, chained
from models.database import rows
from models.house import House
from models.vocabulary import TimelineKind
from tests.api.seeds import make_case, make_client, make_entry

_CASES = "SELECT id, subject_id, received_at FROM request WHERE status IN ?? ORDER BY id"
_CLIENTS = "SELECT id, display_name FROM client WHERE id IN ?? ORDER BY id"
_ADDRESSES = (
    "SELECT client_id, value FROM contact_address WHERE client_id IN ?? AND kind = ? ORDER BY id"
)
_LINES = "SELECT request_id, kind, detail_sealed FROM timeline_entry WHERE request_id IN ??"
NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)


def _links(status: str) -> list[Link]:
    return [
        Link(_CASES, [[status]]),
        Link(_CLIENTS, [KEYS], 0, "subject_id"),
        Link(_ADDRESSES, [KEYS, "email"], 1),
        Link(_LINES, [KEYS], 0),
    ]


async def _three_cases(house: House) -> list[Any]:
    mari = await make_client(house, "Mari", "mari@example.com")
    jaan = await make_client(house, "Jaan", "jaan@example.com")
    made = [
        await make_case(number, NOW, subject=subject)
        for number, subject in ((1, mari), (2, jaan), (3, None))
    ]
    await make_entry(house, made[0], TimelineKind.RECEIVED)
    return made


async def test_each_statement_gives_its_own_rows_under_their_own_names(
    register: str, house: House
) -> None:
    """Instants may be text; what is sealed is bytes."""
    cases = await _three_cases(house)
    found = await chained(_links("new"))
    assert [row["id"] for row in found[0]] == [case.id for case in cases]
    assert [row["display_name"] for row in found[1]] == ["Mari", "Jaan"]
    assert [row["value"] for row in found[2]] == ["mari@example.com", "jaan@example.com"]
    assert [instant(row["received_at"]) for row in found[0]] == [NOW] * 3
    assert found[3] == await rows(_LINES, [[cases[0].id]])
    assert isinstance(found[3][0]["detail_sealed"], bytes)


async def test_below_no_rows_there_are_none(register: str, house: House) -> None:
    """Nothing is taken for everything."""
    await _three_cases(house)
    assert await chained(_links("closed")) == [[], [], [], []]


async def test_a_statement_alone_is_asked_as_it_is(register: str, house: House) -> None:
    """The shortest chain."""
    await _three_cases(house)
    assert await chained(_links("new")[:1]) == [await rows(_CASES, [["new"]])]
