"""Envelope senders with a tag: `info+@netpro.ee` sends as `info+ack.0123…@netpro.ee`.

A bounce then names our letter by the address it comes to, even when it quotes nothing of it.
"""

import re

from mailbot.headers import OwnMail, addresses
from mailbot.parts import Fields

TAG = re.compile(r"(?:ack|let)\.[0-9a-f]{1,64}")
_OWN_ID = re.compile(rf"<({TAG.pattern})@[^<>@\s]+>")
_RECIPIENT = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")


def sender_of(bounce_address: str, message_id: str) -> str:
    """The envelope sender of the letter with this Message-ID of ours."""
    local, _, domain = bounce_address.rpartition("@")
    found = _OWN_ID.fullmatch(message_id)
    if not local.endswith("+"):
        return bounce_address
    return f"{local}{found[1]}@{domain}" if found else f"{local[:-1]}@{domain}"


def tagged_ids(fields: Fields, own: OwnMail) -> list[str]:
    """Ids of our letters that the letter was sent back to the envelope senders of."""
    prefix, _, domain = own.bounce_address.lower().rpartition("@")
    if not prefix.endswith("+"):
        return []
    named = [address for name in _RECIPIENT for address in addresses(fields, name)]
    tags = [
        address.removeprefix(prefix).removesuffix(f"@{domain}")
        for address in named
        if address.startswith(prefix) and address.endswith(f"@{domain}")
    ]
    return [f"<{tag}@{own.domain}>" for tag in tags if TAG.fullmatch(tag)]
