"""The mailbox was not watched for a time: letters deleted meanwhile cannot be seen, so staff hear.

Every comparison of a folder with the ledger leaves its instant there; the gap before a new one is
the outage, whether the bot, its network or the mail server was away.
"""

from datetime import datetime, timedelta

from models.acts.alarms import alarm
from models.acts.work import working
from models.house import House
from models.letters.facts import StaffAlarm
from models.shapes import BOT
from models.tables import MailFolder


async def outage(house: House, patience: timedelta, *, now: datetime) -> timedelta | None:
    """Tells the officer, once for each, of a gap longer than `patience`; how long it was."""
    found = MailFolder.filter(reconciled_at__not_isnull=True).order_by("-reconciled_at")
    last = await found.first()
    since = last.reconciled_at if last else None
    if since is None or now - since <= patience:
        return None
    async with working(house, BOT, "watch", now=now) as work:
        await alarm(work, StaffAlarm.OUTAGE, seed=since.isoformat(), since=since)
        work.journal("mailbox.outage", [], {"seconds": int((now - since).total_seconds())})
    return now - since
