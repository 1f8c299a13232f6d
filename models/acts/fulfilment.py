"""Work for people: other systems to be searched and cleared, recipients to be told (Art. 19).

Tasks follow the decisions: a category decided anew loses the tasks nobody has done yet.
"""

from datetime import datetime

from models.acts.cases import touch
from models.acts.mailbox_tasks import letter_task, mailbox_tasks
from models.acts.wiping import loose_letters
from models.acts.work import Work, working
from models.house import House
from models.policy import CATEGORIES
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import (
    CategoryDecision,
    DataSubjectRequest,
    Disclosure,
    FulfilmentTask,
    Message,
    RequestItem,
)
from models.vocabulary import DataCategory, ErrorCode, Outcome, TaskKind, TimelineKind

ERASES = (Outcome.GRANTED, Outcome.PARTLY_GRANTED)


async def plan_tasks(work: Work, request: DataSubjectRequest, item: RequestItem) -> None:
    """Brings the tasks of an erasure in line with what is decided, inside the caller's act."""
    decided = await CategoryDecision.filter(item_id=item.id)
    erased = [one.category for one in decided if one.outcome in ERASES]
    wanted = {(system, category) for category in erased for system in CATEGORIES[category].systems}
    mine = FulfilmentTask.filter(request_id=request.id, kind=TaskKind.ERASE)
    standing = {(task.system, task.category): task for task in await mine}
    stale = [task.id for key, task in standing.items() if key not in wanted and not task.done_at]
    await FulfilmentTask.filter(id__in=stale).delete()
    for system, category in sorted(wanted - set(standing)):
        await _add(work, request.id, TaskKind.ERASE, system, category)
    if erased:
        await notify_recipients(work, request, erased)
    if DataCategory.COMMUNICATION in erased:
        await _letters(work, request)


async def notify_recipients(
    work: Work, request: DataSubjectRequest, categories: list[DataCategory]
) -> None:
    """One notice for each recipient that was given such data (Art. 19)."""
    told = await FulfilmentTask.filter(request_id=request.id, kind=TaskKind.NOTIFY_RECIPIENT)
    known = {task.system for task in told}
    for one in await Disclosure.filter(client_id=request.subject_id).order_by("id"):
        concerns = {DataCategory(name) for name in one.categories} & set(categories)
        if concerns and one.recipient not in known:
            known.add(one.recipient)
            await _add(work, request.id, TaskKind.NOTIFY_RECIPIENT, one.recipient, None)


async def _letters(work: Work, request: DataSubjectRequest) -> None:
    if request.subject_id is not None:
        for key in await loose_letters(request.subject_id):
            await letter_task(work, request.id, await Message.get(id=key))
    await mailbox_tasks(work, request)


async def _add(
    work: Work, request_id: int, kind: TaskKind, system: str, category: DataCategory | None
) -> None:
    await FulfilmentTask.create(
        request_id=request_id, kind=kind, system=system, category=category, created_at=work.now
    )


async def complete_task(
    house: House,
    actor: Actor,
    *,
    task_id: int,
    version: int,
    note: str = "",
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Ticks a task off; `version` is its case's. The letter it names is forgotten with it.

    Refused with NOT_FOUND, STALE_VERSION, CONFLICT (done already).
    """
    async with working(house, actor, "taskComplete", now=now, call_id=call_id) as work:
        task = await FulfilmentTask.get_or_none(id=task_id)
        if task is None:
            raise ActRefused(Problem(ErrorCode.NOT_FOUND, "No such task.", ("input", "taskId")))
        if task.done_at is not None:
            message = "The task was done already."
            raise ActRefused(Problem(ErrorCode.CONFLICT, message, ("input", "taskId")))
        await touch(work, task.request_id, version)
        await FulfilmentTask.filter(id=task_id).update(
            done_at=work.now,
            done_by=actor.label,
            done_by_staff_id=actor.staff_id,
            note_sealed=house.vault.seal_text("note", note or None),
            detail_sealed=None,
        )
        summary = f"Done: {task.kind.value}, {task.system}."
        work.note(TimelineKind.TASK, summary, request_id=task.request_id)
        work.journal("task.complete", [f"FulfilmentTask:{task_id}"])
    return ActResult(request_id=task.request_id, task_id=task_id)


async def open_tasks(request_id: int) -> int:
    """Tasks of a case nobody has done yet."""
    return await FulfilmentTask.filter(request_id=request_id, done_at=None).count()


async def recipients_told(request_id: int) -> tuple[str, ...]:
    """Recipients that were told (Art. 19), as the closing letter names them."""
    done = FulfilmentTask.filter(request_id=request_id, kind=TaskKind.NOTIFY_RECIPIENT)
    return tuple(task.system for task in await done.filter(done_at__not_isnull=True).order_by("id"))
