"""A strict reader of DER (ITU-T X.690): single-byte tags, nothing left over.

Only what timestamp tokens need; everything else of ASN.1 is left to `cryptography`. The
outer layers of CMS may have lengths that are not definite (RFC 5652 section 2): those too.
"""

from dataclasses import dataclass

INTEGER, OCTETS, OID, TIME, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x18, 0x30, 0x31
MAX_LENGTH_BYTES = 3
MAX_CHILDREN = 200
MAX_DEPTH = 12
OPEN_LENGTH, END = 0x80, b"\0\0"


class DerProblem(ValueError):
    """Bytes that are no DER, or not of the expected form."""


@dataclass(frozen=True, slots=True)
class Node:
    """One value: its tag, its content and the whole of its bytes."""

    tag: int
    body: bytes
    raw: bytes

    @property
    def children(self) -> list["Node"]:
        """The values inside a constructed one."""
        if not self.tag & 0x20:
            raise DerProblem("a value with parts was expected")
        return _nodes(self.body)

    def expect(self, tag: int) -> "Node":
        """Itself, when it has this tag."""
        if self.tag != tag:
            raise DerProblem("another kind of value was expected")
        return self

    @property
    def oid(self) -> str:
        """An object identifier in dotted form."""
        body = self.expect(OID).body
        if not body or body[-1] & 0x80:
            raise DerProblem("a broken object identifier")
        arcs, value = [], 0
        for byte in body:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                arcs.append(value)
                value = 0
        root = min(2, arcs[0] // 40)
        return ".".join(str(arc) for arc in (root, arcs[0] - 40 * root, *arcs[1:]))


def node(data: bytes) -> Node:
    """The one value these bytes hold."""
    found, end = _node(data, 0)
    if end != len(data):
        raise DerProblem("bytes after the end")
    return found


def _nodes(data: bytes) -> list[Node]:
    found: list[Node] = []
    at = 0
    while at < len(data):
        one, at = _node(data, at)
        found.append(one)
        if len(found) > MAX_CHILDREN:
            raise DerProblem("too many values")
    return found


def _node(data: bytes, at: int, depth: int = 0) -> tuple[Node, int]:
    if at + 2 > len(data) or data[at] & 0x1F == 0x1F:
        raise DerProblem("a broken value")
    length, start = data[at + 1], at + 2
    if length == OPEN_LENGTH:
        return _open_node(data, at, depth)
    if length & 0x80:
        size = length & 0x7F
        if not 1 <= size <= MAX_LENGTH_BYTES or start + size > len(data):
            raise DerProblem("a broken length")
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    end = start + length
    if end > len(data):
        raise DerProblem("a value that is cut off")
    return Node(data[at], data[start:end], data[at:end]), end


def _open_node(data: bytes, at: int, depth: int) -> tuple[Node, int]:
    """A constructed value that ends with two zero bytes (X.690 section 8.1.3.6)."""
    if depth >= MAX_DEPTH or not data[at] & 0x20:
        raise DerProblem("a broken length")
    end = at + 2
    while data[end : end + 2] != END:
        _, end = _node(data, end, depth + 1)
    return Node(data[at], data[at + 2 : end], data[at : end + 2]), end + 2
