"""Words that are kept encrypted, opened only where somebody asks for them."""

from collections.abc import Sequence
from typing import Any

from api.call import Call
from api.reads.levels import computed, put
from api.selection import Chosen


def note(kind: str, name: str, column: str) -> None:
    """`kind.name` is what the parent's row holds in `column`; null once it was erased."""

    @computed(kind, name)
    async def _opened(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
        vault = call.house.vault
        put(parents, chosen, lambda parent: vault.open_text("note", parent.row[column]))
