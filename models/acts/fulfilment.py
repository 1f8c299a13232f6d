"""Work for people: systems to be searched and cleared, recipients to be told (Art. 19).

Tasks follow the rights and their decisions (models.fulfilment): whenever these change, what is
missing is added, and what nobody has done yet and nobody needs any more goes.
"""

from collections.abc import Sequence
from datetime import datetime

from models.acts.cases import touch
from models.acts.clocks import is_doubted, purposes
from models.acts.mailbox_tasks import letter_task, mailbox_tasks
from models.acts.wiping import loose_letters
from models.acts.work import Work, working
from models.fulfilment import GRANTS, RightState, places, told_of
from models.guards import reasoned, refuse
from models.house import House
from models.identity import satisfies
from models.rights import needs_of
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import (
    CategoryDecision,
    DataSubjectRequest,
    Disclosure,
    FulfilmentTask,
    Message,
    Question,
    RequestItem,
)
from models.vocabulary import DataCategory, ErrorCode, RequestType, TaskKind, TimelineKind

ERASES = GRANTS
# Letters to be deleted are named one by one, and marks come off after a case is closed.
STAY = (TaskKind.DELETE_IN_MAILBOX, TaskKind.UNRESTRICT)
PLANNED = tuple(kind for kind in TaskKind if kind not in STAY)

Place = tuple[TaskKind, str]


async def plan_tasks(work: Work, request_id: int) -> None:
    """Brings the tasks of a case in line with its rights, inside the caller's act."""
    request = await DataSubjectRequest.get(id=request_id)
    rights = await _rights(request)
    wanted: dict[Place, DataCategory | None] = dict(places(rights))
    for recipient in await _recipients(request, told_of(rights)):
        wanted[TaskKind.NOTIFY_RECIPIENT, recipient] = None
    await _write(work, request_id, wanted)
    if any(DataCategory.COMMUNICATION in right.erased for right in rights):
        await _letters(work, request)


async def _rights(request: DataSubjectRequest) -> list[RightState]:
    doubtful = is_doubted(await Question.filter(request_id=request.id))
    decided = await CategoryDecision.filter(item__request_id=request.id)
    erased = frozenset(one.category for one in decided if one.outcome in ERASES)
    return [
        RightState(
            item.type,
            item.outcome,
            request.subject_id is not None
            and satisfies(
                request.assurance, needs_of(item.type, purposes(item), doubtful=doubtful)
            ),
            frozenset(DataCategory(one) for one in item.categories),
            erased if item.type is RequestType.ERASURE else frozenset(),
        )
        for item in await RequestItem.filter(request_id=request.id)
    ]


async def _recipients(
    request: DataSubjectRequest, categories: frozenset[DataCategory]
) -> list[str]:
    """Everybody who was given such data of the client."""
    if not categories or request.subject_id is None:
        return []
    given = await Disclosure.filter(client_id=request.subject_id).order_by("id")
    return [
        one.recipient
        for one in given
        if not categories.isdisjoint(map(DataCategory, one.categories))
    ]


async def _write(work: Work, request_id: int, wanted: dict[Place, DataCategory | None]) -> None:
    standing: set[Place] = set()
    stale: list[int] = []
    mine = FulfilmentTask.filter(request_id=request_id, kind__in=list(PLANNED))
    for task in sorted(await mine, key=lambda one: (one.done_at is None, one.id)):
        place = (task.kind, task.system)
        if task.done_at is None and (place not in wanted or place in standing):
            stale.append(task.id)
        standing.add(place)
    missing = [place for place in wanted if place not in standing]
    await FulfilmentTask.filter(id__in=stale).delete()
    await FulfilmentTask.bulk_create(
        [
            FulfilmentTask(
                request_id=request_id,
                kind=kind,
                system=system,
                category=wanted[kind, system],
                created_at=work.now,
            )
            for kind, system in missing
        ]
    )
    if stale or missing:
        summary = f"Tasks for people: {len(missing)} new, {len(stale)} no longer needed."
        work.note(TimelineKind.TASK, summary, request_id=request_id)


async def plan_unmarking(work: Work, client_id: int, request_id: int) -> None:
    """A restriction ended: wherever a colleague marked the data, the mark comes off."""
    marked = FulfilmentTask.filter(
        request__subject_id=client_id,
        kind=TaskKind.RESTRICT,
        done_at__not_isnull=True,
        is_skipped=False,
    )
    by_system = {task.system: task.category for task in await marked.order_by("id")}
    for system, category in by_system.items():
        await FulfilmentTask.create(
            request_id=request_id,
            kind=TaskKind.UNRESTRICT,
            system=system,
            category=category,
            created_at=work.now,
        )
    if by_system:
        summary = f"Tasks for people: {len(by_system)} marks of the restriction to take off."
        work.note(TimelineKind.TASK, summary, request_id=request_id)


async def _letters(work: Work, request: DataSubjectRequest) -> None:
    if request.subject_id is not None:
        for key in await loose_letters(request.subject_id):
            await letter_task(work, request.id, await Message.get(id=key))
    await mailbox_tasks(work, request)


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

    Refused with NOT_FOUND, STALE_VERSION, CONFLICT (settled already, or a note in an erased case).
    """
    async with working(house, actor, "taskComplete", now=now, call_id=call_id) as work:
        task = await FulfilmentTask.get_or_none(id=task_id)
        if task is None:
            raise ActRefused(_unknown("taskId"))
        await _settle(work, task.request_id, version, [task], note, "taskId")
    return ActResult(request_id=task.request_id, task_id=task_id)


async def complete_tasks(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    task_ids: Sequence[int],
    note: str = "",
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Ticks several tasks of one case off, all or none; refused like one of them."""
    async with working(house, actor, "requestCompleteTasks", now=now, call_id=call_id) as work:
        tasks = await _tasks_of(request_id, task_ids)
        await _settle(work, request_id, version, tasks, note, "taskIds")
    return ActResult(request_id=request_id)


async def skip_tasks(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    task_ids: Sequence[int],
    reason: str,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Settles tasks that nobody has to do, with the reason why; nobody counts as told by it.

    A recipient need not be told where that is impossible or takes disproportionate effort
    (Art. 19). Refused with REASON_REQUIRED, and like ticking them off; in an erased case, which
    takes no words, the reason is empty.
    """
    async with working(house, actor, "requestSkipTasks", now=now, call_id=call_id) as work:
        tasks = await _tasks_of(request_id, task_ids)
        await _settle(work, request_id, version, tasks, reason, "taskIds", is_skipped=True)
    return ActResult(request_id=request_id)


async def _tasks_of(request_id: int, task_ids: Sequence[int]) -> list[FulfilmentTask]:
    found = await FulfilmentTask.filter(id__in=list(task_ids), request_id=request_id).order_by("id")
    if not found or len(found) != len(set(task_ids)):
        raise ActRefused(_unknown("taskIds"))
    return found


def _unknown(name: str) -> Problem:
    return Problem(ErrorCode.NOT_FOUND, "No such task.", ("input", name))


async def _settle(
    work: Work,
    request_id: int,
    version: int,
    tasks: Sequence[FulfilmentTask],
    note: str,
    name: str,
    *,
    is_skipped: bool = False,
) -> None:
    if any(task.done_at is not None for task in tasks):
        message = "The task was settled already."
        raise ActRefused(Problem(ErrorCode.CONFLICT, message, ("input", name)))
    await _check_note(request_id, note, is_skipped=is_skipped)
    await touch(work, request_id, version, wordless=not note.strip())
    await FulfilmentTask.filter(id__in=[task.id for task in tasks]).update(
        done_at=work.now,
        is_skipped=is_skipped,
        done_by=work.actor.label,
        done_by_staff_id=work.actor.staff_id,
        note_sealed=work.house.vault.seal_text("note", note if note.strip() else None),
        detail_sealed=None,
    )
    word, action = ("Not needed", "task.skip") if is_skipped else ("Done", "task.complete")
    for task in tasks:
        summary = f"{word}: {task.kind.value}, {task.system}."
        work.note(TimelineKind.TASK, summary, request_id=request_id)
    work.journal(action, [f"FulfilmentTask:{task.id}" for task in tasks])


async def _check_note(request_id: int, note: str, *, is_skipped: bool) -> None:
    """What is skipped says why; tasks of an erased case are settled without a word."""
    problem = None
    if await DataSubjectRequest.exists(id=request_id, erased_at__not_isnull=True):
        if note.strip():
            message = "The words of this case are erased: settle its tasks without any."
            problem = refuse(ErrorCode.CONFLICT, message, "reason" if is_skipped else "note")
    elif is_skipped:
        problem = reasoned(note, "reason")
    if problem:
        raise ActRefused(problem)


async def open_tasks(request_id: int) -> int:
    """Tasks of a case nobody has settled yet."""
    return await FulfilmentTask.filter(request_id=request_id, done_at=None).count()


async def recipients_told(request_id: int) -> tuple[str, ...]:
    """Recipients that were told (Art. 19), as the closing letter names them."""
    done = FulfilmentTask.filter(
        request_id=request_id,
        kind=TaskKind.NOTIFY_RECIPIENT,
        done_at__not_isnull=True,
        is_skipped=False,
    )
    return tuple(task.system for task in await done.order_by("id"))
