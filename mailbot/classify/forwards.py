"""Letters that only pass on what somebody wrote (guide rule 1)."""

import re
from collections.abc import Iterator, Sequence

from mailbot import quote_words as words

NOTE_WORDS = 60  # a note, a greeting, a name with firm and telephone; who says more is heard alone
READ = 20_000  # characters of what is passed on
MAX_LINE = 300
_MARKS = re.compile(r"(?:[ \t\u00a0]*>)+[ \t\u00a0]?")


def handed_on(subject: str, text: str, new_spans: Sequence[tuple[int, int]]) -> str | None:
    """The forwarded words under an empty or short note, without marks and heads; None for every
    other letter. `new_spans` are half-open code-point ranges of `text`, rising.
    """
    if sum(len(text[start:end].split()) for start, end in new_spans) > NOTE_WORDS:
        return None
    quotes = list(_quotes(text, new_spans))
    if not quotes:
        return None
    if not words.FORWARD_SUBJECT.match(subject) and not words.FORWARD.match(_first(quotes[0])):
        return None
    return "\n\n".join(_without_head(quote) for quote in quotes)[:READ].strip() or None


def _quotes(text: str, new_spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """What lies beside the writer's own words; signatures and footers are no quotes."""
    edges = [0, *(edge for span in new_spans for edge in span), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        beside = text[start:end].strip()
        if beside and _opens_quote(_first(beside)):
            yield beside


def _first(text: str) -> str:
    return text.partition("\n")[0][:MAX_LINE]


def _opens_quote(line: str) -> bool:
    patterns = (words.SEPARATOR, words.FORWARD, words.RULE, words.HEADER_LINE, words.DATED_START)
    return line.startswith(">") or any(pattern.match(line) for pattern in patterns)


def _without_head(quote: str) -> str:
    """The letter itself: the lines above it say who wrote to whom, and when."""
    lines = [_MARKS.sub("", line[:MAX_LINE]) + line[MAX_LINE:] for line in quote.split("\n")]
    begins = 0
    while begins < len(lines) and _of_head(lines[begins][:MAX_LINE]):
        begins += 1
    return "\n".join(lines[begins:])


def _of_head(line: str) -> bool:
    patterns = (words.SEPARATOR, words.FORWARD, words.RULE, words.HEADER_LINE)
    return not line.strip() or any(pattern.match(line) for pattern in patterns)
