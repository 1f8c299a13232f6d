"""Estonian personal and registry codes: valid in form or not, masked, found in text.

A valid number proves nothing about who wrote it.
"""

import re
from typing import NamedTuple

from stdnum.ee import ik, registrikood

from models.vocabulary import IdentifierScheme

_SHOWN_DIGITS = 2
# Not part of a longer number, word, amount or telephone number.
_CANDIDATE = re.compile(r"(?<![\w+])(?<!\d[.,])(?:[0-9]{11}|[0-9]{8})(?![\w]|[.,]\d)")


class FoundCode(NamedTuple):
    """A valid code in a text; `start` and `end` are code points."""

    scheme: IdentifierScheme
    code: str
    start: int
    end: int


def valid_personal_code(code: str) -> bool:
    """Eleven digits `G YYMMDD SSS C`: the birth date exists and the check digit fits."""
    return re.fullmatch(r"[0-9]{11}", code) is not None and ik.is_valid(code)


def valid_registry_code(code: str) -> bool:
    """Eight digits that begin with 1, 7, 8 or 9 and whose check digit fits."""
    return re.fullmatch(r"[0-9]{8}", code) is not None and registrikood.is_valid(code)


def masked(code: str) -> str:
    """The code with all but its last two characters hidden; short ones wholly."""
    shown = code[-_SHOWN_DIGITS:] if len(code) > 2 * _SHOWN_DIGITS else ""
    return "*" * (len(code) - len(shown)) + shown


def find_codes(text: str) -> list[FoundCode]:
    """Every valid personal and registry code in `text`, in order."""
    found = []
    for match in _CANDIDATE.finditer(text):
        code = match.group()
        if valid_personal_code(code):
            found.append(FoundCode(IdentifierScheme.EE_PERSONAL_CODE, code, *match.span()))
        elif valid_registry_code(code):
            found.append(FoundCode(IdentifierScheme.EE_REGISTRY_CODE, code, *match.span()))
    return found
