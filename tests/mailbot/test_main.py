"""The bot's process is small: what only its reading child needs is not loaded."""

import subprocess
import sys

from tests.processes import ROOT

CODE = """
import sys, mailbot.__main__
print([name for name in sys.modules if name == "numpy" or name.startswith("mailbot.classify")])
"""


def test_the_bot_loads_neither_the_classifier_nor_numpy() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[]"
