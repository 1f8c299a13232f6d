"""The MIME tree of a letter, walked without recursion and within fixed limits (RFC 2045, 2046).

Works on offsets into the raw bytes, so that depth costs no memory. Header fields and
parameters are read with the `email` package, each inside a guard; the splitting is our
own, because the package's parser slows down and overflows on deep or endless trees.
"""

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import TypeVar

from mailbot import charsets
from models.vocabulary import ReadingFlag

MAX_HEADER_BYTES = 256 * 1024
MAX_HEADER_FIELDS = 2000
MAX_DEPTH = 50
MAX_PARTS = 1000
MAX_DELIMITERS = 20_000  # boundary look-alikes examined in one letter

FIELD_NAME = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
BLANK_LINE = re.compile(rb"\n\r?\n")
ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]*)?\?([bBqQ])\?([^?\r\n]*)\?=")
CONTROLS = re.compile(
    "[\x00-\x20\x7f\x85\u2028\u2029]*[\x00-\x1f\x7f\x85\u2028\u2029][\x00-\x20\x7f\x85\u2028\u2029]*"
)
UNBASE64 = re.compile(rb"[^A-Za-z0-9+/]")

T = TypeVar("T")
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the tree: `raw` is its place in the letter, not a copy of it.

    `container` is the subtype of the multipart it stands in.
    """

    fields: Fields
    content_type: str
    charset: str | None
    disposition: str
    filename: str
    container: str
    raw: memoryview

    @property
    def content(self) -> bytes:
        """The body with its transfer encoding taken off (RFC 2045 section 6)."""
        return _transfer_decoded(self.raw, first(self.fields, "content-transfer-encoding"))

    def text(self) -> tuple[str, ReadingFlag | None]:
        """The body as text with newlines as LF, and how its charset was read."""
        text, flag = charsets.decode(self.content, self.charset)
        return text.replace("\r\n", "\n").replace("\r", "\n"), flag


@dataclass(frozen=True, slots=True)
class Tree:
    """Header fields of the whole, its leaves in order, and whether a limit was met."""

    fields: Fields
    content_type: str
    report_type: str
    leaves: tuple[Part, ...]
    too_many: bool
    header_cut: bool


@dataclass(frozen=True, slots=True)
class _Node:
    start: int
    end: int
    depth: int
    container: str
    default_type: str


@dataclass(slots=True)
class _Walk:
    raw: bytes
    leaves: list[Part]
    pending: list[_Node]
    delimiters_left: int = MAX_DELIMITERS
    parts_left: int = MAX_PARTS
    too_many: bool = False


def split(raw: bytes) -> Tree:
    """The tree of one message."""
    fields, body_at, cut = split_header(raw, 0, len(raw))
    message = _message(fields)
    walk = _Walk(raw, [], [])
    _place(walk, fields, message, _Node(body_at, len(raw), 0, "", "text/plain"))
    while walk.pending:
        node = walk.pending.pop()
        inner, at, _ = split_header(raw, node.start, node.end)
        _place(
            walk,
            inner,
            _message(inner),
            _Node(at, node.end, node.depth, node.container, node.default_type),
        )
    report_type = guarded(lambda: str(message.get_param("report-type") or ""), "")
    return Tree(
        fields,
        _content_type(message, "text/plain"),
        report_type.lower(),
        tuple(walk.leaves),
        walk.too_many,
        cut,
    )


def guarded(call: Callable[[], T], default: T) -> T:
    """`email` raises many kinds of errors on hostile fields; none of them matters here."""
    try:
        return call()
    except Exception:
        return default


def first(fields: Fields, name: str) -> str:
    """The first value of one header, by lower-case name; empty when there is none."""
    return next((value for key, value in fields if key == name), "")


def split_header(raw: bytes, start: int, end: int) -> tuple[Fields, int, bool]:
    """Header fields (lower-case name, unfolded, not decoded), where the body begins, cut or not."""
    stop = min(end, start + MAX_HEADER_BYTES)
    fields: list[tuple[str, list[bytes]]] = []
    at = start
    while at < stop and len(fields) < MAX_HEADER_FIELDS:
        newline = raw.find(b"\n", at, stop)
        after = stop if newline < 0 else newline + 1
        line = raw[at:after].rstrip(b"\r\n")
        if not line:
            return _joined(fields), after, False
        if not _take(fields, line, first_line=at == start):
            return _joined(fields), at, False
        at = after
    if at >= end:
        return _joined(fields), end, False
    blank = BLANK_LINE.search(raw, at - 1, end)
    return _joined(fields), blank.end() if blank else end, True


def _take(fields: list[tuple[str, list[bytes]]], line: bytes, *, first_line: bool) -> bool:
    """False when the line belongs to no header: the body begins without a blank line."""
    if line[0] in b" \t":
        if fields:
            fields[-1][1].append(line)
        return bool(fields) or not line.strip()
    if FIELD_NAME.match(line):
        name, _, value = line.partition(b":")
        fields.append((name.strip().lower().decode("ascii"), [value]))
        return True
    return first_line and line.startswith((b"From ", b">From "))


def _joined(fields: list[tuple[str, list[bytes]]]) -> Fields:
    return tuple(
        (name, charsets.decode(b"".join(lines))[0].strip(" \t\r")) for name, lines in fields
    )


def decoded(value: str) -> str:
    """A header value with its encoded words read (RFC 2047) and no control characters."""
    if "=?" in value:
        value = _words_decoded(value)
    return charsets.storable(CONTROLS.sub(" ", value)).strip()


def _words_decoded(value: str) -> str:
    out: list[str] = []
    pending: tuple[str, bytes] | None = None  # neighbours of one charset are one text
    at = 0
    for match in ENCODED_WORD.finditer(value):
        gap = value[at : match.start()]
        word = (match[1].lower(), _word_bytes(match[2], match[3]))
        at = match.end()
        if pending and not gap.strip() and pending[0] == word[0]:
            pending = (word[0], pending[1] + word[1])
            continue
        if pending:
            out.append(charsets.decode(pending[1], pending[0])[0])
        if gap.strip() or not pending:
            out.append(gap)
        pending = word
    if pending:
        out.append(charsets.decode(pending[1], pending[0])[0])
    return "".join(out) + value[at:]


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    return _base64(data)


def _base64(data: bytes | memoryview) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        clean = UNBASE64.sub(b"", data)
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def _transfer_decoded(raw: memoryview, encoding: str) -> bytes:
    encoding = encoding.strip().lower()
    if encoding.startswith("base64"):
        return _base64(raw)
    if encoding.startswith("quoted-printable"):
        return binascii.a2b_qp(raw)
    return bytes(raw)


def _message(fields: Fields) -> Message:
    message = Message()
    for name, value in fields:
        if name in ("content-type", "content-disposition") and name not in message:
            message[name] = value
    return message


def _content_type(message: Message, default: str) -> str:
    if "content-type" not in message:
        return default
    return guarded(message.get_content_type, "text/plain")


def _place(walk: _Walk, fields: Fields, message: Message, node: _Node) -> None:
    """Either opens a multipart or keeps a leaf."""
    content_type = _content_type(message, node.default_type)
    if content_type.startswith("multipart/"):
        if node.depth >= MAX_DEPTH:
            walk.too_many = True
            return
        children = _children(walk, message, node, content_type)
        if children is not None:
            walk.pending.extend(reversed(children))
            return
        content_type = "text/plain"  # no delimiter in it: what stands there is read as text
    walk.leaves.append(_leaf(walk.raw, fields, message, node, content_type))


def _children(walk: _Walk, message: Message, node: _Node, content_type: str) -> list[_Node] | None:
    boundary = guarded(message.get_boundary, None)
    cuts = _delimiters(walk, boundary, node) if boundary else []
    if not cuts:
        return None
    subtype = content_type.partition("/")[2]
    default = "message/rfc822" if subtype == "digest" else "text/plain"
    nodes = []
    for (_, begin), (finish, _) in zip(cuts, [*cuts[1:], (node.end, node.end)], strict=True):
        if begin < 0:
            break
        if walk.parts_left <= 0:
            walk.too_many = True
            break
        walk.parts_left -= 1
        nodes.append(_Node(begin, max(begin, finish), node.depth + 1, subtype, default))
    return nodes


def _delimiters(walk: _Walk, boundary: str, node: _Node) -> list[tuple[int, int]]:
    """(end of the part before, start of the part after) of each delimiter; -1 for the last."""
    mark = b"--" + boundary.encode("utf-8", "replace")
    found: list[tuple[int, int]] = []
    at = walk.raw.find(mark, node.start, node.end)
    while at >= 0 and len(found) <= MAX_PARTS + 1:
        walk.delimiters_left -= 1
        if walk.delimiters_left < 0:
            walk.too_many = True
            break
        delimiter = _delimiter(walk.raw, mark, at, node)
        if delimiter:
            found.append(delimiter)
            if delimiter[1] < 0:
                break
        at = walk.raw.find(mark, at + len(mark), node.end)
    return found


def _delimiter(raw: bytes, mark: bytes, at: int, node: _Node) -> tuple[int, int] | None:
    if at > node.start and raw[at - 1 : at] not in (b"\n", b"\r"):
        return None
    newline = raw.find(b"\n", at, min(node.end, at + len(mark) + 80))
    after = newline + 1 if newline >= 0 else min(node.end, at + len(mark) + 80)
    tail = raw[at + len(mark) : after].strip()
    if tail not in (b"", b"--"):
        return None
    before = at - 1 - (raw[at - 2 : at] == b"\r\n")
    return before, -1 if tail else after


def _leaf(raw: bytes, fields: Fields, message: Message, node: _Node, content_type: str) -> Part:
    charset = guarded(lambda: message.get_content_charset(), None)
    filename = guarded(lambda: message.get_filename(), None) or ""
    return Part(
        fields=fields,
        content_type=content_type,
        charset=charset,
        disposition=guarded(lambda: message.get_content_disposition() or "", ""),
        filename=decoded(filename)[:255],
        container=node.container,
        raw=memoryview(raw)[node.start : node.end],
    )
