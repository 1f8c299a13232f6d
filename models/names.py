"""Names of people and companies as they are sorted and searched by."""

import unicodedata

NAME_MAX = 200  # letters of a name, and of its folded form


def folded(name: str) -> str:
    """The same for all spellings of one name: upper or lower, composed or not, however spaced.

    Accents stay. Cut to what the column takes: folding may make a name longer.
    """
    spaced = unicodedata.normalize("NFD", " ".join(name.split()))
    return unicodedata.normalize("NFC", spaced.casefold())[:NAME_MAX]
