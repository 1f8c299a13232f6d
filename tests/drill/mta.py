"""Our letters through a real Postfix into Dovecot, then before rspamd and SpamAssassin.

Example: python -m tests.drill.mta

A request in each language and one in no sure language are written to the desk; the bot answers
through Postfix, which hands each letter on to the writer's own mailbox. What lies there must be
what the register says was sent, byte for byte below the lines that servers add. Exit code 1
when a letter was changed, breaks a rule of form, or costs a point or more with a filter.
"""

import asyncio
import email
import imaplib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from rich.console import Console
from rich.table import Table

from models.database import rows
from models.migrate import migrate
from tests.drill.desk import sqlite_url
from tests.mixture import AUTHSERV_ID
from tests.processes import run, settings
from tests.registers import house, in_use
from tests.servers import dovecot as dovecots
from tests.servers import postfix, rspamd
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.rspamd import Judgement

NEEDED = "apt install dovecot-imapd dovecot-lmtpd postfix rspamd spamassassin"
SENDER = "info@netpro.ee"
LETTERS = {
    "et": ("Andmete kustutamine", "Tere! Palun kustutage minu konto ja kõik minu isikuandmed."),
    "en": ("My data", "Hello, please send me a copy of all the personal data you hold about me."),
    "ru": ("Мои данные", "Здравствуйте! Прошу удалить мою учётную запись и все мои данные."),
    "unsure": ("GDPR", "GDPR art 17 delete kustuta удалить data andmed данные"),
}
POINTS = re.compile(r"^\s*(-?\d+\.\d) (\w+) ", re.MULTILINE)
STATUS = re.compile(r"score=(-?[\d.]+) required=([\d.]+)")
ENOUGH = 1.0  # points; what is below are remarks on loopback without TLS and on base64
LINE_MAX = 78  # RFC 5322 section 2.1.1: should
REQUIRED_ONCE = ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Auto-Submitted")
UNWANTED = ("Reply-To", "List-Unsubscribe", "Bcc", "Precedence")
CONSOLE = Console(width=130)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One letter of ours in the writer's mailbox, and the bytes the register kept."""

    language: str
    to: str
    raw: bytes
    sent: bytes


def request(language: str) -> bytes:
    """A letter to the desk, as our own server would hand it over."""
    subject, text = LETTERS[language]
    letter = EmailMessage(policy=default.clone(linesep="\r\n"))
    letter["Authentication-Results"] = f"{AUTHSERV_ID}; dmarc=pass header.from=example.com"
    letter["From"], letter["To"], letter["Subject"] = f"{language}@example.com", SENDER, subject
    letter["Message-ID"] = f"<request.{language}@example.com>"
    letter.set_content(text)
    return letter.as_bytes()


async def answered(dovecot: Dovecot, port: int, folder: Path) -> list[Arrived]:
    """The bot answers every letter through the server at `port`; what the writers find."""
    url = sqlite_url(folder)
    await migrate(url)
    dovecot.fill("desk", [request(language) for language in LETTERS])
    imap = f"imap://desk:{PASSWORD}@127.0.0.1:{dovecot.port}/INBOX"
    environ = settings(url, imap, f"smtp://127.0.0.1:{port}", START_AT="2026-01-01T00:00:00Z")
    ended = await run("mailbot", "watch", "--once", environ=environ)
    if ended.code:
        raise RuntimeError(ended.err[-2000:])
    async with in_use(url):
        found = await rows("SELECT to_sealed, raw_sealed FROM outbound_mail WHERE state = 'sent'")
    vault = house().vault
    sent = {vault.open_text("to", one["to_sealed"]): one["raw_sealed"] for one in found}
    return [
        Arrived(language, to, await asyncio.to_thread(delivered, dovecot, language), opened)
        for language in LETTERS
        if (opened := vault.open("out-raw", sent[to := f"{language}@example.com"])) is not None
    ]


def delivered(dovecot: Dovecot, user: str) -> bytes:
    """The one letter in this mailbox, waited for."""
    with imaplib.IMAP4("127.0.0.1", dovecot.port) as client:
        client.login(user, PASSWORD)
        for _ in range(200):
            client.select("INBOX", readonly=True)
            _, found = client.fetch("1:*", "(BODY.PEEK[])")
            bodies = [part[1] for part in found if isinstance(part, tuple)]
            if bodies:
                return bytes(bodies[0])
            time.sleep(0.1)
    raise RuntimeError("no letter arrived within 20 s")


def faults(one: Arrived) -> list[str]:
    """What the way or we ourselves did badly, in sentences."""
    letter = email.message_from_bytes(one.raw, policy=default)
    wrong = [f"{name} is there" for name in UNWANTED if name in letter]
    wrong += [f"{name} is not there once" for name in REQUIRED_ONCE if _count(letter, name) != 1]
    wrong += [f"a defect: {type(found).__name__}" for found in letter.defects]
    if not one.raw.endswith(one.sent):
        wrong.append("the letter is not what was sent")
    if not one.raw.isascii():
        wrong.append("eight-bit bytes on the wire")
    if any(len(line) > LINE_MAX for line in one.sent.split(b"\r\n")):
        wrong.append(f"a line of more than {LINE_MAX} characters")
    if letter["Return-Path"] != f"<{SENDER}>":
        wrong.append("bounces would go elsewhere")
    return wrong


def _count(letter: EmailMessage, name: str) -> int:
    return len(letter.get_all(name, []))


def spamassassin(raw: bytes, home: Path) -> Judgement:
    """SpamAssassin's own rules, none that asks the network."""
    (home / "prefs").write_text("use_bayes 0\nscore ALL_TRUSTED 0\n")
    told = [str(shutil.which("spamassassin")), "--local", "--test-mode"]
    told.append(f"--prefspath={home}/prefs")
    asked = subprocess.run(told, input=raw, capture_output=True, check=True, timeout=120)
    out = asked.stdout.decode("utf-8", "replace")
    status = STATUS.search(" ".join(out.split()))
    if status is None:
        raise RuntimeError(f"SpamAssassin said no score: {out[:300]}")
    symbols = {name: float(points) for points, name in POINTS.findall(out)}
    return Judgement(float(status[1]), float(status[2]), symbols)


async def main() -> int:
    """The table; 1 when anything is not as it should be."""
    programs = (dovecots.program(), postfix.program(), rspamd.program())
    if not all(programs) or not shutil.which("spamassassin"):
        CONSOLE.print(f"As root, with these installed: {NEEDED}")
        return 1
    table = Table("letter", "filter", "score", "spam from", "rules that count", title="Our letters")
    bad = 0
    with (
        tempfile.TemporaryDirectory(prefix="mta-") as folder,
        dovecots.running() as dovecot,
        postfix.running(dovecot.lmtp_port) as mta,
        rspamd.running() as filter_,
    ):
        for one in await answered(dovecot, mta.port, Path(folder)):
            wrong = faults(one)
            CONSOLE.print(f"{one.language}: {', '.join(wrong) or 'as it was sent, in good form'}")
            judged = {
                "rspamd": filter_.judge(one.raw, sender=SENDER, to=one.to),
                "SpamAssassin": spamassassin(one.raw, Path(folder)),
            }
            bad += bool(wrong) or any(found.score >= ENOUGH for found in judged.values())
            for name, found in judged.items():
                counted = sorted(found.symbols.items(), key=lambda pair: -abs(pair[1]))
                words = ", ".join(f"{symbol} {points:+.1f}" for symbol, points in counted if points)
                cells = (f"{found.score:.1f}", f"{found.required:.0f}", words)
                table.add_row(one.language, name, *cells)
    CONSOLE.print(table)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
