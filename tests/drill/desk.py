"""A desk under test: mailbox, SMTP sink and register, and what stands in each at the end."""

import imaplib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mailbot.imap_names import encoded, quoted
from models.database import rows
from tests.mixture import Mixed
from tests.processes import Ended, run, settings
from tests.registers import in_use
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp import SmtpServer

LONG_AGO = "2026-01-01T00:00:00Z"
OFFICER = "officer@example.com"  # who is told, in the drills in which somebody is
_LETTERS = "SELECT state, count(*) AS n FROM outbound_mail WHERE kind"
_TO_STAFF = "('staff_alarm', 'staff_digest')"


@dataclass(frozen=True, slots=True)
class Desk:
    """One mailbox of one Dovecot, one sink, one register."""

    dovecot: Dovecot
    user: str
    sink: SmtpServer
    url: str
    start_at: str | None = LONG_AGO
    more: Mapping[str, str] = field(default_factory=dict)
    imap_port: int | None = None

    @property
    def environ(self) -> dict[str, str]:
        """Settings of the bot; `imap_port` when it reaches Dovecot by a detour."""
        port = self.imap_port or self.dovecot.port
        imap = f"imap://{self.user}:{PASSWORD}@127.0.0.1:{port}/INBOX"
        more = {"START_AT": self.start_at} if self.start_at else {}
        more |= self.more
        return settings(self.url, imap, f"smtp://127.0.0.1:{self.sink.port}", **more)

    async def once(self) -> Ended:
        """`watch --once` to its end."""
        return await run("mailbot", "watch", "--once", environ=self.environ, seconds=300)

    async def check(self) -> Ended:
        """`models check` to its end."""
        return await run("models", "check", environ=self.environ)

    async def state(self) -> "State":
        """What stands in the register now."""
        async with in_use(self.url):
            fates = await rows("SELECT fate, count(*) AS n FROM sighting GROUP BY fate")
            letters = await rows(f"{_LETTERS} NOT IN {_TO_STAFF} GROUP BY state")
            told = await rows(f"{_LETTERS} IN {_TO_STAFF} GROUP BY state")
            cases = await rows("SELECT count(*) AS n FROM request")
        return State(
            fates={row["fate"]: row["n"] for row in fates},
            letters={row["state"]: row["n"] for row in letters},
            told={row["state"]: row["n"] for row in told},
            cases=cases[0]["n"],
        )

    def flags(self) -> Counter[str]:
        """Maildir flags of every letter of the INBOX, as the server keeps them."""
        home = self.dovecot.root / "mail" / self.user.lower()
        names = [path.name for part in ("new", "cur") for path in (home / part).iterdir()]
        return Counter(name.partition(":2,")[2] for name in names)

    def move(self, to: str) -> None:
        """As a person would: every letter of the INBOX into another folder, made if need be."""
        client = imaplib.IMAP4("127.0.0.1", self.dovecot.port)
        client.login(self.user, PASSWORD)
        name = quoted(encoded(to))
        client.create(name)
        client.select("INBOX")
        client.uid("MOVE", "1:*", name)
        client.logout()

    def copies(self) -> Counter[str]:
        """Message-IDs of the letters in Sent, each with how often it lies there."""
        client = imaplib.IMAP4("127.0.0.1", self.dovecot.port)
        client.login(self.user, PASSWORD)
        _, exists = client.select("Sent", readonly=True)
        found: Sequence[object] = []
        if exists != [b"0"]:
            _, found = client.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        client.logout()
        heads = (part[1] for part in found if isinstance(part, tuple))
        return Counter(head.decode().partition(":")[2].strip() for head in heads)

    def new_uidvalidity(self) -> None:
        """As if the mailbox had been restored: the same letters under other UIDs."""
        home = self.dovecot.root / "mail" / self.user.lower()
        for path in home.glob("dovecot*"):
            path.unlink()

    def doubled(self) -> dict[str, int]:
        """Addresses of the public that got more than one letter of ours."""
        counts = Counter(one.recipients[0] for one in self.sink.letters)
        return {
            address: count for address, count in counts.items() if count > 1 and address != OFFICER
        }

    def strangers(self, letters: list[Mixed]) -> list[str]:
        """Writers of ordinary mail that got a letter of ours all the same."""
        ordinary = {letter.sender for letter in letters if letter.kind == "other"}
        return [one.recipients[0] for one in self.sink.letters if one.recipients[0] in ordinary]


@dataclass(frozen=True, slots=True)
class State:
    """Counts of the register: sightings by fate, our letters by state (`told`: to staff), cases."""

    fates: Mapping[str, int]
    letters: Mapping[str, int]
    told: Mapping[str, int]
    cases: int

    @property
    def seen(self) -> int:
        """Every UID ever seen."""
        return sum(self.fates.values())

    @property
    def undecided(self) -> int:
        """Letters that wait for commit B."""
        return self.fates.get("stored", 0)


def sqlite_url(folder: Path) -> str:
    """A register of its own in this folder."""
    return f"sqlite://{folder / 'register.sqlite3'}"
