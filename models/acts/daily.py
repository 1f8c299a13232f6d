"""What the register does once a local day: restrictions and consents that end, retention."""

from datetime import UTC, datetime

from models.acts.expiring import expire_due
from models.acts.heartbeat import beat
from models.acts.purge import purge
from models.acts.restricting import lift_due
from models.house import House
from models.tables import Heartbeat

NAME = "daily"


async def every_day(house: House, *, now: datetime | None = None) -> bool:
    """Does the day's work unless it was done today; whether it did."""
    moment = now or datetime.now(UTC)
    today = house.today(moment).isoformat()
    last = await Heartbeat.get_or_none(name=NAME)
    if last is not None and last.detail.get("day") == today:
        return False
    await lift_due(house, now=moment)
    await expire_due(house, now=moment)
    await purge(house, now=moment)
    await beat(NAME, {"day": today})
    return True
