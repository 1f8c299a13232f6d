"""Files colleagues add to a case: what other systems hold about the person (Art. 15, 20)."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from models.acts.cases import FINAL, touch
from models.acts.work import Work, working
from models.database import rows
from models.house import House
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import CaseFile, DataSubjectRequest
from models.vocabulary import DataCategory, ErrorCode, TimelineKind

FILE_MAX = 25_000_000  # bytes of one file
CASE_MAX = 150_000_000  # bytes of all files of one case
NAME_MAX = 200


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it came; `is_provided`: the person gave us what is in it (Art. 20)."""

    name: str
    content: bytes
    category: DataCategory
    is_provided: bool = False


async def add_file(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    file: NewFile,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Seals one more file into an open case; the same name and content again change nothing.

    Raises ActRefused: NOT_FOUND, ILLEGAL_TRANSITION on a finished case, INVALID for an
    empty, nameless or too big one. `created` tells a new file from one that was there.
    """
    _check(file)
    digest = sha256(file.content).hexdigest()
    async with working(house, actor, "requestFileAdd", now=now, call_id=call_id) as work:
        await _hold_open(work, request_id)
        same = await _same(house, request_id, digest, file.name)
        if same is not None:
            return ActResult(request_id=request_id, file_id=same.id)
        await _check_room(request_id, len(file.content))
        row = await CaseFile.create(
            request_id=request_id,
            name_sealed=house.vault.seal_text("file-name", file.name),
            category=file.category,
            is_provided=file.is_provided,
            size=len(file.content),
            sha256=digest,
            content_sealed=house.vault.seal("file", file.content),
            added_at=work.now,
            by_label=actor.label,
            by_staff_id=actor.staff_id,
        )
        work.note(
            TimelineKind.FILE,
            f"A file was added ({file.category.value}, {len(file.content)} bytes).",
            request_id=request_id,
        )
        work.journal("file.add", _targets(row))
    return ActResult(request_id=request_id, file_id=row.id, created=True)


async def remove_file(
    house: House,
    actor: Actor,
    *,
    file_id: int,
    version: int,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Takes a file's content and name away; `version` is the case's.

    Raises ActRefused: NOT_FOUND, STALE_VERSION, ILLEGAL_TRANSITION on a finished case.
    """
    async with working(house, actor, "requestFileRemove", now=now, call_id=call_id) as work:
        row = await CaseFile.get_or_none(id=file_id, removed_at=None)
        if row is None:
            raise ActRefused(Problem(ErrorCode.NOT_FOUND, "No such file.", ("input", "fileId")))
        await _hold_open(work, row.request_id)
        await touch(work, row.request_id, version)
        await CaseFile.filter(id=file_id).update(
            content_sealed=None, name_sealed=None, removed_at=work.now
        )
        work.note(TimelineKind.FILE, "A file was removed.", request_id=row.request_id)
        work.journal("file.remove", _targets(row))
    return ActResult(request_id=row.request_id, file_id=file_id)


def _check(file: NewFile) -> None:
    if not 1 <= len(file.name.strip()) <= NAME_MAX:
        raise _invalid(f"A file has a name of 1 to {NAME_MAX} letters.", "name")
    if not file.content:
        raise _invalid("The file is empty.", "content")
    if len(file.content) > FILE_MAX:
        raise _invalid(f"A file has at most {FILE_MAX} bytes.", "content")


async def _hold_open(work: Work, request_id: int) -> None:
    """Marks the open case as changed, so that nobody can finish it meanwhile."""
    open_cases = DataSubjectRequest.filter(id=request_id, status__not_in=list(FINAL))
    if await open_cases.update(updated_at=work.now):
        return
    if await DataSubjectRequest.exists(id=request_id):
        raise ActRefused(
            Problem(
                ErrorCode.ILLEGAL_TRANSITION,
                "The case is finished: reopen it first.",
                ("input", "requestId"),
            )
        )
    raise ActRefused(Problem(ErrorCode.NOT_FOUND, "No such case.", ("input", "requestId")))


async def _same(house: House, request_id: int, digest: str, name: str) -> CaseFile | None:
    for row in await CaseFile.filter(request_id=request_id, sha256=digest, removed_at=None):
        if house.vault.open_text("file-name", row.name_sealed) == name:
            return row
    return None


async def _check_room(request_id: int, size: int) -> None:
    found = await rows(
        "SELECT COALESCE(sum(size), 0) AS held FROM case_file"
        " WHERE request_id = ? AND removed_at IS NULL",
        (request_id,),
    )
    if found[0]["held"] + size > CASE_MAX:
        raise _invalid(f"The files of a case have at most {CASE_MAX} bytes in all.", "content")


def _targets(row: CaseFile) -> list[str]:
    return [f"CaseFile:{row.id}", f"DataSubjectRequest:{row.request_id}"]


def _invalid(message: str, *path: str) -> ActRefused:
    return ActRefused(Problem(ErrorCode.INVALID, message, ("input", *path)))
