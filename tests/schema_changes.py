"""`python -m tests.schema_changes`: what breaks callers of the API needs a line in CHANGELOG.md.

Compared are the published schema and the one before its last change; each place that breaks
a caller (`Restriction.reason`) must be named in the changelog. Exit 1 with those that are not.
"""

import re
import subprocess
import sys
from pathlib import Path

from graphql import build_schema
from graphql.utilities import find_breaking_changes

from tests.processes import ROOT

SCHEMA = Path("api/schema.graphql")
_PLACE = re.compile(r"@?[A-Za-z_]\w*\.?\w*")


def broken(before: str, after: str) -> list[str]:
    """What breaks callers between two printed schemas, as sentences."""
    changes = find_breaking_changes(build_schema(before), build_schema(after))
    return [change.description for change in changes]


def untold(before: str, after: str, changelog: str) -> list[str]:
    """Sentences about breaking changes of which the changelog names no place."""
    kinds = build_schema(before).type_map

    def told(sentence: str) -> bool:
        words = _PLACE.findall(sentence)
        places = [word for word in words if "." in word.rstrip(".") or word in kinds]
        return any(f"`{place}`" in changelog for place in places)

    return [sentence for sentence in broken(before, after) if not told(sentence)]


def previous(root: Path) -> str | None:
    """The schema before its last change, None where there is no history of it."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=root, capture_output=True, text=True, check=False
        )
        return done.stdout if done.returncode == 0 else ""

    commits = git("log", "-2", "--format=%H", "--", str(SCHEMA)).split()
    if not commits:
        return None
    is_changed = bool(git("status", "--porcelain", "--", str(SCHEMA)))
    wanted = commits[0] if is_changed else commits[-1]
    return git("show", f"{wanted}:{SCHEMA}") or None


def main() -> int:
    """The gate of `make check`."""
    before = previous(ROOT)
    after = (ROOT / SCHEMA).read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = untold(before, after, changelog) if before else []
    for sentence in found:
        sys.stderr.write(f"Breaks callers, and CHANGELOG.md does not name it: {sentence}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
