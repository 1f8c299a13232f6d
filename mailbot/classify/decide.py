"""From points per sentence to labels, and from labels to register, triage or ignore.

Missing a request is the worst error, acknowledging a stranger's ordinary mail the second,
troubling a person the third; the thresholds, learnt with the model, are set in that order.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mailbot.classify.lexicon import Effect
from mailbot.classify.normal import Sentence
from mailbot.classify.scoring import Reading, Scores, add_up
from models.vocabulary import Decision, ReadingFlag, RequestType

PLAIN = 0.95  # so sure is a phrase that leaves nothing open
FOREIGN_LAW = "foreign_law"  # names the regulation in a language we do not read
CLIENT_SITE = "client_site"  # data of a client's own visitors
TAKES_BACK = "withdraws"  # an earlier request: it repeats the words of what it no longer asks
_CUE_STRENGTH = 0.6
_BY_RULE = 0.9  # how sure a rule of the labelling guide is
_BULK_LOOK = 0.3  # mass mail speaks to nobody in particular: no request so unlikely was one
_LOOK_ALWAYS = frozenset({ReadingFlag.SIGNED_CONTAINER, ReadingFlag.FORWARDED_MESSAGE})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Likelihoods: below `ignore` nobody looks, from `register` on nobody need look first."""

    ignore: float
    register: float
    labels: Mapping[RequestType, float]


class Loudest(NamedTuple):
    """The sentence that asks for a label most, and how likely it does."""

    sentence: Sentence
    likely: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """Labels with the likelihood of each, and the decision with how sure it is (0..1).

    `told` holds the loudest sentence of each label.
    """

    likelihoods: Mapping[RequestType, float]
    labels: tuple[RequestType, ...]
    decision: Decision
    confidence: float
    told: Mapping[RequestType, Loudest] = field(default_factory=dict)


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


def plainly(points: Mapping[RequestType, float], threshold: float) -> dict[RequestType, float]:
    """Labels a short letter says in so many words, by the lexicon alone; others are left out."""
    sure = {label: 1.0 / (1.0 + math.exp(threshold - p)) for label, p in points.items()}
    return {label: p for label, p in sure.items() if p >= PLAIN}


def weighed(likelihood: Any, asks: Any) -> Any:
    """How likely a label is in a letter that may ask for nothing at all (numbers or arrays)."""
    return likelihood * asks**0.5


def judge(
    likelihoods: Mapping[RequestType, float],
    asks: float,
    thresholds: Thresholds,
    cues: Collection[str],
    flags: Collection[ReadingFlag],
) -> Judgement:
    """The decision. `asks` is the likelihood that the letter asks for anything at all;
    `cues` are the names of everything the lexicon noticed in the letter. A person may name a
    court and still ask: what surely asks is a request all the same.
    """
    labels = tuple(
        label
        for label in RequestType
        if weighed(likelihoods.get(label, 0.0), asks) >= thresholds.labels[label]
    )
    decision = _decide(asks, bool(labels), thresholds, cues, flags)
    if "authority" in cues and decision is not Decision.REGISTER:
        return looked_at(Judgement(likelihoods, (), decision, 0.0))
    kept = labels if decision is not Decision.IGNORE else ()
    return Judgement(likelihoods, kept, decision, _confidence(decision, asks))


def looked_at(judged: Judgement) -> Judgement:
    """A person decides, whatever the likelihoods say; nothing is suggested."""
    return Judgement(judged.likelihoods, (), Decision.TRIAGE, _BY_RULE)


def _decide(
    asks: float,
    labelled: bool,
    thresholds: Thresholds,
    cues: Collection[str],
    flags: Collection[ReadingFlag],
) -> Decision:
    if not _LOOK_ALWAYS.isdisjoint(flags) or CLIENT_SITE in cues:
        return Decision.TRIAGE
    if labelled and asks >= thresholds.register:
        return Decision.TRIAGE if TAKES_BACK in cues else Decision.REGISTER
    unread = ReadingFlag.ATTACHMENT_UNREAD in flags and "on_hold" in cues
    floor = max(thresholds.ignore, _BULK_LOOK) if "bulk" in cues else thresholds.ignore
    look = asks >= floor or unread or FOREIGN_LAW in cues
    return Decision.TRIAGE if look else Decision.IGNORE


def _confidence(decision: Decision, asks: float) -> float:
    if decision is Decision.IGNORE:
        return round(1.0 - asks, 3)
    if decision is Decision.REGISTER:
        return round(asks, 3)
    return round(max(0.5, 1.0 - 2.0 * abs(asks - 0.5)), 3)


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
