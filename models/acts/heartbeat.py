"""Signs of life of long-running parts, for /readyz and the dashboard."""

from datetime import UTC, datetime
from typing import Any

from models.tables import Heartbeat


async def beat(name: str, detail: dict[str, Any]) -> None:
    """This part was alive at this instant."""
    await Heartbeat.update_or_create({"seen_at": datetime.now(UTC), "detail": detail}, name=name)
