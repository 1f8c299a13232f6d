"""kill -9 at a named step: of a letter's road, of an erasure with its log, of letters to staff.

For the last the mix is worked off first; then the clock stands on a working day on which
every case is due in seven, and an officer is to be told.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime, time
from pathlib import Path

from models.acts.reminding import step_reached
from models.database import rows
from models.deadlines import TALLINN, clock, working_days_before
from models.erasure_log import read
from tests.drill.desk import OFFICER
from tests.drill.stage import Stage
from tests.drill.victim import Step
from tests.processes import run
from tests.registers import in_use

DAYS_BEFORE = 7  # working days: one of those on which staff are reminded
BUSINESS = time(10)

# whose data the daily work erases the first time it runs, and writes it to the erasure log
LONG_GONE = {
    "external_id": "C-1",
    "kind": "natural_person",
    "display_name": "Endine Klient",
    "relationship_ended_on": "2015-01-31",
}


async def import_long_gone(stage: Stage) -> None:
    """A client whose time is up, as the customer system hands it over."""
    file = Path(stage.environ["ERASURE_LOG"]).with_name("clients.jsonl")
    file.write_text(json.dumps(LONG_GONE), encoding="utf-8")
    ended = await run("models", "import", str(file), environ=stage.environ)
    assert ended.code == 0, ended.err


async def killed_at(step: Step, stage: Stage) -> None:
    """kill -9 at this step, twice: early, and later in what is left."""
    stage.deliver()
    await _killed_twice(step, stage)


async def killed_while_erasing(step: Step, stage: Stage) -> None:
    """kill -9 at this step of the one erasure, and one more run may meet it again."""
    await import_long_gone(stage)
    stage.deliver()
    await _killed_twice(step, stage)


async def killed_while_telling(step: Step, stage: Stage) -> None:
    """kill -9 at this step, twice, on the day when every case is due in seven working days."""
    stage.deliver()
    ended = await stage.once()
    assert ended.code == 0, ended.err[-300:]
    stage.ahead = round((_day_to_tell() - datetime.now(UTC)).total_seconds())
    stage.more |= {"DPO_ADDRESS": OFFICER, "KEEP_OTHER_DAYS": "90"}
    await _killed_twice(step, stage)


async def _killed_twice(step: Step, stage: Stage) -> None:
    deaths = 0
    for call in (1, 1 + min(step.calls, len(stage.letters) // 10)):
        ended = await stage.once("tests.drill.victim", step.name, str(call))
        deaths += ended.code == -9
    assert deaths, f"the step was never reached: {step.name}"


def _day_to_tell() -> datetime:
    due_on = clock(datetime.now(UTC)).due_on
    return datetime.combine(working_days_before(due_on, DAYS_BEFORE), BUSINESS, TALLINN)


async def erased_once(stage: Stage) -> list[str]:
    """The client is gone, and the log, which must never know less, knows it."""
    async with in_use(stage.desk.url):
        gone = await rows("SELECT id FROM client WHERE erased_at IS NOT NULL")
        left = await rows("SELECT id FROM client WHERE erased_at IS NULL")
        acts = await rows("SELECT count(*) AS n FROM journal_entry WHERE action = 'purge.client'")
    known = {line.client_id for line in read(Path(stage.environ["ERASURE_LOG"]))}
    return [
        *(["the client was not erased"] if left or not gone else []),
        *(["the erasure log lacks an erasure"] if {row["id"] for row in gone} - known else []),
        *([f"erased {acts[0]['n']} times"] if acts[0]["n"] != 1 else []),
    ]


async def told_once(stage: Stage) -> list[str]:
    """One reminder a case that is due soon, one morning letter, and all of them went out."""
    today = _day_to_tell().date()
    async with in_use(stage.desk.url):
        cases = await rows("SELECT target_on FROM request WHERE closed_at IS NULL")
        sent = await rows(
            "SELECT kind, state FROM outbound_mail WHERE kind IN ('staff_alarm', 'staff_digest')"
        )
    soon = sum(step_reached(_date(row["target_on"]), today) is not None for row in cases)
    letters = Counter(row["kind"] for row in sent)
    went = sum(row["state"] in {"sent", "maybe_sent"} for row in sent)
    wanted = {"staff_alarm": soon, "staff_digest": 1}
    return [
        *(["no case is due soon"] if not soon else []),
        *([f"letters to staff {dict(letters)}, not {wanted}"] if letters != wanted else []),
        *([f"{len(sent) - went} letters to staff did not go"] if went != len(sent) else []),
    ]


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
