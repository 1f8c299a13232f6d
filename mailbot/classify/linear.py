"""The learnt model: weights of numbered features, read from the artefact beside this file.

The artefact is one line of JSON (version, corpus digest, shapes, scores) and a zlib stream of
the arrays. Weights are bytes, scaled by output, so that loading takes a moment and little room.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.features import WEIGHTS
from mailbot.classify.stack import Stack, Trees

ARTEFACT = Path(__file__).parent / "model.bin"
_WARM = 2_000
_STACK = 7
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Block:
    """One group of features: where each stands, how rare it is, what it weighs."""

    rows: Mapping[int, int]
    rarity: Floats
    weights: NDArray[np.int8]
    length: float


@dataclass(frozen=True, slots=True)
class Linear:
    """Log-odds by output from a letter's features."""

    header: Mapping[str, Any]
    blocks: tuple[Block, ...]
    scale: Floats
    bias: Floats
    stack: Stack

    @property
    def outputs(self) -> tuple[str, ...]:
        """What each column of the weights speaks for."""
        return tuple(self.header["outputs"])

    def score(self, features: Sequence[Sequence[int]]) -> Floats:
        """Log-odds, one an output; `features` by group in the order of features.GROUPS."""
        total = np.zeros(len(self.bias), dtype=np.float32)
        for block, numbers in zip(self.blocks, features, strict=True):
            known = [row for n in numbers if (row := block.rows.get(n)) is not None]
            if known:
                total += self._add(block, known)
        return total * self.scale + self.bias

    @staticmethod
    def _add(block: Block, known: list[int]) -> Floats:
        rows, counts = np.unique(np.array(known, dtype=np.int64), return_counts=True)
        values = (1.0 + np.log(counts)) * block.rarity[rows]
        values *= block.length / np.sqrt((values * values).sum())
        added: Floats = values.astype(np.float32) @ block.weights[rows].astype(np.float32)
        return added


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
    model.score([list(block.rows)[:_WARM] for block in model.blocks])
    return model


def assemble(header: Mapping[str, Any], arrays: Sequence[NDArray[Any]]) -> Linear:
    """A model from its arrays: the stack's, scale, bias; numbers, rarity, weights by group."""
    stack, (scale, bias), rest = arrays[:_STACK], arrays[_STACK : _STACK + 2], arrays[_STACK + 2 :]
    blocks = tuple(
        Block(
            dict(zip(rest[at].tolist(), range(len(rest[at])), strict=True)),
            rest[at + 1].astype(np.float32),
            rest[at + 2],
            length,
        )
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
