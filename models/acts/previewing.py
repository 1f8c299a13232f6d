"""A letter before it is sent: the very act, undone before anybody sees it.

So the preview is what the act would write, refusals included, and nothing stays behind.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tortoise.transactions import in_transaction

from models.acts.acknowledging import acknowledge
from models.acts.closing import close_case, refuse_case
from models.acts.extending import extend_deadline
from models.acts.questions import CLARIFICATION, IDENTITY, ask, remind
from models.acts.replying import announce_fee, reply
from models.acts.restricting import lift_restriction
from models.database import CONNECTION
from models.house import House
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import Client, DataSubjectRequest, OutboundMail
from models.vocabulary import ErrorCode, ExtensionGround, Justification, LetterKind


@dataclass(frozen=True, slots=True)
class Wish:
    """What the letter is to say: its words, and the ground where its kind has one.

    `amount` is in euros; `lifted_on` is the day a restriction is to end.
    """

    text: str = ""
    extension_ground: ExtensionGround | None = None
    reason: Justification | None = None
    amount: Decimal | None = None
    answer_address: str | None = None
    holds_data: bool = False
    lifted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The letter, or why it cannot be written; `to` is where it would go."""

    subject: str | None = None
    text: str | None = None
    to: str | None = None
    problems: tuple[Problem, ...] = ()


async def _lift(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    now: datetime | None,
    reasons: str,
    lifted_on: date,
    **_: Any,
) -> ActResult:
    """The end of the restriction of the case's client, whose newest case the letter names."""
    client = await Client.get_or_none(requests__id=request_id, erased_at=None)
    if client is None:
        message = "It is not known whose restriction is to end: the case names no client."
        raise ActRefused(Problem(ErrorCode.INVALID, message, ("input", "requestId")))
    return await lift_restriction(
        house,
        actor,
        client_id=client.id,
        version=client.version,
        reasons=reasons,
        lifted_on=lifted_on,
        now=now,
    )


Act = Callable[..., Awaitable[ActResult]]
# letter -> the act that writes it, and its arguments beside case, version and address
_WRITERS: dict[LetterKind, tuple[Act, Callable[[Wish], dict[str, Any]]]] = {
    LetterKind.ACKNOWLEDGEMENT: (acknowledge, lambda _: {}),
    LetterKind.IDENTITY_CHECK: (ask, lambda wish: {"ground": IDENTITY, "text": wish.text}),
    LetterKind.CLARIFICATION: (ask, lambda wish: {"ground": CLARIFICATION, "text": wish.text}),
    LetterKind.REMINDER: (remind, lambda _: {}),
    LetterKind.EXTENSION: (
        extend_deadline,
        lambda wish: {"ground": wish.extension_ground, "explanation": wish.text},
    ),
    LetterKind.FEE_NOTICE: (
        announce_fee,
        lambda wish: {
            "ground": wish.reason,
            "reasons": wish.text,
            "amount": wish.amount or Decimal(0),
        },
    ),
    LetterKind.CLOSING: (close_case, lambda _: {}),
    LetterKind.REFUSAL: (
        refuse_case,
        lambda wish: {"reason": wish.reason, "explanation": wish.text},
    ),
    LetterKind.REPLY: (reply, lambda wish: {"text": wish.text, "holds_data": wish.holds_data}),
    LetterKind.RESTRICTION_LIFTED: (
        _lift,
        lambda wish: {"reasons": wish.text, "lifted_on": wish.lifted_on},
    ),
}


def _unsaid(kind: LetterKind, wish: Wish) -> Problem | None:
    """A ground or a day nobody named is not guessed."""
    if kind is LetterKind.EXTENSION and wish.extension_ground is None:
        message = "Name the ground of the extension."
        return Problem(ErrorCode.REASON_REQUIRED, message, ("extensionGround",))
    if kind in (LetterKind.REFUSAL, LetterKind.FEE_NOTICE) and wish.reason is None:
        return Problem(ErrorCode.REASON_REQUIRED, "Name the ground.", ("reason",))
    if kind is LetterKind.RESTRICTION_LIFTED and wish.lifted_on is None:
        message = "Name the day the restriction is to end."
        return Problem(ErrorCode.INVALID, message, ("liftedOn",))
    return None


class _Undone(Exception):
    """Takes back what the act wrote."""

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self.preview = preview


async def preview_letter(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    kind: LetterKind,
    wish: Wish,
    now: datetime | None = None,
) -> Preview | None:
    """The letter `actor` would send now; None without such a case. Nothing is written."""
    request = await DataSubjectRequest.get_or_none(id=request_id)
    if request is None:
        return None
    if kind not in _WRITERS:
        message = f"A letter of kind {kind.value} is not written by hand."
        return Preview(problems=(Problem(ErrorCode.INVALID, message, ("kind",)),))
    unsaid = _unsaid(kind, wish)
    if unsaid:
        return Preview(problems=(unsaid,))
    act, arguments = _WRITERS[kind]
    try:
        async with in_transaction(CONNECTION):
            done = await act(
                house,
                actor,
                request_id=request_id,
                version=request.version,
                answer_address=wish.answer_address,
                now=now,
                **arguments(wish),
            )
            raise _Undone(await _read(house, done))
    except _Undone as undone:
        return undone.preview
    except ActRefused as refusal:
        return Preview(problems=refusal.problems)


async def _read(house: House, done: ActResult) -> Preview:
    mail = await OutboundMail.get(id=done.outbound_id)
    return Preview(
        subject=house.vault.open_text("out-subject", mail.subject_sealed),
        text=house.vault.open_text("out-text", mail.text_sealed),
        to=house.vault.open_text("to", mail.to_sealed),
    )
