"""A letter's own sentences read by the lexicon: what both scorers start from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailbot.classify.decide import all_cues, letter_scores
from mailbot.classify.language import Tongue, detect
from mailbot.classify.normal import Sentence, sentences_of
from mailbot.classify.scoring import LexiconScorer, Reading
from models.vocabulary import RequestType

MAX_SENTENCES = 1_500
_HEADS = frozenset(
    {"saaja", "saatja", "kellele", "kellelt", "to", "from", "recipient", "sender"}
    | {"кому", "от", "получатель", "отправитель", "адресат"}
)


@dataclass(frozen=True, slots=True)
class LetterRead:
    """Readings of the sentences, cues anywhere, the lexicon's points, the language."""

    readings: tuple[Reading, ...]
    cues: frozenset[str]
    points: Mapping[RequestType, float]
    tongue: Tongue


def own_sentences(subject: str, text: str, new_spans: Sequence[tuple[int, int]]) -> list[Sentence]:
    """Sentences of the subject, then those of the writer's own new words; the lines of a formal
    head that only name people ask for nothing.
    """
    head = sentences_of(subject, [(0, len(subject))], in_subject=True)
    said = [one for one in sentences_of(text, new_spans) if not _names_people(one, text)]
    return (head + said)[:MAX_SENTENCES]


def _names_people(sentence: Sentence, text: str) -> bool:
    first = sentence.words[0] if sentence.words else None
    return first is not None and first.form in _HEADS and text[first.end : first.end + 1] == ":"


def read_sentences(
    scorer: LexiconScorer, own: Sequence[Sentence], tongue: Tongue | None = None
) -> LetterRead:
    """What the lexicon says of these sentences."""
    found = tongue or detect([word.form for sentence in own for word in sentence.words])
    readings = tuple(scorer.read(sentence, found.lexicon) for sentence in own)
    cues = all_cues(readings)
    points = letter_scores((r.scores for r in readings), cues, scorer.lexicons.effects)
    return LetterRead(readings, cues, points, found)
