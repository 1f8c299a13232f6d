"""Figures, health, probes and metrics."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from api.app import build_app
from api.settings import ApiSettings
from mailbot.model_facts import model_facts
from models.database import rows
from models.house import House
from models.tables import Heartbeat, JournalEntry, Sighting
from models.vocabulary import DeadlineState, DeliveryState, Fate, RequestStatus, RequestType, Role
from tests.api.desk import Door
from tests.api.seeds import NOW, make_case, make_letter, make_outbound

STATISTICS = """
query S($period: PeriodInput!) { statistics(period: $period) {
  asOf open overdue dueSoon triage bounced held onTimeShare closed
  byStatus { status count } byType { type count } byLanguage { language count }
  received { on count }
  timeToAcknowledge { count median p90 } timeToClose { count median p90 } } }
"""


async def test_figures_add_up(door: Door, house: House) -> None:
    """Where things stand now, and what the period brought, on both databases alike."""
    today = house.today(NOW)
    for number in range(1, 11):
        received = NOW - timedelta(days=40, seconds=number)
        await make_case(
            number,
            received,
            (RequestType.COPY, RequestType.ERASURE) if number == 1 else (RequestType.COPY,),
            status=RequestStatus.CLOSED,
            acknowledged_at=received + timedelta(seconds=number * 10),
            closed_at=received + timedelta(days=number * 4),
            closed_on=house.today(received + timedelta(days=number * 4)),
        )
    late = await make_case(11, NOW - timedelta(days=50))
    await make_case(12, NOW - timedelta(days=28))
    await make_case(13, NOW)
    await make_letter(house, 40, Fate.TRIAGE)
    await make_letter(house, 1, Fate.TRIAGE)
    await make_outbound(house, 1, DeliveryState.BOUNCED, late)
    await make_outbound(house, 2, DeliveryState.HELD, late)
    period = {
        "from": (today - timedelta(days=60)).isoformat(),
        "until": (today + timedelta(days=1)).isoformat(),
    }
    found = (await door.ask(STATISTICS, period=period))["statistics"]
    assert (found["open"], found["triage"]) == (3, 2)
    assert (found["overdue"], found["bounced"], found["held"]) == (2, 1, 1)
    assert found["dueSoon"] == 1
    assert found["byStatus"] == [
        {"status": "CLOSED", "count": 10},
        {"status": "NEW", "count": 3},
    ]
    assert found["byType"] == [{"type": "COPY", "count": 13}, {"type": "ERASURE", "count": 1}]
    assert sum(day["count"] for day in found["received"]) == 13
    assert found["timeToAcknowledge"] == {"count": 10, "median": 50, "p90": 90}
    assert found["timeToClose"] == {"count": 10, "median": 20 * 86400, "p90": 36 * 86400}
    assert found["closed"] == 10
    assert 0 < found["onTimeShare"] < 1
    empty = {"from": "2020-01-01", "until": "2020-02-01"}
    nothing = (await door.ask(STATISTICS, period=empty))["statistics"]
    assert nothing["onTimeShare"] is None
    assert nothing["timeToClose"] == {"count": 0, "median": None, "p90": None}


async def test_a_period_has_bounds(door: Door) -> None:
    """Not empty, not backwards, not for ever."""
    for first, until in (
        ("2026-02-01", "2026-02-01"),
        ("2026-02-02", "2026-02-01"),
        ("2000-01-01", "2026-01-01"),
    ):
        period = {"from": first, "until": until}
        assert await door.codes(STATISTICS, Role.DPO, period=period) == ["BAD_USER_INPUT"]


async def test_health_says_what_waits(door: Door, house: House) -> None:
    """The bot, the inbox, the outbox, the balance sheet."""
    now = datetime.now(UTC).replace(microsecond=0)
    query = """{ health { database mailbotSeenAt inboxLagSeconds outboxDepth balance
        classifier { version corpus microF1 missed strangers } } }"""
    quiet = (await door.ask(query))["health"]
    assert quiet == {
        "database": True,
        "mailbotSeenAt": None,
        "inboxLagSeconds": None,
        "outboxDepth": 0,
        "balance": {fate.value: 0 for fate in Fate},
        "classifier": None,
    }
    facts = model_facts()
    await Heartbeat.create(name="bot", seen_at=now, detail={"classifier": facts})
    await make_outbound(house, 1, DeliveryState.QUEUED, None)
    for uid, fate in enumerate((Fate.STORED, Fate.REGISTERED, Fate.REGISTERED)):
        await Sighting.create(
            folder="INBOX",
            uidvalidity=1,
            uid=uid,
            received_at=now,
            seen_at=now - timedelta(hours=1),
            fate=fate,
        )
    busy = (await door.ask(query))["health"]
    assert busy["mailbotSeenAt"] == now.isoformat().replace("+00:00", "Z")
    assert 3600 <= busy["inboxLagSeconds"] < 3900
    assert busy["outboxDepth"] == 1
    assert (busy["balance"]["registered"], busy["balance"]["stored"]) == (2, 1)
    assert busy["classifier"] == {
        "version": facts["version"],
        "corpus": facts["corpus"],
        "microF1": facts["micro_f1"],
        "missed": facts["missed"],
        "strangers": facts["strangers"],
    }


async def test_the_desk_is_ready_while_the_bot_is_seen(door: Door) -> None:
    """Red without the bot, and when it has been silent for ten minutes."""
    now = datetime.now(UTC)
    assert (await door.http.get("/healthz")).text == "ok\n"
    assert (await door.http.get("/readyz")).status_code == 503
    beat = await Heartbeat.create(name="bot", seen_at=now)
    assert (await door.http.get("/readyz")).json() == {"database": True, "bot": True}
    beat.seen_at = now - timedelta(minutes=11)
    await beat.save()
    response = await door.http.get("/readyz")
    assert (response.status_code, response.json()["bot"]) == (503, False)


async def test_metrics_count_operations_and_letters(door: Door) -> None:
    """By name, so many names, and no caller's words else."""
    await door.ask("query Board { requests { nodes { id } } }")
    for number in range(250):
        door.app.state.metrics.operation(f"Op{number}", 200, False, 0.01)
    await Sighting.create(
        folder="INBOX", uidvalidity=1, uid=1, received_at=NOW, seen_at=NOW, fate=Fate.IGNORED
    )
    text = (await door.http.get("/metrics")).text
    assert 'netpro_operations_total{failed="false",operation="Board",status="200"} 1.0' in text
    assert 'operation="other"' in text
    assert "Op249" not in text
    assert 'netpro_letters{fate="ignored"} 1.0' in text


async def test_without_the_register_there_are_no_metrics_but_a_sentence(door: Door) -> None:
    """503, so that the scrape counts as failed; the process itself is still well."""
    await rows("ALTER TABLE sighting RENAME TO gone")
    answer = await door.http.get("/metrics")
    assert answer.status_code == 503
    assert answer.text == "The database cannot be read: there are no metrics now.\n"
    assert (await door.http.get("/healthz")).status_code == 200
    await rows("ALTER TABLE gone RENAME TO sighting")
    assert (await door.http.get("/metrics")).status_code == 200


async def test_metrics_say_what_waits_and_how_the_clocks_stand(door: Door, house: House) -> None:
    """Every word is there, also with nothing behind it; nothing names a person or a case."""
    now = datetime.now(UTC)
    today = house.today(now)
    late = await make_case(1, now - timedelta(days=50))
    await make_case(2, now - timedelta(days=28))
    for number, days in ((3, 1), (4, 60)):
        await make_case(
            number,
            now - timedelta(days=70),
            status=RequestStatus.CLOSED,
            closed_on=today - timedelta(days=70 - days),
        )
    done = await make_case(5, now, acknowledged_at=now)
    await make_letter(house, 1, Fate.TRIAGE)
    hour_ago = now - timedelta(hours=1)
    await make_outbound(house, 1, DeliveryState.HELD, late, queued_at=hour_ago)
    await make_outbound(house, 2, DeliveryState.DEFERRED, late, queued_at=hour_ago)
    await make_outbound(house, 3, DeliveryState.SENT, done, queued_at=hour_ago)
    text = (await door.http.get("/metrics")).text
    found = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("netpro_"))

    def told(name: str, label: str, words: type[StrEnum]) -> dict[str, float]:
        counts = {word.value: float(found[f'{name}{{{label}="{word}"}}']) for word in words}
        return {word: count for word, count in counts.items() if count}

    clocks = {"overdue": 1, "due_soon": 1, "on_time": 2, "met": 1, "missed": 1}
    assert told("netpro_deadlines", "state", DeadlineState) == clocks
    assert told("netpro_outbox", "state", DeliveryState) == {"held": 1, "deferred": 1, "sent": 1}
    assert told("netpro_letters", "fate", Fate) == {}
    assert 3600 <= float(found["netpro_outbox_oldest_seconds"]) < 3900
    age = 50 * 86_400
    assert age <= float(found["netpro_oldest_unacknowledged_seconds"]) < age + 300
    assert found["netpro_sockets"] == found["netpro_subscriptions"] == "0.0"
    assert not re.search(r"NP-|@|writer|reader|Mari", text)


async def test_pages_of_other_origins_get_in_only_when_they_are_listed(
    house: House, door: Door
) -> None:
    """No origin by default; listed ones exactly."""
    asked = {"Origin": "https://desk.example.com", "Access-Control-Request-Method": "POST"}
    response = await door.http.options("/graphql", headers=asked)
    assert "access-control-allow-origin" not in response.headers
    settings = ApiSettings.load({"CORS_ORIGINS": "https://desk.example.com"}, None)
    async with Door.over(build_app(house, settings), {}) as other:
        allowed = await other.http.options("/graphql", headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "https://desk.example.com"
        foreign = await other.http.options(
            "/graphql", headers=asked | {"Origin": "https://evil.example.com"}
        )
        assert "access-control-allow-origin" not in foreign.headers


async def test_the_journal_is_read_by_the_dpo_and_that_is_journalled_too(door: Door) -> None:
    """By action, colleague, object and time, the newest first."""
    case = await make_case(1, NOW)
    await door.ask("query One { requests { nodes { id } } }")
    await door.ask("query Two { requests { nodes { id } } }", Role.VIEWER)
    query = """query J($where: AuditWhere) { auditLog(where: $where) { nodes {
      action operation requestId targetIds target { ... on DataSubjectRequest { reference } }
      actor { label kind staff { role } } } pageInfo { hasNextPage } } }"""
    reads = (await door.ask(query, Role.DPO, where={"action": "read"}))["auditLog"]["nodes"]
    assert [row["operation"] for row in reads] == ["Two", "One"]
    assert reads[0]["target"] == {"reference": "NP-2026-0001"}
    assert reads[0]["actor"]["staff"] == {"role": "VIEWER"}
    (gid,) = reads[0]["targetIds"]
    found = await door.ask(query, Role.DPO, where={"targetId": gid, "action": "read"})
    operations = [row["operation"] for row in found["auditLog"]["nodes"]]
    assert operations[-2:] == ["Two", "One"]
    assert await JournalEntry.filter(operation="J").count() == 2
    later = {"at": {"gte": (NOW + timedelta(days=1)).isoformat()}}
    assert (await door.ask(query, Role.DPO, where=later))["auditLog"]["nodes"] == []
    assert case.id
