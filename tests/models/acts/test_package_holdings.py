"""A copy holds every personal column that the map puts into it, and the map says why others not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from models.acts.cases import add_note
from models.acts.registers import Transfer, record_disclosure
from models.house import House
from models.package.holdings import PLACES, unplaced
from models.personal import PERSONAL
from models.shapes import SYSTEM
from models.tables import Client, ContactAddress, DataSubjectRequest, RequestItem
from models.vocabulary import DataCategory, LawfulBasis, RequestType
from tests.access_case import STAFF, add_files
from tests.opened_package import case, opened
from tests.registers import NOW


@pytest.mark.parametrize("table", PERSONAL)
def test_a_personal_column_is_in_the_copy_or_its_absence_has_a_reason(table: str) -> None:
    assert not unplaced(table)
    for name, row in PERSONAL[table].items():
        assert bool(row.left_out) is not row.in_package, f"{table}.{name}"


def test_no_place_is_named_for_a_table_nobody_knows() -> None:
    assert set(PLACES) <= set(PERSONAL)


def values(found: Any, path: str) -> Iterator[Any]:
    """Everything that stands at a place of the copy, lists walked through."""
    if isinstance(found, list):
        for one in found:
            yield from values(one, path)
    elif not path:
        yield found
    elif isinstance(found, dict):
        first, _, rest = path.partition(".")
        assert first in found, path
        yield from values(found[first], rest)


async def everything_known(house: House) -> DataSubjectRequest:
    """A person of whom every column of the map holds something."""
    request = await case(house, RequestType.COPY)
    client = await Client.get(id=request.subject_id)
    await ContactAddress.filter(client_id=client.id).update(verified_at=NOW)
    transfer = Transfer("Maksekeskus AS", [DataCategory.PAYMENT], "makse",
                        LawfulBasis.LEGAL_OBLIGATION, NOW)  # fmt: skip
    await record_disclosure(
        house, SYSTEM, client_id=client.id, version=client.version, transfer=transfer, now=NOW
    )
    sealed = house.vault.seal_text("note", "sõnad")
    await RequestItem.filter(request_id=request.id).update(explanation_sealed=sealed)
    await DataSubjectRequest.filter(id=request.id).update(
        their_reference="A-17", acting_for_sealed=sealed
    )
    await add_note(
        house, STAFF, request_id=request.id, version=request.version, text="Helistas.", now=NOW
    )
    await add_files(house, request)
    await Client.filter(id=client.id).update(
        relationship_ended_on=NOW.date(), erase_after=NOW.date() + timedelta(days=730),
        restriction_reason="Art. 18", restricted_since=NOW,
    )  # fmt: skip
    return await DataSubjectRequest.get(id=request.id)


@pytest.mark.usefixtures("register")
async def test_what_the_map_puts_into_the_copy_stands_in_it(house: House) -> None:
    held = (await opened(house, await everything_known(house))).json("data")
    missing = [
        f"{table}.{column}"
        for table, places in PLACES.items()
        for column, path in places.items()
        if all(one in (None, "", []) for one in values(held, path))
    ]
    assert not missing
