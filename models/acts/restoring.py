"""After a backup was restored: what was erased since goes again, nobody is answered twice.

The register has forgotten everything since the backup: erasures (the erasure log knows
them), case numbers that stand in letters (numbers jump ahead), and which letters were
answered. So automatic letters to mail received before this moment wait for a person, who
looks into the Sent folder; what waited in the outbox then may have gone out since, and waits
as well. May be run again: a line is carried out only while its row is still the same client.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from models.acts.cases import bump_numbers
from models.acts.heartbeat import beat
from models.acts.wiping import (
    LETTERS_ONLY,
    Letters,
    bury,
    loose_letters,
    mark_of,
    reduce_client,
    wipe,
    wipe_client,
    wipe_letters,
)
from models.acts.work import Work, working
from models.database import decoded, rows
from models.erasure_log import Line
from models.house import House
from models.shapes import SYSTEM
from models.tables import (
    Client,
    DataSubjectRequest,
    OutboundMail,
    RequestItem,
)
from models.vocabulary import DeliveryState, Justification, RequestType, TimelineKind

NAME = "restored"  # of the heartbeat that remembers the moment
REASON = "restored"  # why a letter waits
WAITS = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
SKIP = 1000  # numbers left out, unless the operator knows better


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: clients erased again, letters that wait, the next number of each year."""

    erased: int
    held: int
    next_numbers: tuple[str, ...]


async def restore(
    house: House, lines: Iterable[Line], *, skip: int = SKIP, now: datetime | None = None
) -> Restored:
    """Brings a restored register up to date, in one transaction; `lines` of the erasure log."""
    async with working(house, SYSTEM, "restored", now=now) as work:
        work.logs_erasures = False  # the log has them
        erased = 0
        for line in lines:
            erased += await _erase_again(work, line)
        held = await _hold_outbox(work)
        numbers = await bump_numbers(house.today(work.now).year, skip)
        work.journal("register.restored", [], {"erased": erased, "held": held})
        await beat(NAME, {"at": work.now.isoformat()})
    return Restored(erased, held, tuple(numbers))


async def _erase_again(work: Work, line: Line) -> bool:
    await bury(work, "letter", line.letters)
    await bury(work, "content", line.contents)
    if line.external:
        await bury(work, "client", [line.external])
    await _letters_again(line)
    client = await Client.get_or_none(id=line.client_id, erased_at=None)
    if client is None or mark_of(work, client) != line.mark:
        return False
    if client.restricted_since is not None:
        return False  # restricted in the backup: a person decides anew
    await _client_again(work, client, line)
    await _tell_case(work, line)
    return True


async def _client_again(work: Work, client: Client, line: Line) -> None:
    if line.reduced_to == LETTERS_ONLY:
        return
    letters = Letters()
    if line.reduced_to is None:
        letters = await wipe_letters(await loose_letters(client.id))
        await wipe_client(work, client, letters, line.reference)
    else:
        reason = Justification(line.reduced_to)
        await reduce_client(work, client, reason, line.kept_until, letters, line.reference)


async def _letters_again(line: Line) -> None:
    """Letters the backup brought back: their words, and bytes nobody has read."""
    found = await rows(
        "SELECT m.id FROM message m JOIN raw_letter r ON r.id = m.raw_letter_id"
        " WHERE (r.digest IN ?? OR m.content_index IN ??) AND m.header_sealed IS NOT NULL",
        [list(line.letters), list(line.contents)],
    )
    await wipe_letters([row["id"] for row in found])
    raw = await rows(
        "SELECT id FROM raw_letter WHERE digest IN ?? AND sealed IS NOT NULL", [list(line.letters)]
    )
    await wipe("raw_letter", "id", [row["id"] for row in raw])


async def _tell_case(work: Work, line: Line) -> None:
    """The case stands as in the backup: whoever works on it must know what was done since."""
    request = await DataSubjectRequest.get_or_none(reference=line.reference or "")
    if request is None:
        return
    await RequestItem.filter(
        request_id=request.id, type=RequestType.ERASURE, effective_at=None
    ).update(effective_at=line.erased_at)
    work.note(
        TimelineKind.ERASED,
        "Restored from a backup: the erasure was carried out again. The answer may have gone"
        " out before: look into the Sent folder.",
        request_id=request.id,
    )


async def _hold_outbox(work: Work) -> int:
    """What waited when the backup was made may have been sent since."""
    held = 0
    for mail in await OutboundMail.filter(state__in=[*WAITS, DeliveryState.SENDING]).order_by("id"):
        was_sending = mail.state is DeliveryState.SENDING
        await OutboundMail.filter(id=mail.id).update(
            state=DeliveryState.MAYBE_SENT if was_sending else DeliveryState.HELD,
            hold_reasons=[*mail.hold_reasons, REASON],
            claimed_by=None,
            version=mail.version + 1,
        )
        summary = "Restored from a backup: the letter may have been sent, a person decides."
        work.note(TimelineKind.HELD, summary, request_id=mail.request_id)
        held += 1
    return held


def may_be_answered(received_at: datetime, detail: Any) -> bool:
    """Whether a letter of then may have been answered before the backup was restored.

    `detail` is that of the heartbeat NAME, as the database gives it; None without one.
    """
    if detail is None:
        return False
    restored_at = datetime.fromisoformat(decoded(detail)["at"])
    return received_at.astimezone(UTC) <= restored_at
