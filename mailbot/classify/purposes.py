"""Which purposes a withdrawal names: `all` stands alone, a newsletter is marketing.

What is said to stay ("surveys may go on") names nothing: words are heard clause by clause.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from mailbot.classify.lexicon import Hit
from mailbot.classify.pointing import Said, pointed
from mailbot.classify.scoring import Reading
from mailbot.classify.turns import NAMED, Clause, Turn, clauses_of
from models.vocabulary import AskedPurpose, RequestType

_ORDER = tuple(AskedPurpose)
_ALL = AskedPurpose.ALL
_ENOUGH = 1.0
_HINTED = 0.5  # "mails", "the list": ours, unless something else is named
THIN = 0.7
_EVERY = 0.95  # said of consents, not of newsletters: whatever else is named
_CONSENTS = 0.8  # "my consents", with nothing named beside them
_CONSENT = 0.65  # "my consent", in a letter that names nothing
# "both", "that consent": what they point at is named elsewhere
_BOTH = re.compile(r"^(?:both|those|molema\w*|neist|оба|обе|обоих|обеих|oba)$")
_THAT = re.compile(r"^(?:that|this|these|selle|seda|need|nende|это|эти|этих|eto)$")
_CONSENT_WORD = re.compile(
    r"^(?:consents?|permissions?|agreements?|nousole\w*|luba\w*|loa|load|согласи\w*|разрешени\w*)$"
)
_EVERYTHING = re.compile(r"^(?:all|koik\w*|все|всех|vse|vseh)$")

Weights = Mapping[AskedPurpose, float]


def purposes_of(readings: Sequence[Reading], language: str) -> tuple[AskedPurpose, ...]:
    """Purposes of a letter that withdraws consent, in the order of the vocabulary.

    Sentences that speak of withdrawing come first; when they name nothing, those beside them,
    then the whole letter; when that is silent too, "my consent" is every consent, and what is
    left is marketing: the list we run. `language` is the lexicon the letter is read by.
    """
    said = [_said(reading, language) for reading in readings]
    weights = [_weights(reading, one) for reading, one in zip(readings, said, strict=True)]
    withdrawing = [place for place, one in enumerate(said) if one.withdraws]
    stay = _staying(said)
    pointing = {
        p: dict.fromkeys(found, 1.0)
        for p in withdrawing
        if weights[p].get(_ALL, 0.0) < _EVERY and (found := pointed(said, p))
    }
    told = [pointing.get(p, weights[p]) for p in range(len(said))]
    if purposes := _chosen(_together(told[p] for p in withdrawing), frozenset()):
        return purposes
    for level in (NAMED, THIN):
        for circle in (_beside(withdrawing, len(said)), range(len(said))):
            if purposes := _chosen(_together(told[p] for p in circle), stay, level):
                return purposes
    consent = _together(weights[place] for place in withdrawing or range(len(said)))
    bare = consent.get(_ALL, 0.0) >= _CONSENT
    bare = bare and consent.get(AskedPurpose.MARKETING, 0.0) < _HINTED
    return (_ALL if bare else AskedPurpose.MARKETING,)


def _said(reading: Reading, language: str) -> Said:
    withdraws = reading.scores.get(RequestType.CONSENT_WITHDRAWAL, 0.0) >= _ENOUGH
    clauses = tuple(clauses_of(reading, language))
    withdraws = withdraws or (
        not any(x >= 1 for x in reading.scores.values())
        and any(
            c.turn is Turn.ENDS and (c.ordinals or c.count or "rest" in c.cues) for c in clauses
        )
    )
    return Said(clauses, withdraws, reading.sentence.in_subject)


def _staying(said: Sequence[Said]) -> frozenset[AskedPurpose]:
    stay = {
        p
        for one in said
        for clause in one.clauses
        if clause.turn is Turn.STAYS and "stays" in clause.cues
        for p in clause.names
    }
    return frozenset(stay - {p for one in said if one.withdraws for p in one.turned(Turn.ENDS)})


def _beside(places: Sequence[int], count: int) -> list[int]:
    near = {place + step for place in places for step in (-1, 0, 1)}
    return [place for place in sorted(near) if 0 <= place < count]


def _together(named: Iterable[Weights]) -> dict[AskedPurpose, float]:
    most: dict[AskedPurpose, float] = {}
    for one in named:
        for purpose, weight in one.items():
            most[purpose] = max(most.get(purpose, 0.0), weight)
    return most


def _chosen(
    named: Weights, stay: frozenset[AskedPurpose], level: float = NAMED
) -> tuple[AskedPurpose, ...]:
    every = named.get(_ALL, 0.0)
    if every >= _EVERY:
        return (_ALL,)
    kept = [p for p in _ORDER if p is not _ALL and named.get(p, 0.0) >= level]
    kept = [p for p in kept if p not in stay] or kept
    return tuple(kept) or ((_ALL,) if every >= _CONSENTS else ())


def _weights(reading: Reading, said: Said) -> Weights:
    going = [clause for clause in said.clauses if clause.turn is not Turn.STAYS]
    kept = {p for clause in said.clauses if clause.turn is Turn.STAYS for p in clause.places}
    named = _together(
        {
            p: 1.0 if w >= 0.7 and clause.turn is Turn.ENDS else w
            for p, w in clause.named.items()
            if p is not _ALL
        }
        for clause in going
    )
    others = frozenset(
        place for clause in said.clauses if clause.names for place in clause.places
    )
    accepted = {
        place
        for hit in reading.hits
        if hit.phrase.name == AskedPurpose.COOKIES.value
        for start, end in hit.spans
        for place in range(start, end)
    }
    for hit in reading.hits:
        if hit.phrase.name == _ALL.value and any(start in accepted for start, _ in hit.spans):
            continue
        if hit.phrase.kind == "purposes" and not any(start in kept for start, _ in hit.spans):
            weight = hit.phrase.weight
            if hit.phrase.name == _ALL.value and _elsewhere(hit, said.clauses, others):
                weight = min(weight, _CONSENT)
            purpose = AskedPurpose(hit.phrase.name)
            named[purpose] = max(named.get(purpose, 0.0), weight)
    return named


def _elsewhere(hit: Hit, clauses: Sequence[Clause], others: frozenset[int]) -> bool:
    """Whether a word for every consent points at named ones, or is another clause's "all"."""
    places = {place for start, end in hit.spans for place in range(start, end)}
    met = [clause for clause in clauses if places.intersection(clause.places)]
    if len(met) > 1 and others.intersection(met[-1].places):
        return True
    forms = ["", *(form for clause in met for form in clause.forms)]
    return any(
        _BOTH.match(form)
        or (
            _THAT.match(form)
            and not _EVERYTHING.match(forms[place - 1])
            and any(map(_CONSENT_WORD.match, forms[place + 1 : place + 3]))
        )
        for place, form in enumerate(forms)
    )
