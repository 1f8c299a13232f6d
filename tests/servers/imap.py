"""An IMAP server of canned bytes, for what a real one cannot be made to do."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

CUT = b"<cut>"
DEFAULTS = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n",
    "LOGIN": b"{tag} OK welcome\r\n",
    "LIST": b'* LIST () "/" INBOX\r\n{tag} OK done\r\n',
    "EXAMINE": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 3] x\r\n{tag} OK done\r\n",
    "SEARCH": b"* SEARCH 1 2\r\n{tag} OK done\r\n",
    "IDLE": b"+ idling\r\n",
    "DONE": b"{tag} OK done\r\n",
    "NOOP": b"{tag} OK done\r\n",
    "LOGOUT": b"* BYE see you\r\n{tag} OK done\r\n",
}


@dataclass
class ScriptedImap:
    """`answers` by command word replace the DEFAULTS; `{tag}` is filled in.

    CUT inside an answer ends the connection there. `greeting` comes first.
    """

    answers: Mapping[str, bytes] = field(default_factory=dict)
    greeting: bytes = b"* OK ready\r\n"
    port: int = 0
    said: list[bytes] = field(default_factory=list)
    connections: int = 0
    _later: dict[int, Callable[[], object]] = field(default_factory=dict)

    def after(self, connections: int, change: Callable[[], object]) -> None:
        """Call `change` when so many connections have ended."""
        self._later[connections] = change

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, until it leaves or an answer is cut."""
        self.connections += 1
        try:
            tag = b""
            open_ = await self._say(writer, self.greeting, tag)
            while open_ and (line := await reader.readline()):
                self.said.append(line)
                tag, word = _command(line, tag)
                open_ = await self._say(writer, self._answer(word), tag)
        except ConnectionError:
            pass
        finally:
            self._later.pop(self.connections, lambda: None)()
            writer.close()

    def _answer(self, word: str) -> bytes:
        return self.answers.get(word, DEFAULTS.get(word, b"{tag} BAD what\r\n"))

    async def _say(self, writer: asyncio.StreamWriter, answer: bytes, tag: bytes) -> bool:
        told, cut, _ = answer.replace(b"{tag}", tag).partition(CUT)
        writer.write(told)
        await writer.drain()
        return not cut


def _command(line: bytes, tag: bytes) -> tuple[bytes, str]:
    """Tag and word; what continues a command keeps its tag and is EMPTY, DONE or RESPONSE."""
    words = line.split()
    if not words:
        return tag, "EMPTY"
    if len(words) == 1:
        return tag, "DONE" if words[0] == b"DONE" else "RESPONSE"
    return words[0], (words[2] if words[1] == b"UID" else words[1]).decode().upper()


@asynccontextmanager
async def scripted(
    answers: Mapping[str, bytes] | None = None, greeting: bytes = b"* OK ready\r\n"
) -> AsyncIterator[ScriptedImap]:
    """A server of one's own, gone afterwards."""
    script = ScriptedImap({} if answers is None else answers, greeting)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        await server.wait_closed()
