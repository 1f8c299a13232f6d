"""The learnt model: weights of numbered features, read from the artefact beside this file.

The artefact is one line of JSON (version, corpus digest, shapes, scores) and a zlib stream of
the arrays. Weights are bytes, scaled by output, so that loading takes a moment and little room.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.features import WEIGHTS, Features
from mailbot.classify.odds import FURTHEST, Odds
from mailbot.classify.stack import Stack, Trees

ARTEFACT = Path(__file__).parent / "model.bin"
_WARM = 2_000
_STACK = 7
Floats = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Block:
    """One group of features: their numbers in order, how rare each is, what it weighs."""

    numbers: NDArray[np.uint32]
    rarity: Floats
    weights: NDArray[np.int8]
    length: float

    def find(self, lists: Sequence[list[int]]) -> tuple[Places, Places]:
        """Row of every feature we have a weight for, and which of `lists` it stands in."""
        sizes = [len(numbers) for numbers in lists]
        wanted = np.fromiter(chain.from_iterable(lists), dtype=np.uint32, count=sum(sizes))
        rows = np.minimum(np.searchsorted(self.numbers, wanted), len(self.numbers) - 1)
        known = self.numbers[rows] == wanted
        return rows[known], np.repeat(np.arange(len(lists)), sizes)[known]

    def add_to(self, total: Floats, rows: Places, owners: Places, columns: slice) -> None:
        """To each owner's row of `total` the weights of its features, damped and of one length."""
        if not len(rows):
            return
        keys = np.sort(owners * len(self.numbers) + rows)
        first = _beginnings(keys)
        counts = np.append(first[1:], len(keys)) - first
        owners, rows = np.divmod(keys[first], len(self.numbers))
        values = (1.0 + np.log(counts)) * self.rarity[rows]
        norms = np.sqrt(np.bincount(owners, values * values))
        values *= self.length / norms[owners]
        weighed = values.astype(np.float32)[:, None] * self.weights[rows, columns]
        starts = _beginnings(owners)
        total[owners[starts]] += np.add.reduceat(weighed, starts, axis=0)


def _beginnings(ordered: Places) -> Places:
    """Where each run of equal values begins."""
    return np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))


@dataclass(frozen=True, slots=True)
class Linear:
    """Log-odds by output: of a letter, and of each of its sentences."""

    header: Mapping[str, Any]
    blocks: tuple[Block, ...]
    scale: Floats
    bias: Floats
    stack: Stack

    @property
    def outputs(self) -> tuple[str, ...]:
        """What the columns of the weights speak for: first of letters, then of sentences."""
        return tuple(self.header["outputs"])

    def score(self, sentences: Sequence[Features], cues: Features) -> Odds:
        """Log-odds of the letter with its `cues`, and of each sentence alone."""
        count, half = len(sentences), len(self.outputs)
        letter = np.zeros((1, half), dtype=np.float32)
        each = np.zeros((count + 1, half), dtype=np.float32)
        for group, block in enumerate(self.blocks):
            rows, owners = block.find([features[group] for features in (*sentences, cues)])
            block.add_to(letter, rows, np.zeros_like(owners), slice(half))
            block.add_to(each, rows, owners, slice(half, None))
        letter = letter * self.scale[:half] + self.bias[:half]
        each = each[:count] * self.scale[half:] + self.bias[half:]
        return Odds(letter[0], np.clip(each, -FURTHEST, FURTHEST))


def write(path: Path, header: Mapping[str, Any], arrays: Sequence[NDArray[Any]]) -> None:
    """The artefact: same header and arrays, same bytes."""
    shapes = [[array.dtype.str, list(array.shape)] for array in arrays]
    line = json.dumps({**header, "arrays": shapes}, sort_keys=True, ensure_ascii=False)
    body = zlib.compress(b"".join(array.tobytes() for array in arrays), 9)
    path.write_bytes(line.encode() + b"\n" + body)


def read(path: Path = ARTEFACT) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """Header and arrays. Raises OSError, ValueError when the file is damaged."""
    line, _, body = path.read_bytes().partition(b"\n")
    header: dict[str, Any] = json.loads(line)
    data, at, arrays = zlib.decompress(body), 0, []
    for kind, shape in header.pop("arrays"):
        array = np.frombuffer(data, dtype=kind, count=int(np.prod(shape)), offset=at)
        arrays.append(array.reshape(shape))
        at += array.nbytes
    return header, arrays


@lru_cache(maxsize=1)
def load() -> Linear:
    """The committed model, read once and used once: the algebra takes its memory at first use."""
    header, arrays = read()
    model = assemble(header, arrays)
    model.score([], tuple(block.numbers[:_WARM].tolist() for block in model.blocks))
    return model


def assemble(header: Mapping[str, Any], arrays: Sequence[NDArray[Any]]) -> Linear:
    """A model from its arrays: the stack's, scale, bias; numbers, rarity, weights by group."""
    stack, (scale, bias), rest = arrays[:_STACK], arrays[_STACK : _STACK + 2], arrays[_STACK + 2 :]
    blocks = tuple(
        Block(rest[at], rest[at + 1].astype(np.float32), rest[at + 2], length)
        for at, length in zip(range(0, len(rest), 3), WEIGHTS, strict=False)
    )
    return Linear(header, blocks, scale, bias, unpack(header, stack))


def pack(stack: Stack) -> list[NDArray[Any]]:
    """The arrays of both judges, in the order of the artefact."""
    trees = stack.trees
    return [
        stack.weights,
        trees.feature,
        trees.threshold,
        trees.left,
        trees.right,
        trees.value,
        trees.start,
    ]


def unpack(header: Mapping[str, Any], arrays: Sequence[NDArray[Any]]) -> Stack:
    """Both judges from their arrays."""
    weights, feature, threshold, left, right, value, start = arrays
    trees = Trees(feature, threshold, left, right, value, start, int(header["depth"]))
    return Stack(weights, trees, tuple(header["cues"]))
