"""GraphQL over HTTP: what is taken, what is refused, and how it is said."""

import gzip
import re
from typing import Any

import httpx
import pytest
import structlog
from graphql import build_client_schema, get_introspection_query

from api.app import build_app
from api.ids import encode
from api.settings import ApiSettings
from models.house import House
from models.vocabulary import Role
from tests.api.desk import RESPONSE_JSON, Door
from tests.api.seeds import Sample

TYPENAME = '{"query": "query Name { __typename }"}'


async def raw(door: Door, body: bytes | str, **headers: str) -> httpx.Response:
    """A POST with exactly these headers beside the token."""
    given = {"Content-Type": "application/json", "Accept": RESPONSE_JSON}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await door.http.post(
        "/graphql", content=body, headers=door.headers(Role.CASE_HANDLER) | given
    )


async def test_the_answer_has_the_media_type_that_was_accepted(door: Door) -> None:
    """graphql-response+json when asked for, json to older clients and to */*."""
    for accept, kind in (
        (RESPONSE_JSON, RESPONSE_JSON),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        (f"{RESPONSE_JSON}, application/json;q=0.9", RESPONSE_JSON),
        (f"{RESPONSE_JSON};q=0.5, application/json;q=0.50", RESPONSE_JSON),
        (f"{RESPONSE_JSON};q=0.1, application/json", "application/json"),
        (f"{RESPONSE_JSON};q=0, */*", "application/json"),
        (f"{RESPONSE_JSON}; charset=utf-8; q=1.0, text/html", RESPONSE_JSON),
        ("application/json;q=0, application/*;q=0.1", RESPONSE_JSON),
        ("application/json, multipart/mixed", "application/json"),
        ("", "application/json"),
    ):
        response = await raw(door, TYPENAME, Accept=accept)
        assert response.status_code == 200
        assert response.headers["content-type"] == f"{kind}; charset=utf-8"
        assert response.json()["data"] == {"__typename": "Query"}


async def test_nothing_is_cached_and_every_answer_has_an_id(door: Door) -> None:
    """no-store, and the id under which journal and log know the call."""
    response = await raw(door, TYPENAME)
    assert response.headers["cache-control"] == "no-store"
    assert len(response.headers["x-request-id"]) == 32


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (TYPENAME, {"Content_Type": "text/plain"}, 415),
        (TYPENAME, {"Content_Type": "application/x-www-form-urlencoded"}, 415),
        (TYPENAME, {"Content_Type": "application/json; charset=iso-8859-1"}, 415),
        (TYPENAME, {"Content_Type": "application/json; charset=utf-8"}, 200),
        (TYPENAME, {"Accept": "text/html"}, 406),
        (TYPENAME, {"Accept": f"{RESPONSE_JSON};q=0"}, 406),
        (TYPENAME, {"Accept": "application/json, */*;q=0, application/json;q=0"}, 200),
        (TYPENAME, {"Content_Encoding": "identity"}, 200),
        ("", {}, 400),
        ('{ "not a JSON', {}, 400),
        ("[" + TYPENAME + "]", {}, 400),
        ('{"qeury": "{ __typename }"}', {}, 400),
        ('{"query": 1}', {}, 400),
        ('{"query": ""}', {}, 400),
        ('{"query": "{ __typename }", "variables": "x"}', {}, 400),
        ('{"query": "{ __typename }", "variables": [1]}', {}, 400),
        ('{"query": "{ __typename }", "operationName": 7}', {}, 400),
        ('{"query": "{ __typename }", "operationName": "Other"}', {}, 400),
        ('{"query": "{ __typename }", "extensions": 0}', {}, 400),
        (TYPENAME[:-1] + ', "variables": null, "extensions": null}', {}, 200),
        ('{"query": "{"}', {}, 400),
        ('{"query": "{ nothingLikeThis }"}', {}, 422),
        (
            '{"query": "query Q($id: ID!) { node(id: $id) { id } }", "variables": {"id": null}}',
            {},
            400,
        ),
        ('{"query": "query Q($id: ID!) { __typename }", "variables": {"id": null}}', {}, 400),
        ('{"query": "subscription { requestChanged { entry { id } } }"}', {}, 400),
    ],
)
async def test_a_request_that_is_no_operation_gets_its_status(
    door: Door, body: str, headers: dict[str, str], status: int
) -> None:
    """And an `errors` entry with a code, without `data`."""
    response = await raw(door, body, **headers)
    assert response.status_code == status
    if status != 200:
        answer = response.json()
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
        assert "data" not in answer


ASSIGNED = "requests(where: {assignee: %s}) { nodes { id } }"


@pytest.mark.parametrize("choice", ["{me: true, unassigned: true}", "{}", "{me: null}"])
async def test_not_exactly_one_of_exclusive_choices_is_refused_with_a_code(
    door: Door, choice: str
) -> None:
    """Written in the document; one alone is taken."""
    assert await door.codes(f"{{ {ASSIGNED % choice} }}", Role.DPO) == ["BAD_USER_INPUT"]
    assert await door.codes(f"{{ {ASSIGNED % '{me: true}'} }}", Role.DPO) == []


@pytest.mark.parametrize("choice", [{"me": True, "unassigned": True}, {}, {"me": None}])
async def test_not_exactly_one_of_exclusive_choices_in_a_variable_is_refused_with_a_code(
    door: Door, choice: dict[str, bool | None]
) -> None:
    """The choice, or the whole filter round it."""
    query = f"query Q($by: AssigneeWhere!) {{ {ASSIGNED % '$by'} }}"
    assert await door.codes(query, Role.DPO, by=choice) == ["BAD_USER_INPUT"]
    query = "query Q($by: RequestWhere!) { requests(where: $by) { nodes { id } } }"
    assert await door.codes(query, Role.DPO, by={"assignee": choice}) == ["BAD_USER_INPUT"]


async def test_older_clients_get_200_for_what_does_not_fit_the_schema(door: Door) -> None:
    """application/json hides syntax and validation errors behind 200."""
    for body in ('{"query": "{"}', '{"query": "{ nothingLikeThis }"}'):
        response = await raw(door, body, Accept="application/json")
        assert response.status_code == 200
        assert "data" not in response.json()


async def test_only_post_is_taken(door: Door) -> None:
    """GET, PUT and the rest say which method it is, whatever form they take."""
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        response = await door.http.request(
            method, "/graphql?query={__typename}", headers={"Accept": "text/html"}
        )
        assert response.status_code == 405
        assert response.headers["allow"] == "POST"


async def test_a_compressed_body_is_refused_by_the_name_of_its_header(
    door: Door, sample: Sample
) -> None:
    """415 for operations and for files, which would be kept as they came."""
    response = await raw(door, gzip.compress(TYPENAME.encode()), Content_Encoding="gzip")
    assert response.status_code == 415
    assert response.headers["accept-encoding"] == "identity"
    assert "Content-Encoding" in response.json()["errors"][0]["message"]
    file = await door.http.put(
        f"/requests/{encode('DataSubjectRequest', sample.case.id)}/files",
        params={"name": "a.txt", "category": "CONTACT"},
        content=gzip.compress(b"x"),
        headers=door.headers(Role.CASE_HANDLER) | {"Content-Encoding": "gzip"},
    )
    assert (file.status_code, "Content-Encoding" in file.text) == (415, True)


async def test_pages_of_other_origins_may_read_what_answers_say_of_themselves(
    house: House, door: Door
) -> None:
    """The id, how much is left and how long to wait, and under which name a file is kept."""
    origin = {"Origin": "https://desk.example.com"}
    app = build_app(house, ApiSettings.load({"CORS_ORIGINS": origin["Origin"]}, None))
    async with Door.over(app, door.tokens) as other:
        response = await other.http.post("/graphql", headers=origin)
    shown = set(response.headers["access-control-expose-headers"].split(", "))
    assert {"X-Request-Id", "Retry-After", "Content-Disposition"} < shown
    assert {f"X-RateLimit-{name}" for name in ("Limit", "Remaining", "Reset")} < shown
    assert response.headers["access-control-allow-origin"] == origin["Origin"]
    assert len(response.headers["x-request-id"]) == 32


async def test_without_a_token_there_is_no_answer(door: Door) -> None:
    """401 and WWW-Authenticate, whatever is wrong with the token."""
    for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        response = await door.http.post(
            "/graphql", json={"query": "{ __typename }"}, headers=header
        )
        assert response.status_code == 401
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert response.headers["www-authenticate"].startswith("Bearer")


async def test_a_body_over_the_limit_is_cut_off(door: Door) -> None:
    """413 at 256 KiB."""
    body = '{"query": "{ __typename }", "extensions": {"x": "' + "x" * (256 * 1024) + '"}}'
    assert (await raw(door, body)).status_code == 413


async def test_the_schema_is_not_told_to_callers(door: Door) -> None:
    """No introspection, no hints, no GraphiQL unless DEBUG is set."""
    response = await door.post("{ __schema { types { name } } }")
    assert response.status_code == 422
    hints = (await door.post("{ request { id } }")).json()
    assert "Did you mean" not in str(hints)
    assert (await door.http.get("/graphiql")).status_code == 404


async def test_faults_of_ours_say_nothing_of_themselves(
    door: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The caller gets a call id; the log gets kind and place, never words or variables."""

    async def broken(*_: Any) -> None:
        raise RuntimeError("a secret word")

    monkeypatch.setattr("api.reads.figures.figures.health", broken)
    query = "query Q($x: ID!) { health { database } node(id: $x) { id } }"
    response = await door.post(query, x="s3cret")
    answer = response.json()
    fault = next(e for e in answer["errors"] if e["extensions"]["code"] == "INTERNAL")
    assert fault["extensions"]["callId"] == response.headers["x-request-id"]
    assert "secret" not in response.text
    assert re.search(r"RuntimeError at test_http.py:\d+ < .*, in Q, call ", caplog.text)
    assert "secret" not in caplog.text
    assert "s3cret" not in caplog.text


async def test_each_operation_is_one_line_of_the_log(door: Door, sample: Sample) -> None:
    """Name, caller by number, cost, milliseconds and request id, and nobody's data."""
    query = "query Who($text: String!) { clients(search: $text) { nodes { displayName } } }"
    with structlog.testing.capture_logs() as lines:
        response = await door.post(query, text="mari@example.com")
    told = dict(lines[0])
    assert len(lines) == 1
    assert told["ms"] > 0
    assert re.fullmatch(r"staff \d+", told["caller"])
    assert told | {"ms": 0, "caller": ""} == {
        "event": "answered",
        "log_level": "info",
        "operation": "Who",
        "caller": "",
        "status": 200,
        "codes": [],
        "cost": response.json()["extensions"]["cost"]["points"],
        "ms": 0,
        "request": response.headers["x-request-id"],
    }
    assert not re.search("(?i)mari|person", str(told))


async def test_an_answer_does_not_leave_before_its_reads_are_journalled(
    door: Door, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the journal cannot be written, the caller gets nothing."""

    async def broken(_: object) -> None:
        raise ConnectionError("journal away")

    monkeypatch.setattr("models.acts.journal.write_reads", broken)
    response = await door.post("{ clients { nodes { displayName } } }")
    assert response.status_code == 500
    assert "Mari" not in response.text
    assert "data" not in response.json()


async def test_with_debug_the_schema_is_told(house: House, door: Door) -> None:
    """Introspection, hints and GraphiQL, for developers."""
    app = build_app(house, ApiSettings.load({"DEBUG": "1"}, None))
    async with app.router.lifespan_context(app), Door.over(app, door.tokens) as open_door:
        query = "query Type($name: String!) { __type(name: $name) { name } }"
        data = await open_door.ask(query, name="Client")
        assert data == {"__type": {"name": "Client"}}
        emoji = await open_door.ask('{ __type(name: "Run🏃Swim🏊") { name } }')
        assert emoji == {"__type": None}
        assert "Did you mean" in (await open_door.post("{ request { id } }")).text
        whole = await open_door.ask(get_introspection_query(input_value_deprecation=True))
        assert build_client_schema(whole).query_type
        page = await open_door.http.get("/graphiql")
        assert page.status_code == 200
        # HTTP and WebSocket go to where this address says
        assert 'const fetchURL = new URL("/graphql", window.location.href).href;' in page.text
