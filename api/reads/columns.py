"""Which columns a level reads: those that any of its fields may need, and those few ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.selection import Selected


@dataclass(frozen=True, slots=True)
class Columns:
    """`always` are keys, orders and what the view itself takes; `asked` are read for one field.

    A column that several fields need stands with each of them.
    """

    always: str
    asked: Mapping[str, str]

    def of(self, places: Sequence[Selected]) -> str:
        """The columns for all places where rows of this noun are shown; kept with a single one."""
        kept = places[0].kept if len(places) == 1 else {}
        if "columns" not in kept:
            wanted = (
                columns
                for field, columns in self.asked.items()
                if any(place.has(field) for place in places)
            )
            names = dict.fromkeys(name for columns in wanted for name in columns.split(", "))
            kept["columns"] = ", ".join([self.always, *names])
        found: str = kept["columns"]
        return found
