"""Mail accounts in memory behind real IMAP, with the faults of the library mended.

Failure semantics: everything is lost at the end, UIDVALIDITY is new at every start.
"""

import asyncio
import dataclasses
import logging
import re
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, DictBackend, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet, Message
from pymap.concurrent import Event, Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import ObjectId
from pymap.parsing.specials.flag import Flag, Wildcard
from pymap.selected import SelectedMailbox
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

__all__ = ["ImapAccounts", "with_crlf"]

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
GRACE_SECONDS = 0.4  # how long a connection may take over its goodbye
BARE_NEWLINE = re.compile(rb"\r\n|\r|\n")


def with_crlf(raw: bytes) -> bytes:
    """The same letter with CRLF at every line end (RFC 5322 section 2.3)."""
    return BARE_NEWLINE.sub(b"\r\n", raw)


class _Folder(MailboxData):
    @property
    def permanent_flags(self) -> frozenset[Flag]:
        # without the wildcard keywords are dropped without a word
        return super().permanent_flags | {Wildcard}

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        when = (append_msg.when or datetime.now(UTC)).replace(microsecond=0)
        raw = with_crlf(bytes(append_msg.literal))
        fixed = dataclasses.replace(append_msg, literal=raw, when=when)
        return await super().append(fixed, recent=recent)

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        # news that came while the last news was being written would never be announced
        if selected.mod_sequence not in (None, self._mod_sequences.highest):
            wait_on = None
        return await super().update_selected(selected, wait_on=wait_on)


class _Folders(MailboxSet):
    def __init__(self) -> None:
        super().__init__()
        self._inbox = self._new()

    def _new(self) -> _Folder:
        return _Folder(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> ObjectId:
        async with self._set_lock.write_lock():
            if name in self._set:
                raise ValueError(name)
            self._set[name] = folder = self._new()
            return folder.mailbox_id


class ImapAccounts:
    """Accounts by user name and password, served on one loopback port."""

    def __init__(self, passwords: Mapping[str, str], folders: tuple[str, ...] = ()) -> None:
        self._passwords = dict(passwords)
        self._extra_folders = folders
        self._folders: dict[str, _Folders] = {}
        self._talks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._imap: IMAPServer | None = None

    async def start(self, port: int = 0) -> int:
        """Listen on loopback; returns the port. Raises OSError when it is taken."""
        config = _config(port)
        backend = DictBackend(Login(config), config)
        for user, password in self._passwords.items():
            await self._open(config, backend.login, user, password)
        self._imap = IMAPServer(backend.login, config)
        self._server = await asyncio.start_server(self._welcome, LOOPBACK, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def _open(self, config: Config, login: Login, user: str, password: str) -> None:
        login.users_dict[user] = UserMetadata(config, user, password=password)
        self._folders[user] = folders = _Folders()
        for name in self._extra_folders:
            await folders.add_mailbox(name)
        config.set_cache[user] = (folders, FilterSet())

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # the event loop itself holds tasks weakly: an idling connection would be collected
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._imap is not None
        peer = SocketInfoLocal(writer, unique_id=uuid4().bytes)
        try:
            await self._imap(reader, writer, peer)
        except (ConnectionError, EOFError):
            log.debug("an IMAP client went away")
        except Exception:
            log.warning("an IMAP conversation broke off")
        finally:
            if not writer.is_closing():
                writer.close()

    async def stop(self) -> None:
        """Say goodbye to every client, then close; bounded by about half a second."""
        if self._server is None:
            return
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        if self._talks:
            # closing while handlers still run would wait for them for ever (Python 3.12)
            await asyncio.wait(set(self._talks), timeout=GRACE_SECONDS)
        self._server = None

    async def append(self, user: str, folder: str, raw: bytes, when: datetime | None = None) -> int:
        """Put a letter into a folder of an account as received at `when`; returns its UID.

        Raises KeyError for an account or folder that is not there.
        """
        mailbox = await self._folders[user].get_mailbox(folder)
        letter = AppendMessage(raw, when or datetime.now(UTC))
        return int((await mailbox.append(letter, recent=True)).uid)


def _config(port: int) -> Config:
    return Config(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        demo_data=False,
        demo_user="",
        demo_password="",
        host=LOOPBACK,
        port=port,
        tls_enabled=False,
        invalid_user_sleep=0.05,
        hash_context=Cleartext(),
        cpu_subsystem=Subsystem.for_asyncio(),
        max_append_len=30_000_000,
    )
