"""Callers over HTTP, without a socket."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
from starlette.applications import Starlette

from models.vocabulary import Role

RESPONSE_JSON = "application/graphql-response+json"


_UNNAMED = re.compile(r"\A\s*(query|mutation|subscription)?\s*(?=[({])")


def named(query: str) -> str:
    """The document with a name for its operation: production takes no other."""
    return _UNNAMED.sub(lambda found: f"{found[1] or 'query'} Test ", query, count=1)


class Door:
    """POST /graphql as any role."""

    def __init__(self, http: httpx.AsyncClient, tokens: dict[Role, str], app: Starlette) -> None:
        self.http = http
        self.tokens = tokens
        self.app = app

    @classmethod
    @asynccontextmanager
    async def over(cls, app: Starlette, tokens: dict[Role, str]) -> AsyncIterator["Door"]:
        """Straight into the application."""
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as http:
            yield cls(http, tokens, app)

    def headers(self, role: Role | None) -> dict[str, str]:
        """Headers of a caller."""
        return {} if role is None else {"Authorization": f"Bearer {self.tokens[role]}"}

    async def post(
        self,
        query: str,
        role: Role | None = Role.CASE_HANDLER,
        accept: str = RESPONSE_JSON,
        **variables: Any,
    ) -> httpx.Response:
        """One operation."""
        return await self.http.post(
            "/graphql",
            json={"query": named(query), "variables": variables},
            headers={**self.headers(role), "Accept": accept},
        )

    async def ask(self, query: str, role: Role = Role.CASE_HANDLER, **variables: Any) -> Any:
        """`data` of one operation that must succeed."""
        response = await self.post(query, role, **variables)
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        assert response.status_code == 200
        return answer["data"]

    async def codes(self, query: str, role: Role, **variables: Any) -> list[str]:
        """`extensions.code` of the errors of one operation."""
        answer = (await self.post(query, role, **variables)).json()
        return [error.get("extensions", {}).get("code", "") for error in answer.get("errors", [])]


class Statements:
    """What goes to the database."""

    def __init__(self) -> None:
        self._seen: list[list[str]] = []

    def add(self, sql: str) -> None:
        """One statement."""
        for seen in self._seen:
            seen.append(sql)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """Statements sent meanwhile."""
        seen: list[str] = []
        self._seen.append(seen)
        try:
            yield seen
        finally:
            self._seen.remove(seen)
