"""The erasure log outside the database: what a restored backup must lose again.

Lines of JSON with row numbers and keyed digests, no names. A line is on the disk before
its erasure commits: after a crash the log may know of an erasure that did not happen, but
never the other way round.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path


class LogProblem(Exception):
    """The erasure log cannot be written or read; the message names ERASURE_LOG."""


@dataclass(frozen=True, slots=True)
class Line:
    """One erased client. `mark` proves that row `client_id` is still the same client.

    `external` is the keyed digest of its external id, `letters` and `contents` those of
    letters that went with it. `reduced_to` and `until` when a part stays; `reference` is
    the case that asked, None when the time was up.
    """

    at: str
    client_id: int
    mark: str
    external: str | None = None
    letters: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    reduced_to: str | None = None
    until: str | None = None
    reference: str | None = None

    @property
    def erased_at(self) -> datetime:
        """When it was erased, UTC."""
        return datetime.fromisoformat(self.at)

    @property
    def kept_until(self) -> date | None:
        """The last day of what stays."""
        return date.fromisoformat(self.until) if self.until else None


def append(path: Path, lines: Iterable[Line]) -> None:
    """Adds lines and waits until the disk has them. LogProblem when it cannot."""
    text = "".join(json.dumps(asdict(line)) + "\n" for line in lines)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise LogProblem(
            f"ERASURE_LOG cannot be written ({type(problem).__name__}): nothing was erased."
        ) from problem


def read(path: Path) -> Iterator[Line]:
    """Every line, the oldest first; a torn last line is left out. LogProblem for any other."""
    try:
        found = path.read_text(encoding="utf-8").splitlines()
    except OSError as problem:
        raise LogProblem(
            f"ERASURE_LOG cannot be read ({type(problem).__name__}): without it erased people"
            " would come back."
        ) from problem
    for number, text in enumerate(found, 1):
        try:
            values = json.loads(text)
            listed = {name: tuple(values[name]) for name in ("letters", "contents")}
            yield Line(**{**values, **listed})
        except (ValueError, TypeError, KeyError) as problem:
            if number == len(found):
                return  # the machine stopped while it was written: its erasure did not commit
            raise LogProblem(f"ERASURE_LOG: line {number} cannot be read.") from problem
