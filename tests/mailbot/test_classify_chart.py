"""The picture of a measurement shows the figures of its table."""

import io

from PIL import Image, ImageColor

from mailbot.classify.chart import BAR, BLUE, LEFT, PRECISION, RECALL, ROW, as_png
from mailbot.classify.evaluate import Evaluation, Outcome, Sample
from models.vocabulary import Language, RequestType
from tests.letters_for_acts import verdict

ERASURE, COPY = RequestType.ERASURE, RequestType.COPY
FIRST_LABEL = 13  # rows of shares and titles above it


def outcome(wanted: RequestType, said: RequestType) -> Outcome:
    labels = frozenset({wanted})
    return Outcome(Sample("1", Language.ET, "", "", labels, frozenset()), verdict(said))


def drawn(evaluation: Evaluation) -> Image.Image:
    """As whoever opens the file sees it; fails when it is no PNG."""
    return Image.open(io.BytesIO(as_png(evaluation)), formats=["PNG"])


def blue_at(picture: Image.Image, label: RequestType, x: int) -> int:
    """How many pixels of the label's bar are filled."""
    y = LEFT + (FIRST_LABEL + list(RequestType).index(label)) * ROW + 1
    return sum(picture.getpixel((x + n, y)) == ImageColor.getrgb(BLUE) for n in range(BAR))


def test_bars_are_as_long_as_the_shares() -> None:
    """Of four said erasures three are right; the one that was a copy is lost there."""
    outcomes = [outcome(ERASURE, ERASURE)] * 3 + [outcome(COPY, ERASURE), outcome(COPY, COPY)]
    picture = drawn(Evaluation("by hand", tuple(outcomes)))
    assert blue_at(picture, ERASURE, PRECISION) == round(BAR * 0.75)
    assert blue_at(picture, ERASURE, RECALL) == BAR
    assert blue_at(picture, COPY, RECALL) == round(BAR * 0.5)
    assert blue_at(picture, RequestType.INQUIRY, RECALL) == 0


def test_nothing_measured_is_drawn_too() -> None:
    assert drawn(Evaluation("by hand", ())).convert("L").getextrema() != (255, 255)
