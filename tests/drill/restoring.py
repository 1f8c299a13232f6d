"""Yesterday's database over today's work: what was forgotten must not be done a second time."""

import asyncio
import shutil
import sqlite3
from contextlib import closing

from models.database import rows
from tests.drill.killing import import_long_gone
from tests.drill.stage import Stage
from tests.processes import run
from tests.registers import in_use
from tests.servers.postgres import database_name


async def backup_restored(stage: Stage) -> None:
    """The backup holds queued letters; answers, case numbers and an erasure came after it."""
    third = len(stage.letters) // 3
    await import_long_gone(stage)
    stage.deliver(stage.letters[:third])
    ended = await stage.once("tests.drill.victim", "letters not yet claimed", "1")
    assert ended.code == -9, f"the step was never reached: {ended.err[-300:]}"
    backup, before = _backup(stage), await _numbers(stage)
    stage.deliver(stage.letters[third : 2 * third])
    await stage.once()
    forgotten = await _numbers(stage) - before
    assert forgotten, "nothing was forgotten"
    _put_back(stage, backup)
    told = await run("models", "restored", environ=stage.environ)
    assert told.out.startswith("1 clients erased again"), f"{told.out} {told.err}"
    await asyncio.sleep(1.1)  # a letter's receipt has whole seconds: these came later
    stage.deliver(stage.letters[2 * third :])
    await stage.once()
    again = forgotten & await _numbers(stage)
    assert not again, f"{len(again)} case numbers were given twice"


async def _numbers(stage: Stage) -> set[str]:
    async with in_use(stage.desk.url):
        return {row["reference"] for row in await rows("SELECT reference FROM request")}


def _backup(stage: Stage) -> str:
    """URL of a copy."""
    if stage.on_postgres:
        return stage.postgres.create_database(database_name(stage.desk.url))
    copy = stage.file.with_name("backup.sqlite3")
    with closing(sqlite3.connect(stage.file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return f"sqlite://{copy}"


def _put_back(stage: Stage, backup: str) -> None:
    if stage.on_postgres:
        stage.postgres.put_back(stage.desk.url, backup)
        stage.postgres.release(backup)
        return
    for end in ("-wal", "-shm"):
        stage.file.with_name(stage.file.name + end).unlink(missing_ok=True)
    shutil.copy(backup.removeprefix("sqlite://"), stage.file)
