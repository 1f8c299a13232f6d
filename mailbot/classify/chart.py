"""The measurement as a picture: bars are what was found, the line over each its 95 % interval."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from mailbot.classify.evaluate import Evaluation, Share
from models.vocabulary import Decision, Language

Cells = Sequence[tuple[int, str]]

WIDTH, ROW, LEFT = 1100, 28, 24  # pixels
BAR, THICK = 230, 14
INK, BLUE, ORANGE, GREY, PALE = "#1e1e28", "#2860a0", "#eb9628", "#787882", "#e4e8ec"
COLUMNS = (LEFT, 420, 590, 760, 930)
PRECISION, RECALL, F1, LETTERS = 270, 620, 945, 1030


class _Canvas:
    """White paper of a fixed width; everything is placed by pixels from the upper left."""

    def __init__(self, rows: int) -> None:
        self.image = Image.new("RGB", (WIDTH, rows * ROW + 2 * LEFT), "white")
        self.y = LEFT
        self._draw = ImageDraw.Draw(self.image)
        self._font = ImageFont.load_default(16)

    def box(self, x: int, y: int, width: int, height: int, colour: str) -> None:
        """A full rectangle; nothing when it has no width."""
        if width > 0:
            self._draw.rectangle((x, y, x + width - 1, y + height - 1), fill=colour)

    def text(self, x: int, words: str, colour: str = INK) -> None:
        """On the current row."""
        self._draw.text((x, self.y - 2), words, fill=colour, font=self._font)

    def cells(self, cells: Cells, colour: str = INK) -> None:
        """One row of words, each at its own place."""
        for x, words in cells:
            self.text(x, words, colour)
        self.y += ROW

    def bar(self, x: int, share: Share) -> None:
        """A share of one, its interval, and the figure behind it."""
        self.box(x, self.y, BAR, THICK, PALE)
        if not share.total:
            self.text(x + BAR + 8, "-", GREY)
            return
        low, high = share.interval
        self.box(x, self.y, round(BAR * share.value), THICK, BLUE)
        self.box(x + round(BAR * low), self.y + 6, max(2, round(BAR * (high - low))), 2, ORANGE)
        self.text(x + BAR + 8, f"{share.value:.1%}")

    def png(self) -> bytes:
        """The picture as a file."""
        made = io.BytesIO()
        self.image.save(made, "PNG")
        return made.getvalue()


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
