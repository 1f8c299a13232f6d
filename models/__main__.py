"""Commands of the register: migrate, import, check, purge, restored, deadline, export, key."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer

from models.acts.clients import import_clients
from models.acts.purge import plan
from models.acts.purge import purge as take_out
from models.acts.restoring import SKIP, restore
from models.acts.seals import Head, seal
from models.acts.seals import head as journal_head
from models.casefile.export import export_case
from models.checking import check as check_register
from models.commands import PlainGroup
from models.database import DatabaseProblem, opened
from models.deadlines import deadline_json
from models.erasure_log import LogProblem
from models.erasure_log import read as read_log
from models.importing import ImportProblem, read_clients
from models.lifecycle import published
from models.migrate import migrate as bring_up_to_date
from models.sealed import new_key
from models.settings import HouseSettings
from models.settings_base import SettingsProblem
from models.shapes import SYSTEM, ActRefused

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, pretty_exceptions_enable=False, help="The register."
)


def fail(sentence: str) -> NoReturn:
    """One clear sentence on standard error, exit code 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Runs to the end; problems of the user's become a sentence."""
    try:
        asyncio.run(work)
    except (DatabaseProblem, LogProblem, SettingsProblem) as problem:
        fail(str(problem))


def settings() -> HouseSettings:
    """The house's settings, or a sentence and exit."""
    try:
        return HouseSettings.load()
    except SettingsProblem as problem:
        fail(str(problem))


@app.command()
def migrate() -> None:
    """Bring the database of DATABASE_URL up to date.

    Example: DATABASE_URL=sqlite://var/netpro.sqlite3 python -m models migrate
    """
    run(bring_up_to_date(settings().database_url.get_secret_value()))
    typer.echo("The database is up to date.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Clients as CSV or JSONL.")],
    keep_good: Annotated[bool, typer.Option(help="Import the good rows of a bad file.")] = False,
) -> None:
    """Import clients, idempotent by external_id.

    Example: python -m models import clients.jsonl
    """
    found = settings()

    async def work() -> None:
        house = found.house()
        async with opened(found.database_url.get_secret_value()):
            created, updated = await import_clients(house, SYSTEM, records)
        typer.echo(f"{created} clients created, {updated} updated, {len(problems)} rows refused.")
        if left_out := len(records) - created - updated:
            typer.echo(f"{left_out} left out: they were erased.", err=True)

    try:
        records, problems = read_clients(file)
    except ImportProblem as problem:
        fail(str(problem))
    for row_problem in problems:
        typer.echo(f"{file.name}, {row_problem}", err=True)
    if problems and not keep_good:
        fail("Nothing was imported: mend the rows above, or use --keep-good.")
    try:
        run(work())
    except ActRefused as problem:
        fail(f"Nothing was imported: {problem}")
    if problems:
        raise typer.Exit(1)


@app.command()
def check(
    head: Annotated[
        str | None, typer.Option(help="A journal head noted earlier: the chain must still hold it.")
    ] = None,
) -> None:
    """Verify balance sheet, ledgers, keys and journal seals; exit 1 with what is wrong.

    Example: python -m models check
    """
    found = settings()
    try:
        known = Head.read(head) if head else None
    except ValueError as problem:
        fail(f"--head cannot be read: {problem}.")

    async def work() -> None:
        vault = found.vault()
        async with opened(found.database_url.get_secret_value()):
            zone = ZoneInfo(found.tz_law)
            sheet, findings = await check_register(vault, known, zone=zone)
            typer.echo(json.dumps(sheet))
            for finding in findings:
                typer.echo(f"{finding.count} × {finding.what}", err=True)
            if findings:
                raise typer.Exit(1)
            await seal(vault)
            typer.echo(f"journal head: {await journal_head() or 'nothing sealed yet'}", err=True)

    run(work())


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Take out what has been kept long enough; one line for each row says why.

    Example: python -m models purge --dry-run
    """
    found = settings()

    async def work() -> None:
        house = found.house()
        async with opened(found.database_url.get_secret_value()):
            rows = await (plan(house, datetime.now(UTC)) if dry_run else take_out(house))
        for row in rows:
            typer.echo(str(row))
        goes = sum(row.stays is None for row in rows)
        verb = "would go" if dry_run else "went"
        typer.echo(f"{goes} {verb}, {len(rows) - goes} stayed.", err=True)

    run(work())


@app.command()
def restored(
    skip: Annotated[int, typer.Option(help="Case numbers to leave out.", min=1)] = SKIP,
    without_log: Annotated[
        bool, typer.Option("--without-log", help="There never was an erasure log.")
    ] = False,
) -> None:
    """After restoring a backup, before the bot starts: erase again, answer nobody twice.

    Example: python -m models restored
    """
    found = settings()

    async def work() -> None:
        house = found.house()
        lines = [] if without_log else list(read_log(house.erasure_log))
        async with opened(found.database_url.get_secret_value()):
            done = await restore(house, lines, skip=skip)
        typer.echo(f"{done.erased} clients erased again, {done.held} letters wait for a person.")
        typer.echo(f"The next case numbers: {', '.join(done.next_numbers)}.")
        typer.echo(
            "Letters received until now are answered only by a person's leave. What colleagues"
            " did since the backup is lost: tokens, decisions and notes are to be looked through.",
            err=True,
        )

    run(work())


@app.command()
def deadline(
    instant: Annotated[str, typer.Argument(help="When our server received it, with time zone.")],
) -> None:
    """Print the legal clock of a receipt instant as one line of JSON.

    Example: python -m models deadline 2026-03-05T22:30Z
    """
    zone = ZoneInfo(settings().tz_law)
    try:
        received_at = datetime.fromisoformat(instant)
        if received_at.tzinfo is None:
            raise ValueError
        found = deadline_json(received_at, zone)
    except (ValueError, OverflowError):
        fail("INSTANT must be an instant with a time zone, like 2026-03-05T22:30Z.")
    print(json.dumps(found, ensure_ascii=False))


@app.command()
def export(
    case: Annotated[str, typer.Argument(help="Number of the case, e.g. NP-2026-0001.")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Write one case as a file for the Inspectorate: page, letters, journal, digests.

    Example: python -m models export NP-2026-0001 toimik
    """
    found = settings()

    async def work() -> None:
        house = found.house()
        async with opened(found.database_url.get_secret_value()):
            done = await export_case(house, SYSTEM, case, directory)
        typer.echo(f"{done.files} files in {done.path}; begin with index.html.")
        for finding in done.findings:
            typer.echo(f"The journal's chain does not hold: {finding}.", err=True)
        if done.findings:
            raise typer.Exit(1)

    try:
        run(work())
    except ActRefused as problem:
        fail(str(problem))
    except FileExistsError:
        fail("DIR must be a new or empty folder: choose another.")
    except OSError as problem:
        fail(f"DIR cannot be written: {problem.strerror}.")


@app.command()
def lifecycle() -> None:
    """Print what may be done with a case of each status, by whom, and where it leads.

    Example: python -m models lifecycle > models/lifecycle.md
    """
    print(published(), end="")


@app.command()
def key() -> None:
    """Print a fresh key for DATA_KEY or SECRET_KEY.

    Example: python -m models key
    """
    print(new_key())


if __name__ == "__main__":
    app()
