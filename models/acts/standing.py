"""How every act on a case begins: the case is there, unchanged, and the table allows the act."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models import lifecycle
from models.acts.cases import touch
from models.acts.clocks import is_doubted
from models.acts.work import Work
from models.guards import Knowledge
from models.shapes import Actor, ActRefused, Problem
from models.tables import DataSubjectRequest, OutboundMail, Question, RequestItem
from models.vocabulary import (
    ActorKind,
    DeliveryState,
    ErrorCode,
    LetterKind,
    RequestAction,
    RequestStatus,
    Role,
)

ASKS_FOR_PROOF = (LetterKind.IDENTITY_CHECK, LetterKind.ACKNOWLEDGEMENT)
_MACHINES = frozenset({ActorKind.BOT, ActorKind.SYSTEM})


@dataclass(slots=True)
class Case:
    """A case an act is about to change, and where the act leads."""

    request: DataSubjectRequest
    items: list[RequestItem]
    leads_to: RequestStatus

    @property
    def undecided(self) -> list[RequestItem]:
        """Rights nobody has decided."""
        return [item for item in self.items if item.status.value == "open"]


def roles_of(actor: Actor) -> frozenset[Role]:
    """Roles of a person; the house's own machines act for anybody."""
    return frozenset(Role) if actor.kind in _MACHINES else actor.roles


async def begin(work: Work, request_id: int, version: int, action: RequestAction) -> Case:
    """ActRefused: NOT_FOUND, STALE_VERSION, FORBIDDEN, ILLEGAL_TRANSITION, CONFLICT (erased)."""
    request = await DataSubjectRequest.get_or_none(id=request_id)
    if request is None:
        raise ActRefused(Problem(ErrorCode.NOT_FOUND, "No such case.", ("input", "requestId")))
    if request.version != version:
        raise stale()
    found = lifecycle.step(request.status, action, roles_of(work.actor))
    if isinstance(found, Problem):
        raise ActRefused(found)
    check(lifecycle.may_write(request.erased_at))
    items = await RequestItem.filter(request_id=request_id).order_by("id")
    return Case(request, items, found)


async def go_on(work: Work, case: Case, **changes: Any) -> None:
    """Writes the status the act leads to, and `changes`, under the version that was read.

    A case that ends, however it does, has a closing day: its clock stands still from then on.
    """
    if case.request.status in lifecycle.OPEN and case.leads_to in lifecycle.FINAL:
        changes = {"closed_on": work.house.today(work.now)} | changes
    await touch(work, case.request.id, case.request.version, status=case.leads_to, **changes)


def stale(name: str = "version") -> ActRefused:
    """Somebody was faster."""
    message = "Somebody changed this case meanwhile: read it again."
    return ActRefused(Problem(ErrorCode.STALE_VERSION, message, ("input", name)))


def check(*problems: Problem | None) -> None:
    """Raises ActRefused with the first problem there is."""
    for problem in problems:
        if problem is not None:
            raise ActRefused(problem)


async def knowledge(request: DataSubjectRequest) -> Knowledge:
    """What is known of who asks."""
    questions = await Question.filter(request_id=request.id)
    asked = OutboundMail.filter(
        request_id=request.id, kind__in=list(ASKS_FOR_PROOF), state=DeliveryState.SENT
    )
    return Knowledge(
        assurance=request.assurance,
        is_doubted=is_doubted(questions),
        was_asked=await asked.exists(),
        has_subject=request.subject_id is not None,
    )


def target(request_id: int) -> Sequence[str]:
    """The case as the journal names it."""
    return [f"DataSubjectRequest:{request_id}"]
