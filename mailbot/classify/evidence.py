"""The words that decided: phrases of the lexicon, else the sentence a label was heard in."""

import re
from collections.abc import Mapping, Sequence

from mailbot.classify.decide import Loudest
from mailbot.classify.lexicon import Hit
from mailbot.classify.normal import Sentence
from mailbot.classify.odds import Odds
from mailbot.classify.scoring import Reading
from mailbot.classify.stack import LABELS, sigmoid
from models.shapes import Evidence
from models.vocabulary import RequestType

_BEST = 12
_MOST = 200
# the rest of "e-post"; bounded, for a stranger may hyphenate a whole letter
_HYPHENS = ("-", "‐", "‑")
_REST = re.compile(r"(?:[-‐‑]\w{1,30}){1,3}")
_BEGINNING = re.compile(r"(?:\b\w{1,30}[-‐‑]){1,3}$")
_FAR = 100


def loudest(
    odds: Odds, readings: Sequence[Reading], labels: Sequence[RequestType]
) -> Mapping[RequestType, Loudest]:
    """Of each label the sentence that asks for it most, and how likely it does."""
    if not labels or not len(odds.sentences):
        return {}
    places = odds.sentences.argmax(axis=0)
    found = {}
    for label in labels:
        column = LABELS.index(label)
        place = int(places[column])
        likely = sigmoid(float(odds.sentences[place, column]))
        found[label] = Loudest(readings[place].sentence, round(likely, 3))
    return found


def evidence_of(
    subject: str,
    text: str,
    readings: Sequence[Reading],
    labels: Sequence[RequestType],
    told: Mapping[RequestType, Loudest],
) -> tuple[Evidence, ...]:
    """The strongest phrases of the labels, as they stand in the letter; a label that no phrase
    speaks for is `told` by its sentence, unless that stands in an attachment.
    """
    found = [e for reading in readings for e in _in_sentence(subject, text, reading, labels)]
    strongest = _apart(sorted(found, key=lambda e: -e.weight))[:_BEST]
    heard = {evidence.label for evidence in strongest}
    own = {reading.sentence for reading in readings} if heard < set(labels) else set()
    strongest += [
        _whole(subject, text, label, told[label])
        for label in labels
        if label not in heard and label in told and told[label].sentence in own
    ]
    return tuple(sorted(strongest, key=lambda e: (not e.in_subject, e.start, e.end)))


def _apart(found: Sequence[Evidence]) -> list[Evidence]:
    """The strongest evidence at each place; weaker words of the same label inside it go."""
    kept: list[Evidence] = []
    for evidence in found[:_MOST]:
        if not any(_same_place(evidence, other) for other in kept):
            kept.append(evidence)
    return kept


def _same_place(one: Evidence, other: Evidence) -> bool:
    same_source = one.label is other.label and one.in_subject is other.in_subject
    return same_source and one.start < other.end and other.start < one.end


def _in_sentence(
    subject: str, text: str, reading: Reading, labels: Sequence[RequestType]
) -> list[Evidence]:
    source = subject if reading.sentence.in_subject else text
    return [
        _of_hit(source, reading.sentence, hit)
        for hit in reading.hits
        if hit.phrase.kind == "labels" and hit.phrase.name in labels
    ]


def _of_hit(source: str, sentence: Sentence, hit: Hit) -> Evidence:
    first = min(span[0] for span in hit.spans)
    last = max(span[1] for span in hit.spans) - 1
    return _placed(source, sentence, first, last, RequestType(hit.phrase.name), hit.phrase.weight)


def _whole(subject: str, text: str, label: RequestType, told: Loudest) -> Evidence:
    source = subject if told.sentence.in_subject else text
    return _placed(source, told.sentence, 0, -1, label, told.likely)


def _placed(
    source: str, sentence: Sentence, first: int, last: int, label: RequestType, weight: float
) -> Evidence:
    """Words of a sentence from `first` to `last`, hyphenated ones whole."""
    start, end = sentence.words[first].start, sentence.words[last].end
    before = source[max(0, start - _FAR) : start]
    if before.endswith(_HYPHENS) and (begun := _BEGINNING.search(before)):
        start -= len(begun.group())
    if rest := _REST.match(source, end):
        end = rest.end()
    return Evidence(label, source[start:end], start, end, weight, sentence.in_subject)
