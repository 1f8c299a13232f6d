"""A letter's own sentences read by the lexicon: what both scorers start from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailbot.classify.decide import all_cues, letter_scores
from mailbot.classify.language import Tongue, detect
from mailbot.classify.normal import Sentence, sentences_of
from mailbot.classify.scoring import LexiconScorer, Reading
from models.vocabulary import RequestType

MAX_SENTENCES = 1_500


@dataclass(frozen=True, slots=True)
class LetterRead:
    """Readings of the sentences, cues anywhere, the lexicon's points, the language."""

    readings: tuple[Reading, ...]
    cues: frozenset[str]
    points: Mapping[RequestType, float]
    tongue: Tongue


def own_sentences(subject: str, text: str, new_spans: Sequence[tuple[int, int]]) -> list[Sentence]:
    """Sentences of the subject, then those of the writer's own new words."""
    head = sentences_of(subject, [(0, len(subject))], in_subject=True)
    return (head + sentences_of(text, new_spans))[:MAX_SENTENCES]


def read_sentences(
    scorer: LexiconScorer, own: Sequence[Sentence], tongue: Tongue | None = None
) -> LetterRead:
    """What the lexicon says of these sentences."""
    found = tongue or detect([word.form for sentence in own for word in sentence.words])
    readings = tuple(scorer.read(sentence, found.lexicon) for sentence in own)
    cues = all_cues(readings)
    points = letter_scores((r.scores for r in readings), cues, scorer.lexicons.effects)
    return LetterRead(readings, cues, points, found)
