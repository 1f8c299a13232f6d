"""`python -m mailbot doctor`: is everything here that the bot needs, and what to do if not.

Looks and changes nothing: no letter is sent, no flag is set, no row is written. Sentences
carry no password, address or text of a letter.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailbot.anchors import anchors_in
from mailbot.headers import without_comments
from mailbot.inbox import ImapError, Inbox, Selected, Sighting
from mailbot.intake import Rules, chosen
from mailbot.outbox import Outbox, SmtpUnreachable
from mailbot.parts import split
from mailbot.settings import MailSettings
from models.acts.mailbox import instant
from models.database import DatabaseProblem, is_postgres, opened, rows
from models.letters.render import broken_templates
from models.sealed import SealProblem
from models.settings import HouseSettings
from models.settings_base import SettingsProblem

PROBLEMS = (SettingsProblem, DatabaseProblem, ImapError, SmtpUnreachable)
CLOCK_SECONDS = 60
LATEST = 20  # letters whose headers are looked at
SMALL = 200_000  # bytes; a bigger letter is not fetched only to look at its head


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `words` say what is there, or what to do."""

    name: str
    good: bool
    words: str


async def examine(
    environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
) -> AsyncIterator[Finding]:
    """Every finding, in the order of the data's way. Never raises for a user's mistake."""
    house, mail = None, None
    try:
        house = HouseSettings.load(environ, env_file)
    except SettingsProblem as problem:
        yield Finding("settings", False, str(problem))
    try:
        mail = MailSettings.load(environ, env_file)
    except SettingsProblem as problem:
        yield Finding("settings", False, str(problem))
    if house is not None:
        for name, look in _of_the_house(house):
            yield await _found(name, look)
    if mail is not None:
        for name, look in _of_the_mail(mail, house):
            yield await _found(name, look)


async def _found(name: str, look: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(name, True, await look())
    except PROBLEMS as problem:
        return Finding(name, False, str(problem))


def _of_the_house(house: HouseSettings) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
    async def keys() -> str:
        house.vault()
        return "DATA_KEY and SECRET_KEY are there"

    async def controller() -> str:
        house.controller()
        return "every fact the letters need is set"

    async def letters() -> str:
        if broken := broken_templates():
            raise SettingsProblem(
                f"Letters of models/letters are missing or broken: {', '.join(broken)}."
            )
        return "every letter is there in three languages"

    async def database() -> str:
        async with opened(house.database_url.get_secret_value()):
            await _keys_fit(house)
            await _clock_fits()
            kind = "PostgreSQL" if is_postgres() else "SQLite"
            return f"{kind} answers, its clock is ours, DATA_KEY opens what is stored"

    return [
        ("keys", keys),
        ("controller", controller),
        ("letters", letters),
        ("database", database),
    ]


async def _keys_fit(house: HouseSettings) -> None:
    found = await rows(
        "SELECT sealed FROM raw_letter WHERE sealed IS NOT NULL ORDER BY id DESC LIMIT 1"
    )
    try:
        for row in found:
            house.vault().open("raw", row["sealed"])
    except SealProblem:
        raise SettingsProblem(
            "DATA_KEY does not open what is stored: put the key it was stored with behind the "
            "new one (DATA_KEY=new,old)."
        ) from None


async def _clock_fits() -> None:
    found = await rows("SELECT CURRENT_TIMESTAMP AS at")
    off = abs(datetime.now(UTC) - instant(found[0]["at"]))
    if off > timedelta(seconds=CLOCK_SECONDS):
        raise DatabaseProblem(
            f"The clocks of this machine and of the database differ by {off.seconds} s: "
            "set both by NTP, legal deadlines hang on them."
        )


def _of_the_mail(
    mail: MailSettings, house: HouseSettings | None
) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
    async def imap() -> str:
        async with Inbox(mail.imap) as inbox:
            folders = await chosen(inbox, Rules(mail.mail_folders))
            if mail.sent_folder:
                await inbox.folder(mail.sent_folder)
            selected = await inbox.select(folders[0])
            latest = await _latest(inbox, selected)
            _not_ahead(latest)
            await _server_is_known(inbox, latest, mail)
            count = len(folders)
            return f"logged in; folders to watch: {count}; letters in the first: {selected.exists}"

    async def smtp() -> str:
        if house is None:
            raise SettingsProblem("SMTP is looked at once the settings above are right.")
        outbox = Outbox(house.house(), mail.smtp, mail.envelope_sender, 0, mail.retry_days)
        async with outbox:
            await outbox.connect()
        return "the server takes our login; no letter was sent"

    async def anchors() -> str:
        count = len(anchors_in(mail.trust_anchors))
        return f"{count} certificates" if count else "none: signatures are checked, never trusted"

    return [("IMAP", imap), ("SMTP", smtp), ("TRUST_ANCHORS", anchors)]


async def _latest(inbox: Inbox, selected: Selected) -> list[Sighting]:
    return await inbox.sightings_of((await inbox.uids())[-LATEST:]) if selected.exists else []


def _not_ahead(latest: list[Sighting]) -> None:
    late = datetime.now(UTC) + timedelta(seconds=CLOCK_SECONDS)
    if any(one.received_at > late for one in latest):
        raise SettingsProblem(
            "The mail server received letters in our future: set this machine's clock, or the "
            "server's, by NTP."
        )


async def _server_is_known(inbox: Inbox, latest: list[Sighting], mail: MailSettings) -> None:
    """AUTHSERV_ID stands in the letters, or nobody would ever be answered."""
    if not mail.authserv_id or not latest:
        return
    seen: set[str] = set()
    async for batch in inbox.bodies([one for one in latest if one.size < SMALL]):
        seen |= {name for one in batch for name in _servers(one.raw)}
    if seen and mail.authserv_id.lower() not in seen:
        names = ", ".join(sorted(seen)[:3])
        raise SettingsProblem(
            f"AUTHSERV_ID is not what the newest letters carry ({names}): nobody would be "
            "answered. Set it to the id your own mail server writes."
        )


def _servers(raw: bytes) -> list[str]:
    """Ids of the servers that wrote Authentication-Results (RFC 8601 section 2.2)."""
    values = [value for name, value in split(raw).fields if name == "authentication-results"]
    words = [without_comments(value).partition(";")[0].split() for value in values]
    return [found[0].strip('"').lower() for found in words if found]
