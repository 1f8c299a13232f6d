"""What the linear model says of a letter: of the whole, and of each sentence by itself.

A request buried in a long letter is a weak voice in the whole and a clear one in its sentence.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FURTHEST = 8.0
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Odds:
    """Log-odds, one an output (stack.OUTPUTS); `sentences` by outputs, in the order of reading."""

    letter: Floats
    sentences: Floats

    def best_two(self) -> tuple[Floats, Floats]:
        """By output the highest and the second highest of the sentences; -FURTHEST for none."""
        none = np.full((2, len(self.letter)), -FURTHEST, dtype=np.float32)
        ordered = np.sort(np.concatenate([none, self.sentences]), axis=0)
        return ordered[-1], ordered[-2]

    def asking(self) -> Floats:
        """All outputs of the one sentence that asks most (the last output says how much)."""
        if not len(self.sentences):
            return np.full(len(self.letter), -FURTHEST, dtype=np.float32)
        row: Floats = self.sentences[int(np.argmax(self.sentences[:, -1]))]
        return row
