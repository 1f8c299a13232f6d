"""Bytes in and out: bearer, case handlers and DPO, journalled, never shown inline."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.access import LETTERS
from api.call import Call, Desk
from api.http import UNAUTHENTICATED, caller
from api.ids import decode, encode, number
from api.reads.seen import letter_roles
from api.watch import seen_of
from models.acts.journal import ReadRecord
from models.database import rows

NOT_YOURS = "Your role may not see this."
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


async def original(request: Request) -> Response:
    """GET /messages/{id}.eml: the bytes as they were fetched."""
    call = await allowed(request)
    if isinstance(call, Response):
        return call
    kind, key = _place(request)
    found = await rows(
        "SELECT m.request_id, m.fate, w.sealed FROM message m"
        " JOIN raw_letter w ON w.id = m.raw_letter_id WHERE m.id = ?",
        (key if kind == "Message" else 0,),
    )
    if found and not call.viewer.may(letter_roles(found[0])):
        return problem(403, NOT_YOURS)
    if not found or found[0]["sealed"] is None:
        return problem(404, "There is no such letter, or its original was removed.")
    content = call.house.vault.open("raw", found[0]["sealed"])
    await _journal(call, f"Message:{key}", "read.original")
    return _download(content, "message/rfc822", f"{encode('Message', key)}.eml")


@dataclass(frozen=True, slots=True)
class Content:
    """What one id stands for; `also` are journal targets beside it."""

    content: bytes
    name: str
    action: str = "read.file"
    also: tuple[str, ...] = ()
    # what a letter says it is must not decide how a browser treats it
    media_type: str = "application/octet-stream"


async def file(request: Request) -> Response:
    """GET /files/{id}: an attachment, a file of a case, or an access package."""
    call = await allowed(request)
    if isinstance(call, Response):
        return call
    kind, key = _place(request)
    found = await CONTENTS[kind](call, key) if kind in CONTENTS else None
    if isinstance(found, Response):
        return found
    if found is None:
        return problem(404, "There is no such file, or its content is no longer kept.")
    await _journal(call, f"{kind}:{key}", found.action, *found.also)
    return _download(found.content, found.media_type, found.name)


async def _attachment(call: Call, key: int) -> Content | Response | None:
    found = await rows(
        "SELECT a.message_id, a.name_sealed, a.content_sealed, m.request_id, m.fate"
        " FROM attachment a JOIN message m ON m.id = a.message_id"
        " WHERE a.id = ? AND a.content_sealed IS NOT NULL",
        (key,),
    )
    if not found:
        return None
    if not call.viewer.may(letter_roles(found[0])):
        return problem(403, NOT_YOURS)
    vault, row = call.house.vault, found[0]
    return Content(
        vault.open("attachment", row["content_sealed"]),
        vault.open_text("attachment-name", row["name_sealed"]) or "file",
        also=(f"Message:{row['message_id']}",),
    )


async def _case_file(call: Call, key: int) -> Content | None:
    found = await rows(
        "SELECT request_id, name_sealed, content_sealed FROM case_file"
        " WHERE id = ? AND content_sealed IS NOT NULL",
        (key,),
    )
    if not found:
        return None
    vault, row = call.house.vault, found[0]
    return Content(
        vault.open("file", row["content_sealed"]),
        vault.open_text("file-name", row["name_sealed"]) or "file",
        also=(f"DataSubjectRequest:{row['request_id']}",),
    )


async def _package(call: Call, key: int) -> Content | None:
    found = await rows(
        "SELECT p.request_id, p.content_sealed, r.reference FROM access_package p"
        " JOIN request r ON r.id = p.request_id"
        " WHERE p.id = ? AND p.content_sealed IS NOT NULL AND p.expires_at > ?",
        (key, call.now),
    )
    if not found:
        return None
    row = found[0]
    return Content(
        call.house.vault.open("package", row["content_sealed"]),
        f"{row['reference']}.zip",
        "read.package",
        (f"DataSubjectRequest:{row['request_id']}",),
        "application/zip",
    )


CONTENTS: dict[str, Callable[[Call, int], Awaitable[Content | Response | None]]] = {
    "Attachment": _attachment,
    "CaseFile": _case_file,
    "AccessPackage": _package,
}


async def allowed(request: Request) -> Call | Response:
    """The call of somebody who may see letters, or the answer for anybody else."""
    desk: Desk = request.app.state.desk
    seen = seen_of(request.scope)
    viewer = seen.viewer = await caller(desk, request.headers)
    if viewer is None:
        return problem(401, "A valid bearer token is needed.", UNAUTHENTICATED)
    if not viewer.may(LETTERS):
        return problem(403, NOT_YOURS)
    return Call(desk, viewer, seen.call_id)


def _place(request: Request) -> tuple[str, int]:
    """Type and row number behind the id of the path; ("", 0) when it is none."""
    try:
        kind, key = decode(request.path_params["id"])
    except GraphQLError:
        return "", 0
    return kind, number(key) or 0


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


def problem(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    """One sentence as plain text."""
    return PlainTextResponse(f"{text}\n", status, {**_HEADERS, **(headers or {})})
