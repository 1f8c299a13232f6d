"""What a request says of its forms: which answer it takes, how its body is written."""

import re

from starlette.datastructures import Headers

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
ANY = "*/*"
PLAIN_BODY = "Content-Encoding must be left out: send the body as it is, not compressed."
_WEIGHT = re.compile(r"q\s*=\s*(\d+(?:\.\d*)?|\.\d+)")


def media_type(headers: Headers) -> str | None:
    """What to answer with; None when the caller takes neither form.

    The newer form goes to those who name it, or want it more; the older one to everybody else.
    """
    weights = _weights(",".join(headers.getlist("accept")) or ANY)
    newer, older = _weight(RESPONSE_JSON, weights), _weight(JSON, weights)
    if not newer and not older:
        return None
    is_newer = newer >= older if RESPONSE_JSON in weights else newer > older
    return RESPONSE_JSON if is_newer else JSON


def _weights(accept: str) -> dict[str, float]:
    """How much each form or range is wanted; 0 is not at all."""
    found: dict[str, float] = {}
    for part in accept.lower().split(","):
        kind, *parameters = (one.strip() for one in part.split(";"))
        said = [float(one[1]) for one in map(_WEIGHT.fullmatch, parameters) if one]
        found[kind] = max(found.get(kind, 0), said[0] if said else 1)
    return found


def _weight(kind: str, weights: dict[str, float]) -> float:
    """What is said of the form itself goes before what is said of a range."""
    return next((weights[one] for one in (kind, "application/*", ANY) if one in weights), 0)


def is_encoded(headers: Headers) -> bool:
    """Whether the body is compressed, which we do not undo."""
    return headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}


def is_json(headers: Headers) -> bool:
    """Whether the body says that it is JSON in UTF-8."""
    kind, _, rest = headers.get("content-type", "").partition(";")
    charset = re.search(r'charset\s*=\s*"?([\w-]+)', rest.lower())
    is_utf8 = charset is None or charset.group(1) in {"utf-8", "utf8"}
    return kind.strip().lower() == JSON and is_utf8
