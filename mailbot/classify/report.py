"""A verdict for machines (one JSON object) and for people (the decisive words lit)."""

from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from models.shapes import Evidence, Verdict
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


def render_terminal(letter_subject: str, text: str, verdict: Verdict) -> RenderableType:
    """What was understood and why: facts above, the letter below with the words that decided."""
    subject = _lit(letter_subject, verdict, in_subject=True)
    body = _lit(text, verdict, in_subject=False)
    title = Text("Subject: ") + subject if letter_subject else Text("(no subject)")
    return Group(_facts(verdict), Panel(body, title=title, title_align="left"))


def _lit(source: str, verdict: Verdict, *, in_subject: bool) -> Text:
    lit = Text(source)
    for evidence in verdict.evidence:
        if evidence.in_subject is in_subject:
            lit.stylize(f"bold underline {_COLOURS[evidence.label]}", evidence.start, evidence.end)
    return lit


def _facts(verdict: Verdict) -> Table:
    table = Table.grid(padding=(0, 2))
    decision = Text(verdict.decision.value, style=_DECISIONS[verdict.decision])
    table.add_row("decision", decision + Text(f"  {verdict.confidence:.0%} sure", style="dim"))
    table.add_row("asks for", _labels(verdict))
    sure = "" if verdict.language_sure else " (not sure)"
    table.add_row("language", f"{verdict.language.value}{sure}")
    for name, value in _notes(verdict):
        table.add_row(name, value)
    return table


def _labels(verdict: Verdict) -> Text:
    if not verdict.labels:
        unclear = verdict.decision is Decision.TRIAGE
        said = "not clear: a person looks" if unclear else "nothing under data protection law"
        return Text(said, style="dim")
    pieces = [Text(label.value, style=_COLOURS[label]) for label in verdict.labels]
    named = Text(", ").join(pieces)
    purposes = ", ".join(purpose.value for purpose in verdict.purposes)
    return named + Text(f" ({purposes})") if purposes else named


def _notes(verdict: Verdict) -> list[tuple[str, str]]:
    notes = [
        ("breach", "tells of a leak or unlawful disclosure" if verdict.possible_breach else ""),
        ("urgent", "comes from an authority" if verdict.urgent else ""),
        ("takes back", "an earlier request" if verdict.withdraws_request else ""),
        ("passes on", "a letter that asks for something" if verdict.passed_on else ""),
        ("their ref", verdict.their_reference or ""),
        ("acts for", verdict.acting_for or ""),
        ("model", verdict.model),
    ]
    return [(name, value) for name, value in notes if value]
