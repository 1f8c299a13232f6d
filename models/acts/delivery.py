"""The outbox: every step of one letter's road, each its own commit.

`sending` is committed after RCPT is accepted, right before DATA: a crash before it leaves
the letter plainly queued, a crash after it leaves `maybe_sent`, which only a person ends.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from models.acts.alarming import undelivered
from models.acts.mailbox import instant
from models.acts.milestones import LOST, Sent, letter_lost, letter_sent, may_go_again
from models.acts.work import Work, working
from models.database import is_postgres, rows
from models.house import House
from models.shapes import BOT, Actor, ActRefused, ActResult, Problem
from models.tables import DataSubjectRequest, OutboundMail, RequestItem
from models.vocabulary import (
    DeliveryState,
    ErrorCode,
    LetterKind,
    Outcome,
    RequestStatus,
    TimelineKind,
)

LEASE = timedelta(seconds=60)  # a claimed letter is nobody else's for this long
WAITING = ("queued", "deferred")


@dataclass(frozen=True, slots=True)
class Claimed:
    """One letter to send: envelope recipient, Message-ID with brackets, exact bytes."""

    outbound_id: int
    to: str
    message_id: str
    raw: bytes
    queued_at: datetime
    attempts: int


async def recover(house: House, live: Collection[int], *, now: datetime | None = None) -> int:
    """Letters of dead bots: `sending` becomes `maybe_sent`, the rest is free again at once.

    `live` are the bots at work now, by their number. Returns how many became doubtful.
    """
    async with working(house, BOT, "outbox", now=now) as work:
        sending = OutboundMail.filter(state=DeliveryState.SENDING)
        lost = [mail for mail in await sending if mail.claimed_by not in live]
        for mail in lost:
            why = "no answer to DATA was seen"
            await _settle(work, mail.id, DeliveryState.MAYBE_SENT, why, attempts=0)
        claimed = OutboundMail.filter(state__in=list(WAITING), claimed_by__not_isnull=True)
        await claimed.exclude(claimed_by__in=list(live)).update(
            claimed_by=None, next_attempt_at=work.now
        )
        # due as soon as it was queued: only a clock that was ahead can have put it off
        ahead = OutboundMail.filter(state=DeliveryState.QUEUED, next_attempt_at__gt=work.now)
        await ahead.filter(claimed_by__isnull=True).update(next_attempt_at=work.now)
    return len(lost)


async def claim(
    house: House, worker: int, limit: int, *, now: datetime | None = None
) -> list[Claimed]:
    """Takes due letters for LEASE; on PostgreSQL other bots' rows are skipped, not waited for."""
    moment = now or datetime.now(UTC)
    lock = " FOR UPDATE SKIP LOCKED" if is_postgres() else ""
    found = await rows(
        "UPDATE outbound_mail SET next_attempt_at = ?, claimed_by = ? WHERE id IN"
        " (SELECT id FROM outbound_mail"
        " WHERE state IN ('queued', 'deferred') AND next_attempt_at <= ?"
        f" ORDER BY next_attempt_at, id LIMIT {int(limit)}{lock})"
        " RETURNING id, to_sealed, message_id, raw_sealed, queued_at, attempts",
        (moment + LEASE, worker, moment),
    )
    return [
        Claimed(
            outbound_id=row["id"],
            to=house.vault.open_text("to", row["to_sealed"]) or "",
            message_id=row["message_id"],
            raw=house.vault.open("out-raw", row["raw_sealed"]),
            queued_at=instant(row["queued_at"]),
            attempts=row["attempts"],
        )
        for row in sorted(found, key=lambda row: row["id"])
    ]


async def begin_data(outbound_id: int, worker: int, *, now: datetime | None = None) -> bool:
    """Commits `sending`; False when the letter is not ours to send any more."""
    found = await rows(
        "UPDATE outbound_mail SET state = 'sending', next_attempt_at = ? WHERE id = ?"
        " AND claimed_by = ? AND state IN ('queued', 'deferred') RETURNING id",
        (now or datetime.now(UTC), outbound_id, worker),
    )
    return bool(found)


async def record_delivery(
    house: House,
    outbound_id: int,
    state: DeliveryState,
    *,
    response: str,
    next_attempt_at: datetime | None = None,
    now: datetime | None = None,
) -> None:
    """How one attempt ended; `response` holds reply codes, never an address."""
    async with working(house, BOT, "outbox", now=now) as work:
        await _settle(work, outbound_id, state, response, next_attempt_at)


async def _settle(
    work: Work,
    outbound_id: int,
    state: DeliveryState,
    response: str,
    next_attempt_at: datetime | None = None,
    *,
    attempts: int = 1,
) -> None:
    """Nothing happens when somebody decided about the letter meanwhile."""
    open_states = [DeliveryState.SENDING.value, *WAITING]
    changes: dict[str, Any] = {"state": state.value, "last_response": response[:300]}
    if state is not DeliveryState.MAYBE_SENT:  # then the moment of DATA stays
        changes["next_attempt_at"] = next_attempt_at
    if state is DeliveryState.SENT:
        changes["sent_at"] = work.now
        open_states.append(DeliveryState.MAYBE_SENT.value)  # a late answer
    settled = await rows(
        f"UPDATE outbound_mail SET {', '.join(f'{name} = ?' for name in changes)},"
        " attempts = attempts + ?, version = version + 1, claimed_by = NULL"
        " WHERE id = ? AND state IN ?? RETURNING kind, request_id",
        (*changes.values(), attempts, outbound_id, open_states),
    )
    if not settled:
        return
    if state is DeliveryState.SENT:
        kind = LetterKind(settled[0]["kind"])
        await _sent(work, Sent(outbound_id, kind, settled[0]["request_id"], work.now))
    elif state is not DeliveryState.DEFERRED:
        await _not_sent(work, outbound_id)
    work.journal("letter.deliver", [f"OutboundMail:{outbound_id}"], {"state": state.value})


async def _not_sent(work: Work, outbound_id: int) -> None:
    mail = await OutboundMail.get(id=outbound_id)
    if mail.state in LOST:
        await letter_lost(work, mail)
    work.note(
        TimelineKind.DELIVERY,
        f"The letter ({mail.kind.value}) stands as {mail.state.value}: a person decides.",
        request_id=mail.request_id,
    )
    await undelivered(work, mail)


async def _sent(work: Work, sent: Sent) -> None:
    is_closing = sent.kind is LetterKind.ACKNOWLEDGEMENT and await _acknowledged(work, sent)
    await letter_sent(work, sent)
    kind = TimelineKind.DELIVERY
    if sent.kind is LetterKind.ACKNOWLEDGEMENT:
        kind = TimelineKind.ACKNOWLEDGED
    work.note(kind, f"The letter ({sent.kind.value}) was sent.", request_id=sent.request_id)
    if is_closing and sent.request_id is not None:
        await _close(work, sent.request_id)


async def _acknowledged(work: Work, sent: Sent) -> bool:
    """Whether this was all: a pure withdrawal's acknowledgement is also its closing letter."""
    found = await rows(
        "UPDATE request SET acknowledged_at = ?, updated_at = ? WHERE id = ?"
        " RETURNING status, (SELECT count(*) FROM request_item i"
        " WHERE i.request_id = request.id AND i.status <> 'effective') AS open",
        (work.now, work.now, sent.request_id),
    )
    return any(row["status"] == RequestStatus.NEW and not row["open"] for row in found)


async def _close(work: Work, request_id: int) -> None:
    await DataSubjectRequest.filter(id=request_id).update(
        status=RequestStatus.CLOSED,
        outcome=Outcome.GRANTED,
        closed_at=work.now,
        closed_on=work.house.today(work.now),
    )
    await RequestItem.filter(request_id=request_id).update(outcome=Outcome.GRANTED)
    work.note(
        TimelineKind.CLOSED,
        "Everything asked for is in effect and the person was told.",
        request_id=request_id,
    )


async def release_letter(
    house: House,
    actor: Actor,
    *,
    outbound_id: int,
    version: int,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Lets a held letter go."""
    return await _decide(
        house, actor, "outboundMailRelease", outbound_id, version, now, call_id,
        allowed=(DeliveryState.HELD,), to=DeliveryState.QUEUED,
    )  # fmt: skip


async def retry_letter(
    house: House,
    actor: Actor,
    *,
    outbound_id: int,
    version: int,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Sends again what failed or may not have arrived; only a person may take that risk."""
    return await _decide(
        house, actor, "outboundMailRetry", outbound_id, version, now, call_id,
        allowed=(
            DeliveryState.FAILED,
            DeliveryState.MAYBE_SENT,
            DeliveryState.BOUNCED,
            DeliveryState.DEFERRED,
        ),
        to=DeliveryState.QUEUED,
    )  # fmt: skip


async def drop_letter(
    house: House,
    actor: Actor,
    *,
    outbound_id: int,
    version: int,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Decides that a letter is not sent."""
    return await _decide(
        house, actor, "outboundMailDrop", outbound_id, version, now, call_id,
        allowed=(
            DeliveryState.HELD,
            DeliveryState.QUEUED,
            DeliveryState.DEFERRED,
            DeliveryState.FAILED,
            DeliveryState.MAYBE_SENT,
        ),
        to=DeliveryState.DROPPED,
    )  # fmt: skip


async def confirm_sent(
    house: House,
    actor: Actor,
    *,
    outbound_id: int,
    version: int,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """A person saw that a doubtful letter did go out (Sent copy, a call, a bounce)."""
    return await _decide(
        house, actor, "outboundMailConfirmSent", outbound_id, version, now, call_id,
        allowed=(DeliveryState.MAYBE_SENT,), to=DeliveryState.SENT,
    )  # fmt: skip


async def _decide(
    house: House,
    actor: Actor,
    operation: str,
    outbound_id: int,
    version: int,
    now: datetime | None,
    call_id: str | None,
    *,
    allowed: Sequence[DeliveryState],
    to: DeliveryState,
) -> ActResult:
    async with working(house, actor, operation, now=now, call_id=call_id) as work:
        mail = await OutboundMail.get_or_none(id=outbound_id)
        if mail is None:
            raise ActRefused(Problem(ErrorCode.NOT_FOUND, "No such letter.", ("input", "id")))
        _check(mail, version, allowed)
        if to is DeliveryState.QUEUED and mail.raw_sealed is None:
            raise _unfit("The letter was erased: its time was up.")
        if to is DeliveryState.QUEUED and not await may_go_again(mail):
            raise _unfit("The extension did not stand: decide about the time anew.")
        # a doubtful letter that did go out went at its DATA, not when somebody saw it
        sent_at = mail.next_attempt_at or work.now
        changed = await OutboundMail.filter(id=outbound_id, version=version).update(
            state=to,
            version=version + 1,
            next_attempt_at=work.now,
            claimed_by=None,
            sent_at=sent_at if to is DeliveryState.SENT else mail.sent_at,
        )
        if not changed:
            raise _stale()
        if to is DeliveryState.SENT:
            await _sent(work, Sent(mail.id, mail.kind, mail.request_id, sent_at))
        elif to in LOST:
            await letter_lost(work, mail)
        work.note(
            TimelineKind.DELIVERY,
            f"A person decided: the letter ({mail.kind.value}) is {to.value}.",
            request_id=mail.request_id,
        )
        work.journal(operation, [f"OutboundMail:{outbound_id}"])
    return ActResult(request_id=mail.request_id, outbound_id=outbound_id)


def _check(mail: OutboundMail, version: int, allowed: Sequence[DeliveryState]) -> None:
    if mail.version != version:
        raise _stale()
    if mail.state not in allowed:
        raise _unfit(f"The letter is {mail.state.value}: this act does not fit.")


def _unfit(message: str) -> ActRefused:
    return ActRefused(Problem(ErrorCode.ILLEGAL_TRANSITION, message, ("input", "id")))


def _stale() -> ActRefused:
    return ActRefused(
        Problem(
            ErrorCode.STALE_VERSION,
            "Somebody decided about this letter meanwhile: read it again.",
            ("input", "version"),
        )
    )
