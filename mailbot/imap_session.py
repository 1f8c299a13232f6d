"""A logged-in IMAP connection with a deadline round every word said on it.

Failure semantics: a deadline, a cancellation, a lost connection or a broken answer ends
the connection for good: the call raises an ImapError (or the cancellation) and so does
every later one. Only ImapRefused leaves the connection usable. TLS never falls back.
"""

import asyncio
import logging
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

from mailbot.accounts import ImapSettings
from mailbot.imap_errors import (
    ImapError,
    ImapLoginRefused,
    ImapProtocolError,
    ImapRefused,
    ImapTlsFailure,
    ImapUnreachable,
)
from mailbot.imap_grammar import Part
from mailbot.imap_protocol import LOST, Client
from mailbot.tokens import TokenProblem, access_token

log = logging.getLogger(__name__)

GOODBYE_SECONDS = 1.0
SLOWEST_LINE = 50_000  # bytes a second a deadline still allows for
NOT_NOW = {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"}  # RFC 5530
GONE = "EXPUNGEISSUED"  # RFC 5530: some of the letters asked for are no longer there
REFUSED = (
    "The IMAP server refuses the user and password of IMAP_URL.",
    "The IMAP server refuses the user of IMAP_URL with the token of MAIL_TOKEN_COMMAND.",
)
CODE = re.compile(rb"\[([A-Z-]{1,40})")

T = TypeVar("T")


class Session:
    """One connection, used by one task at a time: `async with Session(settings)`."""

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        self._client: Client | None = None

    async def __aenter__(self) -> Self:
        """Connect, greet, log in. Raises ImapUnreachable, ImapTlsFailure, ImapLoginRefused."""
        settings = self._settings
        self._client = Client(
            settings.host,
            settings.port,
            tls_context(settings),
            literal_cap=settings.letter_cap + settings.letter_cap // 4,
            answer_cap=4 * max(settings.letter_cap, settings.batch_bytes),
        )
        try:
            await self._greet()
            await self._log_in()
        except BaseException:
            self._client.abandon()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Log out if there is still somebody to say it to, within a second."""
        client = self._open
        try:
            if client.protocol.failure is None:
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await client.logout()
        except Exception:
            log.debug("no goodbye from the IMAP server")
        finally:
            client.abandon()

    async def _greet(self) -> None:
        try:
            async with asyncio.timeout(self._settings.timeout):
                await self._open.hello()
        except ssl.SSLError as problem:
            raise ImapTlsFailure(_tls_words(problem)) from None
        except TimeoutError:
            raise ImapUnreachable(
                "The IMAP server does not greet us: are host and port right, and is it "
                "imaps:// on a TLS port?"
            ) from None
        except OSError as problem:
            raise ImapUnreachable(
                "The IMAP server cannot be reached: are host and port right, is it running? "
                f"({type(problem).__name__})"
            ) from None

    async def _log_in(self) -> None:
        client = self._open
        if client.get_state() != "AUTH":
            by_token = self._settings.password is None
            try:
                await (self._by_token() if by_token else self._by_password())
            except ImapRefused as refusal:
                if refusal.code in NOT_NOW:
                    raise ImapUnreachable("The IMAP server cannot log us in now.") from None
                raise ImapLoginRefused(REFUSED[by_token]) from None
        async with self._deadline(self._settings.timeout):
            await client.protocol.capability()

    async def _by_password(self) -> None:
        client, settings = self._open, self._settings
        if client.has_capability("LOGINDISABLED"):
            raise ImapTlsFailure("The IMAP server takes no password here: use imaps://.")
        await self._answer(client.login(settings.user, settings.password))

    async def _by_token(self) -> None:
        client, settings = self._open, self._settings
        if not client.has_capability("AUTH=XOAUTH2"):
            raise ImapLoginRefused(
                "The IMAP server takes no token (no AUTH=XOAUTH2): give a password in IMAP_URL."
            )
        try:
            token = await access_token(settings.token_command)
        except TokenProblem as problem:
            raise ImapUnreachable(str(problem)) from None
        await self._answer(client.protocol.xoauth2(settings.user, token))

    @property
    def _open(self) -> Client:
        if self._client is None:
            raise RuntimeError("used outside `async with`")
        return self._client

    async def _answer(self, call: Awaitable[Any], size: int = 0) -> list[Part]:
        """Untagged lines of an OK answer; `size` bytes are expected. Raises ImapRefused."""
        async with self._deadline(self._settings.timeout + size / SLOWEST_LINE):
            response = await call
        if response.result == LOST:
            raise self._failure()
        code = _code(response.lines[-1])
        if response.result != "OK" and code != GONE:
            raise ImapRefused("The IMAP server refuses a command.", code)
        return list(response.lines[:-1])

    async def _read(
        self, parse: Callable[[list[Part]], T], call: Awaitable[Any], size: int = 0
    ) -> T:
        """The answer, parsed; an answer that cannot be parsed ends the connection."""
        lines = await self._answer(call, size)
        try:
            return parse(lines)
        except ImapError as problem:
            self._give_up(problem)
            raise

    @asynccontextmanager
    async def _deadline(self, seconds: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError:
            late = ImapUnreachable(f"The IMAP server did not answer within {seconds:.0f} seconds.")
            self._give_up(late)
            raise late from None
        except Exception:
            # the library's own errors quote answers and commands
            failure = self._failure()
            self._give_up(failure)
            raise failure from None
        except BaseException:
            self._give_up(ImapUnreachable("The call was given up in the middle."))
            raise

    def _give_up(self, reason: ImapError) -> None:
        self._open.protocol.fail(reason)
        self._open.abandon()

    def _failure(self) -> ImapError:
        failure = self._open.protocol.failure
        return failure or ImapProtocolError("The IMAP server cannot do what was asked.")


def tls_context(settings: ImapSettings) -> ssl.SSLContext | None:
    """Verified TLS, or None for plain loopback. Raises ImapTlsFailure for a bad CA file."""
    if settings.tls == "plain":
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except (ssl.SSLError, OSError):
        raise ImapTlsFailure("MAIL_CA_FILE holds no certificate that can be read.") from None


def _tls_words(problem: ssl.SSLError) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return (
            "The IMAP server's certificate cannot be trusted "
            f"({problem.verify_message.rstrip('.')}): use the name it is made out to, or give "
            "its authority in MAIL_CA_FILE."
        )
    return "The IMAP server speaks no TLS on this port: imaps:// is usually port 993."


def _code(line: Part) -> str:
    found = CODE.match(line)
    return found[1].decode() if found else ""
