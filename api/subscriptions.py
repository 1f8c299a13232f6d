"""Live: changed cases, line by line of their timeline, without a gap."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import Annotated, TypeVar

import strawberry
from strawberry.types import Info

from api.access import CASES, LETTERS, Guard, viewer_by_digest
from api.call import Call
from api.cost import too_dear
from api.errors import bad_input, refused
from api.ids import MAX_LEDGER_KEY, decode, key_of, number
from api.places import NoPlace
from api.reads.letters import messages_by_id
from api.reads.requests import requests_by_id
from api.reads.timeline import KIND, entries_after, triage_after
from api.selection import Chosen, Selected, selection
from api.types.base import Level, loaded
from api.types.letters import Message
from api.types.requests import DataSubjectRequest, TimelineEntry
from models.database import rows

BATCH = 50
RECHECK_SECONDS = 15
UNAUTHENTICATED = "UNAUTHENTICATED"
TOKEN_ENDED = "The token has ended: connect again with a valid one."  # noqa: S105 - a sentence

Event = TypeVar("Event")
Read = Callable[[int], Awaitable[tuple[list[Event], int]]]


@strawberry.type(description="A case and the line that was added to its timeline.")
class RequestChanged(Level):
    """One event."""

    request: DataSubjectRequest = loaded("The case as it stands now.")
    entry: TimelineEntry = loaded("The line; hand its id in as `afterEntry` to resume.")


@strawberry.type(description="Live updates over graphql-transport-ws.")
class Subscription:
    """Root of all subscriptions."""

    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description="Fires after commit. Resume with the last entry id seen; nothing is lost on"
        " reconnect.",
        extensions=[Guard(CASES)],
    )
    async def request_changed(
        self,
        info: Info,
        request_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only this case.")
        ] = None,
        after_entry: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Begin after this line; null = from now on."),
        ] = None,
    ) -> AsyncGenerator[RequestChanged, None]:
        """Changed cases."""
        call: Call = info.context
        chosen, points = selection(info), _points(call)
        only = None if request_id is None else await _case(request_id)
        begin = await _start(call, after_entry)

        async def read(last: int) -> tuple[list[RequestChanged], int]:
            return await _events(call, chosen, last, only)

        async with aclosing(_followed(call, begin, points, read)) as events:
            async for event in events:
                yield event

    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description="Fires when a letter has come into triage, or a person has decided about one.",
        extensions=[Guard(LETTERS)],
    )
    async def triage_changed(self, info: Info) -> AsyncGenerator[Message, None]:
        """Letters that wait, or no longer wait, for a person."""
        call: Call = info.context
        chosen, points = selection(info), _points(call)
        begin = await call.desk.ledger.newest()

        async def read(last: int) -> tuple[list[Message], int]:
            return await _letters(call, chosen, last)

        async with aclosing(_followed(call, begin, points, read)) as letters:
            async for letter in letters:
                yield letter


async def _followed(
    call: Call, last: int, points: int, read: Read[Event]
) -> AsyncGenerator[Event, None]:
    """Everything `read` finds after line `last`, and whatever is added; `points` each."""
    with _place(call):
        token = _Token(call)
        while True:
            # taken before reading: what is added meanwhile wakes us at once
            known = call.desk.ledger.last
            events, last = await read(last)
            await _paced(call, points * len(events))
            for event in events:
                # the bucket, or a reader who takes its time, may have held us up
                await token.recheck_in_time()
                yield event
            if not events:
                await _wait(call, max(last, known))
                await token.recheck_in_time()


@contextmanager
def _place(call: Call) -> Iterator[None]:
    """One of the subscriptions that may be open. GraphQLError when there are too many."""
    try:
        with call.desk.subscriptions.one(call.viewer.digest):
            yield
    except NoPlace as full:
        raise refused("LIMIT_EXCEEDED", str(full)) from full


async def _letters(call: Call, chosen: Chosen, last: int) -> tuple[list[Message], int]:
    """The letters of the next lines as they stand now; the last line looked at."""
    call.renew()
    ids, last = await triage_after(last, BATCH)
    found = await messages_by_id(call, ids, chosen.of("Message")) if ids else {}
    return [found[key] for key in ids if key in found], last


def _points(call: Call) -> int:
    """What one event may bring; refused when it is more than an operation may."""
    dear = too_dear(call.cost, call.desk.settings.cost_limit)
    if dear is not None:
        raise dear
    return call.cost


async def _paced(call: Call, points: int) -> None:
    """Events come out of the caller's bucket too; when it is empty they wait."""
    while True:
        allowance = call.desk.buckets.take(call.viewer.digest, points, time.monotonic())
        if not allowance.wait:
            return
        await asyncio.sleep(allowance.wait)


async def _start(call: Call, after_entry: str | None) -> int:
    if after_entry is None:
        return await call.desk.ledger.newest()
    kind, key = decode(after_entry)
    found = number(key, MAX_LEDGER_KEY)
    if kind != KIND or found is None:
        raise bad_input("`afterEntry` is not the id of a timeline entry.")
    if found > await call.desk.ledger.newest():
        raise bad_input(
            "`afterEntry` comes after the newest line: hand in an id that an event gave, or null."
        )
    return found


async def _case(request_id: str) -> int:
    """The row number of a case that is there."""
    key = key_of(request_id, "DataSubjectRequest")
    if not await rows("SELECT 1 FROM request WHERE id = ?", [key]):
        raise refused(
            "NOT_FOUND", "`requestId` names no case: use the `id` of a case that a query gave."
        )
    return key


async def _events(
    call: Call, chosen: Chosen, last: int, only: int | None
) -> tuple[list[RequestChanged], int]:
    """The next lines with their cases as they stand now; the last line looked at."""
    call.renew()
    top = chosen.of("RequestChanged")
    made: dict[int, RequestChanged] = {}
    plain = await entries_after(call, last, only, BATCH, Selected())
    for entry in plain:
        made[entry.row["id"]] = RequestChanged()
    for field in top.named("entry"):
        for entry in await entries_after(call, last, only, BATCH, field.of(KIND)):
            if entry.row["id"] in made:
                made[entry.row["id"]].children[field.key] = entry
    ids = list(dict.fromkeys(entry.row["request_id"] for entry in plain))
    for field in top.named("request"):
        cases = await requests_by_id(call, ids, field.of("DataSubjectRequest")) if ids else {}
        for entry in plain:
            made[entry.row["id"]].children[field.key] = cases.get(entry.row["request_id"])
    return list(made.values()), plain[-1].row["id"] if plain else last


async def _wait(call: Call, seen: int) -> None:
    """Until the timeline has grown past line `seen`, or it is time to check the token."""
    try:
        async with asyncio.timeout(RECHECK_SECONDS):
            await call.desk.ledger.beyond(seen)
    except TimeoutError:
        return


class _Token:
    """The caller's token, which the socket has just seen to be valid."""

    def __init__(self, call: Call) -> None:
        self._call, self._seen = call, time.monotonic()

    async def recheck_in_time(self) -> None:
        """Looks again when the last look was too long ago."""
        if time.monotonic() - self._seen > RECHECK_SECONDS:
            await recheck(self._call)
            self._seen = time.monotonic()


async def recheck(call: Call) -> None:
    """A token that was revoked, has expired or has other roles now ends what it began."""
    viewer = await viewer_by_digest(call.viewer.digest)
    if viewer is None or viewer.roles != call.viewer.roles:
        raise refused(UNAUTHENTICATED, TOKEN_ENDED)
