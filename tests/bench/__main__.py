"""`make bench`: intake, memory, idle latency, the classifier and the API, as tables.

Examples: python -m tests.bench --only intake --letters 20000
          python -m tests.bench --only peers
"""

import asyncio
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable

from rich.console import Console

from tests.bench import apis, mail
from tests.bench.floods import floods
from tests.bench.npm import PeerMissing, installed

LETTERS = 1000
CONSOLE = Console(width=120)
Show = Callable[[Namespace], None]


def api(_: Namespace) -> None:
    """The colleagues' door."""
    CONSOLE.print(asyncio.run(apis.beside(apis.Plan(), None)))
    others()


def peers(_: Namespace) -> None:
    """The same, beside the peer where npm brings it."""
    try:
        npm = installed()
    except PeerMissing as missing:
        CONSOLE.print(f"Without the peer. {missing}")
        npm = None
    CONSOLE.print(asyncio.run(apis.beside(apis.Plan(), npm)))
    others()


def others() -> None:
    """What has no peer."""
    for one in (apis.on_sqlite, apis.tenfold, apis.live):
        CONSOLE.print(asyncio.run(one(apis.Plan())))


PARTS: dict[str, Show] = {
    "reading": lambda _: CONSOLE.print(mail.reading()),
    "intake": lambda asked: CONSOLE.print(mail.intakes(asked.letters or [LETTERS])),
    "idle": lambda _: CONSOLE.print(mail.idle()),
    "huge": lambda _: CONSOLE.print(mail.huge()),
    "api": api,
    "floods": lambda _: CONSOLE.print(asyncio.run(floods())),
    "peers": peers,
}
ALONE = ("floods", "peers")  # long, or wanting more than is installed: only when asked for


def main() -> None:
    """Every part but those that stand alone; `--only` asks for some."""
    parser = ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="repeatable")
    parser.add_argument("--letters", action="append", type=int, help="in the mailbox; repeatable")
    asked = parser.parse_args()
    for name in asked.only or [one for one in PARTS if one not in ALONE]:
        PARTS[name](asked)


if __name__ == "__main__":
    main()
