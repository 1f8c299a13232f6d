"""What a big letter took goes back to the system once it is done."""

import contextlib
import ctypes

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of mallopt(3)
_BIG = 1024 * 1024


def return_big_blocks() -> None:
    """Under glibc, blocks of a megabyte are unmapped when they are freed; elsewhere nothing.

    Left alone, glibc keeps for itself whatever is no bigger than the biggest block freed so
    far: one letter of 20 MB would stay several times over.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _BIG)
