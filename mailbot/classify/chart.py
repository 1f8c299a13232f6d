"""The measurement as a picture: a PNG drawn with nothing but numpy and zlib.

Dark bars are what was found; the line over each is its 95 % interval.
"""

import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mailbot.classify.evaluate import Evaluation, Share
from models.vocabulary import Decision, Language

Colour = tuple[int, int, int]
Cells = Sequence[tuple[int, str]]

WIDTH, ROW, LEFT = 1100, 28, 24
SCALE = 2  # pixels of the picture for one of a letter
BAR = 230
INK, BLUE, ORANGE, GREY, PALE = (
    (30, 30, 40),
    (40, 96, 160),
    (235, 150, 40),
    (120, 120, 130),
    (228, 232, 238),
)
COLUMNS = (LEFT, 420, 590, 760, 930)
PRECISION, RECALL, F1, LETTERS = 270, 620, 945, 1030

# 5 x 7 points a letter: a row each, its five bits as one digit of base 32
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 %.-_[]/:()"
POINTS = (
    "EHHVHHH UHHUHHU EHGGGHE UHHHHHU VGGUGGV VGGUGGG EHGNHHF HHHVHHH E44444E 72222IC HIKOKIH"
    " GGGGGGV HRLLHHH HHPLJHH EHHHHHE UHHUGGG EHHHLID UHHUKIH FGGE11U V444444 HHHHHHE HHHHHA4"
    " HHHLLLA HHA4AHH HHHA444 V1248GV EHJLPHE 4C4444E EH1248V V2421HE 26AIV22 VGU11HE 68GUHHE"
    " V124888 EHHEHHE EHHF12C 0000000 OP248J3 00000CC 000V000 000000V E88888E E22222E 01248G0"
    " 0CC0CC0 2488842 8422248"
)
GLYPHS = dict(zip(SIGNS, POINTS.split(), strict=True))


class _Canvas:
    """White paper of a fixed width; everything is placed by pixels from the upper left."""

    def __init__(self, rows: int) -> None:
        self.pixels: npt.NDArray[np.uint8] = np.full((rows * ROW + 2 * LEFT, WIDTH, 3), 255, "u1")
        self.y = LEFT

    def box(self, x: int, y: int, width: int, height: int, colour: Colour) -> None:
        self.pixels[y : y + height, x : x + width] = colour

    def text(self, x: int, words: str, colour: Colour = INK) -> None:
        """On the current row; what has no glyph is left blank."""
        for place, sign in enumerate(words.upper()):
            for row, digit in enumerate(GLYPHS.get(sign, GLYPHS[" "])):
                bits = int(digit, 32)
                for column in range(5):
                    if bits >> (4 - column) & 1:
                        left = x + (place * 6 + column) * SCALE
                        self.box(left, self.y + row * SCALE, SCALE, SCALE, colour)

    def cells(self, cells: Cells, colour: Colour = INK) -> None:
        """One row of words, each at its own place."""
        for x, words in cells:
            self.text(x, words, colour)
        self.y += ROW

    def bar(self, x: int, share: Share) -> None:
        """A share of one, its interval, and the figure behind it."""
        self.box(x, self.y, BAR, 14, PALE)
        if not share.total:
            self.text(x + BAR + 8, "-", GREY)
            return
        low, high = share.interval
        self.box(x, self.y, round(BAR * share.value), 14, BLUE)
        self.box(x + round(BAR * low), self.y + 6, max(2, round(BAR * (high - low))), 2, ORANGE)
        self.text(x + BAR + 8, f"{share.value:.1%}")

    def png(self) -> bytes:
        """The picture in the format of RFC 2083: 8 bits a colour, no filter."""
        height, width, _ = self.pixels.shape
        lines = np.zeros((height, 1 + width * 3), "u1")
        lines[:, 1:] = self.pixels.reshape(height, width * 3)
        head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def as_png(evaluation: Evaluation) -> bytes:
    """The figures of `as_text`: shares by language, labels with intervals, decisions."""
    labels = evaluation.by_label
    canvas = _Canvas(len(labels) + 17)
    canvas.cells([(LEFT, f"model {evaluation.model}   {len(evaluation.outcomes)} letters")])
    canvas.y += ROW
    _shares(canvas, evaluation)
    canvas.y += ROW
    titles = ((LEFT, "label"), (PRECISION, "precision"), (RECALL, "recall"))
    canvas.cells([*titles, (F1, "F1"), (LETTERS, "n")], GREY)
    for label, marks in labels.items():
        canvas.bar(PRECISION, marks.precision)
        canvas.bar(RECALL, marks.recall)
        figures = ((F1, f"{marks.f1:.1%}"), (LETTERS, str(marks.true + marks.lost)))
        canvas.cells([(LEFT, label.value), *figures])
    canvas.y += ROW
    _decisions(canvas, evaluation)
    return canvas.png()


def _shares(canvas: _Canvas, evaluation: Evaluation) -> None:
    parts = {"all": evaluation} | {one.value: evaluation.of(one) for one in Language}
    names = [f"{name} ({len(part.outcomes)})" for name, part in parts.items()]
    canvas.cells([*zip(COLUMNS, ["share of letters", *names], strict=True)], GREY)
    rows = {
        "exact set of labels": [part.exact for part in parts.values()],
        "missed requests": [part.missed for part in parts.values()],
        "strangers registered": [part.strangers for part in parts.values()],
        "requests to people": [part.triaged_requests for part in parts.values()],
        "other mail to people": [part.triaged_others for part in parts.values()],
        "purposes": [part.purposes for part in parts.values()],
        "language": [part.language for part in parts.values()],
    }
    for name, shares in rows.items():
        figures = [f"{share.value:.1%}" if share.total else "-" for share in shares]
        canvas.cells([*zip(COLUMNS, [name, *figures], strict=True)])
    scores = [f"{part.micro.f1:.1%}" if part.outcomes else "-" for part in parts.values()]
    canvas.cells([*zip(COLUMNS, ["micro-F1", *scores], strict=True)])


def _decisions(canvas: _Canvas, evaluation: Evaluation) -> None:
    counts = evaluation.decisions()
    names = ["decision", *(decision.value for decision in Decision)]
    canvas.cells([*zip(COLUMNS, names, strict=False)], GREY)
    for asked, name in ((True, "requests"), (False, "other mail")):
        found = [str(counts[asked, decision]) for decision in Decision]
        canvas.cells([*zip(COLUMNS, [name, *found], strict=False)])
