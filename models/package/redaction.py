"""Other people's data taken out of a text before the person reads it (GDPR Art. 15(4), 20(4)).

Codes, addresses and telephone numbers are found by their form. Names are not: staff name
them, and read the package before it is handed over.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models.personal_code import find_codes
from models.vocabulary import IdentifierScheme

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# A country code, or a word that says a telephone number follows: other numbers stay.
_PHONE = re.compile(
    r"(?:(?<![\w+])(?:\+|00)|(?<=tel )|(?<=tel\. )|(?<=tel: )|(?<=telefon )|(?<=telefon: )"
    r"|(?<=phone )|(?<=phone: )|(?<=mob )|(?<=mob: )|(?<=тел\. )|(?<=тел: )|(?<=телефон ))"
    r"\d[\d ()-]{4,16}\d(?!\w)",
    re.IGNORECASE,
)
_PHONE_DIGITS = 7  # numbers are compared by their last digits: with and without country code
_ENDING = r"\w{0,4}"  # Estonian and Russian names take case endings
_BETWEEN = rf"{_ENDING}\s+"


@dataclass(frozen=True, slots=True)
class Own:
    """What may stay: the person's own codes, addresses and numbers, and our published ones."""

    codes: Collection[str] = ()
    emails: Collection[str] = ()
    phones: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text that may be read, and how many places were taken out of it."""

    text: str
    count: int


def redact(text: str, own: Own, names: Sequence[str], mark: str) -> Redacted:
    """`text` with `mark` wherever it speaks of somebody else; `names` are given by staff."""
    spans = [*_names(text, names), *_codes(text, own), *_emails(text, own), *_phones(text, own)]
    parts, end, count = [], 0, 0
    for start, stop in sorted(spans):
        if start < end:
            end = max(end, stop)
            continue
        parts += [text[end:start], mark]
        end, count = stop, count + 1
    return Redacted("".join([*parts, text[end:]]), count)


def _names(text: str, names: Sequence[str]) -> list[tuple[int, int]]:
    found = []
    for name in names:
        words = re.split(r"\s+", name.strip())
        if words == [""]:
            continue
        inflected = _BETWEEN.join(map(re.escape, words))
        pattern = rf"(?<!\w){inflected}{_ENDING}(?!\w)"
        found += [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
    return found


def _codes(text: str, own: Own) -> list[tuple[int, int]]:
    return [
        (found.start, found.end)
        for found in find_codes(text)
        if found.scheme is IdentifierScheme.EE_PERSONAL_CODE and found.code not in own.codes
    ]


def _emails(text: str, own: Own) -> list[tuple[int, int]]:
    mine = {address.casefold() for address in own.emails}
    return [match.span() for match in _EMAIL.finditer(text) if match.group().casefold() not in mine]


def _phones(text: str, own: Own) -> list[tuple[int, int]]:
    mine = {_last_digits(phone) for phone in own.phones}
    return [
        match.span() for match in _PHONE.finditer(text) if _last_digits(match.group()) not in mine
    ]


def _last_digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)[-_PHONE_DIGITS:]
