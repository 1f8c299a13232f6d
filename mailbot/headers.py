"""Header fields that decide: addresses, message ids, what our own server proved and when.

Everything here takes text from strangers, and answers with less rather than raising.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses, parsedate_tz

from mailbot.parts import Fields, guarded
from models.shapes import Authentication
from models.vocabulary import AuthResult

MAX_ADDRESSES = 100
MAX_IDS = 200
MAX_FIELD = 10_000  # characters of one structured field that are looked at

ADDRESS = re.compile(r"[^\s@<>(),:;\"\\\x00-\x20\x7f]{1,128}@[^\s@<>(),:;\"\\\x00-\x20\x7f]{1,253}")
# dot-atom or domain literal on the right (RFC 5322 section 3.6.4); no brackets elsewhere
MESSAGE_ID = re.compile(r"<[!-;=?A-Z\\^-~]{1,400}@(?:[!-;=?A-Z\\^-~]{1,250}|\[[!-Z^-~]{1,100}\])>")
RECEIVED_BY = re.compile(r"(?:^|\s)by\s+([^\s;()]+)", re.IGNORECASE)
RESULT = re.compile(r"^([a-z0-9_-]+)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
PROPERTY = re.compile(r"\b([a-z]+)\.([a-z0-9_-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OwnMail:
    """What is ours in a letter's headers.

    `authserv_id` is what our server writes into Authentication-Results (RFC 8601),
    `receiving_hosts` what stands after "by" in our own Received; empty: the authserv-id.
    """

    address: str
    bounce_address: str
    authserv_id: str | None = None
    receiving_hosts: frozenset[str] = field(default_factory=frozenset)

    @property
    def hosts(self) -> frozenset[str]:
        """Receiving hosts in lower case."""
        if self.receiving_hosts:
            return frozenset(host.lower() for host in self.receiving_hosts)
        return frozenset({self.authserv_id.lower()} if self.authserv_id else ())

    @property
    def addresses(self) -> frozenset[str]:
        """Our own addresses in lower case."""
        return frozenset({self.address.lower(), self.bounce_address.lower()})

    @property
    def domain(self) -> str:
        """The domain of our address, in lower case."""
        return domain_of(self.address.lower())

    def is_own(self, address: str) -> bool:
        """Whether this is an address of ours, with any tag where BOUNCE_ADDRESS takes one."""
        local, _, domain = self.bounce_address.lower().rpartition("@")
        if address in self.addresses:
            return True
        return (
            local.endswith("+")
            and address.endswith(f"@{domain}")
            and (address == f"{local[:-1]}@{domain}" or address.startswith(local))
        )


def domain_of(address: str) -> str:
    """What stands after the last @."""
    return address.rpartition("@")[2]


def aligned(domain: str, other: str) -> bool:
    """Relaxed alignment, simplified: equal, or one is a subdomain of the other (RFC 7489 3.1)."""
    a, b = domain.lower().rstrip("."), other.lower().rstrip(".")
    if "." not in a or "." not in b:
        return False
    return a == b or a.endswith("." + b) or b.endswith("." + a)


def addresses(fields: Fields, name: str) -> tuple[str, ...]:
    """Readable addresses of all instances of a header, lower case, in order, not deduplicated."""
    values = [value[:MAX_FIELD] for key, value in fields if key == name]
    none: list[tuple[str, str]] = []
    pairs = guarded(lambda: getaddresses(values), none)
    found = (address.strip().lower() for _, address in pairs[:MAX_ADDRESSES])
    return tuple(address for address in found if ADDRESS.fullmatch(address) and len(address) <= 254)


def message_ids(fields: Fields, name: str) -> tuple[str, ...]:
    """Well-formed message ids of a header, in order, each once (RFC 5322 section 3.6.4)."""
    values = " ".join(value for key, value in fields if key == name)[-8 * MAX_FIELD :]
    return tuple(dict.fromkeys(MESSAGE_ID.findall(values)))[-MAX_IDS:]


def without_comments(value: str) -> str:
    """A structured value without its comments, quoted strings kept (RFC 5322 section 3.2.2)."""
    if "(" not in value:
        return value
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in value[:MAX_FIELD]:
        if not escaped and not quoted and char in "()":
            depth = depth + 1 if char == "(" else max(0, depth - 1)
        elif depth == 0:
            out.append(char)
        quoted ^= char == '"' and not escaped and depth == 0
        escaped = char == "\\" and not escaped
    return "".join(out)


def authentication(fields: Fields, own: OwnMail, from_address: str | None) -> Authentication:
    """What the topmost Authentication-Results of our own server says (RFC 8601)."""
    statements = _own_results(fields, own)
    if statements is None or own.authserv_id is None:
        return Authentication()
    domain = domain_of(from_address) if from_address else ""
    results = [result for result in map(_result, statements) if result is not None]
    dmarc = _of_method(results, "dmarc")
    return Authentication(
        spf=_of_method(results, "spf"),
        dkim=_of_method(results, "dkim"),
        dmarc=dmarc,
        trusted_by=own.authserv_id,
        proven=bool(domain)
        and dmarc is not AuthResult.FAIL
        and any(_proves(r, domain) for r in results),
    )


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    result: AuthResult
    properties: dict[str, str]


def _own_results(fields: Fields, own: OwnMail) -> list[str] | None:
    if not own.authserv_id:
        return None
    for name, value in fields:
        if name != "authentication-results":
            continue
        server, *statements = without_comments(value[:MAX_FIELD]).split(";")
        words = server.split()
        if words and words[0].strip('"').lower() == own.authserv_id.lower():
            return statements
    return None


def _result(statement: str) -> _Result | None:
    match = RESULT.match(statement.strip())
    if not match:
        return None
    try:
        result = AuthResult(match[2].lower())
    except ValueError:
        return None
    properties = {
        f"{kind}.{name}".lower(): (quoted or plain).strip().lower()
        for kind, name, quoted, plain in PROPERTY.findall(statement)
    }
    return _Result(match[1].lower(), result, properties)


def _of_method(results: list[_Result], method: str) -> AuthResult:
    """A pass of several counts (a letter may carry more than one signature)."""
    mine = [result.result for result in results if result.method == method]
    return AuthResult.PASS if AuthResult.PASS in mine else (mine[0] if mine else AuthResult.NONE)


def _proves(result: _Result, domain: str) -> bool:
    if result.result is not AuthResult.PASS:
        return False
    if result.method == "dmarc":
        named = result.properties.get("header.from", domain)
        return aligned(domain_of(named), domain)
    if result.method == "dkim":
        signer = result.properties.get("header.d") or result.properties.get("header.i", "")
        return aligned(domain_of(signer), domain)
    return result.method == "spf" and aligned(
        domain_of(result.properties.get("smtp.mailfrom", "")), domain
    )


def own_received_at(fields: Fields, own: OwnMail) -> datetime | None:
    """When our own server took the letter: the topmost Received "by" one of our hosts, in UTC."""
    hosts = own.hosts
    for name, value in fields:
        if name != "received":
            continue
        by = RECEIVED_BY.search(without_comments(value[:MAX_FIELD]))
        if by and by[1].lower().rstrip(".") in hosts:
            return instant(value.rpartition(";")[2])
    return None


def instant(text: str) -> datetime | None:
    """An RFC 5322 date in UTC; None when it is unreadable or overflows."""
    parsed = guarded(lambda: parsedate_tz(text[:200]), None)
    if parsed is None or parsed[9] is None:
        return None
    offset = parsed[9]
    return guarded(
        lambda: (datetime(*parsed[:6], tzinfo=UTC) - timedelta(seconds=offset)).astimezone(UTC),
        None,
    )
