"""Letters in staff's own words, and the fee that is announced before it is asked (Art. 12(5))."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from models.acts.standing import begin, check, go_on, target
from models.acts.work import working
from models.acts.writing import Draft, case_facts, language_of, send
from models.guards import may_announce_fee, reasoned
from models.house import House
from models.letters.facts import FeeNoticeFacts, ReplyFacts
from models.shapes import Actor, ActResult
from models.vocabulary import Justification, LetterKind, RequestAction, TimelineKind


async def reply(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    text: str,
    holds_data: bool,
    answer_address: str | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Writes to the person; neither the clock nor the status moves.

    `text` is in the person's language. What holds personal data (`holds_data`) goes only to
    an address on file, or to one named in the signed text. Refused with REASON_REQUIRED
    without words, INVALID when no address may have it.
    """
    async with working(house, actor, "requestReply", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.REPLY)
        check(reasoned(text, "text"))
        facts: dict[str, Any] = case_facts(work, case.request)
        letter = ReplyFacts(**facts, text=text)
        draft = Draft(LetterKind.REPLY, await language_of(case.request), letter, holds_data)
        mail = await send(work, case.request, draft, answer_address=answer_address)
        await go_on(work, case)
        work.note(TimelineKind.REPLIED, "A letter was written.", request_id=request_id)
        work.journal("request.reply", target(request_id))
    return ActResult(request_id=request_id, reference=case.request.reference, outbound_id=mail.id)


async def announce_fee(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    ground: Justification,
    reasons: str,
    amount: Decimal,
    answer_address: str | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Tells the person of a fee before it is charged (Art. 12(5)); the clock runs on.

    `reasons` are in the person's language, `amount` in euros. Refused with INVALID for
    another ground or amount, REASON_REQUIRED, FORBIDDEN (the officer's alone).
    """
    async with working(house, actor, "requestAnnounceFee", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.ANNOUNCE_FEE)
        check(may_announce_fee(ground, reasons, amount))
        facts: dict[str, Any] = case_facts(work, case.request)
        letter = FeeNoticeFacts(**facts, ground=ground, reasons=reasons, amount=amount)
        draft = Draft(LetterKind.FEE_NOTICE, await language_of(case.request), letter)
        mail = await send(work, case.request, draft, answer_address=answer_address)
        await go_on(work, case)
        summary = f"A fee was announced ({ground.value}); nothing is charged before the answer."
        work.note(TimelineKind.REPLIED, summary, request_id=request_id)
        work.journal("request.announceFee", target(request_id), {"ground": ground})
    return ActResult(request_id=request_id, reference=case.request.reference, outbound_id=mail.id)
