"""How well the classifier reads a labelled corpus: counts, intervals and a text table."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mailbot.classify.model import classify, model_version
from mailbot.quotes import new_spans
from models.shapes import Verdict
from models.vocabulary import AskedPurpose, Decision, Language, RequestType

Z95 = 1.959964


class CorpusError(ValueError):
    """A line of the corpus that cannot be read; says which."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled letter."""

    id: str
    language: Language
    subject: str
    body: str
    labels: frozenset[RequestType]
    purposes: frozenset[AskedPurpose]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was expected and what was said."""

    sample: Sample
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`, with the Wilson 95 % interval."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """0..1; 0 when there is nothing to count."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson score interval (1927)."""
        return wilson(self.hits, self.total)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:6.1%} [{low:.1%}-{high:.1%}]"


@dataclass(frozen=True, slots=True)
class Marks:
    """True positives, false positives and false negatives."""

    true: int = 0
    extra: int = 0
    lost: int = 0

    def __add__(self, other: "Marks") -> "Marks":
        return Marks(self.true + other.true, self.extra + other.extra, self.lost + other.lost)

    @property
    def precision(self) -> Share:
        """Of what was said, how much was right."""
        return Share(self.true, self.true + self.extra)

    @property
    def recall(self) -> Share:
        """Of what was there, how much was said."""
        return Share(self.true, self.true + self.lost)

    @property
    def f1(self) -> float:
        """Harmonic mean of both, 0..1."""
        weight = 2 * self.true + self.extra + self.lost
        return 2 * self.true / weight if weight else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All outcomes of one corpus, and the figures drawn from them."""

    model: str
    outcomes: tuple[Outcome, ...]

    @property
    def exact(self) -> Share:
        """Letters whose set of labels is exactly right."""
        right = sum(o.sample.labels == frozenset(o.verdict.labels) for o in self.outcomes)
        return Share(right, len(self.outcomes))

    @property
    def language(self) -> Share:
        """Letters answered in the right language."""
        right = sum(o.sample.language is o.verdict.language for o in self.outcomes)
        return Share(right, len(self.outcomes))

    @property
    def by_label(self) -> Mapping[RequestType, Marks]:
        """Marks for each label."""
        return {label: self._marks(label) for label in RequestType}

    @property
    def micro(self) -> Marks:
        """Marks of all labels together."""
        return sum(self.by_label.values(), Marks())

    @property
    def purposes(self) -> Share:
        """Withdrawals found, whose purposes are exactly right."""
        found = [o for o in self.outcomes if o.sample.purposes and o.verdict.purposes]
        right = sum(o.sample.purposes == frozenset(o.verdict.purposes) for o in found)
        return Share(right, len(found))

    @property
    def missed(self) -> Share:
        """Requests decided `ignore`, of all requests."""
        return self._decided(Decision.IGNORE, requests=True)

    @property
    def strangers(self) -> Share:
        """Ordinary letters decided `register`, of all ordinary letters."""
        return self._decided(Decision.REGISTER, requests=False)

    @property
    def triaged_requests(self) -> Share:
        """Requests a person looks at first."""
        return self._decided(Decision.TRIAGE, requests=True)

    @property
    def triaged_others(self) -> Share:
        """Ordinary letters a person is troubled with."""
        return self._decided(Decision.TRIAGE, requests=False)

    @property
    def triaged_needlessly(self) -> Share:
        """The same without letters that a rule of the labelling guide sends to a person."""
        spared = [o for o in self.outcomes if not o.sample.labels and not _looked_at_by_rule(o)]
        return Share(sum(o.verdict.decision is Decision.TRIAGE for o in spared), len(spared))

    def of(self, language: Language) -> "Evaluation":
        """The same, of one language."""
        kept = tuple(o for o in self.outcomes if o.sample.language is language)
        return Evaluation(self.model, kept)

    def decisions(self) -> Counter[tuple[bool, Decision]]:
        """How often each decision was taken, for requests (True) and others."""
        return Counter((bool(o.sample.labels), o.verdict.decision) for o in self.outcomes)

    def _decided(self, decision: Decision, *, requests: bool) -> Share:
        asked = [o for o in self.outcomes if bool(o.sample.labels) is requests]
        return Share(sum(o.verdict.decision is decision for o in asked), len(asked))

    def _marks(self, label: RequestType) -> Marks:
        pairs = [(label in o.sample.labels, label in o.verdict.labels) for o in self.outcomes]
        return Marks(
            sum(wanted and said for wanted, said in pairs),
            sum(said and not wanted for wanted, said in pairs),
            sum(wanted and not said for wanted, said in pairs),
        )


@dataclass(slots=True)
class _Table:
    lines: list[str] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        self.lines.append("  ".join(f"{cell!s:<24}" for cell in cells).rstrip())


def wilson(hits: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Wilson score interval of a proportion, both ends in 0..1."""
    if not total:
        return (0.0, 1.0)
    share = hits / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return (max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale))


def read_corpus(path: Path) -> Iterator[Sample]:
    """Samples of a JSONL file. Raises CorpusError with the line number, OSError from the disk."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _sample(line, number)


def _sample(line: bytes, number: int) -> Sample:
    try:
        row: dict[str, Any] = json.loads(line.decode("utf-8-sig"))
        return Sample(
            id=str(row["id"]),
            language=Language(row["language"]),
            subject=str(row["subject"]),
            body=str(row["body"]),
            labels=frozenset(map(RequestType, row["labels"])),
            purposes=frozenset(map(AskedPurpose, row.get("purposes", ()))),
        )
    except KeyError as error:
        raise CorpusError(f"line {number}: {error.args[0]} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise CorpusError(f"line {number}: not a labelled letter ({error})") from error


def evaluate_samples(samples: Iterable[Sample]) -> Evaluation:
    """Classify each sample, quotes cut off, and keep what was said."""
    return Evaluation(model_version(), tuple(Outcome(sample, _judge(sample)) for sample in samples))


def _judge(sample: Sample) -> Verdict:
    return classify(sample.subject, sample.body, new_spans(sample.body))


def _looked_at_by_rule(outcome: Outcome) -> bool:
    """An authority writes, or a bare note passes a request on (guide, end and rule 1)."""
    return outcome.verdict.urgent or outcome.verdict.passed_on


def evaluate(path: Path) -> Evaluation:
    """Read a corpus and measure. Raises CorpusError, OSError."""
    return evaluate_samples(read_corpus(path))


def as_text(evaluation: Evaluation) -> str:
    """The whole measurement as a plain table."""
    table = _Table()
    table.add("model", evaluation.model)
    table.add("letters", len(evaluation.outcomes))
    _summary(table, evaluation)
    _labels(table, evaluation.by_label)
    _decisions(table, evaluation)
    for language in Language:
        part = evaluation.of(language)
        if part.outcomes:
            table.add("")
            table.add(f"only {language.value}", f"{len(part.outcomes)} letters")
            _summary(table, part)
    return "\n".join(table.lines)


def _summary(table: _Table, evaluation: Evaluation) -> None:
    table.add("exact set of labels", evaluation.exact)
    table.add("micro-F1", f"{evaluation.micro.f1:6.1%}")
    table.add("missed requests", evaluation.missed)
    table.add("strangers registered", evaluation.strangers)
    table.add("requests to people", evaluation.triaged_requests)
    table.add("other mail to people", evaluation.triaged_others)
    table.add("  the guide's own apart", evaluation.triaged_needlessly)
    table.add("purposes", evaluation.purposes)
    table.add("language", evaluation.language)


def _labels(table: _Table, marks: Mapping[RequestType, Marks]) -> None:
    table.add("")
    table.add("label", "precision", "recall", "F1", "letters")
    for label, mark in marks.items():
        row: Sequence[object] = (mark.precision, mark.recall, f"{mark.f1:6.1%}")
        table.add(label.value, *row, mark.true + mark.lost)


def _decisions(table: _Table, evaluation: Evaluation) -> None:
    counts = evaluation.decisions()
    table.add("")
    table.add("decision", *(decision.value for decision in Decision))
    for asked, name in ((True, "requests"), (False, "other mail")):
        table.add(name, *(counts[asked, decision] for decision in Decision))
