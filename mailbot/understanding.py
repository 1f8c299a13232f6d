"""What a letter asks for, and what its signed files ask for by themselves. Pure.

A signed container goes to a person, unless it was accepted: then its text counts as the
writer's own words, and the letter is judged as if the container were no obstacle.
"""

from collections.abc import Collection
from dataclasses import replace

from mailbot.classify import classify
from models.shapes import Letter, Verdict
from models.vocabulary import AskedPurpose, Decision, ReadingFlag, RequestType

Labels = tuple[RequestType, ...]


def understand(letter: Letter) -> tuple[Verdict, Labels]:
    """The verdict on the letter, and the labels its signed text earns without the letter."""
    accepted = letter.signature is not None and letter.signature.accepted
    flags = letter.flags - {ReadingFlag.SIGNED_CONTAINER} if accepted else letter.flags
    verdict = classify(
        letter.subject,
        letter.text,
        letter.new_spans,
        flags,
        tuple(found.text for found in letter.attachments if found.text),
    )
    signed = _signed(letter)
    if signed is None or signed.decision is not Decision.REGISTER:
        return verdict, ()
    if not accepted or signed.urgent or verdict.urgent or _is_passed_on(verdict, flags):
        return verdict, signed.labels
    return _together(verdict, signed), signed.labels


def _is_passed_on(verdict: Verdict, flags: Collection[ReadingFlag]) -> bool:
    return verdict.passed_on or ReadingFlag.FORWARDED_MESSAGE in flags


def _signed(letter: Letter) -> Verdict | None:
    text = "\n\n".join(letter.signed_texts)
    return classify("", text, ((0, len(text)),)) if text.strip() else None


def _together(verdict: Verdict, signed: Verdict) -> Verdict:
    """The letter's verdict with what the signed text adds; evidence stays the letter's."""
    spoken = verdict.language_sure and bool(verdict.labels)
    return replace(
        verdict,
        labels=tuple(kind for kind in RequestType if kind in {*verdict.labels, *signed.labels}),
        purposes=_purposes(verdict, signed),
        language=verdict.language if spoken else signed.language,
        language_sure=verdict.language_sure if spoken else signed.language_sure,
        decision=Decision.REGISTER,
        confidence=max(signed.confidence, verdict.confidence if verdict.labels else 0.0),
        possible_breach=verdict.possible_breach or signed.possible_breach,
        marketing_objection=verdict.marketing_objection or signed.marketing_objection,
        their_reference=verdict.their_reference or signed.their_reference,
        acting_for=verdict.acting_for or signed.acting_for,
    )


def _purposes(verdict: Verdict, signed: Verdict) -> tuple[AskedPurpose, ...]:
    named = {*verdict.purposes, *signed.purposes}
    if AskedPurpose.ALL in named:
        return (AskedPurpose.ALL,)
    return tuple(purpose for purpose in AskedPurpose if purpose in named)
