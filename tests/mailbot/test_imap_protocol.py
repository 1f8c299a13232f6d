"""The own reader over aioimaplib, and every name of aioimaplib it leans on."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from itertools import pairwise
from typing import Any

import aioimaplib.aioimaplib as library
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailbot.imap_errors import ImapError
from mailbot.imap_grammar import fetched, searched
from mailbot.imap_names import listed
from mailbot.imap_protocol import LOST, Client, Protocol

CAPS = 100_000, 500_000
GREETING = b"* OK ready\r\n"
CAPABILITY = b"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n"


class Wire(asyncio.Transport):
    """A transport that keeps what is written and tells the protocol when it is aborted."""

    def __init__(self, protocol: Protocol) -> None:
        super().__init__()
        self.protocol = protocol
        self.written: list[bytes] = []
        self.aborted = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def abort(self) -> None:
        if not self.aborted:
            self.aborted = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def tag(self) -> bytes:
        """Tag of the command written last."""
        return next(line for line in reversed(self.written) if b" " in line).split()[0]


async def greeted() -> tuple[Protocol, Wire]:
    """A protocol whose server has greeted and told what it can."""
    protocol = Protocol(asyncio.get_running_loop(), *CAPS)
    wire = Wire(protocol)
    protocol.connection_made(wire)
    protocol.data_received(GREETING)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    protocol.data_received(CAPABILITY.replace(b"{tag}", wire.tag()))
    await protocol.wait("NONAUTH")
    protocol.state = "SELECTED"
    return protocol, wire


async def asked(protocol: Protocol, command: Awaitable[Any]) -> asyncio.Future[Any]:
    """A command under way."""
    future = asyncio.ensure_future(command)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return future


async def within(answer: asyncio.Future[Any]) -> Any:
    """The answer, or a failure instead of a hang."""
    return await asyncio.wait_for(answer, 10)


async def test_five_thousand_lines_in_one_piece_do_not_recurse() -> None:
    protocol, wire = await greeted()
    answer = await asked(protocol, protocol.fetch("1:*", "(FLAGS)", by_uid=True))
    lines = b"".join(b"* %d FETCH (UID %d)\r\n" % (n, n) for n in range(1, 5001))
    protocol.data_received(lines + wire.tag() + b" OK done\r\n")
    response = await within(answer)
    assert response.result == "OK"
    assert len(fetched(response.lines[:-1])) == 5000


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
async def test_a_letter_is_the_same_in_pieces_of_any_size(size: int) -> None:
    protocol, wire = await greeted()
    answer = await asked(protocol, protocol.fetch("1", "(BODY.PEEK[])", by_uid=True))
    letter = b"a * b\r\n* 1 FETCH (\r\n" + wire.tag() + b" OK no\r\n+ x {3}\r\n) ( {9}"
    whole = b"* 1 FETCH (UID 4 BODY[] {%d}\r\n%s FLAGS (\\Seen))\r\n" % (len(letter), letter)
    whole += wire.tag() + b" OK done {5}\r\n"
    for start in range(0, len(whole), size):
        protocol.data_received(whole[start : start + size])
    response = await within(answer)
    assert fetched(response.lines[:-1])[4]["BODY[]"] == letter


async def test_a_lost_connection_ends_the_pending_command() -> None:
    protocol, _ = await greeted()
    answer = await asked(protocol, protocol.fetch("1", "(FLAGS)", by_uid=True))
    protocol.connection_lost(ConnectionResetError())
    assert (await within(answer)).result == LOST
    with pytest.raises(library.Abort):
        await protocol.fetch("1", "(FLAGS)", by_uid=True)


@pytest.mark.parametrize(
    "noise",
    [
        b"X99 OK not yours\r\n",
        b"+ give me\r\n",
        b"garbage\r\n",
        b"* BYE\r\n",
        b"* 1 FETCH (UID 1 BODY[] {200000}\r\n",
        b"x" * 2_000_000,
    ],
)
async def test_what_is_outside_the_protocol_ends_the_connection(noise: bytes) -> None:
    protocol, wire = await greeted()
    answer = await asked(protocol, protocol.fetch("1", "(FLAGS)", by_uid=True))
    protocol.data_received(noise)
    assert (await within(answer)).result == LOST
    assert wire.aborted
    assert protocol.failure is not None


async def test_an_answer_without_end_is_bounded() -> None:
    protocol, wire = await greeted()
    answer = await asked(protocol, protocol.fetch("1", "(FLAGS)", by_uid=True))
    for _ in range(100):
        protocol.data_received(b"* OK " + b"x" * 10_000 + b"\r\n")
    assert (await within(answer)).result == LOST
    assert wire.aborted


async def test_a_password_with_quotes_is_quoted_and_one_with_umlauts_goes_as_literal() -> None:
    protocol, wire = await greeted()
    protocol.state = "NONAUTH"
    answer = await asked(protocol, protocol.login("an na", 'a"b\\c'))
    assert wire.written[-1].endswith(b'LOGIN "an na" "a\\"b\\\\c"\r\n')
    protocol.data_received(wire.tag() + b" NO wrong\r\n")
    assert (await within(answer)).result == "NO"
    answer = await asked(protocol, protocol.login("anna", "õ"))
    tag = wire.tag()
    protocol.data_received(b"+ go\r\n+ go\r\n")
    assert wire.written[-3:] == [tag + b" LOGIN {4}\r\n", b"anna {2}\r\n", "õ".encode() + b"\r\n"]
    protocol.data_received(tag + b" OK in\r\n")
    assert (await within(answer)).result == "OK"
    assert protocol.state == "AUTH"


async def test_exists_and_expunge_are_counted_whenever_they_come() -> None:
    protocol, _ = await greeted()
    protocol.data_received(b"* 5 EXISTS\r\n* 2 EXPUNGE\r\n")
    assert (protocol.exists, protocol.news) == (4, True)


async def test_a_line_break_cannot_be_smuggled_into_a_command() -> None:
    protocol, wire = await greeted()
    before = len(wire.written)
    with pytest.raises(ValueError):
        await protocol.simple_command("EXAMINE", '"a\r\nX DELETE b"')
    assert len(wire.written) == before


# one test for each name of aioimaplib we lean on


def test_the_library_is_the_version_the_guard_was_written_for() -> None:
    assert version("aioimaplib") == "2.0.3"


async def test_the_library_waits_for_idle_on_idle_event() -> None:
    protocol, wire = await greeted()
    idling = await asked(protocol, protocol.idle())
    waiting = asyncio.ensure_future(protocol.wait_for_idle_response())
    protocol.data_received(b"+ idling\r\n")
    await asyncio.wait_for(waiting, 10)
    protocol.data_received(wire.tag() + b" OK done\r\n")
    assert (await idling).result == "OK"


async def test_the_library_awaits_client_task_and_raises_what_it_raises() -> None:
    client = Client("127.0.0.1", 1, None, *CAPS)
    with pytest.raises(OSError, match="1"):
        await client.hello()


async def test_the_library_builds_its_connection_in_create_client() -> None:
    client = Client("127.0.0.1", 1, None, *CAPS)
    assert type(client.protocol) is Protocol
    client.abandon()


async def test_the_library_pushes_idle_lines_through_buffer_flush_and_queue() -> None:
    protocol, wire = await greeted()
    idling = await asked(protocol, protocol.idle())
    protocol.data_received(b"+ idling\r\n* 3 EXISTS\r\n")
    assert await protocol.idle_queue.get() == [b"3 EXISTS"]
    protocol.data_received(wire.tag() + b" OK done\r\n")
    await idling


async def test_the_library_keeps_commands_in_the_two_pending_places() -> None:
    protocol, wire = await greeted()
    noop = await asked(protocol, protocol.simple_command("NOOP"))
    assert list(protocol.pending_async_commands) == ["NOOP"]
    protocol.data_received(wire.tag() + b" OK\r\n")
    await noop
    examine = await asked(protocol, protocol.simple_command("EXAMINE", "INBOX"))
    assert protocol.pending_sync_command.name == "EXAMINE"
    protocol.data_received(wire.tag() + b" OK\r\n")
    await examine
    assert not protocol.pending_sync_command


async def test_the_library_leaves_the_letter_to_append_in_literal_data() -> None:
    protocol, wire = await greeted()
    append = await asked(protocol, protocol.append(b"letter", '"Sent"'))
    assert protocol.literal_data == b"letter"
    protocol.data_received(b"+ go\r\n")
    assert wire.written[-1] == b"letter\r\n"
    assert not protocol.literal_data
    protocol.data_received(wire.written[-2].split()[0] + b" OK\r\n")
    assert (await append).result == "OK"


async def test_the_library_ends_a_command_by_close() -> None:
    command = library.Command("NOOP", "A1")
    command.append_to_resp(b"line")
    command.close(b"text", result="KO")
    await command.wait()
    assert command.response == library.Response("KO", [b"line", b"text"])


async def test_the_library_changes_state_under_state_condition() -> None:
    protocol, _ = await greeted()
    assert isinstance(protocol.state_condition, asyncio.Condition)
    assert inspect.iscoroutinefunction(library.change_state(protocol.capability))
    assert (library.AUTH, library.LOGOUT) == ("AUTH", "LOGOUT")


async def test_the_library_stops_its_idle_timer_in_idle_done() -> None:
    client = Client("127.0.0.1", 1, None, *CAPS)
    protocol, wire = await greeted()
    client.protocol = protocol
    starting = await asked(protocol, client.start_idle())
    await asyncio.sleep(0)
    protocol.data_received(b"+ idling\r\n")
    idling = await starting
    assert idling is not None
    client.idle_done()
    assert wire.written[-1] == b"DONE\r\n"
    assert client._idle_waiter.cancelled()
    protocol.data_received(wire.tag() + b" OK\r\n")
    await idling
    client.abandon()


# whatever the server sends

TRANSCRIPTS = [
    b'* LIST (\\Noselect) "/" "a \\"b\\""\r\n* LIST () NIL {3}\r\nabc\r\n{tag} OK done\r\n',
    b"* SEARCH 1 2 3\r\n* 4 EXISTS\r\n{tag} OK done\r\n",
    b"* 1 FETCH (UID 7 RFC822.SIZE 5 BODY[]<0> {5}\r\nabcde FLAGS (\\Seen))\r\n{tag} OK x\r\n",
    b'* 2 FETCH (UID 8 INTERNALDATE "01-Jan-2026 10:00:00 +0200")\r\n{tag} NO [X] y\r\n',
    b"* BYE\r\n",
    b"+ go\r\n",
]
PIECES = [b"\r\n", b"* ", b"{9999999999}\r\n", b"{0}\r\n", b"(" * 50, b")", b'"', b"+ \r\n", b"\\"]
COMMANDS: list[Callable[[Protocol], Awaitable[Any]]] = [
    lambda p: p.fetch("1:*", "(UID)", by_uid=True),
    lambda p: p.simple_command("LIST", '""', '"*"'),
    lambda p: p.append(b"letter", '"Sent"'),
    lambda p: p.idle(),
    lambda p: p.login("õ", "õ"),
]


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """Good transcripts with bytes cut out, put in and changed."""
    data = bytearray(b"".join(draw(st.lists(st.sampled_from(TRANSCRIPTS), max_size=4))))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(data)))
        data[place : place + draw(st.integers(0, 3))] = draw(
            st.one_of(st.binary(max_size=4), st.sampled_from(PIECES))
        )
    return bytes(data)


async def conversation(data: bytes, cuts: list[int], which: int) -> None:
    """Feed the bytes to a pending command in pieces; nothing but ImapError may come out."""
    loose: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: loose.append(context))
    protocol, wire = await greeted()
    if which == len(COMMANDS) - 1:
        protocol.state = "NONAUTH"
    answer = await asked(protocol, COMMANDS[which](protocol))
    data = data.replace(b"{tag}", wire.tag())
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in pairwise(edges):
        protocol.data_received(data[start:end])
    protocol.connection_lost(None)
    response = await asyncio.wait_for(answer, 10)
    for parse in (fetched, searched, listed):
        try:
            parse(response.lines[:-1])
        except ImapError:
            continue
    await asyncio.sleep(0)
    assert loose == []


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spoiled(), st.lists(st.integers(0, 10_000), max_size=8), st.integers(0, 4))
def test_no_bytes_in_any_pieces_raise_or_hang(data: bytes, cuts: list[int], which: int) -> None:
    asyncio.run(conversation(data, cuts, which))
