"""Readings made by hand, for tests of acts that need no mail server and no classifier."""

from datetime import datetime
from hashlib import sha256

from models.acts import mailbox
from models.acts.mailbox import Stored
from models.acts.receive import Received, receive
from models.house import House
from models.shapes import Arrival, Authentication, Letter, Reading, Screening, Verdict
from models.vocabulary import (
    Answer,
    AskedPurpose,
    AuthResult,
    AutomaticKind,
    Decision,
    Language,
    RequestType,
)
from tests.registers import NOW

PROVEN = Authentication(dmarc=AuthResult.PASS, trusted_by="mx.netpro.ee", proven=True)


def letter(
    sender: str | None = "mari@example.com",
    *,
    text: str = "Palun kustutage minu andmed.",
    message_id: str | None = "<one@example.com>",
    subject: str = "Palve",
    proven: bool = True,
    in_reply_to: tuple[str, ...] = (),
    bounced: tuple[str, ...] = (),
) -> Letter:
    """A plain letter of one sender."""
    return Letter(
        sha256=sha256(f"{message_id}{text}".encode()).hexdigest(),
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=(),
        from_addresses=(sender,) if sender else (),
        reply_to=(),
        to=("info@netpro.ee",),
        subject=subject,
        text=text,
        new_spans=((0, len(text)),),
        authentication=PROVEN if proven else Authentication(),
        bounced_message_ids=bounced,
    )


def verdict(
    *labels: RequestType,
    purposes: tuple[AskedPurpose, ...] = (),
    decision: Decision | None = None,
    language: Language = Language.ET,
    marketing_objection: bool = False,
    possible_breach: bool = False,
    urgent: bool = False,
) -> Verdict:
    """A sure verdict."""
    if decision is None:
        decision = Decision.REGISTER if labels else Decision.IGNORE
    return Verdict(
        labels=labels,
        purposes=purposes,
        language=language,
        decision=decision,
        confidence=0.99,
        evidence=(),
        model="by hand",
        marketing_objection=marketing_objection,
        possible_breach=possible_breach,
        urgent=urgent,
    )


def reading(
    found: Letter,
    judged: Verdict,
    answer: Answer = Answer.SEND,
    reasons: tuple[str, ...] = (),
    automatic: AutomaticKind | None = None,
) -> Reading:
    """What the reading child would say."""
    return Reading(found, Screening(answer, reasons, automatic), judged)


async def stored(
    house: House,
    uid: int = 1,
    raw: bytes | None = None,
    received_at: datetime = NOW,
    folder: str = "INBOX",
) -> Stored:
    """One letter after commit A."""
    body = raw or f"letter {uid}".encode()
    arrival = Arrival(folder, 7, uid, len(body), received_at, body)
    await mailbox.store(house, [arrival], [sha256(body).hexdigest()])
    return [one for one in await mailbox.pending(house, 100) if one.raw == body][-1]


async def received(
    house: House,
    judged: Verdict,
    found: Letter | None = None,
    uid: int = 1,
    received_at: datetime = NOW,
    answer: Answer = Answer.SEND,
    reasons: tuple[str, ...] = (),
    automatic: AutomaticKind | None = None,
    folder: str = "INBOX",
) -> Received:
    """Commit A and commit B of one letter."""
    kept = await stored(house, uid, received_at=received_at, folder=folder)
    one = found or letter()
    return await receive(house, kept, reading(one, judged, answer, reasons, automatic), now=NOW)
