"""Originals and attachments: bearer, case handlers and DPO, journalled, never shown inline."""

from urllib.parse import quote

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.access import LETTERS
from api.call import Call, Desk
from api.http import UNAUTHENTICATED, caller
from api.ids import encode, key_of
from models.acts.journal import ReadRecord
from models.database import rows

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


async def original(request: Request) -> Response:
    """GET /messages/{id}.eml: the bytes as they were fetched."""
    call = await _allowed(request)
    if isinstance(call, Response):
        return call
    key = _key(request, "Message")
    found = await rows(
        "SELECT w.sealed FROM message m JOIN raw_letter w ON w.id = m.raw_letter_id WHERE m.id = ?",
        (key,),
    )
    if not found or found[0]["sealed"] is None:
        return _problem(404, "There is no such letter, or its original was removed.")
    content = call.house.vault.open("raw", found[0]["sealed"])
    await _journal(call, f"Message:{key}", "read.original")
    return _download(content, "message/rfc822", f"{encode('Message', key)}.eml")


async def attachment(request: Request) -> Response:
    """GET /files/{id}: the content of one attachment."""
    call = await _allowed(request)
    if isinstance(call, Response):
        return call
    key = _key(request, "Attachment")
    found = await rows(
        "SELECT message_id, name_sealed, content_sealed FROM attachment WHERE id = ?", (key,)
    )
    if not found or found[0]["content_sealed"] is None:
        return _problem(404, "There is no such file, or its content was removed.")
    content = call.house.vault.open("attachment", found[0]["content_sealed"])
    name = call.house.vault.open_text("attachment-name", found[0]["name_sealed"]) or "file"
    await _journal(call, f"Attachment:{key}", "read.file", f"Message:{found[0]['message_id']}")
    # what the letter says it is must not decide how a browser treats it
    return _download(content, "application/octet-stream", name)


async def _allowed(request: Request) -> Call | Response:
    desk: Desk = request.app.state.desk
    viewer = await caller(desk, request.headers)
    if viewer is None:
        return _problem(401, "A valid bearer token is needed.", UNAUTHENTICATED)
    if not viewer.may(LETTERS):
        return _problem(403, "Your role may not see this.")
    return Call(desk, viewer)


def _key(request: Request, kind: str) -> int:
    try:
        return key_of(request.path_params["id"], kind)
    except GraphQLError:
        return 0


async def _journal(call: Call, *parts: str) -> None:
    target, action, *more = parts
    await call.desk.journal.record(
        ReadRecord(call.viewer.actor, (target, *more), None, call.call_id, action)
    )


def _download(content: bytes, media_type: str, name: str) -> Response:
    safe = "".join(sign if sign.isprintable() else "_" for sign in name)
    disposition = f"attachment; filename*=UTF-8''{quote(safe, safe='')}"
    return Response(
        content, media_type=media_type, headers={**_HEADERS, "Content-Disposition": disposition}
    )


def _problem(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{text}\n", status, {**_HEADERS, **(headers or {})})
