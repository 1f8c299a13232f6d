"""The corpus as training sees it: letters with voices, folds by voice, a digest."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailbot.classify.corpus_digest import FOLDER

__all__ = ["BLIND", "FOLDER", "Example", "blind", "fold_of", "read"]
FOLDS = 5
# Files written before there was a model to write against, and later ones by people who saw the
# labelling guide alone and wrote a year's mail: mail as it comes. All others seek out what is hard.
BLIND = frozenset(
    {"en-a", "en-c", "en-d", "et-a", "et-b", "et-c", "et-d"}
    | {"mix-b", "mix-d", "ru-a", "ru-c", "ru-d", "short"}
)
AS_IT_COMES = "asis-"
CORNERS = frozenset("abcdehiklmnxyz")  # of those writers the ones who were sent to one hard corner


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled letter; `voice` is unique across files."""

    id: str
    voice: str
    language: str
    subject: str
    body: str
    labels: frozenset[str]
    purposes: frozenset[str]

    @property
    def blind(self) -> bool:
        """Written as mail comes, without sight of any model."""
        if self._stem.startswith(AS_IT_COMES):
            return self._stem.split("-")[1] not in CORNERS
        return self._stem in BLIND

    @property
    def together(self) -> str:
        """Letters with the same word here are never on both sides of a fold.

        Those of a voice; of mail as it comes those of all voices that one person made up
        (`asis-p`, `asis-p-02`), or the others would tell how that person writes.
        """
        if self._stem.startswith(AS_IT_COMES):
            return "-".join(self._stem.split("-")[:2])
        return self.voice

    @property
    def _stem(self) -> str:
        return self.voice.partition(":")[0]


def read(folder: Path = FOLDER) -> list[Example]:
    """Every letter of every file, in order of file names. Raises OSError, ValueError, KeyError."""
    return [example for path in sorted(folder.glob("*.jsonl")) for example in _file(path)]


def _file(path: Path) -> Iterator[Example]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield _example(path.stem, json.loads(line))


def _example(name: str, row: dict[str, Any]) -> Example:
    return Example(
        row["id"],
        f"{name}:{row['voice']}",
        row["language"],
        row["subject"],
        row["body"],
        frozenset(row["labels"]),
        frozenset(row["purposes"]),
    )


def fold_of(examples: Sequence[Example], folds: int) -> list[int]:
    """A fold for each letter, the same for all letters that belong together."""
    digests = (hashlib.sha256(example.together.encode()).digest() for example in examples)
    return [int.from_bytes(digest[:8], "big") % folds for digest in digests]


def blind(examples: Sequence[Example]) -> list[int]:
    """Places of the letters written without sight of any model; of all when none was."""
    return [place for place, one in enumerate(examples) if one.blind] or list(range(len(examples)))
