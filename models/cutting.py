"""Takes one attachment out of the raw bytes of a letter; every other byte stays as it came."""

from email import message_from_bytes
from email.message import Message


def without(raw: bytes, content: bytes) -> bytes | None:
    """The letter without the parts that decode to `content`.

    None when no such part can be cut out cleanly: then nothing of the letter is safe to keep.
    """
    try:
        bodies = {_body(part) for part in message_from_bytes(raw).walk() if _holds(part, content)}
    except Exception:  # `email` raises many kinds of errors on hostile letters
        return None
    bodies.discard(b"")
    if not bodies or any(body not in raw for body in bodies):
        return None
    for body in bodies:
        raw = raw.replace(body, b"")
    return raw


def _holds(part: Message, content: bytes) -> bool:
    return not part.is_multipart() and part.get_payload(decode=True) == content


def _body(part: Message) -> bytes:
    payload = part.get_payload()
    return payload.encode("ascii", "surrogateescape") if isinstance(payload, str) else b""
