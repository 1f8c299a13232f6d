"""What the answer to an erasure says, and when it may be said: each line from a decision."""

from datetime import date
from typing import Any

from models.acts.fulfilment import ERASES, open_tasks, recipients_told
from models.acts.work import Work
from models.guards import refuse
from models.letters.facts import Kept
from models.policy import CATEGORIES
from models.retention import CASE_FILE, EXCEPT, GROUNDS, Record
from models.shapes import Problem
from models.tables import CategoryDecision, Client, DataSubjectRequest, RequestItem
from models.vocabulary import ErrorCode, Language, Outcome, RequestType


async def agrees(item: RequestItem, outcome: Outcome) -> Problem | None:
    """The right is decided as its categories are: all, part, nothing."""
    decided = await CategoryDecision.filter(item_id=item.id)
    found = {one.outcome for one in decided}
    if not found or outcome not in (*ERASES, Outcome.REFUSED):
        return None
    whole = found.pop() if len(found) == 1 else Outcome.PARTLY_GRANTED
    if outcome is whole:
        return None
    message = f"The categories of this erasure are decided as {whole.value}: decide it so."
    return refuse(ErrorCode.CONFLICT, message, "outcome")


async def fulfilled(request: DataSubjectRequest, items: list[RequestItem]) -> Problem | None:
    """Nobody is told of an erasure that was not carried out, here and wherever else it is due."""
    granted = [one for one in items if one.type is RequestType.ERASURE and one.outcome in ERASES]
    held = await Client.filter(id=request.subject_id, erased_at=None).exists()
    if held and any(one.effective_at is None for one in granted):
        message = "The erasure is granted but not carried out: decide each category and erase."
        return refuse(ErrorCode.DECISION_INCOMPLETE, message, "requestId")
    if granted and (left := await open_tasks(request.id)):
        message = f"Tasks of this case that nobody has done: {left}."
        return refuse(ErrorCode.DECISION_INCOMPLETE, message, "requestId")
    return None


async def told(
    work: Work, request: DataSubjectRequest, item: RequestItem, language: Language
) -> dict[str, Any]:
    """Art. 19: who was told of a rectification or restriction."""
    return {"recipients_told": await recipients_told(request.id)}


async def erasure_facts(
    work: Work, request: DataSubjectRequest, item: RequestItem, language: Language
) -> dict[str, Any]:
    """What was erased, what stays until when and why, and who was told."""
    decided = await CategoryDecision.filter(item_id=item.id).order_by("id")
    erased = tuple(_erased(one, language) for one in decided if one.outcome in ERASES)
    kept = [_kept(one, language) for one in decided if one.outcome is not Outcome.GRANTED]
    if decided:
        today = work.house.today(work.now)
        kept.append(_case_file(work.house.keep[Record.CASE].until(today), language))
    return {
        "erased": erased,
        "kept": tuple(kept),
        "recipients_told": await recipients_told(request.id),
    }


def _erased(one: CategoryDecision, language: Language) -> str:
    title = CATEGORIES[one.category].title[language]
    return title if one.outcome is Outcome.GRANTED else f"{title}{EXCEPT[language]}"


def _kept(one: CategoryDecision, language: Language) -> Kept:
    assert one.reason is not None  # models.guards.may_decide_category
    ground, title = GROUNDS[one.reason], CATEGORIES[one.category].title[language]
    is_part = one.outcome is Outcome.PARTLY_GRANTED
    what = f"{title} – {ground.part[language]}" if is_part else title
    return Kept(what, one.keep_until, ground.why[language])


def _case_file(until: date, language: Language) -> Kept:
    what, why = CASE_FILE[language]
    return Kept(what, until, why)
