"""The learnt model: weights of numbered features, read from the artefact beside this file.

The artefact is one line of JSON (version, corpus digest, shapes, scores) and a zlib stream for
each array. Weights are bytes, scaled by output, and lie as they are used, so that loading takes a
moment and little room.
"""

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.features import GROUPS, WEIGHTS, Features, alone
from mailbot.classify.odds import FURTHEST, Odds
from mailbot.classify.stack import Stack, Trees

ARTEFACT = Path(__file__).parent / "model.bin"
_WARM = 2_000
_GROUP = 32  # bits of a feature's number, below its group's
_ROWS = 32  # bits of a row, below its owner's number
_MOST_FORMS = 8_000
_ALONE = np.arange(3, dtype=np.uint64)  # groups that words by themselves speak in
_TOGETHER = np.arange(1, len(GROUPS), dtype=np.uint64)
_LENGTHS = np.array(WEIGHTS)
_ROW = np.dtype(np.int32)
Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Keys = NDArray[np.uint64]
Weights = NDArray[np.int8]  # features by outputs


class Known(NamedTuple):
    """The features there are weights for, in order of group and number, and how rare each is."""

    keys: Keys
    groups: NDArray[np.uint8]
    rarity: Floats

    def find(self, lists: Sequence[Sequence[int]], groups: Keys) -> tuple[Places, Places]:
        """Rows of the features we have weights for, and which of `lists` each stands in; `groups`
        tells the group of each list.
        """
        sizes = [len(numbers) for numbers in lists]
        numbers = np.fromiter(chain.from_iterable(lists), dtype=np.uint64, count=sum(sizes))
        numbers |= np.repeat(groups << _GROUP, sizes)
        order = np.argsort(numbers)
        numbers = numbers.take(order)
        rows = np.minimum(np.searchsorted(self.keys, numbers), len(self.keys) - 1)
        here = self.keys.take(rows) == numbers
        return rows[here], np.repeat(np.arange(len(lists)), sizes).take(order[here])

    def add_up(self, weights: Weights, rows: Places, owners: Places, count: int) -> Floats:
        """Sums of weights: owners by outputs; each group of an owner damped and of one length."""
        total = np.zeros((count, weights.shape[1]), dtype=np.float32)
        if not len(rows):
            return total
        keys = np.sort((owners << _ROWS) | rows)
        first = _beginnings(keys)
        counts = np.append(first[1:], len(keys)) - first
        keys = keys.take(first)
        owners, rows = keys >> _ROWS, keys & ((1 << _ROWS) - 1)
        values = (1.0 + np.log(counts)) * self.rarity.take(rows)
        vectors = owners * len(GROUPS) + self.groups.take(rows)
        norms = np.sqrt(np.bincount(vectors, values * values, count * len(GROUPS)))
        norms[norms == 0.0] = 1.0
        values *= (_LENGTHS / norms.reshape(count, -1)).take(vectors)
        weighed = weights.take(rows, axis=0) * values.astype(np.float32)[:, None]
        starts = _beginnings(owners)
        total[owners.take(starts)] = np.add.reduceat(weighed, starts, axis=0)
        return total


def _beginnings(ordered: Places) -> Places:
    """Where each run of equal values begins."""
    changes = np.empty(len(ordered), dtype=bool)
    changes[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=changes[1:])
    return changes.nonzero()[0]


@dataclass(frozen=True, slots=True)
class Linear:
    """Log-odds by output: of a letter, and of each of its sentences."""

    header: Mapping[str, Any]
    known: Known
    of_letters: Weights
    of_sentences: Weights
    scale: Floats
    bias: Floats
    stack: Stack
    forms: dict[str, bytes] = field(default_factory=dict)

    @property
    def outputs(self) -> tuple[str, ...]:
        """What the columns of the weights speak for: first of letters, then of sentences."""
        return tuple(self.header["outputs"])

    def score(self, sentences: Sequence[Features], cues: Features) -> Odds:
        """Log-odds of the letter with its `cues`, and of each sentence alone."""
        count, half = len(sentences), len(self.scale) // 2
        rows, owners = self._rows([*sentences, cues])
        letter = self.known.add_up(self.of_letters, rows, np.zeros_like(owners), 1)
        each = self.known.add_up(self.of_sentences, rows, owners, count + 1)[:count]
        letter = letter * self.scale[:half] + self.bias[:half]
        each = each * self.scale[half:] + self.bias[half:]
        return Odds(letter[0], np.clip(each, -FURTHEST, FURTHEST))

    def _rows(self, sentences: Sequence[Features]) -> tuple[Places, Places]:
        """Rows of all known features, and which of `sentences` each stands in."""
        count = len(sentences)
        groups = zip(*(features.together for features in sentences), strict=True)
        lists = [numbers for group in groups for numbers in group]
        rows, holders = self.known.find(lists, np.repeat(_TOGETHER, count))
        self._look_up({form for features in sentences for form in features.forms})
        of_forms = [
            b"".join([self.forms[form] for form in features.forms]) for features in sentences
        ]
        owners = np.repeat(np.arange(count), [len(found) // _ROW.itemsize for found in of_forms])
        alone = np.frombuffer(b"".join(of_forms), dtype=_ROW)
        return np.concatenate([rows, alone]), np.concatenate([holders % count, owners])

    def _look_up(self, forms: Collection[str]) -> None:
        """Remembers the rows of words by themselves."""
        if len(self.forms) > _MOST_FORMS:
            self.forms.clear()
        new = [form for form in forms if form not in self.forms]
        if not new:
            return
        lists = [numbers for form in new for numbers in alone(form)]
        rows, holders = self.known.find(lists, np.tile(_ALONE, len(new)))
        order = np.argsort(holders, kind="stable")
        rows, holders = rows.take(order), holders.take(order)
        ends = np.searchsorted(holders, np.arange(len(new) + 1) * len(_ALONE))
        for form, begin, end in zip(new, ends.tolist(), ends[1:].tolist(), strict=False):
            self.forms[form] = rows[begin:end].astype(_ROW).tobytes()


def write(path: Path, header: Mapping[str, Any], arrays: Sequence[NDArray[Any]]) -> None:
    """The artefact: same header and arrays, same bytes."""
    packed = [zlib.compress(array.tobytes(), 9) for array in arrays]
    shapes = [
        [array.dtype.str, list(array.shape), len(stream)]
        for array, stream in zip(arrays, packed, strict=True)
    ]
    line = json.dumps({**header, "arrays": shapes}, sort_keys=True, ensure_ascii=False)
    path.write_bytes(line.encode() + b"\n" + b"".join(packed))


def read(path: Path = ARTEFACT) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """Header and arrays. Raises OSError, ValueError, zlib.error when the file is damaged."""
    data = path.read_bytes()
    at = data.find(b"\n") + 1
    header: dict[str, Any] = json.loads(data[:at])
    view, arrays = memoryview(data), []
    for kind, shape, size in header.pop("arrays"):
        length = int(np.prod(shape)) * np.dtype(kind).itemsize
        whole = zlib.decompress(view[at : at + size], bufsize=length + 1)
        arrays.append(np.frombuffer(whole, dtype=kind).reshape(shape))
        at += size
    return header, arrays


@lru_cache(maxsize=1)
def load() -> Linear:
    """The committed model, read once and used once: the algebra takes its memory at first use."""
    header, arrays = read()
    model = assemble(header, arrays)
    model.score([], Features(words=range(_WARM), pairs=range(_WARM)))
    return model


def assemble(header: Mapping[str, Any], arrays: Sequence[NDArray[Any]]) -> Linear:
    """A model from its arrays: the stack's; scale, bias; of the features, in order of group and
    number, how many each group has, steps between numbers, rarity, weights for letters and for
    sentences.
    """
    *stack, scale, bias, sizes, steps, rarity, of_letters, of_sentences = arrays
    groups = np.repeat(np.arange(len(sizes), dtype=np.uint8), sizes)
    keys = numbers_of(steps, sizes).astype(np.uint64)
    keys |= groups.astype(np.uint64) << _GROUP
    known = Known(keys, groups, rarity.astype(np.float32))
    return Linear(header, known, of_letters, of_sentences, scale, bias, unpack(header, stack))


def steps_of(numbers: Sequence[NDArray[np.uint32]]) -> NDArray[np.uint8]:
    """Rising numbers of each group as steps from one to the next, the four bytes of all steps
    side by side: half as long, once compressed, as the numbers.
    """
    zero = np.zeros(1, dtype=np.uint32)
    steps = np.concatenate([np.diff(group, prepend=zero) for group in numbers])
    return np.ascontiguousarray(steps.astype("<u4").view(np.uint8).reshape(-1, 4).T)


def numbers_of(steps: NDArray[np.uint8], sizes: NDArray[np.int64]) -> NDArray[np.uint32]:
    """What `steps_of` took apart; `sizes` says how many numbers each group has."""
    each = np.ascontiguousarray(steps.T).view("<u4").ravel()
    groups = np.split(each, np.cumsum(sizes)[:-1])
    return np.concatenate([np.cumsum(group, dtype=np.uint32) for group in groups])


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
