"""The queue and one case, read over HTTP on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from api.ids import encode
from models.database import is_postgres
from models.house import House
from models.tables import FulfilmentTask, JournalEntry
from models.vocabulary import (
    ConsentEventKind,
    DeliveryState,
    Fate,
    Purpose,
    RequestStatus,
    RequestType,
    Role,
    TaskKind,
    TimelineKind,
)
from tests.api.desk import Door, Statements
from tests.api.seeds import (
    NOW,
    Sample,
    make_case,
    make_client,
    make_entry,
    make_event,
    make_letter,
    make_outbound,
)

CASE = """
query Case($reference: String!) {
  requestByReference(reference: $reference) {
    id reference types status language channel receivedAt version legalHold
    items { id type article clause purposes status outcome decidedBy { name } }
    subject {
      id displayName identifier { masked full }
      consents {
        state purpose { code title(language: ET) }
        events { kind note evidence { subject } actor { label } }
      }
    }
    deadline { dueOn daysLeft state basis extension { until } }
    identity { assurance needed evidence note by { label } }
    assignee { name }
    actingFor
    classification {
      types confidence evidence { text start end } model correctedBy { name }
    }
    messages(first: 5) {
      totalCount
      nodes { from subject text newText attachments { id name } authentication { dmarc } }
      pageInfo { hasNextPage }
    }
    acknowledgement { to subject text delivery { state } }
    outbound { kind delivery { state holdReasons } }
    timeline { edges { cursor node { kind summary detail actor { label staff { name } } } } }
    earlierRequests { totalCount nodes { reference } }
    duplicateOf { reference }
    duplicates { reference }
    allowedActions
  }
}
"""


async def test_one_case_is_read_whole(door: Door, sample: Sample) -> None:
    """Items, deadline, identity, letters both ways and the timeline of one case."""
    case = (await door.ask(CASE, reference="NP-2026-0002"))["requestByReference"]
    assert case["types"] == ["COPY", "ERASURE"]
    assert case["subject"]["identifier"] == {"masked": "*********09", "full": "36805280109"}
    marketing = case["subject"]["consents"][0]
    assert marketing["state"] == "WITHDRAWN"
    assert [event["kind"] for event in marketing["events"]] == ["GIVEN", "WITHDRAWN"]
    assert marketing["events"][0]["evidence"] == {"subject": "secret subject 1"}
    assert case["deadline"]["state"] == "ON_TIME"
    assert case["identity"]["evidence"] == ["secret evidence of identity"]
    assert case["messages"]["totalCount"] == 1
    letter = case["messages"]["nodes"][0]
    assert letter["from"] == "mari@example.com"
    assert letter["newText"] == "secret text 1"
    assert letter["attachments"][0]["name"] == "secret name.pdf"
    assert case["acknowledgement"]["delivery"] == {"state": "SENT"}
    assert case["timeline"]["edges"][0]["node"]["detail"] == {"text": "secret note"}
    assert case["earlierRequests"] == {"totalCount": 1, "nodes": [{"reference": "NP-2026-0001"}]}
    assert case["duplicateOf"] == {"reference": "NP-2026-0001"}
    actions = set(case["allowedActions"])
    assert {"ASSIGN", "NOTE", "DECIDE", "RELEASE_LETTER", "DROP_LETTER"} <= actions
    assert not {"CLOSE", "REFUSE", "REOPEN"} & actions


PAGE = """
query Page($first: Int!, $after: String, $where: RequestWhere, $orderBy: RequestOrder) {
  requests(first: $first, after: $after, where: $where, orderBy: $orderBy) {
    totalCount nodes { reference } edges { cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
LIST = """
query List($where: RequestWhere) {
  requests(first: 100, where: $where, orderBy: {field: RECEIVED_AT}) { nodes { reference } }
}
"""
BOARD = """
query Board {
  requests(first: 50) { nodes {
    reference status types deadline { dueOn state extension { until } } assignee { name }
    subject { displayName addresses { value } consents { state purpose { code } events { kind } } }
    timeline(first: 1) { nodes { summary actor { staff { name } } } }
    messages(first: 1) { nodes { receivedAt } }
    outbound { delivery { state } }
  } }
}
"""


async def references(door: Door, where: dict[str, Any] | None) -> list[str]:
    """References of the cases a filter finds, by receipt."""
    data = await door.ask(LIST, where=where)
    return [node["reference"][-1] for node in data["requests"]["nodes"]]


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["DUE_ON", "RECEIVED_AT", "UPDATED_AT"])
async def test_pages_neither_skip_nor_repeat(door: Door, field: str, direction: str) -> None:
    """Also where many rows share the sort key."""
    for number in range(1, 12):
        await make_case(number, NOW - timedelta(days=number // 4))
    seen: list[str] = []
    after, pages = None, 0
    while True:
        data = await door.ask(
            PAGE, first=3, after=after, orderBy={"field": field, "direction": direction}
        )
        page = data["requests"]
        seen += [node["reference"] for node in page["nodes"]]
        assert page["totalCount"] == 11
        assert page["pageInfo"]["hasPreviousPage"] is (pages > 0)
        pages += 1
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 11


async def test_a_row_that_is_added_meanwhile_moves_no_other(door: Door) -> None:
    """Keyset pages: what did not move is neither skipped nor repeated."""
    for number in (1, 2, 3, 4):
        await make_case(number, NOW - timedelta(days=10 - number))
    order = {"field": "RECEIVED_AT", "direction": "ASC"}
    first = (await door.ask(PAGE, first=2, orderBy=order))["requests"]
    await make_case(9, NOW - timedelta(days=60))
    after = first["pageInfo"]["endCursor"]
    second = (await door.ask(PAGE, first=2, after=after, orderBy=order))["requests"]
    assert [node["reference"][-1] for node in first["nodes"] + second["nodes"]] == list("1234")


@pytest.mark.parametrize(
    "cursor", ["", "x", "e30", "W10", "WyJEVUVfT04iLDUsMV0", "WyJEVUVfT04iLCIyMDI2LTk5LTAxIiwxXQ"]
)
async def test_a_cursor_is_checked_like_any_input(door: Door, cursor: str) -> None:
    """No cursor, another list's cursor, a broken one."""
    answer = (await door.post(PAGE, first=1, after=cursor)).json()
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    await make_case(1, NOW)
    page = (await door.ask(PAGE, first=1))["requests"]
    other = {"field": "UPDATED_AT", "direction": "ASC"}
    query = await door.codes(
        PAGE, Role.DPO, first=1, after=page["pageInfo"]["endCursor"], orderBy=other
    )
    assert query == ["BAD_USER_INPUT"]


async def test_filters_find_what_they_say(door: Door, sample: Sample, house: House) -> None:
    """Status, type, deadline, delivery, ranges, assignee, client, and/or/not."""
    await make_case(3, NOW - timedelta(days=1), (RequestType.INQUIRY,), due_on=None)
    await make_case(
        4,
        NOW - timedelta(days=50),
        (RequestType.ERASURE,),
        status=RequestStatus.CLOSED,
        closed_at=NOW,
        closed_on=house.today(NOW),
    )
    client = encode("Client", sample.mari.id)
    handler = encode("Staff", sample.case.assignee_id)
    expected: list[tuple[dict[str, Any] | None, str]] = [
        (None, "1423"),
        ({"status": {"in": ["CLOSED"]}}, "4"),
        ({"status": {"notIn": ["CLOSED"]}}, "123"),
        ({"status": {"in": []}}, ""),
        ({"type": {"in": ["ERASURE"]}}, "42"),
        ({"type": {"in": ["ERASURE", "INQUIRY"]}}, "423"),
        ({"deadline": {"in": ["OVERDUE"]}}, "1"),
        ({"deadline": {"in": ["MISSED"]}}, "4"),
        ({"deadline": {"in": ["ON_TIME", "OVERDUE"]}}, "12"),
        ({"delivery": {"in": ["HELD"]}}, "2"),
        ({"clientId": client}, "12"),
        ({"assignee": {"id": handler}}, "2"),
        ({"assignee": {"me": True}}, "2"),
        ({"assignee": {"unassigned": True}}, "143"),
        ({"assignee": {"unassigned": False}}, "2"),
        ({"not": {"assignee": {"me": True}}}, "143"),
        ({"not": {"deadline": {"in": ["OVERDUE"]}}}, "423"),
        ({"or": [{"status": {"in": ["CLOSED"]}}, {"type": {"in": ["INQUIRY"]}}]}, "43"),
        ({"or": []}, ""),
        ({"and": [{"type": {"in": ["ERASURE"]}}, {"clientId": client}]}, "2"),
        ({"receivedAt": {"gte": (NOW - timedelta(days=2)).isoformat()}}, "23"),
        ({"receivedAt": {"lt": (NOW - timedelta(days=2)).isoformat()}}, "14"),
        ({"dueOn": {"lt": str(sample.case.due_on)}}, "14"),
        ({"dueOn": {"gte": str(sample.case.due_on)}}, "2"),
    ]
    for where, found in expected:
        assert "".join(await references(door, where)) == found, where


async def test_search_finds_name_address_code_and_reference(door: Door, sample: Sample) -> None:
    """A prefix of the name; the others whole, by their keyed digest."""
    for text, found in (
        ("mari", "12"),
        ("MARI  maas", "12"),
        ("aasikas", ""),
        ("Mari@Example.com", "12"),
        ("mari@example", ""),
        ("36805280109", "12"),
        ("3680528010", ""),
        ("np-2026-0002", "2"),
        ("%", None),
        ("%%", ""),
        ("ma_", ""),
    ):
        if found is None:
            assert await door.codes(LIST, Role.DPO, where={"search": text}) == ["BAD_USER_INPUT"]
        else:
            assert "".join(await references(door, {"search": text})) == found, text


async def test_a_filter_has_bounds(door: Door) -> None:
    """Depth, length and exclusive choices."""
    deep: dict[str, Any] = {"search": "xx"}
    for _ in range(7):
        deep = {"not": deep}
    assert await door.codes(LIST, Role.DPO, where=deep) == ["BAD_USER_INPUT"]
    wide = {"and": [{"search": "xx"}] * 51}
    assert await door.codes(LIST, Role.DPO, where=wide) == ["BAD_USER_INPUT"]
    both = {"assignee": {"me": True, "unassigned": True}}
    assert (await door.post(LIST, where=both)).status_code == 400


def _reads(seen: list[str]) -> list[str]:
    """Without the journal, and who calls, which is known for some seconds."""
    return [sql for sql in seen if "INSERT" not in sql and "api_token" not in sql]


async def test_a_page_costs_one_statement_a_level(
    door: Door, house: House, statements: Statements
) -> None:
    """However many rows it has."""
    counts = []
    for rows in (1, 12):
        for number in range(rows):
            place = number + 100 * rows
            client = await make_client(house, f"C {place}", f"c{place}@example.com")
            case = await make_case(place, NOW - timedelta(days=number), subject=client)
            await make_entry(house, case, TimelineKind.RECEIVED)
            await make_letter(house, place, Fate.REGISTERED, request=case, received_at=NOW)
            await make_outbound(house, place, DeliveryState.SENT, case)
            await make_event(client, Purpose.MARKETING, ConsentEventKind.GIVEN, NOW)
        with statements.counting() as seen:
            await door.ask(BOARD)
        counts.append(len(_reads(seen)))
    # requests, types, subject, addresses, consents, timeline, outbound, which PostgreSQL gives at
    # once; extension, events, messages; nobody is assigned and no colleague wrote a line
    assert counts == ([4, 4] if is_postgres() else [10, 10])


async def test_tasks_stand_under_the_right_they_are_for_in_one_statement(
    door: Door, statements: Statements
) -> None:
    """A search shared by two rights under both; refused rights have nothing."""
    rights = (RequestType.INFORMATION, RequestType.COPY, RequestType.RESTRICTION)
    for number in (61, 62):
        case = await make_case(number, NOW, rights)
        for kind in (TaskKind.SEARCH, TaskKind.RESTRICT, TaskKind.NOTIFY_RECIPIENT):
            await FulfilmentTask.create(request=case, kind=kind, system="x", created_at=NOW)
    with statements.counting() as seen:
        data = await door.ask("{ requests { nodes { items { type tasks { kind } } } } }")
    read = [sql for sql in seen if "fulfilment_task" in sql]
    assert len(read) == 1
    for node in data["requests"]["nodes"]:
        found = {item["type"]: [one["kind"] for one in item["tasks"]] for item in node["items"]}
        assert found == {
            "INFORMATION": ["SEARCH"],
            "COPY": ["SEARCH"],
            "RESTRICTION": ["RESTRICT", "NOTIFY_RECIPIENT"],
        }


async def test_fields_nobody_selected_are_not_read(
    door: Door, sample: Sample, statements: Statements
) -> None:
    """No sealed column, no level, no count without being asked for."""
    with statements.counting() as seen:
        await door.ask("{ requests { nodes { reference messages { nodes { id } } } } }")
    reads = _reads(seen)
    assert reads
    assert not any("sealed" in sql or "count(*)" in sql for sql in reads)


CASE_AT_ONCE = """query Case($reference: String!) { requestByReference(reference: $reference) {
  items { type decidedBy { name } } subject { displayName consents { state } } allowedActions
  assignee { name } outbound { kind } timeline(first: 2) { nodes { kind actor { label } } } } }"""


async def test_a_case_with_all_below_it_is_one_statement_on_postgresql(
    door: Door, sample: Sample, statements: Statements
) -> None:
    """What SQLite, without a way to go, is asked level by level."""
    with statements.counting() as seen:
        await door.ask(CASE_AT_ONCE, reference="NP-2026-0002")
    assert len(_reads(seen)) == (1 if is_postgres() else 8)


async def test_what_is_refused_is_not_even_read(
    door: Door, sample: Sample, statements: Statements
) -> None:
    """A viewer's question for a text opens nothing."""
    with statements.counting() as seen:
        await door.post(
            "{ requests { nodes { messages { nodes { text subject } } } } }", Role.VIEWER
        )
    assert not any("text_sealed" in sql for sql in seen)


async def test_aliases_of_one_list_are_lists_of_their_own(door: Door, sample: Sample) -> None:
    """The same children asked for twice, differently, also through edges and nodes."""
    await make_entry(door.app.state.desk.house, sample.case, TimelineKind.NOTE)
    data = await door.ask(
        """query Q { requests(where: {search: "NP-2026-0002"}) {
             nodes { one: timeline(first: 1) { nodes { kind } } all: timeline { nodes { kind } } }
             edges { node { one: timeline(first: 1, kinds: [NOTE]) { nodes { kind } } } } } }"""
    )
    (node,) = data["requests"]["nodes"]
    assert [entry["kind"] for entry in node["one"]["nodes"]] == ["RECEIVED"]
    assert [entry["kind"] for entry in node["all"]["nodes"]] == ["RECEIVED", "NOTE"]
    (edge,) = data["requests"]["edges"]
    assert [entry["kind"] for entry in edge["node"]["one"]["nodes"]] == ["NOTE"]


async def test_skip_include_and_fragments_are_followed(door: Door, sample: Sample) -> None:
    """What is read is what is selected."""
    data = await door.ask(
        """query Q($no: Boolean!) { requestByReference(reference: "np-2026-0002") {
             ...A ... on DataSubjectRequest @include(if: $no) { channel }
             assignee @skip(if: $no) { name } } }
           fragment A on DataSubjectRequest { reference subject { ...C } }
           fragment C on Client { displayName contracts { number } }""",
        no=False,
    )
    assert data["requestByReference"] == {
        "reference": "NP-2026-0002",
        "subject": {"displayName": "Mari Maasikas", "contracts": [{"number": "L-1"}]},
        "assignee": {"name": "Person case_handler"},
    }


async def test_reads_of_personal_data_stand_in_the_journal(door: Door, sample: Sample) -> None:
    """One row an operation: who, which operation, which objects, under the call's id."""
    response = await door.post(
        'query Look { requestByReference(reference: "NP-2026-0002") { subject { displayName }'
        " messages { nodes { text } } } }"
    )
    row = await JournalEntry.get(action="read")
    assert set(row.targets) == {
        f"DataSubjectRequest:{sample.case.id}",
        f"Client:{sample.mari.id}",
        f"Message:{sample.letter.id}",
    }
    assert (row.operation, row.actor_label) == ("Look", "Person case_handler")
    assert row.call_id == response.headers["x-request-id"]
    await door.ask("query Nothing { consentPurposes { code } }")
    assert await JournalEntry.filter(action="read").count() == 1


async def test_who_stands_beyond_the_page_is_not_in_the_journal(door: Door, house: House) -> None:
    """One row more than asked is read to know whether a page follows; nobody sees it."""
    for number in (1, 2):
        client = await make_client(house, f"C {number}", f"c{number}@example.com")
        await make_case(number, NOW + timedelta(days=number), subject=client)
    await door.ask(
        "query Short { requests(first: 1) { nodes { id subject { id consents { state } } } } }"
    )
    row = await JournalEntry.get(operation="Short")
    assert row.targets == ["DataSubjectRequest:1", "Client:1"]
