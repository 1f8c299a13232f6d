"""Commands of the mail side: watch, classify, evaluate, send and their kin."""

import asyncio
import contextlib
import importlib
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, NoReturn

import asyncpg
import typer
from tortoise.exceptions import BaseORMException

from mailbot import bot as bots
from mailbot import replaying
from mailbot.doctor import examine
from mailbot.inbox import ImapError
from mailbot.outbox import SmtpUnreachable
from mailbot.reader import ReaderBroken
from mailbot.settings import MailSettings
from models.acts.mailbox import Stored
from models.acts.receive import Received
from models.commands import PlainGroup
from models.corrections import corrections as corrected
from models.database import DatabaseProblem, opened
from models.logs import set_up
from models.settings import HouseSettings
from models.settings_base import SettingsProblem

app = typer.Typer(
    cls=PlainGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The public's door: mail in, mail out.",
)
# mail servers' OSErrors are waited out or become a sentence of their own
LOST = (BaseORMException, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
Loop = Callable[[], asyncio.AbstractEventLoop]
PROBLEMS = (
    SettingsProblem, DatabaseProblem, ImapError, SmtpUnreachable, ReaderBroken,
    replaying.ReplayProblem,
)  # fmt: skip


def fail(sentence: str) -> NoReturn:
    """One clear sentence on standard error, exit code 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def run(work: Coroutine[Any, Any, None], loop: Loop | None = None) -> None:
    """Runs until done or until SIGTERM or Ctrl-C; problems of the user's become a sentence."""
    with contextlib.suppress(asyncio.CancelledError):
        try:
            with asyncio.Runner(loop_factory=loop) as runner:
                runner.run(_stoppable(work))
        except* PROBLEMS as group:
            fail(str(_first(group)))
        except* LOST as group:
            name = type(_first(group)).__name__
            fail(f"The database of DATABASE_URL was lost ({name}): nothing is half-done.")


def _fast_loop() -> Loop | None:
    """A faster event loop than Python's own, where there is one."""
    try:
        loop: Loop = importlib.import_module("uvloop").new_event_loop
    except ImportError:
        return None
    return loop


async def _stoppable(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, task.cancel)
    await task


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


@app.command()
def watch(
    once: Annotated[bool, typer.Option(help="Work off what is there, then stop.")] = False,
) -> None:
    """Watch the mailbox, open cases, acknowledge.

    Example: python -m mailbot watch --once
    """
    try:
        house_settings, settings = HouseSettings.load(), MailSettings.load()
        house = house_settings.house()
        _ = settings.imap, settings.smtp
    except SettingsProblem as problem:
        fail(str(problem))
    set_up(house_settings.log_format, house_settings.log_level)
    url = house_settings.database_url.get_secret_value()

    async def work() -> None:
        async with opened(url):
            bot = bots.Bot(house, settings, url, _log_letter)
            await (bots.once(bot) if once else bots.watch(bot))

    run(work(), _fast_loop())


async def _log_letter(stored: Stored, received: Received) -> None:
    """One line a letter: what it became, by numbers only."""
    logging.getLogger("mailbot").info(
        "letter %s: %s %s (%s) %s",
        stored.sighting_id,
        received.fate.value,
        received.result.reference or "",
        ", ".join(received.labels) or "-",
        received.answer,
    )


@app.command()
def classify(
    files: Annotated[list[Path] | None, typer.Argument(help="Letters as .eml files.")] = None,
    jsonl: Annotated[bool, typer.Option(help="Lines of JSON on standard input.")] = False,
) -> None:
    """Say what letters ask for; no database, no network.

    Example: python -m mailbot classify letter.eml

    `--jsonl` reads lines {"id", "subject", "body"} of standard input, or of FILES when given.
    """
    if not jsonl and not files:
        fail("Give at least one .eml file, or --jsonl with lines on standard input.")
    judging = _judging()
    try:
        if jsonl and not files:
            judging.judge_lines(sys.stdin.buffer)
        for path in files or []:
            (judging.judge_lines_of if jsonl else judging.judge_file)(path)
    except judging.Unreadable as problem:
        fail(str(problem))
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _demo(name: str) -> ModuleType:
    """A part of the demo, loaded only when asked for: the bot needs no mail server of its own."""
    return importlib.import_module(f"mailbot.demo.{name}")


def _judging() -> ModuleType:
    """The classifier, loaded only for commands that use it: the bot's child has its own."""
    return importlib.import_module("mailbot.judging")


@app.command()
def evaluate(
    corpus: Annotated[Path, typer.Argument(help="Labelled letters as JSONL.")],
    picture: Annotated[Path | None, typer.Argument(help="Where the picture goes.")] = None,
    png: Annotated[bool, typer.Option("--png", help="Draw it too; default CORPUS.png.")] = False,
) -> None:
    """Measure the classifier on labelled letters: a table with 95 % intervals.

    Example: python -m mailbot evaluate mailbot/classify/exams/a.jsonl --png a.png
    """
    if picture and corpus.suffix == ".png":  # `--png a.png a.jsonl`
        corpus, picture = picture, corpus
    judging = _judging()
    try:
        found = judging.evaluate(corpus)
    except judging.CorpusError as problem:
        fail(f"{corpus.name}, {problem}")
    except OSError as problem:
        fail(f"{corpus} cannot be read: {problem.strerror}.")
    print(judging.as_text(found))
    if png or picture:
        picture = picture or corpus.with_suffix(".png")
        try:
            picture.write_bytes(judging.as_png(found))
        except OSError as problem:
            fail(f"{picture} cannot be written: {problem.strerror}.")
        typer.echo(f"Drawn: {picture}", err=True)


@app.command()
def train(
    corpus: Annotated[Path | None, typer.Option(help="Folder of labelled JSONL.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the model goes.")] = None,
    compare: Annotated[bool, typer.Option(help="Only compare ways to read.")] = False,
) -> None:
    """Learn the classifier's model from the corpus; the same corpus gives the same bytes.

    Example: python -m mailbot train

    `--compare` writes no model: tables of the ways to read, of the learning curve, and the
    wrongest letters, all of voices held out.
    """
    given = {name: path for name, path in (("corpus_dir", corpus), ("out", out)) if path}
    try:
        if compare:
            given.pop("out", None)
            print(_training("compare").compare(**given))
            return
        header = _training("train").train(**given)
    except (OSError, ValueError, KeyError) as problem:
        fail(f"The corpus cannot be learnt from: {problem}")
    print(json.dumps({name: header[name] for name in ("version", "letters", "voices", "scores")}))


def _training(module: str) -> Any:
    """Its libraries are not among those the desk runs on."""
    try:
        return importlib.import_module(f"mailbot.classify.training.{module}")
    except ImportError:
        fail("Training needs more libraries: pip install -r requirements-dev.lock")


@app.command()
def corrections() -> None:
    """Print the letters whose verdict a person corrected, as pseudonymised training lines.

    Example: python -m mailbot corrections > corrections.jsonl
    """
    try:
        house_settings = HouseSettings.load()
        house = house_settings.house()
    except SettingsProblem as problem:
        fail(str(problem))

    async def work() -> None:
        async with opened(house_settings.database_url.get_secret_value()):
            async for line in corrected(house):
                print(json.dumps(line, ensure_ascii=False))

    run(work())


@app.command()
def replay(
    paths: Annotated[
        list[Path] | None, typer.Argument(help=".eml files, Maildir folders, mbox files.")
    ] = None,
    from_mailbox: Annotated[
        bool, typer.Option("--from-mailbox", help="Instead: what lay there before the bot came.")
    ] = False,
    since: Annotated[str | None, typer.Option(help="Of these, received from this day on.")] = None,
    received_at: Annotated[
        str | None, typer.Option(help="When our server received them, with time zone.")
    ] = None,
    acknowledge: Annotated[bool, typer.Option(help="Let automatic letters go out.")] = False,
) -> None:
    """Take letters into the register as if they had arrived; no mail goes out unless asked.

    Example: python -m mailbot replay --received-at 2026-03-05T22:30Z letter.eml

    Without `--received-at` our own topmost Received line says when a letter came in; a
    letter without one waits in triage. `--from-mailbox --since 2026-01-31` reads letters that
    the register has as before_start.
    """
    if bool(paths) == from_mailbox or (from_mailbox and received_at) or (paths and since):
        fail("Give paths, with --received-at if need be, or --from-mailbox, with --since if so.")
    try:
        house_settings, settings = HouseSettings.load(), MailSettings.load()
        house = replace(house_settings.house(), acknowledge="on" if acknowledge else "off")
        moment, first = replaying.instant(received_at), replaying.day(since, house.zone)
    except (SettingsProblem, replaying.ReplayProblem) as problem:
        fail(str(problem))
    set_up(house_settings.log_format, house_settings.log_level)
    url = house_settings.database_url.get_secret_value()

    async def work() -> None:
        async with opened(url):
            bot = bots.Bot(house, settings, url, _log_letter)
            if from_mailbox:
                count = await replaying.replay_mailbox(bot, first)
            else:
                count = await replaying.replay(bot, paths or [], moment)
        typer.echo(f"{count} letters taken in.")

    run(work())


@app.command()
def send(
    text: Annotated[list[str], typer.Argument(help="What you want to write.")],
    sender: Annotated[str, typer.Option(help="Your address.")] = "visitor@example.com",
    subject: Annotated[str | None, typer.Option(help="Default: the text's beginning.")] = None,
) -> None:
    """Send a letter into the running demo.

    Example: python -m mailbot send "Please delete my account and all my data."
    """
    port = demo_smtp_port()
    try:
        asyncio.run(_demo("run").send_text("127.0.0.1", port, " ".join(text), sender, subject))
    except (OSError, ValueError) as problem:
        fail(str(problem))
    typer.echo("Sent. Watch the log of the demo.")


@app.command()
def demo() -> None:
    """Run mail server, bot and API together on samples; PORT and DEMO_DIR may be set.

    Example: PORT=8080 python -m mailbot demo
    """
    set_up("console", "warning")
    run(_demo("main").demo())


@app.command()
def doctor() -> None:
    """Check database, keys, letters, clock, IMAP, SMTP and AUTHSERV_ID; say what to fix.

    Example: python -m mailbot doctor
    """
    set_up("console", "error")
    bad = 0

    async def work() -> None:
        nonlocal bad
        async for finding in examine():
            bad += not finding.good
            for line in finding.words.splitlines():
                typer.echo(f"{'ok ' if finding.good else 'FIX'}  {finding.name}: {line}")

    run(work())
    if bad:
        fail(f"{bad} to fix.")


def demo_smtp_port() -> int:
    """Where the running demo listens, or a sentence and exit."""
    path = Path(os.environ.get("DEMO_DIR") or "var/demo") / "demo.json"
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["smtp_port"])
    except (OSError, ValueError, KeyError):
        fail("No demo is running here: start it with `make run` in another terminal.")


if __name__ == "__main__":
    app()
