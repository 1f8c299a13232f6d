"""One act from one mutation: refusals become user errors, repeats get the first answer."""

import dataclasses
import json
from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
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
    **more: Any,
) -> Any:
    """Runs the act and reads the changed objects the caller selected.

    `more` stands beside the act's result as keys of what is read; `shown` are columns of
    the payload itself, from the result or, when the act was refused, from None.
    """
    call: Call = info.context
    result, errors = await perform(call, info.field_name, given, lambda: run(call))
    made = payload(user_errors=errors, **shown(result))
    if result is not None:
        made.row = {**dataclasses.asdict(result), **more}
        call.renew()
        await fill(call, payload.__name__, [made], selection(info).of(payload.__name__))
    return made


def arguments(given: Any) -> dict[str, Any]:
    """An input's fields as an act's arguments: ids are row numbers, words and lists bounded."""
    values = {one.name: getattr(given, one.name) for one in dataclasses.fields(given)}
    values.pop("idempotency_key", None)
    for name, value in values.items():
        if isinstance(value, list):
            few(value, _spelt(name))
            kind = NOUNS.get(name)
            values[name] = tuple(dict.fromkeys(key_of(one, kind) if kind else one for one in value))
        elif name in NOUNS:
            values[name] = optional(value, NOUNS[name])
        elif type(value) is str:  # not the word of an enum
            values[name] = words(value, _spelt(name))
    return values


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


def optional(value: str | None, kind: str) -> int | None:
    """The row number behind an id of one type, None without one."""
    return None if value is None else key_of(value, kind)


def words(text: str | None, name: str, longest: int = NOTE_MAX) -> str:
    """Words for an act, which judges whether they may be missing; ActRefused when too long."""
    found = (text or "").strip()
    if len(found) > longest or "\0" in found:
        raise refused(f"This has at most {longest} letters.", name)
    return found


def few(values: list[Any], name: str) -> None:
    """ActRefused when a list holds more than LIST_MAX."""
    if len(values) > LIST_MAX:
        raise refused(f"At most {LIST_MAX} of these.", name)


def refused(message: str, name: str) -> ActRefused:
    """A value of the input that cannot be used."""
    return ActRefused(Problem(ErrorCode.INVALID, message, ("input", name)))


def _caller(call: Call) -> str:
    staff_id = call.viewer.staff_id
    return call.viewer.label if staff_id is None else f"Staff:{staff_id}"


def _written(name: str, given: Any) -> str:
    values = dataclasses.asdict(given)
    values.pop("idempotency_key", None)
    return json.dumps([name, values], sort_keys=True, default=str, ensure_ascii=False)
