"""What a real server cannot be made to do: answers scripted byte by byte."""

import ssl
from datetime import UTC, datetime

import pytest

from mailbot.accounts import ImapSettings
from mailbot.imap_session import tls_context
from mailbot.inbox import (
    ImapProtocolError,
    ImapRefused,
    ImapTlsFailure,
    ImapUnreachable,
    Inbox,
    Sighting,
)
from tests.mailbot.test_inbox import LETTER, everything, opened, plain
from tests.servers.imap import CUT, scripted

BODY = b"* 1 FETCH (UID 1 BODY[] {30}\r\nSubject: x\r\n\r\n"


async def test_a_connection_cut_inside_a_letter_is_an_error_and_no_half_letter() -> None:
    async with (
        scripted({"FETCH": BODY + CUT}) as server,
        opened(plain(server.port)) as inbox,
    ):
        with pytest.raises(ImapUnreachable, match="ended the connection"):
            await everything(inbox, [Sighting(1, 30, datetime.now(UTC))])


async def test_bye_while_waiting_surfaces_at_once() -> None:
    async with (
        scripted({"IDLE": b"+ ok\r\n* BYE shutting down\r\n"}) as server,
        opened(plain(server.port)) as inbox,
    ):
        with pytest.raises(ImapUnreachable, match="goodbye"):
            await inbox.wait(600)


async def test_bye_as_a_greeting_is_unreachable() -> None:
    async with scripted(greeting=b"* BYE full\r\n") as server:
        with pytest.raises(ImapUnreachable, match="does not accept"):
            async with Inbox(plain(server.port)):
                pass


async def test_a_server_that_is_no_imap_server_is_named() -> None:
    async with scripted(greeting=b"220 mail.example.com ESMTP\r\n") as server:
        with pytest.raises(ImapUnreachable):
            async with Inbox(plain(server.port)):
                pass
    async with scripted({"CAPABILITY": b"* CAPABILITY X\r\n{tag} OK\r\n"}) as server:
        with pytest.raises(ImapProtocolError, match="IMAP4rev1"):
            async with Inbox(plain(server.port)):
                pass


async def test_a_server_that_never_greets_is_unreachable() -> None:
    async with scripted(greeting=b"") as server:
        with pytest.raises(ImapUnreachable, match="does not greet"):
            async with Inbox(plain(server.port, timeout=0.3)):
                pass


async def test_an_answer_of_many_thousand_lines_is_read() -> None:
    lines = b"".join(b"* %d FETCH (FLAGS (\\Seen) UID %d)\r\n" % (n, n) for n in range(1, 20_001))
    fetch = lines + b"* 1 FETCH (UID 1 RFC822.SIZE 30)\r\n{tag} OK done\r\n"
    async with scripted({"FETCH": fetch}) as server, opened(plain(server.port)) as inbox:
        assert [seen.size for seen in await inbox.sightings_of([1])] == [30]


async def test_a_server_without_idle_is_polled() -> None:
    answers = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n",
        "NOOP": b"* 3 EXISTS\r\n{tag} OK done\r\n",
    }
    async with scripted(answers) as server, opened(plain(server.port)) as inbox:
        assert await inbox.wait(0.1) is True


async def test_a_server_that_refuses_idle_is_polled() -> None:
    answers = {"IDLE": b"{tag} NO not today\r\n", "NOOP": b"* 3 EXISTS\r\n{tag} OK done\r\n"}
    async with scripted(answers) as server, opened(plain(server.port)) as inbox:
        assert await inbox.wait(0.1) is True


async def test_a_letter_the_server_will_not_give_is_remembered_and_blocks_nobody() -> None:
    async with (
        scripted({"FETCH": b"{tag} NO [SERVERBUG] cannot read\r\n"}) as server,
        opened(plain(server.port)) as inbox,
    ):
        seen = [Sighting(uid, 30, datetime.now(UTC)) for uid in (1, 2)]
        assert await everything(inbox, seen) == []
        assert inbox.unreadable == {1, 2}


async def test_a_server_that_sends_more_than_the_cap_is_left() -> None:
    body = b"* 1 FETCH (UID 1 BODY[] {900000000}\r\n"
    async with scripted({"FETCH": body}) as server, opened(plain(server.port)) as inbox:
        with pytest.raises(ImapProtocolError, match="larger than allowed"):
            await everything(inbox, [Sighting(1, 30, datetime.now(UTC))])
    line = b"* " + b"x" * 2_000_000
    async with scripted({"FETCH": line}) as server, opened(plain(server.port)) as inbox:
        with pytest.raises(ImapProtocolError, match="line longer than allowed"):
            await everything(inbox, [Sighting(1, 30, datetime.now(UTC))])


async def test_a_folder_without_uidvalidity_is_refused() -> None:
    answers = {"EXAMINE": b"* 1 EXISTS\r\n{tag} OK done\r\n"}
    async with scripted(answers) as server, Inbox(plain(server.port)) as inbox:
        with pytest.raises(ImapRefused, match="UIDVALIDITY"):
            await inbox.select(await inbox.folder("INBOX"))


async def test_a_login_refused_for_now_is_tried_again_later() -> None:
    async with scripted({"LOGIN": b"{tag} NO [UNAVAILABLE] database down\r\n"}) as server:
        with pytest.raises(ImapUnreachable, match="cannot log us in now"):
            async with Inbox(plain(server.port)):
                pass


async def test_a_server_that_takes_no_password_in_the_clear_gets_none() -> None:
    answers = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK\r\n"}
    async with scripted(answers) as server:
        with pytest.raises(ImapTlsFailure, match="imaps://"):
            async with Inbox(plain(server.port)):
                pass
        assert not any(b"LOGIN" in line for line in server.said)


async def test_a_copy_the_server_refuses_leaves_the_connection_usable() -> None:
    async with (
        scripted({"APPEND": b"{tag} NO [OVERQUOTA] full\r\n"}) as server,
        opened(plain(server.port)) as inbox,
    ):
        with pytest.raises(ImapRefused) as refusal:
            await inbox.append(await inbox.folder("INBOX"), LETTER)
        assert refusal.value.code == "OVERQUOTA"
        assert await inbox.uids() == [1, 2]


def test_certificates_are_checked_by_default() -> None:
    context = tls_context(ImapSettings("mail.example.com", 993, "tls", "a", "b"))
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
