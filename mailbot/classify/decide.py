"""From points per sentence to labels, and from labels to register, triage or ignore.

Missing a request is the worst error, acknowledging a stranger's ordinary mail the second,
troubling a person the third; the thresholds are set in that order.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mailbot.classify.lexicon import Effect
from mailbot.classify.scoring import Reading, Scores, add_up
from models.vocabulary import Decision, ReadingFlag, RequestType

SURE = 0.90  # at least one label this likely: register
LIKELY = 0.50  # a label this likely is given
POSSIBLE = 0.30  # below: not even a person need look
_LOOK_CUES = frozenset({"client_site", "withdraws"})
_EXPLAINED = frozenset({"pitch", "bulk"})
_ORDINARY = frozenset({"service", "ordinary", "applicant", "processor", "other_person"})
_CUE_STRENGTH = 0.6
_LOOK_ALWAYS = frozenset({ReadingFlag.SIGNED_CONTAINER, ReadingFlag.FORWARDED_MESSAGE})


@dataclass(frozen=True, slots=True)
class Judgement:
    """Labels with the likelihood of each, and the decision with how sure it is (0..1)."""

    likelihoods: Mapping[RequestType, float]
    labels: tuple[RequestType, ...]
    decision: Decision
    confidence: float


def likelihood(points: float, threshold: float) -> float:
    """Log-odds to 0..1."""
    return 1.0 / (1.0 + math.exp(-(points - threshold)))


def letter_scores(
    sentences: Iterable[Scores], cues: Collection[str], effects: Mapping[str, Effect]
) -> Scores:
    """Points of the whole letter: its sentences added up, then bent by what stands anywhere."""
    gathered: dict[RequestType, list[float]] = {}
    for scores in sentences:
        for label, points in scores.items():
            gathered.setdefault(label, []).append(max(0.0, points))
    totals = {label: add_up(points) for label, points in gathered.items()}
    for cue in cues:
        effect = effects.get(cue)
        if effect and effect.whole_letter:
            for label, points in effect.points.items():
                totals[label] = totals.get(label, 0.0) + points
    return totals


def choose(likelihoods: Mapping[RequestType, float]) -> tuple[RequestType, ...]:
    """Labels likelier than not, in the order of the vocabulary."""
    return tuple(label for label in RequestType if likelihoods.get(label, 0.0) >= LIKELY)


def judge(
    likelihoods: Mapping[RequestType, float],
    cues: Collection[str],
    flags: Collection[ReadingFlag],
) -> Judgement:
    """The decision. `cues` are the names of everything the lexicon noticed in the letter."""
    best = max(likelihoods.values(), default=0.0)
    if "authority" in cues:
        return Judgement(likelihoods, (), Decision.TRIAGE, 0.9)
    labels = choose(likelihoods)
    decision = _decide(best, bool(labels), cues, flags)
    kept = labels if decision is not Decision.IGNORE else ()
    return Judgement(likelihoods, kept, decision, _confidence(decision, best))


def _decide(
    best: float, labelled: bool, cues: Collection[str], flags: Collection[ReadingFlag]
) -> Decision:
    if not _LOOK_ALWAYS.isdisjoint(flags):
        return Decision.TRIAGE
    if labelled and best >= SURE:
        return Decision.REGISTER
    if best >= POSSIBLE or _worth_a_look(cues, flags):
        return Decision.TRIAGE
    return Decision.IGNORE


def _worth_a_look(cues: Collection[str], flags: Collection[ReadingFlag]) -> bool:
    """An unclear letter is ignored only when something shows that it is ordinary mail."""
    if not _LOOK_CUES.isdisjoint(cues):
        return True
    if ReadingFlag.ATTACHMENT_UNREAD in flags and "on_hold" in cues:
        return True
    if not _EXPLAINED.isdisjoint(cues):
        return False
    return "privacy" in cues or _ORDINARY.isdisjoint(cues)


def _confidence(decision: Decision, best: float) -> float:
    if decision is Decision.IGNORE:
        return round(1.0 - best, 3)
    if decision is Decision.REGISTER:
        return round(best, 3)
    return round(max(0.5, 1.0 - 2.0 * abs(best - 0.5)), 3)


def all_cues(readings: Sequence[Reading]) -> frozenset[str]:
    """Names of the cues whose phrases, taken together, are strong enough; footers are silent."""
    strength: dict[str, dict[str, float]] = {}
    for reading in readings:
        found = [hit.phrase for hit in reading.hits if hit.phrase.kind == "cues"]
        footer = any(phrase.name == "footer" for phrase in found)
        for phrase in found:
            if not footer or phrase.name == "footer":
                strength.setdefault(phrase.name, {})[phrase.pattern.source] = phrase.weight
    return frozenset(n for n, found in strength.items() if sum(found.values()) >= _CUE_STRENGTH)
