"""Who may come in, and when they last did."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import pytest

from api.callers import Callers
from models.acts.access import note_uses, revoke_token, token_digest
from models.house import House
from models.shapes import SYSTEM
from models.tables import ApiToken
from models.vocabulary import Role
from tests.api.desk import Door

LISTED = "{ tokens { name role staff { name } createdAt expiresAt lastUsedAt } }"


async def test_an_administrator_sees_when_each_token_was_last_used(door: Door) -> None:
    assert {one["lastUsedAt"] for one in (await door.ask(LISTED, Role.ADMIN))["tokens"]} == {None}
    await door.ask("{ viewer { label } }", Role.VIEWER)
    await door.app.state.desk.callers.note()
    listed = (await door.ask(LISTED, Role.ADMIN))["tokens"]
    used = {one["role"] for one in listed if one["lastUsedAt"]}
    assert used == {"ADMIN", "VIEWER"}
    assert [one["name"] for one in listed] == sorted(one["name"] for one in listed)
    assert next(one for one in listed if one["role"] == "INTEGRATION")["staff"] is None


async def test_ended_tokens_are_not_listed(door: Door, house: House) -> None:
    await revoke_token(house, SYSTEM, name="viewer")
    await ApiToken.filter(name="dpo").update(expires_at=datetime.now(UTC) - timedelta(minutes=1))
    names = {one["name"] for one in (await door.ask(LISTED, Role.ADMIN))["tokens"]}
    assert names.isdisjoint({"viewer", "dpo"})
    assert "admin" in names


async def test_a_use_of_long_ago_does_not_hide_a_later_one(door: Door) -> None:
    digest, now = token_digest(door.tokens[Role.VIEWER]), datetime.now(UTC).replace(microsecond=0)
    await note_uses({digest: now})
    await note_uses({digest: now - timedelta(hours=1)})
    assert (await ApiToken.get(digest=digest)).used_at == now


async def test_uses_are_written_when_the_process_ends(door: Door) -> None:
    callers = Callers()
    writing = asyncio.create_task(callers.run())
    await callers.of(door.tokens[Role.DPO])
    await callers.of("unknown")
    writing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await writing
    assert [one.name for one in await ApiToken.filter(used_at__isnull=False)] == ["dpo"]


async def test_a_use_that_could_not_be_written_is_written_later(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: object) -> None:
        raise ConnectionError

    callers = Callers()
    await callers.of(door.tokens[Role.DPO])
    with monkeypatch.context() as broken:
        broken.setattr("api.callers.note_uses", away)
        await callers.note()
    assert not await ApiToken.filter(used_at__isnull=False).exists()
    await callers.note()
    assert await ApiToken.filter(used_at__isnull=False).count() == 1
