"""Queued letters out over SMTP, on one kept connection: the only user of aiosmtplib.

Failure semantics: before DATA everything is temporary unless the server says 5xx; `sending`
is committed right before DATA; an answer of the server to the letter is definite; a lost
answer is `maybe_sent` and is never sent again by itself. Unknown failures are temporary.
"""

import asyncio
import contextlib
import logging
import random
import re
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import aiosmtplib

from mailbot.accounts import SmtpSettings
from mailbot.envelope import sender_of
from mailbot.tokens import TokenProblem, access_token
from models.acts.delivery import Claimed, begin_data, claim, record_delivery
from models.house import House
from models.vocabulary import DeliveryState

log = logging.getLogger(__name__)

LETTERS_AT_ONCE = 20
KEPT_SECONDS = 60.0  # an older idle connection is replaced, servers close it unannounced
FIRST_RETRY = timedelta(minutes=1)
MOST_RETRY = timedelta(hours=4)
CODES = re.compile(r"^\s*(\d\.\d{1,3}\.\d{1,3})?")


class SmtpUnreachable(Exception):
    """No connection to the server of SMTP_URL; the text says why, in one sentence."""


class Outbox:
    """Sends for one bot: `async with Outbox(…) as outbox`; `sender` as BOUNCE_ADDRESS."""

    def __init__(
        self, house: House, settings: SmtpSettings, sender: str, worker: int, retry_days: int
    ) -> None:
        self._house = house
        self._worker = worker
        self._retry = timedelta(days=retry_days)
        self._settings = settings
        self._sender = sender
        self._smtp: aiosmtplib.SMTP | None = None
        self._used_at = 0.0

    async def __aenter__(self) -> "Outbox":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._hang_up()

    async def connect(self) -> None:
        """Connects and logs in, as for a letter. Raises SmtpUnreachable."""
        await self._connection()

    async def work_off(self) -> int:
        """Sends what is due; returns how many letters were tried. Raises SmtpUnreachable."""
        tried = 0
        while letters := await claim(self._house, self._worker, LETTERS_AT_ONCE):
            for letter in letters:
                _stop_when_asked()
                await self._deliver(letter)
                tried += 1
            _stop_when_asked()
        return tried

    async def _deliver(self, letter: Claimed) -> None:
        smtp = await self._connection()
        try:
            await smtp.mail(sender_of(self._sender, letter.message_id))
            await smtp.rcpt(letter.to)
        except aiosmtplib.SMTPResponseException as problem:
            await self._refused(letter, problem)
            await self._reset(smtp)
            return
        except (aiosmtplib.SMTPException, OSError, ValueError) as problem:
            # ValueError: an address the library cannot put on the wire
            await self._hang_up()
            permanent = isinstance(problem, ValueError)
            await self._put_off(letter, type(problem).__name__, permanent=permanent)
            return
        if not await begin_data(letter.outbound_id, self._worker):
            await self._reset(smtp)
            return
        await self._data(smtp, letter)

    async def _data(self, smtp: aiosmtplib.SMTP, letter: Claimed) -> None:
        try:
            response = await smtp.data(letter.raw)
        except aiosmtplib.SMTPResponseException as problem:
            await self._refused(letter, problem)
            await self._reset(smtp)
        except asyncio.CancelledError:
            # the bot is stopping: the letter stays `sending`, and becomes maybe_sent at the start
            raise
        except Exception as problem:  # whatever it was, the answer to DATA is unknown
            await self._hang_up()
            await self._record(letter, DeliveryState.MAYBE_SENT, type(problem).__name__)
        else:
            self._used_at = asyncio.get_running_loop().time()
            await self._record(letter, DeliveryState.SENT, _codes(response.code, response.message))

    async def _refused(self, letter: Claimed, problem: aiosmtplib.SMTPResponseException) -> None:
        answer = _codes(problem.code, problem.message)
        await self._put_off(letter, answer, permanent=500 <= problem.code < 600)

    async def _put_off(self, letter: Claimed, answer: str, *, permanent: bool) -> None:
        now = datetime.now(UTC)
        too_old = now - letter.queued_at > self._retry
        if permanent or too_old:
            await self._record(letter, DeliveryState.FAILED, answer)
            return
        await self._record(
            letter, DeliveryState.DEFERRED, answer, now + retry_after(letter.attempts)
        )

    async def _record(
        self,
        letter: Claimed,
        state: DeliveryState,
        answer: str,
        next_attempt_at: datetime | None = None,
    ) -> None:
        await record_delivery(
            self._house,
            letter.outbound_id,
            state,
            response=answer,
            next_attempt_at=next_attempt_at,
        )
        log.info("letter out %s: %s (%s)", letter.outbound_id, state.value, answer)

    async def _connection(self) -> aiosmtplib.SMTP:
        idle = asyncio.get_running_loop().time() - self._used_at
        if self._smtp is not None and (idle > KEPT_SECONDS or not self._smtp.is_connected):
            await self._hang_up()
        if self._smtp is None:
            self._smtp = await self._connect()
        self._used_at = asyncio.get_running_loop().time()
        return self._smtp

    async def _connect(self) -> aiosmtplib.SMTP:
        settings = self._settings
        smtp = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.tls == "tls",
            start_tls=settings.tls == "starttls",
            username=settings.user,
            password=settings.password,
            timeout=settings.timeout,
            cert_bundle=str(settings.ca_file) if settings.ca_file else None,
            oauth_token_generator=await _token(settings),
        )
        try:
            await smtp.connect()
        except (aiosmtplib.SMTPException, OSError) as problem:
            raise SmtpUnreachable(_why(problem)) from problem
        return smtp

    async def _reset(self, smtp: aiosmtplib.SMTP) -> None:
        try:
            await smtp.rset()
        except (aiosmtplib.SMTPException, OSError):
            await self._hang_up()

    async def _hang_up(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            async with asyncio.timeout(1):
                await smtp.quit()
        smtp.close()


def _stop_when_asked() -> None:
    """Python 3.11's wait_for, used by the library, loses a cancellation that meets an answer."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _token(settings: SmtpSettings) -> Callable[[], Awaitable[str]] | None:
    """A way to one fresh token, None where a password or nothing is used."""
    if settings.user is None or settings.password is not None:
        return None
    try:
        token = await access_token(settings.token_command)
    except TokenProblem as problem:
        raise SmtpUnreachable(f"{problem} Letters wait in the outbox.") from None

    async def given() -> str:
        return token

    return given


def _why(problem: Exception) -> str:
    """One sentence; the library wraps a certificate's fault when TLS comes first."""
    if isinstance(problem, ssl.SSLError) or isinstance(problem.__cause__, ssl.SSLError):
        return (
            "The SMTP server's certificate or TLS is not acceptable: check SMTP_URL and "
            "MAIL_CA_FILE."
        )
    if isinstance(problem, aiosmtplib.SMTPAuthenticationError):
        return (
            "The SMTP server refuses the login: check user and password in SMTP_URL, "
            "or what MAIL_TOKEN_COMMAND prints."
        )
    return (
        f"The SMTP server of SMTP_URL cannot be used ({type(problem).__name__}): "
        "letters wait in the outbox."
    )


def retry_after(attempts: int) -> timedelta:
    """Exponential with jitter: about 1, 2, 4 … minutes, at most 4 hours."""
    step: timedelta = min(MOST_RETRY, FIRST_RETRY * 2 ** min(attempts, 12))
    return step * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards no secret


def _codes(code: int, message: str) -> str:
    """Reply code and enhanced code (RFC 3463); the words may hold an address."""
    found = CODES.match(message)
    return f"{code} {found[1]}" if found and found[1] else str(code)
