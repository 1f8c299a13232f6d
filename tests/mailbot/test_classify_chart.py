"""The picture of a measurement shows the figures of its table."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from mailbot.classify.chart import BAR, BLUE, GLYPHS, LEFT, PRECISION, RECALL, ROW, as_png
from mailbot.classify.evaluate import Evaluation, Outcome, Sample
from models.vocabulary import Language, RequestType
from tests.letters_for_acts import verdict

ERASURE, COPY = RequestType.ERASURE, RequestType.COPY
FIRST_LABEL = 13  # rows of shares and titles above it


def outcome(wanted: RequestType, said: RequestType) -> Outcome:
    labels = frozenset({wanted})
    return Outcome(Sample("1", Language.ET, "", "", labels, frozenset()), verdict(said))


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and data of a PNG; fails on a wrong checksum."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    place = 8
    while place < len(png):
        (size,) = struct.unpack_from(">I", png, place)
        data = png[place + 4 : place + 8 + size]
        assert struct.unpack_from(">I", png, place + 8 + size) == (zlib.crc32(data),)
        yield data[:4], data[4:]
        place += 12 + size


def pixels(png: bytes) -> npt.NDArray[np.uint8]:
    found = dict(chunks(png))
    width, height = struct.unpack_from(">II", found[b"IHDR"])
    lines = np.frombuffer(zlib.decompress(found[b"IDAT"]), "u1").reshape(height, 1 + width * 3)
    assert not lines[:, 0].any()
    return lines[:, 1:].reshape(height, width, 3)


def blue_at(picture: npt.NDArray[np.uint8], label: RequestType, x: int) -> int:
    """How many pixels of the label's bar are filled."""
    y = LEFT + (FIRST_LABEL + list(RequestType).index(label)) * ROW + 1
    return int((picture[y, x : x + BAR] == BLUE).all(axis=1).sum())


def test_bars_are_as_long_as_the_shares() -> None:
    """Of four said erasures three are right; the one that was a copy is lost there."""
    outcomes = [outcome(ERASURE, ERASURE)] * 3 + [outcome(COPY, ERASURE), outcome(COPY, COPY)]
    picture = pixels(as_png(Evaluation("by hand", tuple(outcomes))))
    assert blue_at(picture, ERASURE, PRECISION) == round(BAR * 0.75)
    assert blue_at(picture, ERASURE, RECALL) == BAR
    assert blue_at(picture, COPY, RECALL) == round(BAR * 0.5)
    assert blue_at(picture, RequestType.INQUIRY, RECALL) == 0


def test_nothing_measured_is_drawn_too() -> None:
    assert pixels(as_png(Evaluation("by hand", ()))).any()


def test_every_glyph_is_five_points_wide_and_seven_high() -> None:
    assert all(len(rows) == 7 for rows in GLYPHS.values())
    assert all(int(digit, 32) < 32 for rows in GLYPHS.values() for digit in rows)
    assert len(set(GLYPHS.values())) == len(GLYPHS)
