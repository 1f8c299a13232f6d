"""One process, one call: what every resolver finds in its context."""

import asyncio
import random
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from graphql.execution.values import VariableValues

from api.access import Viewer
from api.buckets import Buckets
from api.callers import Callers
from api.places import Places
from api.recent import Recent
from models.acts.journal import ReadJournal, ReadRecord
from models.house import House
from models.vocabulary import Role

if TYPE_CHECKING:
    from api.documents import Document, Documents
    from api.ledger import Ledger
    from api.settings import ApiSettings


@dataclass(frozen=True, slots=True)
class Desk:
    """What all calls of one process share."""

    house: House
    settings: "ApiSettings"
    journal: ReadJournal
    ledger: "Ledger"
    documents: "Documents"
    buckets: Buckets
    callers: Callers
    sockets: Places
    subscriptions: Places
    recent: Recent


def new_call_id() -> str:
    """An id under which logs, journal and error answers name one call; no secret."""
    return f"{random.getrandbits(128):032x}"


def _no_variables() -> VariableValues:
    return VariableValues({}, {})


@dataclass(slots=True)
class Call:
    """One operation: who asks, when, and what was read for it."""

    desk: Desk
    viewer: Viewer
    call_id: str = field(default_factory=new_call_id)
    operation: str | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    touched: dict[str, None] = field(default_factory=dict)
    variables: VariableValues = field(default_factory=_no_variables)
    connection_params: dict[str, Any] | None = None
    seat: ExitStack | None = None
    document: "Document | None" = None
    cost: int = 0
    has_one_root: bool = False  # of a question
    writing: asyncio.Future[None] | None = None

    @property
    def house(self) -> House:
        """The house we stand in."""
        return self.desk.house

    @property
    def today(self) -> date:
        """The local day of the legal clock."""
        return self.desk.house.today(self.now)

    @property
    def question(self) -> tuple[str | None, frozenset[Role]]:
        """What decides how much is read: operation and roles."""
        return self.operation, self.viewer.roles

    def fresh(self, operation: str | None = None) -> "Call":
        """The same caller's next operation."""
        return Call(self.desk, self.viewer, operation=operation or self.operation)

    def renew(self) -> None:
        """A new moment for the next event of a subscription."""
        self.now = datetime.now(UTC)

    def touch(self, kind: str, key: object) -> None:
        """Personal data of this object goes out: it will stand in the journal."""
        self.touched[f"{kind}:{key}"] = None

    async def journal_ahead(self) -> None:
        """All is read that will be: it is written while the answer is made."""
        if self.touched:
            self.writing = self.desk.journal.begin(self._record())
            await asyncio.sleep(0)  # on its way before we go on

    async def journal_reads(self) -> None:
        """Returns when what was read is durable in the journal (law: before the answer)."""
        if self.writing is not None:
            await self.writing
        if self.touched:
            await self.desk.journal.record(self._record())

    def _record(self) -> ReadRecord:
        targets, self.touched = tuple(self.touched), {}
        return ReadRecord(self.viewer.actor, targets, self.operation, self.call_id)
