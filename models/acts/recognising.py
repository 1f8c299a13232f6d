"""What the register already knows of a letter before a word of it is written.

Whether it is done, came by another road, was erased, whose address wrote it, and which case
it belongs to: our Message-ID, else a case number from an address that stands on the case; and
whose letter it takes back.
"""

import re
from dataclasses import dataclass

from models.acts.filing import OF_A_CASE, Known
from models.acts.mailbox import Stored
from models.acts.work import Work
from models.database import is_postgres, rows
from models.shapes import Letter, Reading
from models.tables import DataSubjectRequest, Message, OutboundMail
from models.vocabulary import Fate, RequestStatus

REFERENCE = re.compile(r"\bNP-\d{4}-\d{4,}\b")
_LOOK_UP = (
    "SELECT s.fate, c.client_id,"
    " (SELECT m.id FROM message m WHERE m.raw_letter_id = ?) AS same_bytes,"
    " (SELECT min(m.id) FROM message m WHERE m.content_index = ?) AS same_words,"
    " EXISTS (SELECT 1 FROM tombstone t WHERE t.noun = 'content' AND t.digest = ?) AS is_buried"
    " FROM sighting s LEFT JOIN contact_address c ON c.address_index = ? AND c.kind = 'email'"
    " WHERE s.id = ?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """`fate` of the sighting, the message it is a `twin` of, and whether its words were erased."""

    fate: Fate
    twin_id: int | None
    is_buried: bool


async def recognise(work: Work, stored: Stored, reading: Reading) -> tuple[Place, Known]:
    """One look-up, which on PostgreSQL also keeps other bots from this letter until the commit."""
    letter, vault = reading.letter, work.house.vault
    received_at = stored.received_at
    if letter.own_received_at and not stored.is_replayed:
        received_at = min(received_at, letter.own_received_at)
    words = (
        letter.message_id or letter.sha256,
        str(letter.from_address),
        letter.subject,
        letter.text,
    )
    digest = vault.index("content", "\0".join(words))
    address = _from_index(work, letter)
    found = await rows(
        _LOOK_UP + (" FOR UPDATE OF s" if is_postgres() else ""),
        (stored.raw_letter_id, digest, digest, address, stored.sighting_id),
    )
    first = found[0]
    place = Place(
        Fate(first["fate"]), first["same_bytes"] or first["same_words"], bool(first["is_buried"])
    )
    owners = sorted({row["client_id"] for row in found if row["client_id"] is not None})
    return place, Known(stored, reading, received_at, digest, owners)


async def find_case(work: Work, known: Known) -> None:
    """Notes the case the letter belongs to, or the one it only claims to be about."""
    letter = known.letter
    ids = [*letter.in_reply_to, *letter.references][:50]
    if ids:
        answered = OutboundMail.filter(message_id__in=ids, request_id__not_isnull=True)
        mail = await answered.order_by("-id").first()
        if mail:
            known.request = await _standing_for(mail.request_id)
            return
    named = REFERENCE.search(letter.subject)
    claimed = await DataSubjectRequest.get_or_none(reference=named[0]) if named else None
    if claimed and letter.authentication.proven and await _writes_on(work, claimed, letter):
        known.request = claimed
    else:
        known.claims = claimed
        await _find_taken_back(work, known)


async def _find_taken_back(work: Work, known: Known) -> None:
    """A letter that takes a request back without naming it: which one of this writer's, if any.

    Where nothing of theirs stands or waits there is nothing to take back.
    """
    index = _from_index(work, known.letter)
    if known.claims is not None or index is None or not known.verdict.withdraws_request:
        return
    earlier = Message.filter(from_index=index, fate__in=[*OF_A_CASE, Fate.TRIAGE])
    found = await earlier.order_by("-id").first()
    cases = DataSubjectRequest.filter(subject_id__in=known.owners, erased_at=None)
    if found is None:
        known.claims = await cases.order_by("-id").first()
    elif found.request_id is not None:
        known.claims = await _standing_for(found.request_id)
    known.takes_back = found is not None


async def _standing_for(request_id: int | None) -> DataSubjectRequest | None:
    """The case itself, or the one it was merged into; None once its words are erased."""
    request = await DataSubjectRequest.get(id=request_id)
    while request.status is RequestStatus.MERGED and request.duplicate_of_id is not None:
        request = await DataSubjectRequest.get(id=request.duplicate_of_id)
    return None if request.erased_at else request


async def _writes_on(work: Work, request: DataSubjectRequest, letter: Letter) -> bool:
    """Whether the From address already stands on the case."""
    index = _from_index(work, letter)
    if index is None:
        return False
    return await Message.filter(request_id=request.id, from_index=index).exists()


def _from_index(work: Work, letter: Letter) -> str | None:
    return work.house.vault.address_index(letter.from_address) if letter.from_address else None
