"""One act from one mutation: refusals become user errors, repeats get the first answer."""

import dataclasses
import json
from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from strawberry.types import Info

from api.access import Guard, Roles
from api.call import Call
from api.reads.levels import fill
from api.selection import selection
from api.types.problems import UserError, user_error
from models.acts.once import once
from models.shapes import ActRefused, ActResult

Act = Callable[[], Awaitable[ActResult]]
Shown = Callable[[ActResult | None], dict[str, Any]]

INPUT = strawberry.argument(description="What to do.")


def act_field(description: str, roles: Roles) -> Callable[[Callable[..., Any]], Any]:
    """A field of Mutation, for callers with one of these roles."""
    made: Callable[[Callable[..., Any]], Any] = strawberry.mutation(
        description=description, extensions=[Guard(roles)]
    )
    return made


async def finish(
    info: Info,
    payload: type[Any],
    given: Any,
    act: Callable[[Call], Awaitable[ActResult]],
    *,
    more: dict[str, Any] | None = None,
    shown: Shown = lambda _: {},
) -> Any:
    """Runs the act and reads the changed objects the caller selected.

    `more` stands beside the act's result as keys of what is read; `shown` are columns of
    the payload itself, from the result or, when the act was refused, from None.
    """
    call: Call = info.context
    result, errors = await perform(call, info.field_name, given, lambda: act(call))
    made = payload(user_errors=errors, **shown(result))
    if result is not None:
        made.row = {**dataclasses.asdict(result), **(more or {})}
        call.renew()
        await fill(call, payload.__name__, [made], selection(info).of(payload.__name__))
    return made


async def perform(
    call: Call, name: str, given: Any, act: Act
) -> tuple[ActResult | None, list[UserError]]:
    """Runs the act; `name` is the mutation, `given` its input.

    With `idempotencyKey`: the same key and input give the first answer again, another
    input is a CONFLICT.
    """
    try:
        key = getattr(given, "idempotency_key", None)
        if key is None:
            return await act(), []
        return await once(call.house, _caller(call), key, _written(name, given), act), []
    except ActRefused as refusal:
        return None, [user_error(problem) for problem in refusal.problems]


def _caller(call: Call) -> str:
    staff_id = call.viewer.staff_id
    return call.viewer.label if staff_id is None else f"Staff:{staff_id}"


def _written(name: str, given: Any) -> str:
    values = dataclasses.asdict(given)
    values.pop("idempotency_key", None)
    return json.dumps([name, values], sort_keys=True, default=str, ensure_ascii=False)
