"""Bytes to `Letter`: pure, bounded, and never raising, whatever a stranger sends.

Every limit that is met leaves a flag, so that a person knows what was not read.
"""

import hashlib

from mailbot import headers, reports
from mailbot.attachments import read_attachments
from mailbot.body import read_body
from mailbot.charsets import decode
from mailbot.headers import OwnMail
from mailbot.parts import Fields, Tree, decoded, first, guarded, split
from models.shapes import Letter
from models.vocabulary import ReadingFlag

MAX_RAW = 25 * 1024 * 1024  # bytes read of one letter
MAX_VALUE = 20_000  # code points kept of one header value
FALLBACK_TEXT = 100_000

Flags = frozenset[ReadingFlag]
UNREAD: Flags = frozenset(
    {
        ReadingFlag.HEADER_UNREADABLE,
        ReadingFlag.TOO_MANY_PARTS,
        ReadingFlag.ATTACHMENT_UNREAD,
    }
)


def read(raw: bytes, *, own: OwnMail, truncated: bool = False) -> Letter:
    """The letter in `raw`; `truncated` when the server holds more of it than these bytes."""
    cut = truncated or len(raw) > MAX_RAW
    digest = hashlib.sha256(raw).hexdigest()
    try:
        return _letter(raw[:MAX_RAW], digest, own, cut=cut)
    except Exception:  # a fault of ours: the letter must still reach a person
        return _unread(raw, digest)


def _letter(raw: bytes, digest: str, own: OwnMail, *, cut: bool) -> Letter:
    tree = split(raw)
    fields = tree.fields
    body = read_body(tree)
    attached = read_attachments(tree, look_inside=not cut)
    senders = headers.addresses(fields, "from")
    sender = senders[0] if len(senders) == 1 else None
    subject = decoded(first(fields, "subject"))[:MAX_VALUE]
    bounce = reports.looks_bounced(fields, sender, subject)
    return Letter(
        sha256=digest,
        message_id=next(iter(headers.message_ids(fields, "message-id")), None),
        in_reply_to=headers.message_ids(fields, "in-reply-to"),
        references=headers.message_ids(fields, "references"),
        from_addresses=senders,
        reply_to=headers.addresses(fields, "reply-to"),
        to=headers.addresses(fields, "to"),
        subject=subject,
        text=body.text,
        new_spans=body.spans,
        attachments=attached.items,
        headers=tuple((name, decoded(value)[:MAX_VALUE]) for name, value in fields),
        authentication=headers.authentication(fields, own, sender),
        own_received_at=headers.own_received_at(fields, own),
        bounced_message_ids=reports.bounced_message_ids(tree, body.text, own, bounce=bounce),
        flags=body.flags | attached.flags | _flags(tree, fields, senders, cut=cut),
    )


def _flags(tree: Tree, fields: Fields, senders: tuple[str, ...], *, cut: bool) -> Flags:
    unreadable = tree.header_cut or (bool(first(fields, "from").strip()) and not senders)
    met = {
        ReadingFlag.TRUNCATED: cut,
        ReadingFlag.TOO_MANY_PARTS: tree.too_many,
        ReadingFlag.HEADER_UNREADABLE: unreadable,
    }
    return frozenset(flag for flag, is_met in met.items() if is_met)


def _unread(raw: bytes, digest: str) -> Letter:
    """What is left when reading itself fails: the bytes as text, and every warning."""
    text = guarded(lambda: decode(raw[:FALLBACK_TEXT])[0], "")
    return Letter(
        sha256=digest,
        message_id=None,
        in_reply_to=(),
        references=(),
        from_addresses=(),
        reply_to=(),
        to=(),
        subject="",
        text=text,
        new_spans=((0, len(text)),) if text.strip() else (),
        flags=UNREAD,
    )
