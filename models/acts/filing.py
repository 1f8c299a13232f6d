"""A letter as read, written into the register: message, verdict, attachments."""

import re
from dataclasses import dataclass
from datetime import datetime

from models import deadlines
from models.acts.mailbox import Stored
from models.acts.signing import Signed, kept
from models.acts.work import Work
from models.identity import covers_request
from models.letters.wire import usable_address
from models.sealed import Vault
from models.shapes import Letter, Reading, Verdict
from models.tables import Attachment, Classification, DataSubjectRequest, Message
from models.vocabulary import Fate, ReadingFlag

ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
ADDRESSES_MAX = 10
REFERENCES_MAX = 20
OF_A_CASE = (Fate.REGISTERED, Fate.FOLLOW_UP)


@dataclass(slots=True)
class Known:
    """Everything commit B knows about the letter at hand."""

    stored: Stored
    reading: Reading
    received_at: datetime
    content_digest: str
    owners: list[int]
    request: DataSubjectRequest | None = None
    claims: DataSubjectRequest | None = None
    takes_back: bool = False  # an earlier letter of this writer

    @property
    def letter(self) -> Letter:
        return self.reading.letter

    @property
    def signed(self) -> Signed | None:
        """The container that speaks for the letter, None without one."""
        check = self.letter.signature
        if check is None:
            return None
        labels, who = self.reading.signed_verdict_labels, self.verdict.acting_for
        return Signed(check, labels, self.received_at, who)

    @property
    def verdict(self) -> Verdict:
        return self.reading.verdict


async def write_message(work: Work, known: Known, fate: Fate) -> Message:
    letter, verdict, vault = known.letter, known.verdict, work.house.vault
    clock = deadlines.clock(known.received_at, work.house.zone)
    flags = set(letter.flags)
    if verdict.passed_on:
        flags.add(ReadingFlag.FORWARDED_MESSAGE)
    if known.received_at < known.stored.received_at:
        flags.add(ReadingFlag.RECEIVED_EARLIER)
    header = {
        "messageId": letter.message_id,
        "from": letter.from_address,
        "replyTo": list(letter.reply_to),
        "to": list(letter.to),
        "references": list(letter.references or letter.in_reply_to)[-REFERENCES_MAX:],
        "theirReference": verdict.their_reference,
        "actingFor": verdict.acting_for,
    }
    proof = letter.authentication
    message = await Message.create(
        request_id=known.request.id if known.request and fate in OF_A_CASE else None,
        raw_letter_id=known.stored.raw_letter_id,
        message_id_index=vault.index("message-id", letter.message_id)
        if letter.message_id
        else None,
        content_index=known.content_digest,
        header_sealed=vault.seal_json("header", header),
        from_index=vault.address_index(letter.from_address) if letter.from_address else None,
        subject_sealed=vault.seal_text("subject", letter.subject),
        text_sealed=vault.seal_text("text", letter.text),
        new_spans=[list(span) for span in letter.new_spans],
        sha256=letter.sha256,
        folder=known.stored.folder,
        received_at=known.received_at,
        received_on=clock.received_on,
        due_on=clock.due_on,
        fate=fate,
        automatic=known.reading.screening.automatic,
        answer_reasons=list(known.reading.screening.reasons),
        spf=proof.spf,
        dkim=proof.dkim,
        dmarc=proof.dmarc,
        trusted_by=proof.trusted_by,
        proven=proof.proven,
        signature_sealed=_signature(vault, known),
        flags=sorted(flag.value for flag in flags),
        language=verdict.language,
        confidence=verdict.confidence,
        possible_breach=verdict.possible_breach,
        urgent=verdict.urgent,
        claims_request_id=known.claims.id if known.claims else None,
        read_at=work.now,
    )
    await _write_verdict(work, message.id, verdict)
    await _write_attachments(work, message.id, letter)
    return message


def _signature(vault: Vault, known: Known) -> bytes | None:
    """What is kept of the check on the letter itself, None without a container."""
    found = known.signed
    if found is None:
        return None
    covers = covers_request(found.check, found.labels, known.verdict.labels)
    return vault.seal_json("signature", kept(found, covers, named_addresses(known.letter)))


def named_addresses(letter: Letter) -> tuple[str, ...]:
    """Addresses in the signed files, lower case: proposals for the answer."""
    named = (match.casefold() for text in letter.signed_texts for match in ADDRESS.findall(text))
    return tuple(dict.fromkeys(one for one in named if usable_address(one)))[:ADDRESSES_MAX]


async def _write_verdict(work: Work, message_id: int, verdict: Verdict) -> None:
    evidence = [
        {
            "label": found.label.value,
            "text": found.text,
            "start": found.start,
            "end": found.end,
            "weight": found.weight,
            "in_subject": found.in_subject,
        }
        for found in verdict.evidence
    ]
    await Classification.create(
        message_id=message_id,
        labels=[label.value for label in verdict.labels],
        purposes=[purpose.value for purpose in verdict.purposes],
        language=verdict.language,
        decision=verdict.decision,
        confidence=verdict.confidence,
        possible_breach=verdict.possible_breach,
        evidence_sealed=work.house.vault.seal_json("evidence", evidence),
        model=verdict.model,
        at=work.now,
    )


async def _write_attachments(work: Work, message_id: int, letter: Letter) -> None:
    """One by one: each may be as big as the letter."""
    vault = work.house.vault
    for found in letter.attachments:
        await Attachment.create(
            message_id=message_id,
            name_sealed=vault.seal("attachment-name", found.name.encode("utf-8", "replace")),
            media_type=found.media_type[:127],
            size=found.size,
            sha256=found.sha256,
            content_sealed=vault.seal("attachment", found.content),
        )
