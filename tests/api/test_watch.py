"""Every request is one line of the log, one count of the metrics, and has an id."""

from collections.abc import MutableMapping
from typing import Any

import pytest
import structlog

from api.ids import encode
from models.tables import JournalEntry
from models.vocabulary import Role
from tests.api.desk import Door
from tests.api.seeds import Sample

TYPENAME = b'{"query": "query Name { __typename }"}'


def told(lines: list[MutableMapping[str, Any]]) -> tuple[Any, ...]:
    """The one line there is: operation, status, codes, cost."""
    (line,) = lines
    assert line["event"] == "answered"
    return line["operation"], line["status"], line["codes"], line["cost"]


async def counted(door: Door, operation: str, status: int) -> str | None:
    """How many answers with this status an operation had, as the metrics say."""
    text = (await door.http.get("/metrics")).text
    place = f'operation="{operation}",status="{status}"}} '
    return next((line.split()[-1] for line in text.splitlines() if place in line), None)


@pytest.mark.parametrize(
    ("method", "body", "headers", "status"),
    [
        ("GET", b"", {}, 405),
        ("POST", TYPENAME, {"Accept": "text/html"}, 406),
        ("POST", TYPENAME, {"Content-Type": "text/plain"}, 415),
        ("POST", TYPENAME, {"Authorization": "Bearer wrong"}, 401),
        ("POST", b" " * 300_000, {}, 413),
        ("POST", b"no JSON", {}, 400),
    ],
)
async def test_a_refusal_is_told_as_every_answer_is(
    door: Door, method: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    """By its status, with the id that the caller has."""
    given = {"Content-Type": "application/json", **door.headers(Role.CASE_HANDLER), **headers}
    with structlog.testing.capture_logs() as lines:
        response = await door.http.request(method, "/graphql", content=body, headers=given)
    code = "UNAUTHENTICATED" if status == 401 else "BAD_USER_INPUT"
    assert told(lines) == ("unnamed", status, [code], 0)
    assert lines[0]["request"] == response.headers["x-request-id"]
    assert await counted(door, "unnamed", status) == "1.0"


async def test_a_document_that_does_not_fit_is_told_by_its_name_and_cost(door: Door) -> None:
    """The point it cost is told to the caller too."""
    with structlog.testing.capture_logs() as lines:
        response = await door.post("query Wrong { nothingLikeThis }")
    assert told(lines) == ("Wrong", 422, ["BAD_USER_INPUT"], 1)
    assert response.json()["extensions"]["cost"]["points"] == 1


async def test_who_asks_too_much_is_told(door: Door) -> None:
    """429, with what the operation would have cost; nobody has less than nothing left."""
    door.app.state.desk.buckets._size = 10
    page = "query Page { requests(first: 100) { nodes { id } } }"
    with structlog.testing.capture_logs() as lines:
        first, second = await door.post(page), await door.post(page)
    cost = first.json()["extensions"]["cost"]["points"]
    assert told(lines[1:]) == ("Page", 429, ["LIMIT_EXCEEDED"], cost)
    assert [one.headers["x-ratelimit-remaining"] for one in (first, second)] == ["0", "0"]


async def test_files_are_told_by_kind_of_path_and_journalled_under_the_same_id(
    door: Door, sample: Sample
) -> None:
    """Handed out, refused or not there; the line says who, and never which."""
    path = f"/files/{encode('Attachment', sample.file.id)}"
    for role, status in ((Role.DPO, 200), (Role.VIEWER, 403), (None, 401)):
        with structlog.testing.capture_logs() as lines:
            response = await door.http.get(path, headers=door.headers(role))
        assert told(lines) == ("/files/{id}", status, [], 0)
        assert (lines[0]["caller"] == "nobody") == (role is None)
        assert lines[0]["request"] == response.headers["x-request-id"]
        assert await counted(door, "/files/{id}", status) == "1.0"
        if status == 200:
            row = await JournalEntry.get(action="read.file")
            assert row.call_id == response.headers["x-request-id"]
    with structlog.testing.capture_logs() as lines:
        await door.http.put("/requests/x/files", content=b"x", headers=door.headers(Role.DPO))
    assert told(lines)[:2] == ("/requests/{id}/files", 422)


async def test_a_path_that_is_none_is_told_without_its_words(door: Door) -> None:
    with structlog.testing.capture_logs() as lines:
        await door.http.get("/mari@example.com")
    assert told(lines)[:2] == ("unnamed", 404)
    assert "mari" not in str(lines)


async def test_machines_that_ask_how_we_are_fill_no_log(door: Door) -> None:
    with structlog.testing.capture_logs() as lines:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert "x-request-id" in (await door.http.get(path)).headers
    assert lines == []


async def test_a_file_that_cannot_be_journalled_is_not_handed_out(
    door: Door,
    sample: Sample,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """500 and a sentence; the log names the place under the caller's id, without words."""

    async def broken(_: object) -> None:
        raise ConnectionError("a secret word")

    monkeypatch.setattr("models.acts.journal.write_reads", broken)
    path = f"/files/{encode('Attachment', sample.file.id)}"
    response = await door.http.get(path, headers=door.headers(Role.DPO))
    assert (response.status_code, response.text) == (500, "Something went wrong on our side.\n")
    assert response.headers["x-request-id"] in caplog.text
    assert "secret" not in caplog.text
