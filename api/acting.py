"""One act from one mutation: refusals become user errors, repeats get the first answer."""

import dataclasses
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from api.call import Call
from api.types.problems import UserError, user_error
from models.database import CONNECTION
from models.shapes import ActRefused, ActResult, Problem
from models.tables import IdempotencyKey
from models.vocabulary import ErrorCode

KEY_MAX = 80
Act = Callable[[], Awaitable[ActResult]]


async def perform(
    call: Call, name: str, given: Any, act: Act
) -> tuple[ActResult | None, list[UserError]]:
    """Runs the act; `name` is the mutation, `given` its input.

    With `idempotencyKey`: the same key and input give the first answer again, another
    input is a CONFLICT. The key is written in the act's own transaction.
    """
    try:
        key = getattr(given, "idempotency_key", None)
        if key is None:
            return await act(), []
        return await _once(call, name, key, given, act), []
    except ActRefused as refusal:
        return None, [user_error(problem) for problem in refusal.problems]


async def _once(call: Call, name: str, key: str, given: Any, act: Act) -> ActResult:
    if not 1 <= len(key) <= KEY_MAX:
        raise _refused(ErrorCode.INVALID, f"A key has 1 to {KEY_MAX} letters.")
    digest = _digest(call, name, given)
    try:
        async with in_transaction(CONNECTION):
            answer = await _first_answer(call, key, digest)
            if answer is None:
                answer = await act()
                await IdempotencyKey.create(
                    caller=_caller(call),
                    key=key,
                    input_digest=digest,
                    answer=dataclasses.asdict(answer),
                    at=datetime.now(UTC),
                )
            return answer
    except (IntegrityError, ActRefused):
        # somebody may have used the key at the same moment: then theirs stands, ours is undone
        answer = await _first_answer(call, key, digest)
        if answer is None:
            raise
        return answer


async def _first_answer(call: Call, key: str, digest: str) -> ActResult | None:
    found = await IdempotencyKey.get_or_none(caller=_caller(call), key=key)
    if found is None:
        return None
    if found.input_digest != digest:
        raise _refused(ErrorCode.CONFLICT, "This key was used for another input.")
    return ActResult(**found.answer)


def _caller(call: Call) -> str:
    staff_id = call.viewer.staff_id
    return call.viewer.label if staff_id is None else f"Staff:{staff_id}"


def _digest(call: Call, name: str, given: Any) -> str:
    """Keyed, since an input may hold personal data."""
    values = dataclasses.asdict(given)
    values.pop("idempotency_key", None)
    text = json.dumps([name, values], sort_keys=True, default=str, ensure_ascii=False)
    return call.house.vault.index("idempotency", text)


def _refused(code: ErrorCode, message: str) -> ActRefused:
    return ActRefused(Problem(code, message, ("input", "idempotencyKey")))
