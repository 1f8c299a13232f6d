"""One letter judged: normalise, find the language, read each sentence, decide.

Pure; time grows with the length of the text, at most MAX_CHARACTERS of which are read.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache

from mailbot.classify.articles import asked_by_article
from mailbot.classify.authorities import names_an_office
from mailbot.classify.concepts import load as load_concepts
from mailbot.classify.decide import (
    PLAIN,
    TAKES_BACK,
    Judgement,
    Thresholds,
    judge,
    looked_at,
    plainly,
)
from mailbot.classify.evidence import evidence_of, loudest
from mailbot.classify.extras import acting_for, their_reference
from mailbot.classify.features import cue_features, letter_features
from mailbot.classify.forwards import handed_on
from mailbot.classify.language import detect
from mailbot.classify.language import load as load_languages
from mailbot.classify.lexicon import Lexicons
from mailbot.classify.lexicon import load as load_lexicons
from mailbot.classify.linear import Linear
from mailbot.classify.linear import load as load_linear
from mailbot.classify.lists import lines_apart
from mailbot.classify.marketing import concerns_marketing
from mailbot.classify.normal import Sentence, sentences_of
from mailbot.classify.purposes import purposes_of
from mailbot.classify.reading import MAX_SENTENCES, LetterRead, own_sentences, read_sentences
from mailbot.classify.rules import BACK, ENCLOSED, LEAK, SAID, heard
from mailbot.classify.rules import load as load_rules
from mailbot.classify.scoring import LexiconScorer
from mailbot.classify.stack import LABELS
from mailbot.classify.turns import load as load_turns
from models.shapes import Verdict
from models.vocabulary import AskedPurpose, Decision, ReadingFlag, RequestType

_FEW_WORDS = 15
_SAID = 1.0  # points of a label that the lexicon hears
_PLAIN_WORDS = 14
_TO_NOBODY = frozenset({"bulk", "pitch"})  # mass mail and offers speak of authorities and leaks too


@dataclass(frozen=True, slots=True)
class Classifier:
    """The loaded lexicons, what scores with them, the learnt model and its thresholds."""

    lexicons: Lexicons
    scorer: LexiconScorer
    linear: Linear
    thresholds: Thresholds


@lru_cache(maxsize=1)
def load() -> Classifier:
    """Read every table and the model, once; nothing is read from disk afterwards."""
    with ThreadPoolExecutor(max_workers=1) as beside:  # unpacking needs no interpreter
        unpacking = beside.submit(load_linear)
        load_languages()
        load_concepts()
        load_turns()
        load_rules()
        lexicons = load_lexicons()
        linear = unpacking.result()
    return Classifier(lexicons, LexiconScorer(lexicons), linear, _thresholds(linear))


def _thresholds(linear: Linear) -> Thresholds:
    table = linear.header["thresholds"]
    labels = {RequestType(name): float(limit) for name, limit in table["labels"].items()}
    return Thresholds(float(table["ignore"]), float(table["register"]), labels)


def model_version() -> str:
    """Name of the model that judges, as it stands in each verdict."""
    return str(load().linear.header["version"])


def classify(
    subject: str,
    text: str,
    new_spans: Sequence[tuple[int, int]],
    flags: frozenset[ReadingFlag] = frozenset(),
    attachment_texts: Sequence[str] = (),
) -> Verdict:
    """What the writer asks for in their own new words.

    `new_spans` are half-open code-point ranges of `text`; evidence points into `text`, or
    into `subject` where `in_subject` is set. Words of attachments count for labels only
    when the letter itself says little (guide rule 13), and give no evidence.
    """
    classifier = load()
    own = own_sentences(subject, text, new_spans)
    attached = [s for extra in attachment_texts for s in sentences_of(extra, [(0, len(extra))])]
    tongue = detect([word.form for s in own or attached for word in s.words])
    read = read_sentences(classifier.scorer, own, tongue)
    whole = read
    if attached and _speaks_through(read.cues, own):
        whole = read_sentences(classifier.scorer, (own + attached)[:MAX_SENTENCES], tongue)
    by_rule = [heard(reading, tongue.lexicon) for reading in read.readings]
    cues = read.cues | _heard_beside(subject, text, new_spans, read, by_rule)
    judgement = _judge(classifier, whole, cues, flags)
    rest = [s for s, names in zip(own, by_rule, strict=True) if BACK not in names]
    if len(rest) < len(own):
        remaining = (rest + attached)[:MAX_SENTENCES]
        judgement = _what_else(classifier, judgement, remaining, cues - read.cues, flags)
    elif TAKES_BACK not in cues:
        others = handed_on(subject, text, new_spans)
        if others and _bare_note(classifier, own + attached, subject, others):
            bare = _verdict(subject, text, read, looked_at(judgement), cues)
            return replace(bare, passed_on=True)
    judgement = _seen_after_all(classifier, judgement, read, cues)
    verdict = _verdict(subject, text, read, judgement, cues)
    if RequestType.CONSENT_WITHDRAWAL in verdict.labels:
        verdict = replace(verdict, purposes=_purposes(classifier, subject, text, new_spans, read))
    return replace(verdict, withdraws_request=TAKES_BACK in read.cues or len(rest) < len(own))


def _heard_beside(
    subject: str,
    text: str,
    new_spans: Sequence[tuple[int, int]],
    read: LetterRead,
    by_rule: Sequence[frozenset[str]],
) -> frozenset[str]:
    """Cues by rule, which the model has not learnt from: who writes, what leaked or is enclosed."""
    names, found = frozenset[str]().union(*by_rule), set[str]()
    if "bulk" not in read.cues and (
        SAID in names or names_an_office(subject, text, new_spans, read.readings)
    ):
        found.add("authority")
    if _TO_NOBODY.isdisjoint(read.cues):
        found |= {"breach", LEAK} if LEAK in names else set()
        found |= {"on_hold"} if ENCLOSED in names else set()
    return frozenset(found)


def _seen_after_all(
    classifier: Classifier, judged: Judgement, read: LetterRead, cues: frozenset[str]
) -> Judgement:
    """A leak is never ignored, nor what is surely asked beside something taken back."""
    if judged.decision is not Decision.IGNORE:
        return judged
    if LEAK in cues:
        return looked_at(judged)
    stays = [r.sentence for r in read.readings if TAKES_BACK not in r.names("cues")]
    if TAKES_BACK not in cues or not stays:
        return judged
    beside = read_sentences(classifier.scorer, stays, read.tongue)
    if _judge(classifier, beside, beside.cues, frozenset()).decision is not Decision.REGISTER:
        return judged
    return _judge(classifier, beside, beside.cues | {TAKES_BACK}, frozenset())


def _what_else(
    classifier: Classifier,
    judged: Judgement,
    rest: Sequence[Sentence],
    heard: frozenset[str],
    flags: frozenset[ReadingFlag],
) -> Judgement:
    """What takes a request back asks for nothing. A person sees what else is asked, and whatever
    sounded like a sure request.
    """
    read = read_sentences(classifier.scorer, rest)
    found = _judge(classifier, read, read.cues | heard | {TAKES_BACK}, flags)
    sure = judged.decision is Decision.REGISTER and found.decision is Decision.IGNORE
    return looked_at(judged) if sure else found


def _bare_note(classifier: Classifier, said: Sequence[Sentence], subject: str, others: str) -> bool:
    """Neither the note nor what is attached asks for anything, and what is passed on does."""
    note = read_sentences(classifier.scorer, [s for s in said if not s.in_subject])
    if any(points >= _SAID for points in note.points.values()) and _asks(classifier, note):
        return False
    passed_on = own_sentences(subject, others, [(0, len(others))])
    return _asks(classifier, read_sentences(classifier.scorer, passed_on))


def _asks(classifier: Classifier, read: LetterRead) -> bool:
    return _judge(classifier, read, read.cues, frozenset()).decision is not Decision.IGNORE


def _speaks_through(cues: frozenset[str], own: Sequence[Sentence]) -> bool:
    return "on_hold" in cues or sum(len(s.words) for s in own if not s.in_subject) < _FEW_WORDS


def _judge(
    classifier: Classifier,
    read: LetterRead,
    cues: frozenset[str],
    flags: frozenset[ReadingFlag],
) -> Judgement:
    linear = classifier.linear
    features = letter_features(read.readings, read.tongue.lexicon)
    odds = linear.score(features, cue_features(read.cues))
    *each, asks = linear.stack.likelihoods(odds, read)
    by_label = dict(zip(LABELS, each, strict=True))
    if _only_denied(read, RequestType.ERASURE):
        by_label[RequestType.ERASURE] = 0.0
    if sum(len(reading.sentence.words) for reading in read.readings) <= _PLAIN_WORDS:
        plain = plainly(read.points, classifier.lexicons.threshold)
        by_label = {label: max(p, plain.get(label, 0.0)) for label, p in by_label.items()}
        asks = max(asks, *plain.values(), 0.0)
        if named := asked_by_article(read):
            by_label, asks = {label: PLAIN * (label in named) for label in LABELS}, max(asks, PLAIN)
    judged = judge(by_label, asks, classifier.thresholds, cues, flags)
    return replace(judged, told=loudest(odds, read.readings, judged.labels))


def _only_denied(read: LetterRead, label: RequestType) -> bool:
    """The label's phrases all stand behind a "not", and not in a question ("why not …?")."""
    denied = [r for r in read.readings if label.value in r.denied]
    said = any(label.value in reading.names("labels") for reading in read.readings)
    return bool(denied) and not said and not any(r.sentence.question for r in denied)


def _verdict(
    subject: str,
    text: str,
    read: LetterRead,
    judgement: Judgement,
    cues: frozenset[str],
) -> Verdict:
    labels, readings, tongue = judgement.labels, read.readings, read.tongue
    return Verdict(
        labels=labels,
        purposes=(),
        language=tongue.language,
        decision=judgement.decision,
        confidence=judgement.confidence,
        evidence=evidence_of(subject, text, readings, labels, judgement.told),
        model=model_version(),
        language_sure=tongue.sure,
        possible_breach="breach" in cues and _TO_NOBODY.isdisjoint(cues),
        urgent="authority" in cues and judgement.decision is not Decision.REGISTER,
        marketing_objection=concerns_marketing(readings, labels),
        their_reference=their_reference(subject, text),
        acting_for=acting_for(readings),
    )


def _purposes(
    classifier: Classifier,
    subject: str,
    text: str,
    new_spans: Sequence[tuple[int, int]],
    read: LetterRead,
) -> tuple[AskedPurpose, ...]:
    """Line by line where lines speak for themselves, whatever sentence they would be part of."""
    around, items = lines_apart(text, new_spans, read.tongue.lexicon)
    if items:
        own = own_sentences(subject, text, sorted(around + items))
        read = read_sentences(classifier.scorer, own, read.tongue)
    return purposes_of(read.readings, read.tongue.lexicon, dict(items))
