"""One act from one mutation: refusals become user errors, repeats get the first answer."""

import dataclasses
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.types import Info

from api.access import Guard, Roles
from api.call import Call
from api.ids import key_of
from api.reads.levels import fill
from api.selection import selection
from api.types.problems import UserError, user_error
from models.acts.once import once, once_prepared
from models.shapes import ActRefused, ActResult, Problem
from models.vocabulary import ErrorCode

Act = Callable[[], Awaitable[ActResult]]
Prepare = Callable[[], Awaitable[Act]]
Shown = Callable[[ActResult | None], dict[str, Any]]
Beside = Callable[[ActResult], dict[str, Any]]

LIST_MAX = 50
NOTE_MAX = 10_000
NOUNS = {  # what an id in an input names
    "request_id": "DataSubjectRequest",
    "into_id": "DataSubjectRequest",
    "client_id": "Client",
    "message_id": "Message",
    "attachment_id": "Attachment",
    "staff_id": "Staff",
    "task_ids": "FulfilmentTask",
}
INPUT = strawberry.argument(description="What to do.")


def act(description: str, roles: Roles) -> Callable[[Callable[..., Any]], Any]:
    """A mutation that one of these roles may call."""
    made: Callable[[Callable[..., Any]], Any] = strawberry.mutation(
        description=description, extensions=[Guard(roles)]
    )
    return made


async def finish(
    info: Info,
    payload: type[Any],
    given: Any,
    run: Callable[[Call], Awaitable[ActResult]],
    shown: Shown = lambda _: {},
    beside: Beside = lambda _: {},
) -> Any:
    """Runs the act and reads the changed objects the caller selected.

    `beside` are further keys of what is read, from the act's result; `shown` are columns of
    the payload itself, from the result or, when the act was refused, from None.
    """
    call: Call = info.context
    result, errors = await perform(call, info.field_name, given, lambda: run(call))
    made = payload(user_errors=errors, **shown(result))
    if result is not None:
        made.row = {**dataclasses.asdict(result), **beside(result)}
        call.renew()
        await fill(call, payload.__name__, [made], selection(info).of(payload.__name__))
    return made


def arguments(given: Any) -> dict[str, Any]:
    """An input's fields as an act's arguments: ids are row numbers, words and lists bounded."""
    values = {one.name: getattr(given, one.name) for one in dataclasses.fields(given)}
    values.pop("idempotency_key", None)
    for name, value in values.items():
        spelt, kind = _spelt(name), NOUNS.get(name)
        if isinstance(value, list):
            few(value, spelt)
            values[name] = tuple(dict.fromkeys(_keys(value, kind, spelt) if kind else value))
        elif kind:
            values[name] = optional(value, kind, spelt)
        elif type(value) is str:  # not the word of an enum
            values[name] = words(value, spelt)
    return values


def _keys(values: list[str], kind: str, name: str) -> list[int]:
    return [row_key(value, kind, name, str(place)) for place, value in enumerate(values)]


def _spelt(name: str) -> str:
    """`answer_address` as a caller wrote it: `answerAddress`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


async def perform(
    call: Call, name: str, given: Any, run: Act
) -> tuple[ActResult | None, list[UserError]]:
    """Runs the act; `name` is the mutation, `given` its input.

    With `idempotencyKey`: the same key and input give the first answer again, another
    input is a CONFLICT.
    """
    try:
        key = getattr(given, "idempotency_key", None)
        if key is None:
            return await run(), []
        return await once(call.house, _caller(call), key, _written(name, given), run), []
    except ActRefused as refusal:
        return None, [user_error(problem) for problem in refusal.problems]


async def prepared(info: Info, given: Any, prepare: Prepare) -> ActResult:
    """An act with long work before it writes, done once under its key as by `perform`."""
    call: Call = info.context
    key = given.idempotency_key
    if key is None:
        return await (await prepare())()
    return await once_prepared(
        call.house, _caller(call), key, _written(info.field_name, given), prepare
    )


def row_key(value: str, kind: str, name: str, *below: str) -> int:
    """The row number behind an id of the input; 0, which no row has, when it names none.

    ActRefused at its path when it is no id of this type.
    """
    try:
        return key_of(value, kind)
    except GraphQLError:
        message = f"`{name}` takes the id of a {kind}: use the `id` a query gave."
        raise refused(message, name, *below) from None


def optional(value: str | None, kind: str, name: str) -> int | None:
    """As `row_key`; None without an id."""
    return None if value is None else row_key(value, kind, name)


def words(text: str | None, name: str, longest: int = NOTE_MAX) -> str:
    """Words for an act, which judges whether they may be missing; ActRefused when too long."""
    found = (text or "").strip()
    if len(found) > longest or "\0" in found:
        raise refused(f"This has at most {longest} letters.", name)
    return found


def few(values: Sequence[object], *path: str) -> None:
    """ActRefused when a list holds more than LIST_MAX."""
    if len(values) > LIST_MAX:
        raise refused(f"`{path[-1]}` holds at most {LIST_MAX}: send fewer.", *path)


def refused(message: str, *path: str) -> ActRefused:
    """A value of the input that cannot be used."""
    return ActRefused(Problem(ErrorCode.INVALID, message, ("input", *path)))


def _caller(call: Call) -> str:
    """Whose keys these are: a colleague's by number, a machine's by the digest of its token.

    Not by the token's name, which may be "Staff:3". Keys stored under names are found no more:
    a repeat of such an act is done anew, which the versions in its input refuse mostly.
    """
    viewer = call.viewer
    return f"Token:{viewer.digest}" if viewer.staff_id is None else f"Staff:{viewer.staff_id}"


def _written(name: str, given: Any) -> str:
    values = dataclasses.asdict(given)
    values.pop("idempotency_key", None)
    return json.dumps([name, values], sort_keys=True, default=str, ensure_ascii=False)
