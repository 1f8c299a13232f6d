"""`models check`: does the register hold what it promises?

Balance sheet of the mailbox, foreign keys, letters and cases that contradict each other,
the dates of open cases folded anew from what stands on them, and the chain of journal seals.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from models.acts import mailbox
from models.acts.clocks import clock_of, columns
from models.acts.seals import Head, verify
from models.database import is_postgres, rows
from models.deadlines import TALLINN
from models.figures import OPEN
from models.sealed import Vault
from models.tables import DataSubjectRequest, Extension, Question, RequestItem
from models.vocabulary import Fate

BATCH = 500
Row = TypeVar("Row", RequestItem, Question)

CONTRADICTIONS = {
    "a registered letter without a case": (
        "SELECT count(*) AS n FROM message WHERE fate = 'registered' AND request_id IS NULL"
    ),
    "a decided sighting without its letter": (
        "SELECT count(*) AS n FROM sighting WHERE message_id IS NULL AND fate IN"
        " ('registered', 'triage', 'follow_up', 'ignored', 'automatic', 'duplicate')"
    ),
    "a case without any item": (
        "SELECT count(*) AS n FROM request r WHERE NOT EXISTS"
        " (SELECT 1 FROM request_item i WHERE i.request_id = r.id)"
    ),
    "a finished case without a closing day, or an open one with it": (
        f"SELECT count(*) AS n FROM request WHERE (closed_on IS NULL) <> (status IN {OPEN})"
    ),
    "a closed case with a right nobody decided": (
        "SELECT count(*) AS n FROM request r WHERE r.status = 'closed' AND EXISTS"
        " (SELECT 1 FROM request_item i WHERE i.request_id = r.id AND i.status = 'open')"
    ),
    "more than one automatic letter to one letter": (
        "SELECT count(*) AS n FROM (SELECT answers_id FROM outbound_mail WHERE automatic"
        " AND kind = 'acknowledgement' AND answers_id IS NOT NULL"
        " GROUP BY answers_id HAVING count(*) > 1) AS doubled"
    ),
    "a letter sent without an instant": (
        "SELECT count(*) AS n FROM outbound_mail WHERE state = 'sent' AND sent_at IS NULL"
    ),
    "an effective withdrawal without a ledger event or an address": (
        "SELECT count(*) AS n FROM request_item WHERE status = 'effective' AND effective_at IS NULL"
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong and how often."""

    what: str
    count: int


async def check(
    vault: Vault, head: Head | None = None, *, zone: ZoneInfo = TALLINN
) -> tuple[dict[str, int], list[Finding]]:
    """The balance sheet, and everything that is wrong (empty when all is well).

    `head` is a head of the journal's chain that was noted earlier, outside the database.
    """
    sheet = await mailbox.balance()
    findings = []
    decided = sum(sheet[fate.value] for fate in Fate)
    if decided != sheet["seen"]:
        findings.append(Finding("sightings without a known fate", sheet["seen"] - decided))
    for what, sql in CONTRADICTIONS.items():
        count = (await rows(sql))[0]["n"]
        if count:
            findings.append(Finding(what, count))
    wrong = await _wrong_clocks(zone)
    if wrong:
        findings.append(Finding("an open case whose dates are not those of its rights", wrong))
    if not is_postgres():
        broken = len(await rows("PRAGMA foreign_key_check"))
        if broken:
            findings.append(Finding("rows that point at nothing", broken))
    findings += [Finding(problem, 1) for problem in await verify(vault, head)]
    return sheet, findings


async def _wrong_clocks(zone: ZoneInfo) -> int:
    """Open cases whose dates are other than their rights, pauses and extension make them."""
    wrong, last = 0, 0
    while batch := await _open_cases(last):
        ids = [case.id for case in batch]
        items = _by_case(await RequestItem.filter(request_id__in=ids))
        questions = _by_case(await Question.filter(request_id__in=ids))
        notices = Extension.filter(request_id__in=ids, notified_on__not_isnull=True)
        extended = {notice.request_id for notice in await notices}
        for case in batch:
            if case.id not in items:
                continue  # a contradiction of its own
            mine = items[case.id], questions[case.id]
            clock = clock_of(case, *mine, zone, is_extended=case.id in extended)
            wrong += any(getattr(case, name) != day for name, day in columns(clock).items())
        last = ids[-1]
    return wrong


async def _open_cases(last: int) -> list[DataSubjectRequest]:
    cases = DataSubjectRequest.filter(id__gt=last, closed_on__isnull=True)
    return await cases.order_by("id").limit(BATCH)


def _by_case(found: Iterable[Row]) -> defaultdict[int, list[Row]]:
    grouped: defaultdict[int, list[Row]] = defaultdict(list)
    for row in found:
        grouped[row.request_id].append(row)
    return grouped
