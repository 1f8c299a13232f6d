"""What every act and every letter needs to know about the house it stands in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from models.letters.facts import Controller
from models.retention import KEEP, Keep, Record
from models.sealed import Vault


@dataclass(frozen=True, slots=True)
class House:
    """One per process, built from settings at the start.

    `acknowledge` is the ACKNOWLEDGE setting: on, hold or off. The ladder bounds
    automatic letters: cases a sender may open in 24 h, letters an hour to one domain
    and in all. `keep` is how long what is kept.
    """

    vault: Vault
    controller: Controller
    zone: ZoneInfo
    mail_address: str
    bounce_address: str
    acknowledge: str = "on"
    ladder_sender_per_day: int = 5
    ladder_domain_per_hour: int = 20
    ladder_total_per_hour: int = 300
    erasure_log: Path = Path("var/erasure.log")
    keep: Mapping[Record, Keep] = field(default_factory=lambda: KEEP)

    @property
    def mail_domain(self) -> str:
        """Domain of our Message-IDs."""
        return self.mail_address.rpartition("@")[2]

    def today(self, now: datetime) -> date:
        """The local day of an instant."""
        return now.astimezone(self.zone).date()
