"""Every column of every table is on the map of personal data, and the map is used."""

import pytest
from tortoise import Tortoise

from models.acts.work import working
from models.house import House
from models.personal import PERSONAL, PLAIN, OnErasure, emptied, in_package, named_in
from models.shapes import SYSTEM


@pytest.mark.usefixtures("register")
async def test_a_new_column_must_be_placed_on_the_map_of_personal_data() -> None:
    tables = {
        one._meta.db_table: set(one._meta.fields_db_projection.values())
        for one in Tortoise.apps["models"].values()
    }
    assert set(PLAIN) <= set(tables)
    for table, columns in tables.items():
        plain, personal = set(PLAIN.get(table, "").split()), set(PERSONAL.get(table, {}))
        assert not plain & personal, table
        assert plain | personal == columns, f"{table}: {columns ^ (plain | personal)}"


@pytest.mark.usefixtures("register")
async def test_what_an_erasure_empties_may_be_empty() -> None:
    for one in Tortoise.apps["models"].values():
        table = one._meta.db_table
        for name, value in emptied(table).items() if table in PERSONAL else ():
            field = next(f for f in one._meta.fields_map.values() if f.source_field == name
                         or f.model_field_name == name)  # fmt: skip
            assert value is not None or field.null, f"{table}.{name}"


def test_whatever_stays_says_why() -> None:
    for table, columns in PERSONAL.items():
        for name, row in columns.items():
            assert bool(row.why) is (row.on_erasure is OnErasure.KEEP), f"{table}.{name}"


def test_every_encrypted_column_is_on_the_map() -> None:
    sealed = {name for columns in PLAIN.values() for name in columns.split() if "_sealed" in name}
    assert not sealed


def test_a_copy_holds_names_and_words_but_no_digests() -> None:
    assert {"display_name", "identifier_sealed"} <= in_package("client")
    digests = {f"{t}.{c}" for t in PERSONAL for c in in_package(t) if c.endswith("_index")}
    assert not digests


def test_a_personal_column_is_found_however_deep_a_detail_hides_it() -> None:
    assert named_in({"a": [{"display_name": "x"}]}) == {"display_name"}
    assert not named_in({"kind": "given", "purpose": "marketing"})
    assert not named_in(None)


@pytest.mark.usefixtures("register")
async def test_the_journal_takes_no_personal_column(house: House) -> None:
    with pytest.raises(ValueError, match="display_name"):
        async with working(house, SYSTEM, "test") as work:
            work.journal("test", ["Client:1"], {"display_name": "Mari"})
