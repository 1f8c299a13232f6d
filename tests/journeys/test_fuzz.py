"""The fuzz itself: it ends, it sees what escapes, and the same seed spoils the same way."""

import time
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from mailbot import reader as readers
from mailbot.letter import read
from mailbot.reader import Reader
from models.shapes import ContainerCheck
from tests.containers import REQUEST
from tests.drill import fuzz as fuzzes
from tests.drill import guests
from tests.drill.fuzz import OWN, Fuzz, manner
from tests.drill.mutation import Mutator


@pytest.fixture
def finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where finds are kept; letters are read by the child that does as it is told."""
    monkeypatch.setattr(fuzzes, "LETTERS", tmp_path)
    monkeypatch.setattr(readers, "CHILD", "tests.mailbot.odd_child")
    return tmp_path


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_a_letter_that_makes_the_reader_raise_is_kept_and_named(finds: Path) -> None:
    letters = cycle([b"raise x\r\n\r\nPalun\r\n", b"a x\r\n\r\nPalun\r\n"])
    fuzz = Fuzz(lambda: next(letters), Mutator(1), time.monotonic() + 60)
    async with Reader(manner()) as reader:
        await fuzz.read(reader)
        await fuzz.read(reader)
    ((name, content),) = kept(finds).items()
    assert fuzz.finds == [f"RecursionError: {name}"]
    assert content.startswith(b"raise")


async def test_a_container_accepted_with_other_words_is_a_find(finds: Path) -> None:
    fuzz = Fuzz(lambda: b"", Mutator(1), time.monotonic() + 60)
    held = ContainerCheck((), accepted=True, digest="", problems=())
    letter = replace(read(b"From: a@b.example\r\n\r\nx", own=OWN), signature=held)
    fuzz._look(replace(letter, signed_texts=(REQUEST,)), b"one")
    assert not fuzz.finds
    fuzz._look(replace(letter, signed_texts=("Ära kustuta.",)), b"two")
    assert list(kept(finds).values()) == [b"two"]
    assert fuzz.accepted == 2


async def test_the_fuzz_ends_by_its_time(finds: Path) -> None:
    fuzz = await fuzzes.fuzzed(0.02, seed=3)
    assert fuzz.is_over
    assert fuzz.letters > 0
    assert not kept(finds)


async def test_what_is_no_imap_error_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def raises(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(guests, "conversation", raises)
    monkeypatch.setattr(guests, "_guest", raises)
    for one in (guests.talk, guests.visit):
        assert str(await one(Mutator(1))).startswith("KeyError")


def test_the_same_seed_spoils_the_same_way() -> None:
    first, second = Mutator(4), Mutator(4)
    assert [first.letter() for _ in range(20)] == [second.letter() for _ in range(20)]
