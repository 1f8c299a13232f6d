"""Which purposes a withdrawal names: `all` stands alone, a newsletter is marketing.

What is said to stay ("surveys may go on") names nothing: words are heard clause by clause.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mailbot.classify.lexicon import Hit
from mailbot.classify.normal import Word
from mailbot.classify.scoring import Reading
from models.vocabulary import AskedPurpose, RequestType

_ORDER = tuple(AskedPurpose)
_ALL = AskedPurpose.ALL.value
_ENOUGH = 1.0
_NAMED = 0.75
_HINTED = 0.5  # "mails", "the list": ours, unless something else is named
_EVERY = 0.95  # said of consents, not of newsletters: whatever else is named
_CONSENTS = 0.8  # "my consents", with nothing named beside them
_CONSENT = 0.65  # "my consent", in a letter that names nothing
_STAYS = re.compile(
    r"^(?:keep|stays?|stands?|remains?|fine|okay|ok|continue|carry|welcome|except|untouched|like"
    r"|enjoy|gladly|happy|mind|still|may"
    r"|alles|peale|jousse|jaab|jaavad|jaagu|las|voib|voivad|voite|tulgu|tulla|sobi\w*|meeldi\w*|tore"
    r"|остав\w*|пусть|можно|можете|кроме|устраива\w*|нравит\w*|остает\w*|остают\w*|присылайте|полезн\w*"
    r"|ostav\w*|pust|mozhno)$"
)
_KEEPS = re.compile(r"^(?:jata\w*|jatke|leave|leaves)$")
_ENDS = re.compile(
    r"^(?:off|out|stop|no|not|dont|end|gone|alone|valja|ara|arge|ei|enam|saatmata|rahule|maha|korvale"
    r"|tagasi|не|больше|покое|меня|отзыва\w*|отмен\w*|withdraw\w*|revoke\w*|loobu\w*|lopeta\w*)$"
)
# "both", "that consent": what they point at is named elsewhere
_BOTH = re.compile(r"^(?:both|those|molema\w*|neist|оба|обе|обоих|обеих|oba)$")
_THAT = re.compile(r"^(?:that|this|these|selle|seda|need|nende|это|эти|этих|eto)$")
_CONSENT_WORD = re.compile(
    r"^(?:consents?|permissions?|agreements?|nousole\w*|luba\w*|loa|load|согласи\w*|разрешени\w*)$"
)
_EVERYTHING = re.compile(r"^(?:all|koik\w*|все|всех|vse|vseh)$")
_TURNS = frozenset({"but", "aga", "kuid", "ent", "но", "а", "while", "whereas", "зато"})


def purposes_of(readings: Sequence[Reading]) -> tuple[AskedPurpose, ...]:
    """Purposes of a letter that withdraws consent, in the order of the vocabulary.

    Sentences that speak of withdrawing come first; when they name nothing, those beside them,
    then the whole letter; when that is silent too, "my consent" is every consent, and what is
    left is marketing: the list we run.
    """
    said = [_named(reading) for reading in readings]
    withdrawing = [place for place, reading in enumerate(readings) if _withdraws(reading)]
    for circle in (withdrawing, _beside(withdrawing, len(said)), range(len(said))):
        if purposes := _chosen(_together(said[place] for place in circle)):
            return purposes
    consent = _together(said[place] for place in withdrawing or range(len(said)))
    bare = consent.get(AskedPurpose.ALL, 0.0) >= _CONSENT
    bare = bare and consent.get(AskedPurpose.MARKETING, 0.0) < _HINTED
    return (AskedPurpose.ALL if bare else AskedPurpose.MARKETING,)


def _withdraws(reading: Reading) -> bool:
    return reading.scores.get(RequestType.CONSENT_WITHDRAWAL, 0.0) >= _ENOUGH


def _beside(places: Sequence[int], count: int) -> list[int]:
    near = {place + step for place in places for step in (-1, 0, 1)}
    return [place for place in sorted(near) if 0 <= place < count]


def _together(named: Iterable[Mapping[AskedPurpose, float]]) -> dict[AskedPurpose, float]:
    most: dict[AskedPurpose, float] = {}
    for one in named:
        for purpose, weight in one.items():
            most[purpose] = max(most.get(purpose, 0.0), weight)
    return most


def _chosen(named: Mapping[AskedPurpose, float]) -> tuple[AskedPurpose, ...]:
    every = named.get(AskedPurpose.ALL, 0.0)
    if every >= _EVERY:
        return (AskedPurpose.ALL,)
    kept = [p for p in _ORDER if p is not AskedPurpose.ALL and named.get(p, 0.0) >= _NAMED]
    return tuple(kept) or ((AskedPurpose.ALL,) if every >= _CONSENTS else ())


def _named(reading: Reading) -> dict[AskedPurpose, float]:
    named: dict[AskedPurpose, float] = {}
    hits = [hit for hit in reading.hits if hit.phrase.kind == "purposes"]
    if not hits:
        return named
    words = reading.sentence.words
    clauses = list(_clauses(words))
    kept = _kept(words, clauses)
    others = frozenset(start for hit in hits if hit.phrase.name != _ALL for start, _ in hit.spans)
    for hit in hits:
        if not any(start in kept for start, _ in hit.spans):
            weight = hit.phrase.weight
            if hit.phrase.name == _ALL and _elsewhere(hit, words, clauses, others):
                weight = min(weight, _CONSENT)
            purpose = AskedPurpose(hit.phrase.name)
            named[purpose] = max(named.get(purpose, 0.0), weight)
    return named


def _elsewhere(
    hit: Hit, words: Sequence[Word], clauses: Sequence[Sequence[int]], others: frozenset[int]
) -> bool:
    """Whether a word for every consent points at named ones, or is another clause's "all"."""
    places = {place for start, end in hit.spans for place in range(start, end)}
    met = [clause for clause in clauses if places.intersection(clause)]
    if len(met) > 1 and others.intersection(met[-1]):
        return True
    forms = ["", *(words[place].form for clause in met for place in clause)]
    return any(
        _BOTH.match(form)
        or (
            _THAT.match(form)
            and not _EVERYTHING.match(forms[place - 1])
            and any(map(_CONSENT_WORD.match, forms[place + 1 : place + 3]))
        )
        for place, form in enumerate(forms)
    )


def _kept(words: Sequence[Word], clauses: Iterable[Sequence[int]]) -> frozenset[int]:
    """Places of words in clauses that say what may go on."""
    return frozenset(
        place for clause in clauses if _stays([words[p].form for p in clause]) for place in clause
    )


def _stays(forms: Sequence[str]) -> bool:
    stays = any(_STAYS.match(form) for form in forms)
    keeps = stays or any(_KEEPS.match(form) for form in forms)
    return keeps and not any(_ENDS.match(form) for form in forms)


def _clauses(words: Sequence[Word]) -> Iterator[list[int]]:
    """Places of words by clause: a comma, dash or "but" lies between."""
    clause: list[int] = []
    for place, word in enumerate(words):
        parted = place and word.start - words[place - 1].end > 1
        if clause and (parted or word.form in _TURNS):
            yield clause
            clause = []
        clause.append(place)
    if clause:
        yield clause
