"""One act from one mutation: refusals become user errors, repeats get the first answer."""

import dataclasses
import json
from collections.abc import Awaitable, Callable
from typing import Any

from api.call import Call
from api.types.problems import UserError, user_error
from models.acts.once import once
from models.shapes import ActRefused, ActResult

Act = Callable[[], Awaitable[ActResult]]


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
