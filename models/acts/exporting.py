"""A case leaves the register as a file for the supervisory authority (Art. 31, 58(1)(a))."""

from datetime import datetime

from models.acts.work import working
from models.house import House
from models.shapes import Actor, ActRefused, Problem
from models.tables import DataSubjectRequest
from models.vocabulary import ErrorCode, TimelineKind


async def record_export(
    house: House, actor: Actor, reference: str, now: datetime | None = None
) -> int:
    """Journals that the case with this number is exported; returns its row number.

    Raises ActRefused NOT_FOUND.
    """
    async with working(house, actor, "caseExport", now=now) as work:
        request = await DataSubjectRequest.get_or_none(reference=reference)
        if request is None:
            raise ActRefused(
                Problem(ErrorCode.NOT_FOUND, f"There is no case {reference}.", ("reference",))
            )
        work.note(
            TimelineKind.NOTE,
            "The case was exported as a file for the supervisory authority.",
            request_id=request.id,
        )
        targets = [f"DataSubjectRequest:{request.id}"]
        if request.subject_id is not None:
            targets.append(f"Client:{request.subject_id}")
        work.journal("case.export", targets)
    return request.id
