"""PUT /requests/{id}/files: a file other systems hold about the person comes into its case.

The body is the file, `name`, `category` and `provided` stand in the query. The same name
and content again change nothing, so a caller that lost the answer sends it again. With
`Content-Digest: sha-256=:…:` (RFC 9530) a damaged file is refused.
"""

import base64
import re
from hashlib import sha256

from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from api.files import allowed, problem
from api.ids import encode, key_of
from api.media import PLAIN_BODY, is_encoded
from models.acts.files import FILE_MAX, NewFile, add_file
from models.shapes import ActRefused
from models.vocabulary import DataCategory, ErrorCode

STATUS = {ErrorCode.NOT_FOUND: 404, ErrorCode.ILLEGAL_TRANSITION: 409}
YES_NO = {"true": True, "false": False}
_DIGEST = re.compile(r"(?:^|[\s,])sha-256=:([A-Za-z0-9+/]{43}=):")


class _Refused(Exception):
    """Why the file is not taken, and with which status."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


async def upload(request: Request) -> Response:
    """201 with the new file, 200 when it was there already, else one sentence."""
    call = await allowed(request)
    if isinstance(call, Response):
        return call
    try:
        file = _described(request, await _body(request))
        done = await add_file(
            call.house,
            call.viewer.actor,
            request_id=_request_id(request),
            file=file,
            call_id=call.call_id,
        )
    except _Refused as refusal:
        headers = {"Connection": "close"} if refusal.status == 413 else None
        return problem(refusal.status, str(refusal), headers)
    except ActRefused as refusal:
        return problem(STATUS.get(refusal.problems[0].code, 422), str(refusal))
    return JSONResponse(
        {
            "id": encode("CaseFile", done.file_id),
            "size": len(file.content),
            "sha256": sha256(file.content).hexdigest(),
        },
        201 if done.created else 200,
        {"Cache-Control": "no-store"},
    )


def _request_id(request: Request) -> int:
    try:
        return key_of(request.path_params["id"], "DataSubjectRequest")
    except GraphQLError:
        return 0  # which no row has


async def _body(request: Request) -> bytes:
    if is_encoded(request.headers):
        raise _Refused(415, PLAIN_BODY)
    too_big = _Refused(413, f"A file has at most {FILE_MAX} bytes.")
    said = request.headers.get("content-length", "0")
    if said.isdecimal() and int(said) > FILE_MAX:
        raise too_big
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > FILE_MAX:
                raise too_big
    except ClientDisconnect:
        raise _Refused(400, "The file broke off: send it again.") from None
    wanted = _DIGEST.search(request.headers.get("content-digest", ""))
    if wanted and base64.b64decode(wanted[1]) != sha256(body).digest():
        raise _Refused(400, "The file does not fit its Content-Digest: send it again.")
    return bytes(body)


def _described(request: Request, content: bytes) -> NewFile:
    given = request.query_params
    category = DataCategory.__members__.get(given.get("category", ""))
    if category is None:
        known = ", ".join(DataCategory.__members__)
        raise _Refused(422, f"category must be one of {known}.")
    provided = YES_NO.get(given.get("provided", "false"))
    if provided is None:
        raise _Refused(422, "provided must be true or false.")
    return NewFile(given.get("name", ""), content, category, provided)
