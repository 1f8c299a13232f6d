"""The house keeps its own rules: directions, sizes, freshness, three languages, no leftovers."""

import ast
import re
from pathlib import Path

import pytest
from tortoise.models import Model
from typer.testing import CliRunner

from api.__main__ import app as api
from mailbot.__main__ import app as mailbot
from models import tables
from models.__main__ import app as models
from models.vocabulary import Language, LetterKind

ROOT = Path(__file__).parent.parent
ROOMS = ("api", "mailbot", "models", "tests")
SOURCES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts
)
LONGEST_FILE = 400
DATA = {"vocabulary.py", "meanings.py", "quote_words.py"}  # words and their meanings
LONGEST_FUNCTION = 60


def name(path: Path) -> str:
    """A path as people write it."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_file_says_what_it_is_and_fits_in_the_head(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module begins with one line that says what it is"
    assert path.name in DATA or len(text.splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", [p for p in SOURCES if "tests" not in p.parts], ids=name)
def test_every_function_fits_in_the_eye(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_exists_in_three_languages(kind: LetterKind) -> None:
    folder = ROOT / "models" / "letters"
    for language in Language:
        assert (folder / f"{kind.value}.{language.value}.txt").exists()


def acts() -> list[Path]:
    """Files of acts that open a transaction."""
    found = sorted((ROOT / "models" / "acts").glob("*.py"))
    return [path for path in found if "working(" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", acts(), ids=name)
def test_every_act_writes_the_journal(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "work.journal(" in text or path.stem in {"work", "journal"}


def test_only_acts_write_to_the_register() -> None:
    writing = re.compile(r"\.(create|bulk_create|save|delete|update_or_create|get_or_create)\(")
    for room in ("api", "mailbot"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "models.tables" not in text or not writing.search(text), name(path)


def columns_written(path: Path) -> list[tuple[type[Model], str]]:
    """Noun and keyword of every new row in a file: `Noun(…)`, `Noun.create(…)`."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        made = node.func
        if isinstance(made, ast.Attribute) and made.attr == "create":
            made = made.value
        noun = getattr(tables, made.id, None) if isinstance(made, ast.Name) else None
        if isinstance(noun, type) and issubclass(noun, Model):
            found += [(noun, one.arg) for one in node.keywords if one.arg]
    return found


def columns_of(noun: type[Model]) -> set[str]:
    """Fields by name, and the columns of those that point at another noun."""
    meta = noun._meta
    pointing = meta.fk_fields | meta.o2o_fields
    return {*meta.fields_map, *(f"{name}_id" for name in pointing)}


def test_every_column_that_an_act_writes_exists() -> None:
    written = [
        one for path in (ROOT / "models" / "acts").glob("*.py") for one in columns_written(path)
    ]
    assert len(written) > 100
    # the ORM drops a keyword it does not know without a word
    assert [one for one in written if one[1] not in columns_of(one[0])] == []


def test_the_project_speaks_only_of_itself() -> None:
    words = re.compile(r"(?i)\b(chatgpt|claude|openai|anthropic|language model|sub-?agent)\b")
    machine = re.compile(r"(?<![\w.])/(?:work|root|home)/\w")
    kinds = {".py", ".md", ".toml", ".txt", ".sh", ""}
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT).parts
        if inside[0] in {".git", ".venv", "var"} or path.suffix not in kinds or path.is_dir():
            continue
        if inside[0].startswith(".") and inside[0] != ".ci":
            continue
        if path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not words.search(text), name(path)
        assert not machine.search(text), name(path)


def test_every_command_has_help_with_an_example() -> None:

    for app in (api, mailbot, models):
        for command in app.registered_commands:
            assert command.callback is not None
            assert "Example:" in (command.callback.__doc__ or ""), command.callback.__name__
    assert CliRunner().invoke(models, ["--help"]).exit_code == 0
