"""The outside world of the demo: sends letters, and answers what comes back.

Failure semantics: a letter the server refuses is skipped; a server that is not
there is one clear OSError.
"""

import asyncio
import email.policy
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from mailbot.demo.samples import SampleLetter
from mailbot.demo.server import DESK_ADDRESS, DemoMailServer, OutsideLetter

__all__ = [
    "REPLIES",
    "converse",
    "deliver",
    "letter_from_text",
    "reply_to",
    "send_raw",
    "send_text",
]

ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+")
VISITOR = "visitor@example.com"
SMTP_SECONDS = 10.0
SUBJECT_LENGTH = 60
REPLY_SECONDS = 1.0  # nobody answers faster than that

# What some writers answer when the acknowledgement has come, by their address.
REPLIES = {
    "merle.kallas@kiri.example": (
        "Aitäh kiire vastuse eest! Täpsustan: koopia sobib mulle e-postiga samale aadressile."
    ),
    "tom.ashby@mail.example": "never mind, i need the account after all. please keep it. tom",
    "nina.orlova@pochta.example": (
        "Спасибо! И ещё одно: отзываю согласие на рекламную рассылку.\n\nНина Орлова"
    ),
}


@asynccontextmanager
async def _connected(host: str, port: int) -> AsyncIterator[aiosmtplib.SMTP]:
    client = aiosmtplib.SMTP(hostname=host, port=port, start_tls=False, timeout=SMTP_SECONDS)
    try:
        await client.connect()
    except aiosmtplib.SMTPException as problem:
        raise OSError(f"No mail server answers on {host}:{port}.") from problem
    try:
        yield client
    finally:
        client.close()


async def send_raw(host: str, port: int, raw: bytes, sender: str) -> None:
    """One letter to the desk. Raises OSError (nobody there), aiosmtplib.SMTPException (refused)."""
    async with _connected(host, port) as client:
        await client.sendmail(sender, [DESK_ADDRESS], raw, mail_options=_options(raw))


def _options(raw: bytes) -> list[str]:
    return [] if raw.isascii() else ["BODY=8BITMIME"]


async def send_text(
    smtp_host: str,
    smtp_port: int,
    text: str,
    sender: str = VISITOR,
    subject: str | None = None,
) -> str:
    """A letter of one's own into the running demo; returns its Message-ID.

    Raises OSError when no server answers, ValueError for an empty text or a bad address.
    """
    raw, message_id = letter_from_text(text, sender, subject, datetime.now(UTC))
    await send_raw(smtp_host, smtp_port, raw, sender)
    return message_id


def letter_from_text(
    text: str, sender: str, subject: str | None, at: datetime
) -> tuple[bytes, str]:
    """(letter, Message-ID); without a subject the beginning of the text is one."""
    if not text.strip():
        raise ValueError("Write at least one word to send.")
    if ADDRESS.fullmatch(sender) is None:
        raise ValueError("The sender must be a mail address like visitor@example.com.")
    letter = _letter(sender, subject if subject is not None else _beginning(text), at)
    letter.set_content(text.rstrip() + "\n", cte="8bit")
    return letter.as_bytes(), str(letter["Message-ID"])


def _letter(sender: str, subject: str, at: datetime) -> EmailMessage:
    letter = EmailMessage(policy=email.policy.SMTP)
    letter["Date"] = format_datetime(at)
    letter["From"] = sender
    letter["To"] = DESK_ADDRESS
    letter["Subject"] = " ".join(subject.split())
    domain = sender.rpartition("@")[2]
    letter["Message-ID"] = f"<{secrets.token_hex(8)}@{domain}>"
    return letter


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= SUBJECT_LENGTH:
        return line
    return line[:SUBJECT_LENGTH].rpartition(" ")[0] + " …"


async def deliver(
    server: DemoMailServer,
    letters: Iterable[SampleLetter],
    pace: float,
    on_sent: Callable[[SampleLetter], None] | None = None,
) -> int:
    """Sends the letters one by one, `pace` seconds apart; returns how many were taken."""
    taken = 0
    async with _connected("127.0.0.1", server.smtp_port) as client:
        for letter in letters:
            options = _options(letter.raw)
            try:
                await client.sendmail(
                    letter.sender, [DESK_ADDRESS], letter.raw, mail_options=options
                )
            except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused):
                continue
            taken += 1
            if on_sent is not None:
                on_sent(letter)
            await asyncio.sleep(pace)
    return taken


async def converse(
    server: DemoMailServer,
    on_sent: Callable[[str], None] | None = None,
    pause: float = REPLY_SECONDS,
) -> None:
    """Answers, for ever, the first letter of ours to each writer who has a reply to give.

    `on_sent` gets the writer's address. Takes the letters of `server.next_outside`.
    """
    answered: set[str] = set()
    async for letter in server.leaving():
        writer = letter.recipients[0].lower()
        answer = None if writer in answered else reply_to(letter, datetime.now(UTC))
        if answer is None:
            continue
        answered.add(writer)
        await asyncio.sleep(pause)
        await send_raw("127.0.0.1", server.smtp_port, answer, writer)
        if on_sent is not None:
            on_sent(writer)


def reply_to(letter: OutsideLetter, at: datetime) -> bytes | None:
    """The scripted answer of the recipient, quoting our letter; None when there is none."""
    recipient = letter.recipients[0].lower()
    text = REPLIES.get(recipient)
    received = message_from_bytes(letter.raw, policy=email.policy.default)
    message_id = str(received["Message-ID"] or "").strip()
    if text is None or not message_id:
        return None
    answer = _letter(recipient, f"Re: {received['Subject'] or ''}", at)
    answer["In-Reply-To"] = message_id
    answer["References"] = " ".join([*str(received["References"] or "").split(), message_id])
    answer.set_content(f"{text}\n\n{_quoted(received)}", cte="8bit")
    return answer.as_bytes()


def _quoted(received: EmailMessage) -> str:
    part = received.get_body(("plain",))
    body = part.get_content() if part is not None else ""
    lines = "\n".join(f"> {line}".rstrip() for line in body.splitlines())
    return f"On {received['Date'] or 'that day'}, Netpro <{DESK_ADDRESS}> wrote:\n{lines}\n"
