"""The bot with a wrong clock: `python -m tests.drill.skewed SECONDS watch --once`."""

import datetime as standard
import importlib
import sys
from typing import Any

SKEW = standard.timedelta()


class _Kind(type):
    """Every instant is an instance, whoever made it."""

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, standard.datetime)


class SkewedClock(standard.datetime, metaclass=_Kind):
    """`datetime` whose `now` is off by SKEW; what it makes are plain datetimes."""

    def __new__(cls, *given: Any, **named: Any) -> Any:
        """A plain datetime."""
        return standard.datetime(*given, **named)  # noqa: DTZ001 - as the caller asked

    @classmethod
    def now(cls, tz: standard.tzinfo | None = None) -> Any:
        """Wrong by SKEW."""
        return standard.datetime.now(tz) + SKEW

    @classmethod
    def fromisoformat(cls, text: str) -> Any:
        """A plain datetime."""
        return standard.datetime.fromisoformat(text)


def put_ahead(seconds: int) -> None:
    """From now on the program's clock is so much ahead; its modules are there already."""
    global SKEW
    SKEW = standard.timedelta(seconds=seconds)
    for name, module in list(sys.modules.items()):
        if name.startswith(("mailbot.", "models.")) and hasattr(module, "datetime"):
            module.datetime = SkewedClock  # type: ignore[attr-defined]  # on purpose


def main() -> None:
    """SECONDS from the command line, the rest is the bot's."""
    command = importlib.import_module("mailbot.__main__")
    put_ahead(int(sys.argv[1]))
    sys.argv = ["mailbot", *sys.argv[2:]]
    command.app()


if __name__ == "__main__":
    main()
