"""The demo mail server: a real mailbox to real clients, in memory, on loopback."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email import message_from_bytes

import aiosmtplib
import pytest
import pytest_asyncio
from aioimaplib import IMAP4

from mailbot.demo.postmark import postmarked, verdict
from mailbot.demo.server import AUTHSERV_ID, DemoMailServer, OutsideLetter

PLAIN = (
    b"From: Mari Mets <mari@example.com>\r\nTo: info@netpro.ee\r\n"
    b"Subject: Tere\r\n\r\nKustutage palun mu andmed.\r\n"
)
ODD = [
    b'From: "\n\nx',
    b"From: a@example.com, b@shop.example\n\nx",
    b"\n\nno header at all",
    b"no header at all",
    b"From: undisclosed:;\nContent-Type: text/plain; name*\nMessage-ID: <[x@y]>\n\nx",
    b"Subject: =?utf-8?q?a=0D=0ABcc:_x@example.com?=\nDate: +99999999999999\n\n\xff\xfe",
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--b",
    b"",
]


@pytest_asyncio.fixture
async def server() -> AsyncIterator[DemoMailServer]:
    async with DemoMailServer() as running:
        yield running


async def send(server: DemoMailServer, raw: bytes, sender: str, to: str = "info@netpro.ee") -> str:
    async with aiosmtplib.SMTP(
        hostname="127.0.0.1", port=server.smtp_port, start_tls=False
    ) as client:
        _, message = await client.sendmail(sender, [to], raw)
    return message


async def login(server: DemoMailServer, user: str = DemoMailServer.user) -> IMAP4:
    client = IMAP4(host="127.0.0.1", port=server.imap_port)
    await client.wait_hello_from_server()
    assert (await client.login(user, DemoMailServer.password)).result == "OK"
    return client


async def only_letter(client: IMAP4, folder: str = "INBOX") -> bytes:
    assert (await client.select(folder)).result == "OK"
    answer = await client.uid("fetch", "1:*", "(UID BODY.PEEK[])")
    bodies = [bytes(line) for line in answer.lines if isinstance(line, bytearray)]
    assert len(bodies) == 1
    return bodies[0]


def bare(raw: bytes) -> bool:
    return re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is not None


async def test_a_letter_sent_by_smtp_lies_in_the_inbox_with_the_servers_own_marks(
    server: DemoMailServer,
) -> None:
    answer = await send(server, PLAIN, "mari@example.com")
    client = await login(server)
    letter = message_from_bytes(await only_letter(client))
    await client.logout()
    assert "queued as" in answer
    assert letter.keys()[:3] == ["Return-Path", "Received", "Authentication-Results"]
    assert letter["Return-Path"] == "<mari@example.com>"
    assert f"by {AUTHSERV_ID} " in letter["Received"]
    assert letter["Authentication-Results"].startswith(f"{AUTHSERV_ID};")
    assert "dmarc=pass header.from=example.com" in letter["Authentication-Results"]
    assert server.delivered == 1
    assert not server.outside


async def test_new_mail_is_pushed_to_an_idling_client_and_to_one_that_idles_again(
    server: DemoMailServer,
) -> None:
    client = await login(server)
    await client.select("INBOX")
    for exists in (b"1 EXISTS", b"2 EXISTS", b"3 EXISTS"):
        idling = await client.idle_start(timeout=20)
        await server.append(PLAIN)
        pushed: list[bytes] = []
        while exists not in pushed:
            pushed += await asyncio.wait_for(client.wait_server_push(), 10)
        client.idle_done()
        await asyncio.wait_for(idling, 10)
    await client.logout()


async def test_letters_that_come_in_a_burst_are_all_announced(server: DemoMailServer) -> None:
    client = await login(server)
    await client.select("INBOX")
    idling = await client.idle_start(timeout=20)
    for _ in range(30):
        await server.append(PLAIN)
        await asyncio.sleep(0)
    pushed: list[bytes] = []
    while b"30 EXISTS" not in pushed:
        pushed += await asyncio.wait_for(client.wait_server_push(), 10)
    client.idle_done()
    await asyncio.wait_for(idling, 10)
    await client.logout()


async def test_keywords_are_offered_and_kept(server: DemoMailServer) -> None:
    uid = await server.append(PLAIN)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.imap_port)
    writer.write(b'a login "info@netpro.ee" "demo"\r\nb select INBOX\r\n')
    writer.write(
        b"c uid store %d +FLAGS ($NetproRequest)\r\nd uid fetch %d (FLAGS)\r\n" % (uid, uid)
    )
    writer.write(b"e logout\r\n")
    said = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert rb"[PERMANENTFLAGS (\*" in said
    assert re.search(rb"FLAGS \([^)]*\$NetproRequest.*\r\nd OK", said)


async def test_bare_newlines_become_crlf_by_smtp_and_by_append(server: DemoMailServer) -> None:
    await server.append(PLAIN.replace(b"\r\n", b"\n"), folder="Sent")
    await send(server, PLAIN.replace(b"\r\n", b"\n"), "mari@example.com")
    client = await login(server)
    assert not bare(await only_letter(client, "Sent"))
    assert not bare(await only_letter(client))
    await client.logout()


async def test_a_client_may_append_without_a_date(server: DemoMailServer) -> None:
    client = await login(server)
    appended = await client.append(PLAIN, "Sent")
    await client.select("Sent")
    answer = await client.uid("fetch", "1:*", "(INTERNALDATE)")
    await client.logout()
    assert appended.result == "OK"
    assert re.search(rb'INTERNALDATE ".{11} .{8} \+0000"', answer.lines[0])


async def test_a_wrong_password_is_refused(server: DemoMailServer) -> None:
    client = IMAP4(host="127.0.0.1", port=server.imap_port)
    await client.wait_hello_from_server()
    assert (await client.login(DemoMailServer.user, "wrong")).result == "NO"
    assert (await client.login("nobody@netpro.ee", "demo")).result == "NO"
    await client.logout()


async def test_letters_to_others_reach_the_outside_world_untouched_and_not_the_desk() -> None:
    seen: list[OutsideLetter] = []
    async with DemoMailServer(on_outside=seen.append) as server:
        raw = PLAIN.replace(b"From: Mari Mets <mari@example.com>", b"From: info@netpro.ee")
        await send(server, raw, "info@netpro.ee", "mari@example.com")
        letter = await asyncio.wait_for(server.next_outside(), 10)
        assert letter.recipients == ("mari@example.com",)
        assert letter.header("subject") == "Tere"
        assert letter.raw == raw
        assert list(server.outside) == seen == [letter]
        client = await login(server, server.outside_user)
        assert await only_letter(client) == raw
        await client.logout()
        assert server.delivered == 0


async def test_a_refused_recipient_gets_the_answer_that_was_set(server: DemoMailServer) -> None:
    server.refusals["gone@example.com"] = "550 5.1.1 no such user"
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refusal:
        await send(server, PLAIN, "info@netpro.ee", "gone@example.com")
    assert refusal.value.recipients[0].code == 550


@pytest.mark.parametrize("raw", ODD)
async def test_odd_letters_are_delivered_too(server: DemoMailServer, raw: bytes) -> None:
    await send(server, raw, "x@example.com")
    client = await login(server)
    assert await only_letter(client)
    await client.logout()


async def test_long_lines_and_eight_bit_bytes_pass(server: DemoMailServer) -> None:
    body = b"x" * 100_000 + b"\r\n.\r\n..\r\n\xe4\xf6\xff\r\n"
    await send(server, PLAIN + body, "mari@example.com")
    client = await login(server)
    assert (await only_letter(client)).endswith(body)
    await client.logout()


async def test_a_stop_ends_idle_imap_and_open_smtp_conversations() -> None:
    async with asyncio.timeout(30):
        async with DemoMailServer() as server:
            client = await login(server)
            await client.select("INBOX")
            await client.idle_start(timeout=20)
            smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=server.smtp_port, start_tls=False)
            await smtp.connect()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        assert not [task for task in others if "_talk" in str(task) or "_handle" in str(task)]
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", server.imap_port)
        smtp.close()
        client.protocol.transport.abort()
        await asyncio.sleep(0)


async def test_a_taken_port_is_an_error_and_leaves_nothing_open(server: DemoMailServer) -> None:
    second = DemoMailServer(smtp_port=server.smtp_port)
    with pytest.raises(OSError, match="address"):
        await second.__aenter__()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", second.imap_port)


@pytest.mark.parametrize(
    ("raw", "sender", "result"),
    [
        (b"From: a@example.com\n\nx", "a@example.com", "pass"),
        (b"From: A <a@Example.COM>\n\nx", "bounces@example.com", "pass"),
        (b"From: a@example.com\n\nx", "a@mailer.example", "none"),
        (b"From: a@example.com\n\nx", "", "none"),
        (b"From: a@example.com\nX-Demo-Authentication: fail\n\nx", "a@example.com", "fail"),
        (b"From: a@example.com, b@shop.example\n\nx", "a@example.com", "none"),
        (b"Subject: none\n\nx", "a@example.com", "none"),
    ],
)
def test_the_sender_counts_as_proven_only_when_envelope_and_from_agree(
    raw: bytes, sender: str, result: str
) -> None:
    assert verdict(raw, sender) == result


def test_results_that_claim_to_be_ours_and_the_marker_are_taken_out_others_stay() -> None:
    raw = (
        b"Authentication-Results: demo.netpro.example;\n\tdmarc=pass header.from=bank.example\n"
        b"authentication-results: (x) demo.netpro.example 1; dmarc=pass\n"
        b"Authentication-Results: mx.example; dmarc=pass\nX-Demo-Authentication: none\n"
        b"Return-Path: <forged@example.com>\nFrom: a@example.com\n\nbody\n"
    )
    at = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
    letter = message_from_bytes(postmarked(raw, "a@example.com", "info@netpro.ee", "Q1", at))
    results = letter.get_all("Authentication-Results")
    assert results is not None
    assert [result.split(";")[0] for result in results] == [AUTHSERV_ID, "mx.example"]
    assert "dmarc=none" in results[0]
    assert letter.get_all("Return-Path") == ["<a@example.com>"]
    assert letter["X-Demo-Authentication"] is None
    assert letter["Received"].endswith("Thu, 05 Mar 2026 22:30:00 +0000")
    assert letter.get_payload() == "body\r\n"
