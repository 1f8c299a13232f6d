"""What a machine may lack: elsewhere the test is left out and named at the end, in CI it fails."""

import os
import shutil
from typing import NoReturn

import pytest


def left_out(sentence: str) -> NoReturn:
    """A part is missing; `sentence` says which, and how it is installed."""
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def needs(program: str, sentence: str) -> None:
    """Leaves the test out without this program."""
    if shutil.which(program) is None:
        left_out(sentence)
