"""Environment before `.env` before defaults; secrets from files; a broken `.env` is told."""

from pathlib import Path

import pytest
from pydantic import Field, SecretStr

from models.settings_base import DeskSettings, SettingsProblem


class Sample(DeskSettings):
    """Settings with one of each kind."""

    number: int = Field(3, description="how many things")
    secret_key: SecretStr = Field(description="the key of the house")


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    """Where a `.env` may be written."""
    return tmp_path / ".env"


def test_the_environment_comes_before_the_file_and_the_file_before_defaults(env_file: Path) -> None:
    env_file.write_text("NUMBER=4\nexport SECRET_KEY='from # file' # comment\n")
    assert Sample.load({}, env_file).number == 4
    assert Sample.load({}, env_file).secret_key.get_secret_value() == "from # file"
    assert Sample.load({"NUMBER": "5"}, env_file).number == 5
    assert Sample.load({"SECRET_KEY": "x"}, env_file=None).number == 3


def test_an_empty_value_counts_as_unset(env_file: Path) -> None:
    env_file.write_text("NUMBER=\nOTHER=1\n")
    assert Sample.load({"SECRET_KEY": "x", "NUMBER": ""}, env_file).number == 3


def test_a_missing_file_is_no_mistake(env_file: Path) -> None:
    assert Sample.load({"SECRET_KEY": "x"}, env_file).number == 3


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("NUMBER=1\n\n# c\nnot a setting\n", 4),
        ("NUMBER=1\nSECRET_KEY='open\n", 2),
        ("\nNUMBER\n", 2),
    ],
)
def test_a_broken_file_is_told_with_its_line(env_file: Path, text: str, line: int) -> None:
    env_file.write_text(text)
    with pytest.raises(SettingsProblem, match=rf"\.env, line {line}: not a setting"):
        Sample.load({}, env_file)


def test_a_file_that_is_no_text_is_told(env_file: Path) -> None:
    env_file.write_bytes(b"NUMBER=\xff\xfe\n")
    with pytest.raises(SettingsProblem, match="cannot be read as UTF-8"):
        Sample.load({}, env_file)
    env_file.unlink()
    env_file.mkdir()
    with pytest.raises(SettingsProblem, match="cannot be read as UTF-8"):
        Sample.load({}, env_file)


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("hidden\n")
    settings = Sample.load({"SECRET_KEY_FILE": str(secret)}, env_file=None)
    assert settings.secret_key.get_secret_value() == "hidden"
    with pytest.raises(SettingsProblem, match="are both set"):
        Sample.load({"SECRET_KEY_FILE": str(secret), "SECRET_KEY": "x"}, env_file=None)
    secret.write_text(" \n")
    with pytest.raises(SettingsProblem, match="SECRET_KEY_FILE names an empty file"):
        Sample.load({"SECRET_KEY_FILE": str(secret)}, env_file=None)
    with pytest.raises(SettingsProblem, match="SECRET_KEY_FILE names a file that cannot be read"):
        Sample.load({"SECRET_KEY_FILE": str(tmp_path / "none")}, env_file=None)


def test_a_mistake_names_the_setting_and_its_meaning_and_not_its_value() -> None:
    with pytest.raises(SettingsProblem) as problem:
        Sample.load({"NUMBER": "geheim"}, env_file=None)
    assert str(problem.value) == (
        "NUMBER must be a whole number (how many things).\n"
        "SECRET_KEY is missing (the key of the house)."
    )


def test_the_listing_shows_defaults_and_meanings() -> None:
    assert Sample.listing() == [
        ("NUMBER", "3", "how many things"),
        ("SECRET_KEY", "", "the key of the house"),
    ]
