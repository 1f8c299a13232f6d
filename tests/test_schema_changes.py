"""A change of the schema that breaks callers must stand in the changelog."""

import subprocess
from pathlib import Path

import pytest

from tests.schema_changes import SCHEMA, broken, previous, untold

BEFORE = """type Query { client: Client word(of: Int): Word! }
type Client { name: String! age: Int } enum Word { A B }"""


@pytest.mark.parametrize(
    ("after", "place"),
    [
        (BEFORE.replace("name: String!", "name: String"), "Client.name"),
        (BEFORE.replace(" age: Int", ""), "Client.age"),
        (BEFORE.replace("A B", "A"), "Word.B"),
        (BEFORE.replace("client: Client", "").replace("type Client", "type Other"), "Client"),
        (BEFORE.replace("of: Int", "of: Int!"), "Query.word"),
        (BEFORE.replace("of: Int", "of: Int, to: Int!"), "Query.word"),
    ],
)
def test_what_breaks_callers_is_told_by_its_place(after: str, place: str) -> None:
    assert untold(BEFORE, after, "") != []
    assert untold(BEFORE, after, f"- `{place}` is different.") == []


def test_what_is_added_breaks_nobody() -> None:
    after = BEFORE.replace("age: Int", "age: Int town(of: Int): String").replace("A B", "A B C")
    assert broken(BEFORE, after) == []


def test_the_schema_before_its_last_change_is_found_in_the_history(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    schema = tmp_path / SCHEMA
    schema.parent.mkdir()
    git("init")
    assert previous(tmp_path) is None
    for text in ("one", "two"):
        schema.write_text(text, encoding="utf-8")
        git("add", ".")
        git("commit", "-m", text)
    assert previous(tmp_path) == "one"
    schema.write_text("three", encoding="utf-8")
    assert previous(tmp_path) == "two"
