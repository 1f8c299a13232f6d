"""Commands in which a wrong option is one sentence too: what is wrong, and where to look.

Exit code 2 for words that cannot be understood, as everywhere; 1 stays what a command itself
says of what it was given.
"""

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup


class PlainGroup(TyperGroup):
    """`typer.Typer(cls=PlainGroup)`."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs the command of the command line; `standalone_mode` ends the process."""
        words = (args, prog_name, complete_var, False, windows_expand_args)
        if not standalone_mode:
            return super().main(*words, **extra)
        try:
            code = super().main(*words, **extra)
        except typer.TyperException as problem:
            if said := sentence(problem):
                typer.echo(said, err=True)
            sys.exit(problem.exit_code)
        except typer.Abort:
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


def sentence(problem: typer.TyperException) -> str:
    """What is wrong with the words given; empty when help was shown instead."""
    message = problem.format_message().replace("Value error, ", "").removesuffix(".")
    command = getattr(getattr(problem, "ctx", None), "command_path", "")
    if not message or not command:
        return message
    gap = " " if message.endswith("?") else "; "
    return f"{message}{gap}`{command} --help` says how."
