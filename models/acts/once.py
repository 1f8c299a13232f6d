"""An act asked for twice is done once: the first answer again (table idempotency_key).

The key is written in the act's own transaction, so there is no moment at which one of
them stands without the other.
"""

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.database import CONNECTION
from models.house import House
from models.shapes import ActRefused, ActResult, Problem
from models.tables import IdempotencyKey
from models.vocabulary import ErrorCode

KEY_MAX = 80


async def once(
    house: House, caller: str, key: str, given: str, act: Callable[[], Awaitable[ActResult]]
) -> ActResult:
    """Runs `act`, or gives its first answer when `caller` used `key` with the same `given`.

    `given` names the act and its whole input; only its keyed digest is kept. Raises
    ActRefused: INVALID for an unusable key, CONFLICT when the input was another one.
    """
    digest = _digest(house, key, given)
    try:
        async with in_transaction(CONNECTION):
            answer = await _first_answer(caller, key, digest)
            if answer is None:
                answer = await act()
                await IdempotencyKey.create(
                    caller=caller,
                    key=key,
                    input_digest=digest,
                    answer=dataclasses.asdict(answer),
                    at=datetime.now(UTC),
                )
            return answer
    except (IntegrityError, ActRefused):
        # somebody may have used the key at the same moment: then theirs stands, ours is undone
        answer = await _first_answer(caller, key, digest)
        if answer is None:
            raise
        return answer


async def once_prepared(
    house: House,
    caller: str,
    key: str,
    given: str,
    prepare: Callable[[], Awaitable[Callable[[], Awaitable[ActResult]]]],
) -> ActResult:
    """As `once`, for an act with long work before it writes: no transaction is open meanwhile."""
    digest = _digest(house, key, given)
    answer = await _first_answer(caller, key, digest)
    if answer is not None:
        return answer
    try:
        act = await prepare()
    except ActRefused:
        answer = await _first_answer(caller, key, digest)
        if answer is None:
            raise
        return answer
    return await once(house, caller, key, given, act)


def _digest(house: House, key: str, given: str) -> str:
    if not 1 <= len(key) <= KEY_MAX:
        raise _refused(ErrorCode.INVALID, f"A key has 1 to {KEY_MAX} letters.")
    return house.vault.index("idempotency", given)


async def _first_answer(caller: str, key: str, digest: str) -> ActResult | None:
    found = await IdempotencyKey.get_or_none(caller=caller, key=key)
    if found is None:
        return None
    if found.input_digest != digest:
        raise _refused(ErrorCode.CONFLICT, "This key was used for another input.")
    return ActResult(**found.answer)


def _refused(code: ErrorCode, message: str) -> ActRefused:
    return ActRefused(Problem(code, message, ("input", "idempotencyKey")))
