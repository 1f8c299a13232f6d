"""Letters that only pass on what somebody else wrote (guide rule 1)."""

import re
from collections.abc import Sequence

from mailbot import quote_words as words

NOTE_WORDS = 20  # "please handle", a greeting and a name; who says more speaks for himself
_MARKS = re.compile(r"^[>\s]+", re.MULTILINE)


def handed_on(subject: str, text: str, new_spans: Sequence[tuple[int, int]]) -> str | None:
    """The forwarded words under an empty or short note, without quote marks; None for every
    other letter. `new_spans` are half-open code-point ranges of `text`.
    """
    if sum(len(text[start:end].split()) for start, end in new_spans) > NOTE_WORDS:
        return None
    edges = [0, *(edge for span in new_spans for edge in span), len(text)]
    others = "\n".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
    if not words.FORWARD.search(others) and not words.FORWARD_SUBJECT.match(subject):
        return None
    return _MARKS.sub("", others).strip() or None
