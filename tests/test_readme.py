"""README is true: every setting stands in it with its default, its queries are valid."""

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from api.settings import ApiSettings
from mailbot.settings import MailSettings
from models.settings import HouseSettings
from models.settings_base import DeskSettings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
UNSHOWN = {"", "()", "False", "**********"}


@pytest.mark.parametrize("settings", [HouseSettings, MailSettings, ApiSettings])
def test_every_setting_stands_in_the_readme_with_its_default(settings: type[DeskSettings]) -> None:
    for name, default, _ in settings.listing():
        row = re.search(rf"^\| `{name}` \| (.*?) \|", README, re.MULTILINE)
        assert row, name
        assert default in UNSHOWN or row[1] == f"`{default}`", name


def test_every_query_in_the_readme_is_valid() -> None:
    schema = build_schema((ROOT / "api" / "schema.graphql").read_text(encoding="utf-8"))
    queries = re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)
    assert len(queries) >= 2
    for query in queries:
        assert validate(schema, parse(query)) == []


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)", README)) <= targets
