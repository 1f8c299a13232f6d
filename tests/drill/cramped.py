"""The bot on a disk that is full: `python -m tests.drill.cramped BYTES watch --once`.

No file may grow beyond BYTES. Python ignores SIGXFSZ, so that a write fails like ENOSPC does.
"""

import importlib
import resource
import sys


def main() -> None:
    """BYTES from the command line, the rest is the bot's."""
    _, most, *rest = sys.argv
    command = importlib.import_module("mailbot.__main__")
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
    sys.argv = ["mailbot", *rest]
    command.app()


if __name__ == "__main__":
    main()
