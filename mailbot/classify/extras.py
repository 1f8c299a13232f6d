"""What a letter says besides its labels: whose reference, on whose behalf, how pressing."""

import re
from collections.abc import Sequence

from mailbot.classify.normal import fold_in_place
from mailbot.classify.scoring import Reading

_REFERENCE = re.compile(
    r"(?:\bour\s+(?:ref(?:erence)?|file|case)(?:\s+no)?|\bref(?:erence)?(?:\s+no)?"
    r"|\bmeie\s+(?:viide|viitenumber|nr|toimik)|\bviide|\btoimiku?\s*(?:nr|number)"
    r"|\bkirja\s+nr|\bmenetlus(?:e)?\s*nr"
    r"|\bнаш(?:а|и)?\s+(?:исх|номер|ссылка|референс)|\bисх(?:одящий)?|\bдело\s+№?|\bпроизводств[оа]\s+№?)"
    r"\s*[.:#№]*\s*(?:nr|no|№)?[.:]?\s*([a-z0-9][a-z0-9/._-]{2,29})",
    re.UNICODE,
)
_FIRST_CHARACTERS = 20_000
_ACTING_ORDER = ("lawyer", "guardian", "heir", "parent", "company", "service")


def their_reference(subject: str, text: str) -> str | None:
    """The writer's own reference, as written: 3 to 30 of [A-Za-z0-9/._-], with a digit."""
    for source in (subject, text[:_FIRST_CHARACTERS]):
        for found in _REFERENCE.finditer(fold_in_place(source)):
            start, end = found.span(1)
            value = source[start:end].rstrip("._-/")
            if len(value) >= 3 and any(c.isdigit() for c in value) and value.isascii():
                return value
    return None


def acting_for(readings: Sequence[Reading]) -> str | None:
    """In which capacity somebody writes for another (guide rule 12), None for oneself."""
    found = {name for reading in readings for name in reading.names("acting_for")}
    return next((capacity for capacity in _ACTING_ORDER if capacity in found), None)
