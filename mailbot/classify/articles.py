"""Rights asked for by their article alone: "Article 15 GDPR. Client 60118." (Art. 15 to 22)."""

import re
from collections.abc import Iterator, Mapping, Sequence

from mailbot.classify.normal import Sentence
from mailbot.classify.reading import LetterRead
from mailbot.classify.scoring import Reading
from models.vocabulary import RequestType

RIGHTS: Mapping[str, tuple[RequestType, ...]] = {
    "15": (RequestType.INFORMATION, RequestType.COPY),
    "16": (RequestType.RECTIFICATION,),
    "17": (RequestType.ERASURE,),
    "18": (RequestType.RESTRICTION,),
    "20": (RequestType.PORTABILITY,),
    "21": (RequestType.OBJECTION,),
    "22": (RequestType.OBJECTION,),
}
_ARTICLE = re.compile(
    r"^(?:art|arts|articles?|artik\w*|ст|стат(?!ус|ист)\w*|stat(?:ja|ya|i|e)\w*)$"
)
_JOINS = re.compile(r"^(?:and|ja|ning|и|i|or|või|voi|или|as|well|samuti|\d{1,2}|[a-h])$")
_COPIES = re.compile(r"^(?:(?:lg|loige|loike|ch|ч|п|par|para|paragraph) )?3\b")  # Art. 15(3)
# articles of other texts, and talks about ours
_OTHER_TEXTS = re.compile(
    r"^(?:webinar\w*|seminar\w*|course|training|koolitu\w*|kursus\w*|вебинар\w*|семинар\w*|курс\w*"
    r"|agreement|contract|leping\w*|договор\w*|directive|direktiiv\w*|директив\w*"
    r"|magazine|handbook|manual|ajakir\w*|ajaleh\w*|журнал\w*|газет\w*|blog\w*|блог\w*)$"
)
_BEGINS = {(word,) for word in ("re", "fw", "fwd", "vs", "ed", "пер", "отв")}
_OF_OTHER_THINGS = frozenset({"service", "ordinary", "pitch", "bulk", "authority", "withdraws"})


def asked_by_article(read: LetterRead) -> frozenset[RequestType]:
    """Rights of the articles named in a short letter that says nothing else of its wish."""
    named = {
        right
        for reading in read.readings
        if not _answers(reading.sentence)
        for right in _named(reading.sentence.forms)
    }
    asks_else = any(points > 0 for label, points in read.points.items() if label not in named)
    doubtful = any(_is_doubtful(reading) for reading in read.readings)
    if asks_else or doubtful or not _OF_OTHER_THINGS.isdisjoint(read.cues):
        return frozenset()
    return frozenset(named)


def _is_doubtful(reading: Reading) -> bool:
    other_text = any(map(_OTHER_TEXTS.match, reading.sentence.forms))
    return bool(reading.denied) or reading.sentence.question or other_text


def _answers(sentence: Sentence) -> bool:
    """The subject of a letter that answers or passes on names what somebody asked before."""
    return sentence.in_subject and sentence.forms[:1] in _BEGINS


def _named(forms: Sequence[str]) -> Iterator[RequestType]:
    listing = False
    for place, form in enumerate(forms):
        listing = bool(_ARTICLE.match(form) or (listing and _JOINS.match(form)))
        if listing:
            of_copies = form == "15" and _COPIES.match(" ".join(forms[place + 1 : place + 3]))
            yield from (RequestType.COPY,) if of_copies else RIGHTS.get(form, ())
