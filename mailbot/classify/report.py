"""A verdict for machines (one JSON object) and for people (the decisive words lit)."""

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mailbot.classify.linear import load as load_linear
from mailbot.classify.reasons import why_seen
from models.shapes import Evidence, Letter, Verdict
from models.vocabulary import Decision, RequestType

_COLOURS = {
    RequestType.INFORMATION: "cyan",
    RequestType.COPY: "blue",
    RequestType.RECTIFICATION: "yellow",
    RequestType.ERASURE: "red",
    RequestType.RESTRICTION: "magenta",
    RequestType.PORTABILITY: "bright_blue",
    RequestType.OBJECTION: "bright_red",
    RequestType.CONSENT_WITHDRAWAL: "green",
    RequestType.COMPLAINT: "bright_magenta",
    RequestType.INQUIRY: "bright_cyan",
}
_DECISIONS = {
    Decision.REGISTER: "bold green",
    Decision.TRIAGE: "bold yellow",
    Decision.IGNORE: "dim",
}
_WORDS = 40  # characters shown of the words that decided, and of a file's name
_FILES = 5
_DIGEST = 12
# what moves the cursor, or turns the order of words, could draw another verdict
_CONTROLS = (range(0x20), range(0x7F, 0xA0), range(0x202A, 0x202F), range(0x2066, 0x206A))
_SURROGATES = range(0xD800, 0xE000)
_HARMLESS = dict.fromkeys((code for codes in (*_CONTROLS, _SURROGATES) for code in codes), "\ufffd")
_OF_TEXT = {code: shown for code, shown in _HARMLESS.items() if chr(code) not in "\n\t"}
_ABSOLUTE = "objects to direct marketing, which always counts (GDPR Art. 21(3))"
_SCORES = {"micro_f1": "micro-F1", "missed": "missed", "strangers": "strangers"}


def verdict_json(letter_id: Any, verdict: Verdict) -> dict[str, Any]:
    """One line of `classify --jsonl`, its id as given; evidence positions are code points."""
    return {
        "id": letter_id,
        "language": verdict.language.value,
        "labels": [label.value for label in verdict.labels],
        "purposes": [purpose.value for purpose in verdict.purposes],
        "decision": verdict.decision.value,
        "confidence": verdict.confidence,
        "evidence": [_evidence_json(evidence) for evidence in verdict.evidence],
        "model": verdict.model,
        "language_sure": verdict.language_sure,
        "possible_breach": verdict.possible_breach,
        "urgent": verdict.urgent,
        "withdraws_request": verdict.withdraws_request,
        "passed_on": verdict.passed_on,
        "marketing_objection": verdict.marketing_objection,
        "their_reference": verdict.their_reference,
        "acting_for": verdict.acting_for,
    }


def _evidence_json(evidence: Evidence) -> dict[str, Any]:
    return {
        "label": evidence.label.value,
        "text": evidence.text,
        "start": evidence.start,
        "end": evidence.end,
        "weight": evidence.weight,
        "in_subject": evidence.in_subject,
    }


def render_terminal(letter: Letter, verdict: Verdict, file: str = "") -> RenderableType:
    """What was understood and why: facts above, the letter below with the words that decided."""
    subject = _lit(letter.subject, verdict, in_subject=True)
    title = Text("Subject: ") + subject if letter.subject else Text("(no subject)", style="dim")
    body = _lit(letter.text, verdict, in_subject=False)
    for start, end in _not_new(letter):
        body.stylize("dim", start, end)
    shown = Group(title, Text(), body) if body else title
    return Group(_facts(letter, verdict, file), Panel(shown))


def _lit(source: str, verdict: Verdict, *, in_subject: bool) -> Text:
    """Harmless to a terminal, character for character, so that evidence stays where it is."""
    lit = Text(source.translate(_HARMLESS if in_subject else _OF_TEXT).rstrip())
    for evidence in verdict.evidence:
        if evidence.in_subject is in_subject:
            lit.stylize(f"bold underline {_COLOURS[evidence.label]}", evidence.start, evidence.end)
    return lit


def _not_new(letter: Letter) -> Iterator[tuple[int, int]]:
    """Quotes, signatures, footers: what was not read as the writer's own words."""
    edges = [0, *(edge for span in letter.new_spans for edge in span), len(letter.text)]
    return zip(edges[::2], edges[1::2], strict=True)


def _facts(letter: Letter, verdict: Verdict, file: str) -> Table:
    table = Table.grid(padding=(0, 2))
    if file:
        table.add_row("file", Text(file.translate(_HARMLESS)))
    table.add_row("decision", _decision(letter, verdict))
    if verdict.decision is Decision.TRIAGE:
        table.add_row("why", Text(why_seen(letter, verdict)))
    for place, asked in enumerate(_asked(letter, verdict)):
        table.add_row("" if place else "asks for", asked)
    table.add_row(
        "language", verdict.language.value + ("" if verdict.language_sure else " (a guess)")
    )
    for name, value in _notes(letter, verdict):
        table.add_row(name, Text(value))
    for name, value in _model(verdict):
        table.add_row(Text(name, style="dim"), Text(value, style="dim"))
    return table


def _decision(letter: Letter, verdict: Verdict) -> Text:
    """How sure it is, of what was decided; a person who looks first decides alone."""
    decision = Text(verdict.decision.value, style=_DECISIONS[verdict.decision])
    if verdict.decision is Decision.TRIAGE or not _has_words(letter):
        return decision
    percent = f"{verdict.confidence:.0%}".removesuffix("%")
    sure = f"{percent} %" if percent != "100" else "over 99 %"
    return decision + Text(f"  {sure} sure", style="dim")


def _has_words(letter: Letter) -> bool:
    texts = (letter.subject, letter.new_text, *(found.text or "" for found in letter.attachments))
    return any(character.isalnum() for text in texts for character in text)


def _asked(letter: Letter, verdict: Verdict) -> list[Text]:
    """A row a label, with the words that speak for it most."""
    if verdict.labels:
        return [_label(label, verdict) for label in verdict.labels]
    if not _has_words(letter):
        said = "no words to read"
    elif verdict.decision is Decision.TRIAGE:
        said = "not clear: a person looks"
    else:
        said = "nothing under data protection law"
    return [Text(said, style="dim")]


def _label(label: RequestType, verdict: Verdict) -> Text:
    named = label.value
    if label is RequestType.CONSENT_WITHDRAWAL and verdict.purposes:
        named += f" ({', '.join(verdict.purposes)})"
    found = [evidence for evidence in verdict.evidence if evidence.label is label]
    said = max(found, key=lambda evidence: evidence.weight).text if found else ""
    words = f"«{_short(said)}»" if said else "in an attachment"
    return Text(named, style=_COLOURS[label]) + Text(f"  {words}", style="" if said else "dim")


def _short(text: str) -> str:
    plain = " ".join(text.split()).translate(_HARMLESS)
    return plain if len(plain) <= _WORDS else f"{plain[: _WORDS - 1].rstrip()}…"


def _notes(letter: Letter, verdict: Verdict) -> list[tuple[str, str]]:
    back = verdict.withdraws_request and not verdict.labels  # else the reason says so
    notes = [
        ("breach", "tells of a leak or unlawful disclosure" if verdict.possible_breach else ""),
        ("marketing", _ABSOLUTE if verdict.marketing_objection else ""),
        ("takes back", "an earlier request" if back else ""),
        ("their ref", verdict.their_reference or ""),
        ("acts for", verdict.acting_for or ""),
        ("attached", _attached(letter)),
    ]
    return [(name, value) for name, value in notes if value]


def _attached(letter: Letter) -> str:
    files = [
        f"{_short(found.name)} ({'read' if found.text else 'not read'})"
        for found in letter.attachments
    ]
    more = len(files) - _FILES
    return ", ".join(files[:_FILES]) + (f" and {more} more" if more > 0 else "")


def _model(verdict: Verdict) -> list[tuple[str, str]]:
    header = load_linear().header
    scores = [f"{name} {header['scores'][key]:.1%}" for key, name in _SCORES.items()]
    return [
        ("model", f"{verdict.model} · corpus {header['corpus'][:_DIGEST]}"),
        ("scores", f"on letters held out: {', '.join(scores)}".replace("%", " %")),
    ]
