"""Mail account URLs: percent-decoded, TLS decided, refused in one sentence without the URL."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MEGABYTE = 1_000_000
IMAP_PORTS = {"imap": 143, "imaps": 993}


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """One account on one IMAP server; `plain` only ever on loopback. Times in seconds."""

    host: str
    port: int
    tls: Literal["tls", "plain"]
    user: str
    password: str | None = field(repr=False)  # None: by a token
    folder: str = "INBOX"
    ca_file: Path | None = None
    timeout: float = 30
    idle_renewal: float = 300
    watchdog: float = 15
    letter_cap: int = 25 * MEGABYTE
    batch_bytes: int = 8 * MEGABYTE
    token_command: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """One account on one SMTP server; `plain` only ever on loopback. No user: no login."""

    host: str
    port: int
    tls: Literal["tls", "starttls", "plain"]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    timeout: float = 60
    token_command: tuple[str, ...] = field(default=(), repr=False)


def parse_imap(url: str) -> ImapSettings:
    """IMAP_URL as an account (RFC 5092 without its extensions). Raises ValueError."""
    parts = _split("IMAP_URL", url, ("imaps", "imap"))
    host = parts.hostname or ""
    if parts.scheme == "imap" and not is_loopback(host):
        raise ValueError(
            "IMAP_URL would send the password in the clear: use imaps:// (port 993); "
            "imap:// is for loopback only."
        )
    user, password = _credentials("IMAP_URL", parts)
    if user is None:
        raise ValueError("IMAP_URL has no user: write imaps://user:password@host.")
    folder = _decoded("IMAP_URL", parts.path.removeprefix("/"))
    return ImapSettings(
        host,
        parts.port or IMAP_PORTS[parts.scheme],
        "tls" if parts.scheme == "imaps" else "plain",
        user,
        password,
        folder or "INBOX",
    )


def parse_smtp(url: str) -> SmtpSettings:
    """SMTP_URL as an account; smtp:// means STARTTLS off loopback (RFC 8314). Raises ValueError."""
    parts = _split("SMTP_URL", url, ("smtps", "smtp"))
    host = parts.hostname or ""
    if parts.path.strip("/"):
        raise ValueError("SMTP_URL takes no path: write smtp://user:password@host:587.")
    user, password = _credentials("SMTP_URL", parts)
    if parts.scheme == "smtps":
        return SmtpSettings(host, parts.port or 465, "tls", user, password)
    if is_loopback(host):
        return SmtpSettings(host, parts.port or 25, "plain", user, password)
    return SmtpSettings(host, parts.port or 587, "starttls", user, password)


def is_loopback(host: str) -> bool:
    """True for localhost, 127.0.0.0/8 and ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _split(name: str, url: str, schemes: tuple[str, ...]) -> SplitResult:
    # every error is raised `from None`: urllib's own words repeat the password
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(
            f"{name} cannot be read: write {schemes[0]}://user:password@host:port, "
            "with / ? # @ : in the password as %2F %3F %23 %40 %3A."
        ) from None
    if parts.scheme not in schemes:
        raise ValueError(f"{name} must begin with {schemes[0]}:// or {schemes[1]}://.")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ValueError(f"{name} holds ? or #: write them in a password as %3F and %23.")
    if not host:
        raise ValueError(f"{name} has no host: write {schemes[0]}://user:password@host.")
    return parts


def _credentials(name: str, parts: SplitResult) -> tuple[str | None, str | None]:
    user = _decoded(name, parts.username) if parts.username else None
    password = _decoded(name, parts.password) if parts.password else None
    return user, password


def _decoded(name: str, text: str) -> str:
    try:
        value = unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise ValueError(f"{name} holds a %-escape that is not UTF-8.") from None
    if CONTROL.search(value):
        raise ValueError(f"{name} holds a control character.")
    return value
