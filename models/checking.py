"""`models check`: does the register hold what it promises?

Balance sheet of the mailbox, foreign keys, letters and cases that contradict each other,
and the chain of journal seals.
"""

from dataclasses import dataclass

from models.acts import mailbox
from models.acts.seals import Head, verify
from models.database import is_postgres, rows
from models.figures import OPEN
from models.sealed import Vault
from models.vocabulary import Fate

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


async def check(vault: Vault, head: Head | None = None) -> tuple[dict[str, int], list[Finding]]:
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
    if not is_postgres():
        broken = len(await rows("PRAGMA foreign_key_check"))
        if broken:
            findings.append(Finding("rows that point at nothing", broken))
    findings += [Finding(problem, 1) for problem in await verify(vault, head)]
    return sheet, findings
