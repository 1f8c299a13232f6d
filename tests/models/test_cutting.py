"""One part is cut out of a letter and no other byte moves; what is unclear gives nothing."""

import base64

from hypothesis import given, settings
from hypothesis import strategies as st

from models.cutting import without

HEAD = b"Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nTere\n--B\n"
FILE = b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n"


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=2000))
def test_a_part_is_cut_out_and_the_rest_stays(content: bytes) -> None:
    body = base64.encodebytes(content)
    left = without(HEAD + FILE + body + b"\n--B--\n", content)
    assert left is not None
    assert left.replace(b"\n", b"") == (HEAD + FILE + b"--B--").replace(b"\n", b"")


@settings(deadline=None)
@given(st.binary(max_size=500), st.binary(min_size=1, max_size=50))
def test_a_letter_that_does_not_hold_it_gives_nothing(raw: bytes, content: bytes) -> None:
    assert without(b"Subject: x\n\n" + raw, content + b"\x00other") is None


def test_hostile_letters_give_nothing() -> None:
    for raw in (b"", b'From: "\n\n', b"Content-Type: text/plain; name*\n\nx", b"\xff\xfe\n\n"):
        assert without(raw, b"content") is None
