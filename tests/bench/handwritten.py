"""`python -m tests.bench.handwritten`: the floor, one SQL statement a request, no GraphQL.

No token, no limits, no journal: what the database and the HTTP server alone cost.
"""

import asyncio
import os
import socket
import sys
from datetime import date

import asyncpg
import orjson
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_CONSENTS = """
(SELECT coalesce(json_agg(json_build_object('state', l.kind, 'since', l.effective_at,
    'purpose', json_build_object('code', p.code)) ORDER BY p.id), '[]')
  FROM consent_purpose p LEFT JOIN LATERAL (SELECT kind, effective_at FROM consent_event e
    WHERE e.client_id = c.id AND e.purpose_id = p.id AND e.effective_at <= now()
    ORDER BY e.effective_at DESC, e.id DESC LIMIT 1) l ON true WHERE p.is_active)
"""
_ONE = f"""
SELECT json_build_object('reference', r.reference, 'status', r.status, 'receivedAt', r.received_at,
  'dueOn', r.due_on, 'subject', json_build_object('displayName', c.display_name, 'kind', c.kind,
    'consents', {_CONSENTS}),
  'lastEntry', (SELECT json_build_object('kind', t.kind, 'at', t.at, 'summary', t.summary)
    FROM timeline_entry t WHERE t.request_id = r.id ORDER BY t.id DESC LIMIT 1))::text
FROM request r LEFT JOIN client c ON c.id = r.subject_id
"""
CASE = f"{_ONE} WHERE r.reference = $1"
BOARD = (
    f"{_ONE} WHERE r.status IN ('new', 'in_progress') AND r.due_on >= $1 AND r.target_on >= $1"
    " ORDER BY r.target_on, r.id LIMIT 50"
)
STATISTICS = "SELECT statistics($1, $2)::text"  # peers/peer.sql: the peer asks the same


def application(pool: asyncpg.Pool) -> Starlette:
    """POST /case, /board and /statistics with the same variables as the documents."""

    async def case(request: Request) -> Response:
        asked = orjson.loads(await request.body())
        return Response(await pool.fetchval(CASE, asked["variables"]["reference"]))

    async def board(request: Request) -> Response:
        asked = orjson.loads(await request.body())
        since = date.fromisoformat(asked["variables"]["since"])
        found = await pool.fetch(BOARD, since)
        return Response("[" + ",".join(row[0] for row in found) + "]")

    async def statistics(request: Request) -> Response:
        asked = orjson.loads(await request.body())["variables"]
        span = (date.fromisoformat(asked["from"]), date.fromisoformat(asked["until"]))
        return Response(await pool.fetchval(STATISTICS, *span))

    handlers = (("/case", case), ("/board", board), ("/statistics", statistics))
    return Starlette(routes=[Route(path, one, methods=["POST"]) for path, one in handlers])


async def main() -> None:
    """Serves the database of DATABASE_URL on the port it prints."""
    url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)
    async with asyncpg.create_pool(url, min_size=4, max_size=8) as pool:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
            sys.stdout.flush()
            config = uvicorn.Config(application(pool), log_config=None, access_log=False)
            await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    # asyncio's own loop would answer in two packets on this socket
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
