"""Points per sentence and label; the place where another scorer is blended in.

Points are log-odds: a label is likelier than not from the lexicon's threshold on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mailbot.classify.lexicon import Hit, Lexicons
from mailbot.classify.normal import Sentence
from models.vocabulary import RequestType

REPEATED = 0.5

Scores = dict[RequestType, float]


class Scorer(Protocol):
    """Anything that judges sentences: the lexicon here, a statistical model beside it."""

    def score(self, sentences: Sequence[Sentence], language: str) -> list[Scores]:
        """Points by label for each sentence, same order, absent = 0."""
        ...


@dataclass(slots=True)
class Reading:
    """What the lexicon found in one sentence."""

    sentence: Sentence
    hits: list[Hit] = field(default_factory=list)
    scores: Scores = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)

    def names(self, kind: str) -> set[str]:
        """What the phrases of one table speak for."""
        return {hit.phrase.name for hit in self.hits if hit.phrase.kind == kind}


def add_up(weights: Iterable[float]) -> float:
    """The strongest phrase counts whole, the second half, the third a quarter."""
    ordered = sorted(weights, reverse=True)
    positive = [weight for weight in ordered if weight > 0][:4]
    negative = sum(weight for weight in ordered if weight < 0)
    return sum(weight * 0.5**place for place, weight in enumerate(positive)) + negative


@dataclass(frozen=True, slots=True)
class LexiconScorer:
    """Scores sentences by the phrases that stand in them."""

    lexicons: Lexicons

    def score(self, sentences: Sequence[Sentence], language: str) -> list[Scores]:
        """Points by label for each sentence."""
        return [self.read(sentence, language).scores for sentence in sentences]

    def read(self, sentence: Sentence, language: str) -> Reading:
        """All phrases of the sentence's languages, and the points they make together."""
        forms = sentence.forms
        reading = Reading(sentence)
        for name in languages_of(sentence, language):
            for hit in self.lexicons.languages[name].find(forms):
                if hit.denied:
                    reading.denied.add(hit.phrase.name)
                else:
                    reading.hits.append(hit)
        reading.scores = self._scores(reading)
        return reading

    def _scores(self, reading: Reading) -> Scores:
        by_label: dict[str, list[Hit]] = {}
        for hit in reading.hits:
            if hit.phrase.kind == "labels":
                by_label.setdefault(hit.phrase.name, []).append(hit)
        scores = {RequestType(name): add_up(_fresh(hits)) for name, hits in by_label.items()}
        return self._bend(scores, reading.names("cues"))

    def _bend(self, scores: Scores, cues: set[str]) -> Scores:
        for cue in cues:
            effect = self.lexicons.effects.get(cue)
            if effect and not effect.whole_letter:
                for label, points in effect.points.items():
                    if label in scores or points > 0:
                        scores[label] = scores.get(label, 0.0) + points
        return scores


def _fresh(hits: Sequence[Hit]) -> list[float]:
    """Weights of phrases; one on words already counted adds half."""
    taken: set[int] = set()
    weights = []
    for hit in sorted(hits, key=lambda hit: -hit.phrase.weight):
        words = {place for start, end in hit.spans for place in range(start, end)}
        again = not taken.isdisjoint(words) and hit.phrase.weight > 0
        weights.append(hit.phrase.weight * (REPEATED if again else 1.0))
        taken |= words
    return weights


def languages_of(sentence: Sentence, language: str) -> list[str]:
    """The letter's language, and those of foreign words mixed into the sentence."""
    names = [language]
    if language in ("other", "ru-latin", "et"):
        names.append("en")
    cyrillic = sum("\u0430" <= word.form[0] <= "\u044f" for word in sentence.words)
    if cyrillic and language != "ru":
        names.append("ru")
    if language == "ru" and cyrillic < len(sentence.words) - 1:
        names += ["en", "et"]
    return names
