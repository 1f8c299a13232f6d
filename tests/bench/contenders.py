"""Servers that answer the same questions, each as one process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import orjson

from tests.processes import ROOT, kill, settings

FLOOR, OURS, PEER = "hand-written SQL", "this API", "PostGraphile 5"
PEER_FOLDER = Path(__file__).parent / "peers"
PATIENCE = 60
_FRESH = count(1)

_CASE = """query Case%(n)s($reference: String!) { requestByReference(reference: $reference) {
  reference status receivedAt deadline { dueOn }
  subject { displayName kind consents { state since purpose { code } } }
  lastEntry { kind at summary } } }"""
_BOARD = """query Board%(n)s($since: Date!) {
  requests(first: 50, where: {status: {in: [NEW, IN_PROGRESS]}, dueOn: {gte: $since}}) {
    nodes { reference status receivedAt deadline { dueOn }
      subject { displayName kind consents { state since purpose { code } } }
      lastEntry { kind at summary } }
    pageInfo { hasNextPage endCursor } } }"""
_STATISTICS = """query Figures%(n)s($from: Date!, $until: Date!) {
  statistics(period: {from: $from, until: $until}) {
    asOf open overdue dueSoon triage bounced held onTimeShare
    byStatus { status count } byType { type count } byLanguage { language count }
    received { on count } timeToAcknowledge { count median p90 }
    timeToClose { count median p90 } } }"""
_PEER_ROW = """reference status receivedAt dueOn
  clientBySubjectId { displayName kind
    consentsByClientIdList { state since consentPurposeByPurposeId { code } } }
  lastEntry { kind at summary }"""
_PEER_CASE = "query Case%(n)s($reference: String!) { requestByReference(reference: $reference) { "
_PEER_CASE += _PEER_ROW + " } }"
_PEER_BOARD = "query Board%(n)s($since: Date!) { board(since: $since, first: 50) { nodes { "
_PEER_BOARD += _PEER_ROW + " } pageInfo { hasNextPage endCursor } } }"
_PEER_STATISTICS = """query Figures%(n)s($from: Date!, $until: Date!) {
  statistics(from: $from, until: $until) }"""
_WORDS = ("status", "type", "language")

Question = tuple[str, dict[str, Any]]  # (case, board or statistics; variables)


@dataclass(frozen=True, slots=True)
class Contender:
    """A running server and how it is asked."""

    name: str
    port: int
    headers: Mapping[str, str]
    documents: Mapping[str, str]
    rows: Callable[[Any], list[Any]]
    pid: int

    def cpu_ms(self) -> float:
        """Processor time of this process since it began: other load does not change it."""
        of_stat = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(of_stat[11]) + int(of_stat[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def path(self, kind: str) -> str:
        """Where a question goes."""
        return f"/{kind}" if self.name == FLOOR else "/graphql"

    def bodies(self, questions: list[Question]) -> list[str]:
        """Requests with a document this server has not seen before."""
        number = next(_FRESH)
        return [
            orjson.dumps(
                {"query": self.documents.get(kind, "") % {"n": number}, "variables": variables}
            ).decode()
            for kind, variables in questions
        ]

    async def answer(self, question: Question) -> list[Any]:
        """The rows of one answer in one form for all: who answers differently does not compete."""
        async with httpx.AsyncClient(timeout=PATIENCE) as http:
            response = await http.post(
                f"http://127.0.0.1:{self.port}{self.path(question[0])}",
                content=self.bodies([question])[0],
                headers={**self.headers, "Content-Type": "application/json"},
            )
        found = response.json()
        if response.status_code != 200 or "errors" in found:
            raise RuntimeError(f"{self.name}: {response.text[:500]}")
        return self.rows(found)


def _instant(value: str | None) -> str | None:
    """To the second, in UTC: forms differ."""
    return value and value.replace(" ", "T")[:19]


def _row(row: Any, due: str, client: Any, consents: Any, code: Callable[[Any], str]) -> Any:
    state = {"GIVEN": "GIVEN", "WITHDRAWN": "WITHDRAWN", "REFUSED": "REFUSED"}
    return [
        row["reference"],
        row["status"].upper(),
        _instant(row["receivedAt"]),
        due,
        client["displayName"],
        client["kind"].upper(),
        [
            (code(one).upper(), state.get((one["state"] or "").upper()), _instant(one["since"]))
            for one in consents
        ],
        row["lastEntry"]["kind"].upper(),
        _instant(row["lastEntry"]["at"]),
        row["lastEntry"]["summary"],
    ]


def _figures(found: Any) -> Any:
    """Statistics without the moment; words in upper case, each list in one order."""
    if isinstance(found, dict):
        return {
            name: value.upper() if name in _WORDS else _figures(value)
            for name, value in found.items()
            if name != "asOf"
        }
    if isinstance(found, list):
        return sorted(map(_figures, found), key=str)
    return round(found, 9) if isinstance(found, float) else found


def _ours(found: Any) -> list[Any]:
    data = next(iter(found["data"].values()))
    if "asOf" in data:
        return [_figures(data)]
    rows = data.get("nodes", [data])
    return [
        _row(
            row,
            row["deadline"]["dueOn"],
            row["subject"],
            row["subject"]["consents"],
            lambda one: one["purpose"]["code"],
        )
        for row in rows
    ]


def _peers(found: Any) -> list[Any]:
    data = next(iter(found["data"].values()))
    if "open" in data:
        return [_figures(data)]
    rows = data.get("nodes", [data])
    return [
        _row(
            row,
            row["dueOn"],
            row["clientBySubjectId"],
            row["clientBySubjectId"]["consentsByClientIdList"],
            lambda one: one["consentPurposeByPurposeId"]["code"],
        )
        for row in rows
    ]


def _floors(found: Any) -> list[Any]:
    if "open" in found:
        return [_figures(found)]
    rows = found if isinstance(found, list) else [found]
    return [
        _row(
            row,
            row["dueOn"],
            row["subject"],
            row["subject"]["consents"],
            lambda one: one["purpose"]["code"],
        )
        for row in rows
    ]


async def _port(process: asyncio.subprocess.Process) -> int:
    """From the line in which a server says where it listens."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        while line := await process.stdout.readline():
            if b"http://" in line:
                return int(line.strip().removesuffix(b"/graphql").rsplit(b":", 1)[1])
    raise RuntimeError("a server of the bench did not start")


@asynccontextmanager
async def _process(
    *command: str, environ: Mapping[str, str], cwd: Path
) -> AsyncIterator[tuple[int, int]]:
    """(port, process id) of a running server."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env=dict(environ),
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield await _port(process), process.pid
    finally:
        kill(process)
        await process.wait()


@asynccontextmanager
async def ours(url: str, token: str) -> AsyncIterator[Contender]:
    """`api serve` with everything on: authority, limits, cost, the journal of reads."""
    environ = settings(url, "", "") | {
        "PORT": "0",
        "PYTHONPATH": str(ROOT),
        "POINTS_PER_MINUTE": "1000000000000",
        "LOG_FORMAT": "json",
    }
    documents = {"case": _CASE, "board": _BOARD, "statistics": _STATISTICS}
    command = (sys.executable, "-m", "api", "serve")
    async with _process(*command, environ=environ, cwd=ROOT) as (port, pid):
        yield Contender(OURS, port, {"Authorization": f"Bearer {token}"}, documents, _ours, pid)


@asynccontextmanager
async def floor(url: str) -> AsyncIterator[Contender]:
    """One statement, no GraphQL, nothing checked."""
    environ = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-m", "tests.bench.handwritten")
    async with _process(*command, environ=environ, cwd=ROOT) as (port, pid):
        yield Contender(FLOOR, port, {}, {}, _floors, pid)


@asynccontextmanager
async def peer(url: str, folder: Path) -> AsyncIterator[Contender]:
    """PostGraphile over the same tables; `folder` is where npm installed it."""
    environ = {
        "PATH": os.environ["PATH"],
        "PEER_URL": url.replace("postgres://", "postgresql://", 1),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }
    command = (str(folder / "node_modules/.bin/node"), str(folder / "serve.mjs"))
    documents = {"case": _PEER_CASE, "board": _PEER_BOARD, "statistics": _PEER_STATISTICS}
    async with _process(*command, environ=environ, cwd=folder) as (port, pid):
        yield Contender(PEER, port, {}, documents, _peers, pid)


def since(days: int) -> str:
    """The first due date of a page."""
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()
