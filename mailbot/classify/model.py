"""One letter judged: normalise, find the language, read each sentence, decide.

Pure; time grows with the length of the text, at most MAX_CHARACTERS of which are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mailbot.classify.decide import Judgement, all_cues, judge, letter_scores, likelihood
from mailbot.classify.extras import acting_for, their_reference
from mailbot.classify.language import Tongue, detect
from mailbot.classify.language import load as load_languages
from mailbot.classify.lexicon import Hit, Lexicons
from mailbot.classify.lexicon import load as load_lexicons
from mailbot.classify.normal import Sentence, sentences_of
from mailbot.classify.purposes import purposes_of
from mailbot.classify.scoring import LexiconScorer, Reading, Scores
from models.shapes import Evidence, Verdict
from models.vocabulary import AskedPurpose, ReadingFlag, RequestType

MODEL = "lexicon-2025.1"
MAX_SENTENCES = 1_500
_BEST_EVIDENCE = 12
_MOST_EVIDENCE = 200


@dataclass(frozen=True, slots=True)
class Classifier:
    """The loaded lexicons and what scores with them."""

    lexicons: Lexicons
    scorer: LexiconScorer


@lru_cache(maxsize=1)
def load() -> Classifier:
    """Read every table, once; nothing is read from disk afterwards."""
    load_languages()
    lexicons = load_lexicons()
    return Classifier(lexicons, LexiconScorer(lexicons))


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
    own = _own_sentences(subject, text, new_spans)
    attached = [s for extra in attachment_texts for s in sentences_of(extra, [(0, len(extra))])]
    tongue = detect([word.form for s in own or attached for word in s.words])
    classifier = load()
    readings = [classifier.scorer.read(sentence, tongue.lexicon) for sentence in own]
    cues = all_cues(readings)
    more = _from_attachments(classifier, attached, tongue) if _speaks_through(cues, own) else []
    judgement = _judge(classifier, readings, more, cues, flags)
    return _verdict(subject, text, readings, tongue, judgement, cues)


def _own_sentences(subject: str, text: str, new_spans: Sequence[tuple[int, int]]) -> list[Sentence]:
    head = sentences_of(subject, [(0, len(subject))], in_subject=True)
    return (head + sentences_of(text, new_spans))[:MAX_SENTENCES]


def _speaks_through(cues: frozenset[str], own: Sequence[Sentence]) -> bool:
    return "on_hold" in cues or sum(len(s.words) for s in own if not s.in_subject) < 15


def _from_attachments(
    classifier: Classifier, sentences: Sequence[Sentence], tongue: Tongue
) -> list[Scores]:
    return classifier.scorer.score(sentences[:MAX_SENTENCES], tongue.lexicon)


def _judge(
    classifier: Classifier,
    readings: Sequence[Reading],
    more: Sequence[Scores],
    cues: frozenset[str],
    flags: frozenset[ReadingFlag],
) -> Judgement:
    lexicons = classifier.lexicons
    sentences = [*(reading.scores for reading in readings), *more]
    points = letter_scores(sentences, cues, lexicons.effects)
    likelihoods = {label: likelihood(p, lexicons.threshold) for label, p in points.items()}
    return judge(likelihoods, cues, flags)


def _verdict(
    subject: str,
    text: str,
    readings: Sequence[Reading],
    tongue: Tongue,
    judgement: Judgement,
    cues: frozenset[str],
) -> Verdict:
    labels = judgement.labels
    return Verdict(
        labels=labels,
        purposes=_purposes(readings, labels),
        language=tongue.language,
        decision=judgement.decision,
        confidence=judgement.confidence,
        evidence=_evidence(subject, text, readings, labels),
        model=MODEL,
        language_sure=tongue.sure,
        possible_breach="breach" in cues and not {"bulk", "pitch"} & cues,
        urgent="authority" in cues,
        withdraws_request="withdraws" in cues and not labels,
        their_reference=their_reference(subject, text),
        acting_for=acting_for(readings),
    )


def _purposes(
    readings: Sequence[Reading], labels: Sequence[RequestType]
) -> tuple[AskedPurpose, ...]:
    if RequestType.CONSENT_WITHDRAWAL not in labels:
        return ()
    return purposes_of(readings)


def _evidence(
    subject: str, text: str, readings: Sequence[Reading], labels: Sequence[RequestType]
) -> tuple[Evidence, ...]:
    found = [
        evidence
        for reading in readings
        for evidence in _sentence_evidence(subject, text, reading, labels)
    ]
    strongest = _apart(sorted(found, key=lambda e: -e.weight))[:_BEST_EVIDENCE]
    return tuple(sorted(strongest, key=lambda e: (not e.in_subject, e.start, e.end)))


def _apart(found: Sequence[Evidence]) -> list[Evidence]:
    """The strongest evidence at each place; weaker words of the same label inside it go."""
    kept: list[Evidence] = []
    for evidence in found[:_MOST_EVIDENCE]:
        if not any(_same_place(evidence, other) for other in kept):
            kept.append(evidence)
    return kept


def _same_place(one: Evidence, other: Evidence) -> bool:
    same_source = one.label is other.label and one.in_subject is other.in_subject
    return same_source and one.start < other.end and other.start < one.end


def _sentence_evidence(
    subject: str, text: str, reading: Reading, labels: Sequence[RequestType]
) -> list[Evidence]:
    source = subject if reading.sentence.in_subject else text
    return [
        _evidence_of(source, reading, hit)
        for hit in reading.hits
        if hit.phrase.kind == "labels" and hit.phrase.name in labels
    ]


def _evidence_of(source: str, reading: Reading, hit: Hit) -> Evidence:
    words = reading.sentence.words
    start = words[min(span[0] for span in hit.spans)].start
    end = words[max(span[1] for span in hit.spans) - 1].end
    return Evidence(
        label=RequestType(hit.phrase.name),
        text=source[start:end],
        start=start,
        end=end,
        weight=hit.phrase.weight,
        in_subject=reading.sentence.in_subject,
    )
