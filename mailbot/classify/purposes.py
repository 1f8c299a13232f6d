"""Which purposes a withdrawal names: `all` stands alone, a newsletter is marketing.

What is said to stay ("surveys may go on") names nothing: words are heard clause by clause
(turns.py). Consents enumerated and then pointed at ("the first and the third") are looked up
where they were named (pointing.py).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mailbot.classify.headings import headed
from mailbot.classify.lexicon import Hit
from mailbot.classify.pointing import Letter, Said, excepted, pointed
from mailbot.classify.scoring import Reading
from mailbot.classify.turns import NAMED, THIN, Clause, Turn, clauses_of
from models.vocabulary import AskedPurpose, RequestType

_ORDER = tuple(AskedPurpose)
_ALL = AskedPurpose.ALL
_COOKIES = AskedPurpose.COOKIES  # "accept all" is said of them, not of consents
_ENOUGH = 1.0
_HINTED = 0.5  # "mails", "the list": ours, unless something else is named
_BARE_WORDS = 2  # of a line in a list
_HEADING_WORDS = 3
_EVERY = 0.95  # said of consents, not of newsletters: whatever else is named
_CONSENTS = 0.8  # "my consents", with nothing named beside them
_CONSENT = 0.65  # "my consent", in a letter that names nothing
# "that consent": what it points at is named elsewhere
_THAT = re.compile(r"^(?:that|this|these|those|selle|seda|need|nende|neist|это|эти|этих|eto)$")
_CONSENT_WORD = re.compile(
    r"^(?:consents?|permissions?|agreements?|nousole\w*|luba\w*|loa|load|согласи\w*|разрешени\w*)$"
)
_EVERYTHING = re.compile(r"^(?:all|koik\w*|все|всех|vse|vseh)$")

Weights = Mapping[AskedPurpose, float]


def purposes_of(
    readings: Sequence[Reading], language: str, listed: Mapping[int, int]
) -> tuple[AskedPurpose, ...]:
    """Purposes of a letter that withdraws consent, in the order of the vocabulary.

    Sentences that speak of withdrawing come first; when they name nothing, those beside them,
    then the whole letter; when that is silent too, "my consent" is every consent, and what is
    left is marketing: the list we run. `language` is the lexicon the letter is read by, `listed`
    are the lines of lists: where each begins in the text, and where it ends.
    """
    said = _gone_on(_told_apart(headed(_each_said(readings, language, listed))))
    weights = [_weights(reading, one) for reading, one in zip(readings, said, strict=True)]
    withdrawing = [place for place, one in enumerate(said) if one.withdraws]
    letter = Letter(said)
    told, left = _told(letter, weights, withdrawing)
    if purposes := _chosen(_together(told[place] for place in withdrawing), left):
        return purposes
    return _around(told, withdrawing, left | _staying(letter)) or _unnamed(
        _together(weights[place] for place in withdrawing or range(len(said)))
    )


def _told(
    letter: Letter, weights: Sequence[Weights], withdrawing: Iterable[int]
) -> tuple[list[Weights], frozenset[AskedPurpose]]:
    """What each sentence names or points at, and what of the enumerated is left alone."""
    told, left = list(weights), set[AskedPurpose]()
    for place in withdrawing:
        every = weights[place].get(_ALL, 0.0)
        whole = every >= _CONSENTS or not letter.said[place].may_go()
        if whole and (others := excepted(letter.said, place)):
            told[place] = dict.fromkeys(others, 1.0)
        elif every < _EVERY:
            found = pointed(letter, place)
            left.update(found.left)
            if found.purposes:
                told[place] = dict.fromkeys(found.purposes, 1.0)
    return told, frozenset(left)


def _each_said(
    readings: Sequence[Reading], language: str, listed: Mapping[int, int]
) -> Iterator[Said]:
    """Sentences, and which of them begin a line of a list or stand further on in it."""
    end = 0
    for reading in readings:
        said, first = _said(reading, language), reading.sentence.words[0].start
        if not reading.sentence.in_subject:
            begins = first in listed
            said = replace(said, listed=begins, inside=not begins and first < end)
            end = listed.get(first, end)
        yield said


def _said(reading: Reading, language: str) -> Said:
    clauses, sentence = tuple(clauses_of(reading, language)), reading.sentence
    asks = sentence.question or len(sentence.words) <= _HEADING_WORDS
    said = Said(clauses, _withdraws(reading), asks=asks and not sentence.in_subject)
    return said if said.withdraws else replace(said, withdraws=_ends_some(reading, said))


def _withdraws(reading: Reading) -> bool:
    return reading.scores.get(RequestType.CONSENT_WITHDRAWAL, 0.0) >= _ENOUGH


def _ends_some(reading: Reading, said: Said) -> bool:
    """ "The first three I take back", "consent taken back", where nothing else is asked for."""
    if any(points >= _ENOUGH for points in reading.scores.values()):
        return False
    ended = [clause for clause in said.clauses if clause.turn is Turn.ENDS]
    consent = not said.names() and any(c.named.get(_ALL, 0.0) >= _CONSENT for c in ended)
    return consent or any(clause.points_at_some for clause in ended)


def _told_apart(said: Sequence[Said]) -> list[Said]:
    """ "I agreed to surveys and cookies" withdraws nothing beside "I withdraw cookies"."""
    ended = {p for one in said if one.withdraws and not _tells(one) for p in one.ends()}
    return [
        replace(one, withdraws=False) if _tells(one) and ended & {*one.names()} else one
        for one in said
    ]


def _tells(said: Said) -> bool:
    """Of consents given, and not that one ends."""
    ends = any(clause.turn is Turn.ENDS for clause in said.clauses)
    gave = any("gave" in clause.cues for clause in said.clauses)
    return gave and len(said.names()) > 1 and not (ends or said.listed)


def _gone_on(said: Sequence[Said]) -> list[Said]:
    """ "Ditto the surveys", or the next line of a list, after a sentence that withdraws."""
    found: list[Said] = []
    in_list = False
    withdraws = any(one.withdraws for one in said)
    for one in said:
        aside = one.inside and not one.names()
        in_list = in_list and (one.listed or aside or _is_mark(one.clauses[0]))
        after = bool(found) and found[-1].withdraws
        goes_on = (in_list and not one.inside) or (withdraws and one.listed and one.ends() != ())
        goes_on = goes_on or (after and (_says_also(one) or _is_bare_name(one)))
        in_list = in_list or (one.withdraws and _opens_list(one))
        found.append(replace(one, withdraws=True) if goes_on else one)
    return found


def _says_also(said: Said) -> bool:
    """ "Also surveys"; in a list "surveys: the same" too."""
    return any("also" in one.cues for one in said.clauses[: None if said.listed else 1])


def _opens_list(said: Said) -> bool:
    """ "I withdraw the following:", "I withdraw a) …": what comes may go on with it."""
    return any(map(_is_mark, said.clauses)) or not (said.listed or said.names())


def _is_mark(clause: Clause) -> bool:
    """ "b)" before what is named in a list within a sentence."""
    return len(clause.forms) == 1 == len(clause.forms[0]) and bool(clause.ordinals)


def _is_bare_name(said: Said) -> bool:
    """ "Newsletter": a line of a list, with nothing said of it."""
    (clause, *others) = said.clauses
    short = not others and len(clause.forms) <= _BARE_WORDS
    return short and clause.turn is Turn.OPEN and clause.names() != ()


def _staying(letter: Letter) -> frozenset[AskedPurpose]:
    return frozenset(p for one in letter.said for p in one.stays()) - letter.ended


def _around(
    told: Sequence[Weights], withdrawing: Sequence[int], stay: frozenset[AskedPurpose]
) -> tuple[AskedPurpose, ...]:
    """What is named beside the sentences that withdraw, or anywhere; thin words come last."""
    near = {place + step for place in withdrawing for step in (-1, 0, 1)}
    beside = [place for place in sorted(near) if 0 <= place < len(told)]
    for level in (NAMED, THIN):
        for circle in (beside, range(len(told))):
            if purposes := _chosen(_together(told[place] for place in circle), stay, level):
                return purposes
    return ()


def _unnamed(consent: Weights) -> tuple[AskedPurpose, ...]:
    bare = consent.get(_ALL, 0.0) >= _CONSENT
    bare = bare and consent.get(AskedPurpose.MARKETING, 0.0) < _HINTED
    return (_ALL if bare else AskedPurpose.MARKETING,)


def _together(named: Iterable[Weights]) -> dict[AskedPurpose, float]:
    most: dict[AskedPurpose, float] = {}
    for one in named:
        for purpose, weight in one.items():
            most[purpose] = max(most.get(purpose, 0.0), weight)
    return most


def _chosen(
    named: Weights, stay: frozenset[AskedPurpose] = frozenset(), level: float = NAMED
) -> tuple[AskedPurpose, ...]:
    every = named.get(_ALL, 0.0)
    if every >= _EVERY:
        return (_ALL,)
    kept = [p for p in _ORDER if p is not _ALL and named.get(p, 0.0) >= level]
    kept = [p for p in kept if p not in stay] or kept
    return tuple(kept) or ((_ALL,) if every >= _CONSENTS else ())


def _weights(reading: Reading, said: Said) -> Weights:
    """What a sentence names: clause by clause, and by phrases that reach across clauses."""
    going = [clause for clause in said.clauses if clause.may_go]
    return _together([*map(_heard, going), *_across(reading, said.clauses)])


def _heard(clause: Clause) -> Weights:
    sure = clause.turn is Turn.ENDS
    every = _CONSENT if _elsewhere(clause) or clause.names() else clause.named.get(_ALL, 0.0)
    named = {p: 1.0 if sure and w >= THIN else w for p, w in clause.named.items()}
    return {**named, _ALL: min(every, clause.named.get(_ALL, 0.0))}


def _across(reading: Reading, clauses: Sequence[Clause]) -> Iterator[Weights]:
    hits = [hit for hit in reading.hits if hit.phrase.kind == "purposes"]
    cookies = {p for hit in hits if hit.phrase.name == _COOKIES for p in _places(hit)}
    for hit in hits:
        places = _places(hit)
        met = [clause for clause in clauses if places.intersection(clause.places)]
        if len(met) > 1 and not any(clause.turn is Turn.STAYS for clause in met):
            weight = hit.phrase.weight
            elsewhere = any(clause.names() or _elsewhere(clause) for clause in met)
            if hit.phrase.name == _ALL and (elsewhere or min(places) in cookies):
                weight = min(weight, _CONSENT)
            yield {AskedPurpose(hit.phrase.name): weight}


def _places(hit: Hit) -> set[int]:
    return {place for start, end in hit.spans for place in range(start, end)}


def _elsewhere(clause: Clause) -> bool:
    """Whether a word for every consent points at named ones."""
    if clause.count:
        return True
    forms = ("", *clause.forms)
    return _THAT.match(forms[-1]) is not None or any(
        _THAT.match(form)
        and not _EVERYTHING.match(forms[place - 1])
        and any(map(_CONSENT_WORD.match, forms[place + 1 : place + 3]))
        for place, form in enumerate(forms)
    )
