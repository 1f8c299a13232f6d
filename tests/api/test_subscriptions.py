"""Live updates over a real socket, on both databases."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from tortoise.transactions import in_transaction
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from api.buckets import Allowance, Buckets
from api.ids import encode
from api.subscriptions import TOKEN_ENDED
from models.acts.access import revoke_token, token_digest
from models.acts.cases import add_note
from models.acts.classify import classify_message
from models.database import CONNECTION, is_postgres, rows
from models.house import House
from models.shapes import SYSTEM
from models.tables import ApiToken, JournalEntry
from models.vocabulary import Role, TimelineKind
from tests.api.desk import Door
from tests.api.live import calling, settled
from tests.api.seeds import Sample, make_entry
from tests.api.serving import served


@pytest.fixture
async def address(door: Door) -> AsyncIterator[str]:
    """ws:// address of the running application."""
    async with served(door.app) as server:
        yield server.url("ws")


async def test_a_change_is_seen_after_its_commit(
    door: Door, sample: Sample, address: str, house: House
) -> None:
    """The case as it stands and the new line; its read is journalled."""
    async with calling(address, door.tokens[Role.CASE_HANDLER]) as caller:
        await caller.subscribe(request=encode("DataSubjectRequest", sample.case.id))
        await settled(door)
        await make_entry(house, sample.older, TimelineKind.NOTE)
        await add_note(house, SYSTEM, request_id=sample.case.id, version=1, text="Hello")
        event = await caller.event()
        assert event["entry"]["kind"] == "NOTE"
        assert event["entry"]["detail"] == {"text": "Hello"}
        assert event["request"] == {
            "reference": "NP-2026-0002",
            "version": 2,
            "subject": {"displayName": "Mari Maasikas"},
        }
        row = await JournalEntry.filter(action="read").order_by("-id").first()
        assert row is not None
        assert row.operation == "Changes"
        assert f"Client:{sample.mari.id}" in row.targets


async def test_resuming_leaves_no_gap(
    door: Door, sample: Sample, address: str, house: House
) -> None:
    """Everything after the last line seen, in order, then what comes live."""
    for number in range(70):
        await make_entry(house, sample.case, TimelineKind.NOTE, f"Line {number}")
    async with calling(address, door.tokens[Role.VIEWER]) as caller:
        query = (
            "subscription C($after: ID) { requestChanged(afterEntry: $after)"
            " { entry { id summary } } }"
        )
        await caller.subscribe(query=query, after=encode("TimelineEntry", sample.entry.id))
        seen = [(await caller.event())["entry"]["summary"] for _ in range(70)]
        assert seen == [f"Line {number}" for number in range(70)]
        await make_entry(house, sample.older, TimelineKind.NOTE, "Live")
        assert (await caller.event())["entry"]["summary"] == "Live"


async def test_what_is_rolled_back_is_never_seen(
    door: Door, sample: Sample, address: str, house: House
) -> None:
    """Only committed lines."""
    async with calling(address, door.tokens[Role.CASE_HANDLER]) as caller:
        await caller.subscribe()
        await settled(door)
        with contextlib.suppress(RuntimeError):
            async with in_transaction(CONNECTION):
                await make_entry(house, sample.case, TimelineKind.NOTE, "Never")
                raise RuntimeError
        await make_entry(house, sample.case, TimelineKind.NOTE, "Kept")
        assert (await caller.event())["entry"]["summary"] == "Kept"


async def test_a_viewer_does_not_see_details(door: Door, sample: Sample, address: str) -> None:
    """The guard holds for live updates too."""
    async with calling(address, door.tokens[Role.VIEWER]) as caller:
        await caller.subscribe(after=encode("TimelineEntry", sample.entry.id - 1 or 1))
        await make_entry(door.app.state.desk.house, sample.case, TimelineKind.NOTE)
        message = await caller.next()
        assert message["payload"]["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert message["payload"]["data"]["requestChanged"]["entry"]["detail"] is None


@pytest.mark.parametrize("role", [Role.ADMIN, Role.INTEGRATION])
async def test_live_updates_of_cases_are_refused_to_the_others(
    door: Door, sample: Sample, address: str, role: Role
) -> None:
    """FORBIDDEN, and the subscription ends."""
    async with calling(address, door.tokens[role]) as caller:
        await caller.subscribe(after=encode("TimelineEntry", 1))
        message = await caller.next()
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == "FORBIDDEN"


async def test_without_a_token_the_connection_is_closed(door: Door, address: str) -> None:
    """4403, before anything is answered."""
    for payload in ({}, {"token": "wrong"}, {"token": 7}):
        async with connect(address, subprotocols=["graphql-transport-ws"]) as ws:  # type: ignore[list-item]
            await ws.send(json.dumps({"type": "connection_init", "payload": payload}))
            with pytest.raises(ConnectionClosed) as closed:
                await ws.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4403


async def test_a_revoked_token_ends_its_subscriptions(
    door: Door, sample: Sample, address: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checked again and again while it runs."""
    monkeypatch.setattr("api.subscriptions.RECHECK_SECONDS", 0.05)
    async with calling(address, door.tokens[Role.VIEWER]) as caller:
        await caller.subscribe()
        await settled(door)
        await revoke_token(house, SYSTEM, name="viewer")
        message = await caller.next()
        assert message["payload"]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert (await caller.closed())[0] == 4403


async def test_a_token_revoked_meanwhile_begins_no_subscription(
    door: Door, sample: Sample, address: str, house: House
) -> None:
    """Its first step is to look again; then the connection is closed, with all it carries."""
    async with calling(address, door.tokens[Role.VIEWER]) as caller:
        await caller.subscribe("1")
        await settled(door)
        await revoke_token(house, SYSTEM, name="viewer")
        await caller.subscribe("2", after=encode("TimelineEntry", 1))
        message = await caller.next()
        assert (message["id"], message["type"]) == ("2", "error")
        assert message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert await caller.closed() == (4403, TOKEN_ENDED)


@pytest.mark.parametrize("held_up", ["api.subscriptions._paced", "api.call.Call.journal_reads"])
async def test_a_token_revoked_while_events_wait_gets_none_of_them(
    door: Door,
    sample: Sample,
    address: str,
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    held_up: str,
) -> None:
    """Whether they wait for the caller's bucket, or behind an event that goes out slowly."""
    for number in range(3):
        await make_entry(house, sample.case, TimelineKind.NOTE, f"Line {number}")

    async def revoked(*_: object) -> None:
        await ApiToken.filter(name="viewer").update(revoked_at=datetime.now(UTC))
        await asyncio.sleep(0.05)

    monkeypatch.setattr("api.subscriptions.RECHECK_SECONDS", 0.04)
    monkeypatch.setattr(held_up, revoked)
    async with calling(address, door.tokens[Role.VIEWER]) as caller:
        query = "subscription C($after: ID) { requestChanged(afterEntry: $after) { entry { id } } }"
        await caller.subscribe(query=query, after=encode("TimelineEntry", sample.entry.id))
        if "journal" in held_up:
            await caller.event()
        message = await caller.next()
        assert message["payload"]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert (await caller.closed())[0] == 4403


async def test_a_connection_holds_five_subscriptions(door: Door, address: str) -> None:
    """The sixth is refused with a code; one that ends makes room."""
    async with calling(address, door.tokens[Role.DPO]) as caller:
        for number in range(6):
            await caller.subscribe(str(number))
        message = await caller.next()
        assert (message["id"], message["type"]) == ("5", "error")
        assert message["payload"][0]["extensions"] == {"code": "LIMIT_EXCEEDED"}
        await caller.subscribe("bad", "subscription Bad { nothing }")
        assert (await caller.next())["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
        await caller.send(id="0", type="complete")
        await caller.subscribe("bad", "subscription Bad { nothing }")
        assert "Cannot query field" in (await caller.next())["payload"][0]["message"]


async def test_what_cannot_be_used_is_refused_with_a_code_over_a_socket_too(
    door: Door, address: str
) -> None:
    """Two of exclusive choices or none, in the document and in a variable; a wrong variable."""
    asked = "requestChanged { request { subject { requests(where: {assignee: %s}) {"
    asked += " nodes { id } } } } }"
    by = f"subscription S($by: AssigneeWhere!) {{ {asked % '$by'} }}"
    async with calling(address, door.tokens[Role.DPO]) as caller:
        for query, variables in (
            (f"subscription S {{ {asked % '{me: true, unassigned: true}'} }}", {}),
            (f"subscription S {{ {asked % '{}'} }}", {}),
            (by, {"by": {"me": True, "unassigned": True}}),
            (by, {"by": {}}),
            (by, {"by": 7}),
            ("subscription S { nothing }", {}),
        ):
            await caller.subscribe(query=query, **variables)
            told = await caller.next()
            errors = told["payload"] if told["type"] == "error" else told["payload"]["errors"]
            codes = [error["extensions"]["code"] for error in errors]
            assert codes == ["BAD_USER_INPUT"], (query, variables)
            if told["type"] == "next":
                assert (await caller.next())["type"] == "complete"


async def test_a_socket_carries_subscriptions_only(
    door: Door, sample: Sample, address: str
) -> None:
    """Questions and acts have one door, with all its limits."""
    async with calling(address, door.tokens[Role.ADMIN]) as caller:
        for number, query in enumerate(
            ("query Q { health { database } }", 'mutation M { tokenRevoke(input: {name: "dpo"}) {')
        ):
            await caller.subscribe(str(number), query.ljust(80, " ") + "name } }" * number)
            message = await caller.next()
            assert message["type"] == "error"
            assert "by POST" in message["payload"][0]["message"]
    assert not await ApiToken.filter(revoked_at__isnull=False).exists()


async def test_an_event_is_weighed_and_comes_out_of_the_callers_bucket(
    door: Door, sample: Sample, address: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too dear: refused; an empty bucket: the events wait until it is full enough again."""
    paging = "messages(first: 100) { nodes { attachments { id } } }"
    dear = f"subscription S {{ requestChanged {{ request {{ {paging} subject {{ requests("
    dear += f"first: 100) {{ nodes {{ {paging} }} }} }} }} }} }}"
    async with calling(address, door.tokens[Role.DPO]) as caller:
        await caller.subscribe("dear", dear)
        assert "COST_LIMIT" in json.dumps(await caller.next())
        assert (await caller.next())["type"] == "complete"
        take, waits = Buckets.take, list[int]()

        def noted(self: Buckets, who: str, points: int, now: float) -> Allowance:
            waits.append(take(self, who, points, now).wait)
            return Allowance(0, 0, 0, waits[-1])

        monkeypatch.setattr(Buckets, "take", noted)
        buckets = door.app.state.desk.buckets
        monkeypatch.setattr(buckets, "_size", 600)
        buckets.take(token_digest(door.tokens[Role.DPO]), 600, time.monotonic())
        await caller.subscribe("fair", after=encode("TimelineEntry", sample.entry.id))
        await make_entry(house, sample.case, TimelineKind.NOTE)
        assert (await caller.event())["entry"]["kind"] == "NOTE"
        assert max(waits) == 1
        assert waits[-1] == 0


async def test_an_entry_id_is_checked(door: Door, sample: Sample, address: str) -> None:
    """No id, one of another type, or one beyond the newest line, which would wait for ever."""
    beyond = encode("TimelineEntry", await door.app.state.desk.ledger.newest() + 1)
    for after in ("x", encode("Client", 1), beyond):
        async with calling(address, door.tokens[Role.DPO]) as caller:
            await caller.subscribe(after=after)
            message = await caller.next()
            assert "BAD_USER_INPUT" in json.dumps(message)


async def test_an_unknown_case_is_not_followed(door: Door, sample: Sample, address: str) -> None:
    """NOT_FOUND, and nothing waits."""
    async with calling(address, door.tokens[Role.DPO]) as caller:
        for key in (2_000_000, 10**15):
            await caller.subscribe(request=encode("DataSubjectRequest", key))
            message = await caller.next()
            (error,) = message["payload"]["errors"]
            assert error["extensions"]["code"] == "NOT_FOUND"
            assert "`requestId`" in error["message"]
            assert (await caller.next())["type"] == "complete"


async def test_a_notice_of_the_database_wakes_the_ledger(
    door: Door, sample: Sample, address: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the poll is only behind LISTEN; on SQLite there is only the poll."""
    if is_postgres():
        monkeypatch.setattr("api.ledger.POLL_POSTGRES", 3600)
    async with calling(address, door.tokens[Role.VIEWER]) as caller:
        await caller.subscribe(query="subscription C { requestChanged { entry { summary } } }")
        await settled(door)
        await make_entry(house, sample.case, TimelineKind.NOTE, "Told")
        if is_postgres():
            await rows("SELECT pg_notify('netpro_timeline', '')")
        assert (await caller.event())["entry"]["summary"] == "Told"


async def test_a_letter_that_leaves_triage_is_told(
    door: Door, sample: Sample, address: str, house: House
) -> None:
    """As it stands after the decision; lines of cases are none of its business."""
    async with calling(address, door.tokens[Role.CASE_HANDLER]) as caller:
        await caller.subscribe(query="subscription T { triageChanged { id fate subject } }")
        await settled(door)
        await make_entry(house, sample.case, TimelineKind.NOTE)
        letter = sample.triage
        await classify_message(
            house, SYSTEM, message_id=letter.id, version=letter.version, labels=()
        )
        message = await caller.next()
        assert message["payload"]["data"]["triageChanged"] == {
            "id": encode("Message", letter.id),
            "fate": "IGNORED",
            "subject": "secret subject 2",
        }
