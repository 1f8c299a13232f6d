"""No question of a dashboard reads a big table from end to end, on either database."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from api.recent import Recent
from models import database
from models.database import connection, is_postgres
from models.house import House
from models.vocabulary import Role
from tests.api.desk import Door
from tests.api.plans import big_tables, scanned
from tests.api.seeds import NOW
from tests.api.test_figures import STATISTICS
from tests.bench.filling import Size, fill, reference
from tests.registers import in_use
from tests.test_readme import README

SIZE = Size(clients=2000, consents=5000, requests=3500, entries=9000, letters=4500)
BIG = 1500
TODAY = NOW.date()
PERIOD = {
    "from": str(TODAY - timedelta(days=30)),
    "until": str(TODAY + timedelta(days=1)),
}
VARIABLES: dict[str, Any] = {
    "reference": reference(SIZE.requests - 5),
    "since": str(TODAY - timedelta(days=20)),
    "period": PERIOD,
    "me": {"me": True},
    **PERIOD,
}
PUBLISHED = re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)
DEEP = """query Deep($since: Date!) {
  requests(first: 50, where: {status: {in: [NEW, IN_PROGRESS]}, dueOn: {gte: $since}}) {
    nodes { reference deadline { dueOn extension { until } } assignee { name } allowedActions
      subject { displayName addresses { value } consents { state purpose { code } events { at } }
        requests(first: 5) { nodes { reference } } }
      items { type decisions { outcome } }
      messages(first: 5) { nodes { receivedAt attachments { size } classification { types } } }
      outbound { delivery { state } } earlierRequests(first: 2) { nodes { reference } }
      duplicates { reference } lastEntry { kind } timeline(first: 3) { nodes { kind } } }
    pageInfo { hasNextPage endCursor } } }"""
QUEUES = """query Queues($me: AssigneeWhere) {
  late: requests(where: {deadline: {in: [OVERDUE, DUE_SOON]}}) { totalCount nodes { id } }
  mine: requests(where: {assignee: $me}) { totalCount nodes { id } }
  stuck: requests(where: {delivery: {in: [BOUNCED, FAILED, MAYBE_SENT]}}) { nodes { id } }
  named: requests(where: {search: "Mari Maasikas 000"}) { nodes { id } }
  newest: requests(orderBy: {field: RECEIVED_AT, direction: DESC}) { nodes { id } }
  triage { totalCount nodes { id } } outboundMail(where: {state: {in: [HELD]}}) { nodes { id } }
  tasks(where: {isDone: false}) { nodes { id } }
  clients(search: "anna tamm 0001") { nodes { id } } }"""
QUESTIONS = [*PUBLISHED, STATISTICS, DEEP, QUEUES]


@pytest.fixture
async def filled(register_url: str, house: House) -> str:
    """A register with some thousand rows of everything; it must come before `door`."""
    await fill(register_url, house, SIZE, NOW)
    async with in_use(register_url):
        client = connection()
        await client.execute_script(
            "UPDATE request SET duplicate_of_id = id - 1 WHERE id % 50 = 0;"
            " UPDATE outbound_mail SET state = CASE id % 150"
            " WHEN 1 THEN 'bounced' WHEN 2 THEN 'failed'"
            " WHEN 3 THEN 'maybe_sent' WHEN 4 THEN 'dropped' WHEN 5 THEN 'deferred' ELSE state END"
        )
        await client.execute_script("VACUUM ANALYZE" if is_postgres() else "ANALYZE")
    return register_url


async def test_a_dashboards_questions_read_by_index(
    filled: str, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, Sequence[Any]]] = []
    fetch = database._fetch

    async def noted(client: Any, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        sent.append((sql, values))
        return await fetch(client, sql, values)

    big = await big_tables(BIG)
    assert {"client", "request", "message", "timeline_entry", "consent_event"} <= big
    found: dict[str, set[str]] = {}
    for question in QUESTIONS:
        asked = {name: value for name, value in VARIABLES.items() if f"${name}:" in question}
        with monkeypatch.context() as patched:
            patched.setattr(database, "_fetch", noted)
            patched.setattr(Recent, "of", lambda _, asked, read, ready: read())
            await door.ask(question, Role.CASE_HANDLER, **asked)
        for sql, values in sent:
            if whole := await scanned(sql, values) & big:
                found[sql] = whole
        assert len(sent) > 1, question
        sent.clear()
    assert not found, "\n".join(f"{', '.join(whole)}: {sql}" for sql, whole in found.items())
