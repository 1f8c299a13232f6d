"""What a receiving mail server writes on top of a letter, for the demo only.

No DNS is asked: a sender counts as proven when envelope and From name one domain, unless
the letter's own `X-Demo-Authentication: pass|fail|none` says otherwise.
"""

import re
from datetime import datetime
from email.utils import format_datetime, getaddresses

from mailbot.demo.mailboxes import with_crlf

__all__ = ["AUTHSERV_ID", "postmarked", "verdict"]

AUTHSERV_ID = "demo.netpro.example"
MARKER = "x-demo-authentication"
RESULTS = ("pass", "fail", "none")
FIELD = re.compile(rb"[!-9;-~]+[ \t]*:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*(?:\r\n|$)")


def postmarked(raw: bytes, sender: str, recipient: str, ident: str, at: datetime) -> bytes:
    """The letter as delivered: Return-Path (RFC 5321 4.4), Received, Authentication-Results.

    Results that already claim to come from us are taken out (RFC 8601 section 5).
    `at` is the aware instant of receipt.
    """
    fields, body = _split(with_crlf(raw))
    kept = [field for field in fields if not _ours(field)]
    top = (
        f"Return-Path: <{sender}>\r\n"
        f"Received: from outside.example ([127.0.0.1])\r\n"
        f"\tby {AUTHSERV_ID} with ESMTP id {ident}\r\n"
        f"\tfor <{recipient}>; {format_datetime(at)}\r\n"
        f"Authentication-Results: {_results(fields, sender)}\r\n"
    )
    return top.encode("utf-8") + b"".join(kept) + body


def verdict(raw: bytes, sender: str) -> str:
    """The dmarc result for this letter and envelope sender: pass, fail or none."""
    return _dmarc(_split(with_crlf(raw))[0], sender)


def _results(fields: list[bytes], sender: str) -> str:
    dmarc = _dmarc(fields, sender)
    from_domain = _from_domain(fields) or "unknown.example"
    spf = "pass" if dmarc == "pass" else "none"
    mailfrom = _domain(sender) or "unknown.example"
    return (
        f"{AUTHSERV_ID};\r\n\tspf={spf} smtp.mailfrom={mailfrom};\r\n"
        f"\tdmarc={dmarc} header.from={from_domain}"
    )


def _dmarc(fields: list[bytes], sender: str) -> str:
    said = _value(fields, MARKER).lower()
    if said in RESULTS:
        return said
    domain = _from_domain(fields)
    return "pass" if domain and domain == _domain(sender) else "none"


def _from_domain(fields: list[bytes]) -> str:
    addresses = getaddresses([_value(fields, "from")])
    domains = {_domain(address) for _, address in addresses}
    domain = domains.pop() if len(domains) == 1 else ""
    return domain if re.fullmatch(r"[a-z0-9.-]+", domain) else ""


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip("<> ").lower()


def _split(raw: bytes) -> tuple[list[bytes], bytes]:
    fields: list[bytes] = []
    position = 0
    while match := FIELD.match(raw, position):
        fields.append(match.group())
        position = match.end()
    return fields, raw[position:]


def _name(field: bytes) -> str:
    return field.partition(b":")[0].decode("ascii").strip().lower()


def _value(fields: list[bytes], name: str) -> str:
    for field in fields:
        if _name(field) == name:
            value = field.partition(b":")[2].decode("utf-8", "replace")
            return " ".join(value.split())
    return ""


def _ours(field: bytes) -> bool:
    name = _name(field)
    if name in ("return-path", MARKER):
        return True
    claims = _value([field], name).partition(";")[0].lower()
    return name == "authentication-results" and AUTHSERV_ID in claims
