"""Every command answers words it cannot understand with one sentence and exit code 2."""

from collections.abc import Iterator

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from api.__main__ import app as api
from mailbot.__main__ import app as mailbot
from models.__main__ import app as models

DOORS = {"api": api, "mailbot": mailbot, "models": models}


def paths(command: object, *before: str) -> Iterator[tuple[str, ...]]:
    """Every command below a group, with the words that lead to it."""
    inside = getattr(command, "commands", {})
    if not inside:
        yield before
    for name, one in inside.items():
        yield from paths(one, *before, name)


def said(app: typer.Typer, *words: str) -> str:
    """What is said to words that cannot be understood: one line."""
    ended = CliRunner().invoke(app, words, prog_name="desk")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    return ended.stderr


@pytest.mark.parametrize(
    ("door", "words"),
    [(name, words) for name, app in DOORS.items() for words in paths(get_command(app))],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_an_option_no_command_has_is_named_with_where_to_look(
    door: str, words: tuple[str, ...]
) -> None:
    sentence = said(DOORS[door], *words, "--no-such-thing")
    assert "--no-such-thing" in sentence
    assert f"`desk {' '.join(words)} --help`" in sentence


def test_a_slip_of_the_pen_is_told_what_it_could_have_meant() -> None:
    assert "'deadline'" in said(models, "deadlin")
    assert "--once" in said(mailbot, "watch", "--onc")
    assert "'case_handler'" in said(api, "token", "create", "--name", "x", "--role", "boss")
    assert "Value error" not in said(api, "token", "create", "--name", "x", "--role", "boss")


def test_what_was_understood_ends_as_the_command_says() -> None:
    good = CliRunner().invoke(models, ["deadline", "2026-03-05T22:30Z"])
    assert (good.exit_code, good.stderr) == (0, "")
    bad = CliRunner().invoke(models, ["deadline", "soon"])
    assert bad.exit_code == 1
    assert "Usage" in CliRunner().invoke(models, ["deadline", "--help"]).stdout
    alone = CliRunner().invoke(models, [])
    assert ("Usage" in alone.stdout, alone.stderr, alone.exit_code) == (True, "", 2)
