"""The guest's manners and the guard layer, against a real Dovecot."""

import asyncio
import imaplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from mailbot.accounts import ImapSettings
from mailbot.imap_names import encoded, quoted
from mailbot.inbox import (
    ImapLoginRefused,
    ImapRefused,
    ImapTlsFailure,
    ImapUnreachable,
    Inbox,
    Sighting,
)
from models.shapes import Arrival
from tests.servers.dovecot import ODD_PASSWORD, ODD_USER, PASSWORD, Dovecot, free_ports

LETTER = b"Subject: hello\r\n\r\nA letter.\r\n"


def plain(port: int, user: str = "anna", **options: object) -> ImapSettings:
    """An account on a test server, in the clear on loopback."""
    given: dict[str, object] = {"timeout": 5, "watchdog": 1, **options}
    return ImapSettings("127.0.0.1", port, "plain", user, PASSWORD, **given)  # type: ignore[arg-type]


@asynccontextmanager
async def opened(settings: ImapSettings) -> AsyncIterator[Inbox]:
    """An Inbox with INBOX selected."""
    async with Inbox(settings) as inbox:
        await inbox.select(await inbox.folder("INBOX"))
        yield inbox


async def everything(inbox: Inbox, sightings: list[Sighting]) -> list[Arrival]:
    """All bodies in one list."""
    return [arrival async for batch in inbox.bodies(sightings) for arrival in batch]


def direct(server: Dovecot, user: str) -> imaplib.IMAP4:
    """A second client, as a person at the mailbox."""
    client = imaplib.IMAP4("127.0.0.1", server.port)
    client.login(user, PASSWORD)
    return client


async def test_three_thousand_letters_come_whole_in_order_and_stay_unseen(
    dovecot: Dovecot,
) -> None:
    at = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
    raws = [b"Subject: %d\r\n\r\n* 1 FETCH (UID 9)\r\nA1 OK {5}\r\n" % n for n in range(3000)]
    dovecot.fill("many", raws, received_at=at)
    async with opened(plain(dovecot.port, "many")) as inbox:
        sightings = await inbox.sightings(0)
        arrivals = await everything(inbox, sightings)
    assert [arrival.raw for arrival in arrivals] == raws
    assert [arrival.uid for arrival in arrivals] == list(range(1, 3001))
    assert {arrival.received_at for arrival in arrivals} == {at}
    person = direct(dovecot, "many")
    person.select("INBOX", readonly=True)
    assert person.search(None, "SEEN") == ("OK", [b""])
    assert person.search(None, "RECENT")[1] != [b""], "not even \\Recent was taken away"
    person.logout()


async def test_only_letters_above_the_given_uid_are_sighted(dovecot: Dovecot) -> None:
    dovecot.fill("above", [LETTER] * 5)
    async with opened(plain(dovecot.port, "above")) as inbox:
        assert [seen.uid for seen in await inbox.sightings(3)] == [4, 5]
        assert await inbox.sightings(5) == []
        assert await inbox.sightings(500) == []
        assert await inbox.uids() == [1, 2, 3, 4, 5]


async def test_an_empty_mailbox_has_no_letters(dovecot: Dovecot) -> None:
    async with opened(plain(dovecot.port, "empty")) as inbox:
        assert await inbox.sightings(0) == []
        assert await inbox.uids() == []


async def test_a_vanished_letter_is_simply_absent(dovecot: Dovecot) -> None:
    dovecot.fill("vanish", [LETTER] * 4)
    async with opened(plain(dovecot.port, "vanish")) as inbox:
        sightings = await inbox.sightings(0)
        person = direct(dovecot, "vanish")
        person.select("INBOX")
        person.store("2", "+FLAGS", "\\Deleted")
        person.expunge()
        person.logout()
        assert [arrival.uid for arrival in await everything(inbox, sightings)] == [1, 3, 4]
        assert inbox.unreadable == set()
        assert [seen.uid for seen in await inbox.sightings_of([1, 2, 9])] == [1]


async def test_batches_are_bounded_by_bytes_and_a_huge_letter_is_cut_at_the_cap(
    dovecot: Dovecot,
) -> None:
    sizes = [40_000, 40_000, 40_000, 300_000, 10]
    dovecot.fill("sizes", [b"x" * size for size in sizes])
    settings = plain(dovecot.port, "sizes", letter_cap=100_000, batch_bytes=90_000)
    async with opened(settings) as inbox:
        batches = [batch async for batch in inbox.bodies(await inbox.sightings(0))]
    assert [[arrival.uid for arrival in batch] for batch in batches] == [[1, 2], [3], [4], [5]]
    huge = batches[2][0]
    assert (huge.size, len(huge.raw)) == (300_000, 100_000)


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ("folder1", "Спам"),
        ("folder2", 'Kliendid "vanad"'),
        ("folder3", "Äri & co"),
        ("folder4", "a\\b"),
        ("folder5", "日本 语"),
    ],
)
async def test_folders_of_any_name_are_listed_and_read(
    dovecot: Dovecot, user: str, name: str
) -> None:
    async with Inbox(plain(dovecot.port, user)) as inbox:
        client = inbox._open
        await client.create(quoted(encoded(name)))
        folder = await inbox.folder(name)
        assert folder.name == name
        await inbox.append(folder, LETTER)
        assert (await inbox.select(folder)).exists == 1
        assert [a.raw for a in await everything(inbox, await inbox.sightings(0))] == [LETTER]


async def test_sent_drafts_and_trash_are_not_watched_but_junk_is(dovecot: Dovecot) -> None:
    async with Inbox(plain(dovecot.port, "roles")) as inbox:
        found = {mailbox.name: mailbox.is_junk for mailbox in await inbox.folders()}
        named = await inbox.folders(["Sent", "INBOX"])
    assert found == {"INBOX": False, "Rämpspost": True}
    assert [mailbox.name for mailbox in named] == ["INBOX", "Sent"]


async def test_a_folder_that_is_not_there_is_refused_and_the_connection_stands(
    dovecot: Dovecot,
) -> None:
    async with Inbox(plain(dovecot.port, "nofolder")) as inbox:
        with pytest.raises(ImapRefused):
            await inbox.folder("Nowhere")
        assert (await inbox.select(await inbox.folder("inbox"))).exists == 0


async def test_new_mail_is_announced_while_waiting(dovecot: Dovecot) -> None:
    async with opened(plain(dovecot.port, "push")) as inbox:
        waiting = asyncio.create_task(inbox.wait(20))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(dovecot.deliver, "push", LETTER)
        assert await waiting is True
        assert len(await inbox.sightings(0)) == 1
        assert await inbox.wait(0.2) is False, "sighting the letters takes the news"


async def test_idle_is_renewed_and_still_hears_mail(dovecot: Dovecot) -> None:
    async with opened(plain(dovecot.port, "renew", idle_renewal=0.2)) as inbox:
        waiting = asyncio.create_task(inbox.wait(20))
        await asyncio.sleep(1)
        await asyncio.to_thread(dovecot.deliver, "renew", LETTER)
        assert await waiting is True


async def test_a_cancelled_wait_leaves_no_task_behind(dovecot: Dovecot) -> None:
    async with opened(plain(dovecot.port, "cancel")) as inbox:
        waiting = asyncio.create_task(inbox.wait(20))
        await asyncio.sleep(0.2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        with pytest.raises(ImapUnreachable):
            await inbox.uids()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_server_that_stops_while_we_wait_is_noticed_at_once(own_dovecot: Dovecot) -> None:
    async with opened(plain(own_dovecot.port)) as inbox:
        waiting = asyncio.create_task(inbox.wait(600))
        await asyncio.sleep(0.2)
        own_dovecot.kill()
        with pytest.raises(ImapUnreachable):
            async with asyncio.timeout(5):
                await waiting
    own_dovecot.start()
    async with opened(plain(own_dovecot.port)) as inbox:
        assert await inbox.uids() == []


async def test_a_frozen_server_is_noticed_by_the_watchdog(own_dovecot: Dovecot) -> None:
    async with opened(plain(own_dovecot.port, idle_renewal=0.3, watchdog=0.5)) as inbox:
        waiting = asyncio.create_task(inbox.wait(600))
        await asyncio.sleep(0.1)
        own_dovecot.freeze()
        with pytest.raises(ImapUnreachable, match="did not answer within"):
            async with asyncio.timeout(10):
                await waiting
        with pytest.raises(ImapUnreachable):
            await inbox.uids()
    own_dovecot.thaw()


async def test_a_frozen_server_cannot_hold_up_a_command(own_dovecot: Dovecot) -> None:
    own_dovecot.fill("anna", [LETTER])
    async with opened(plain(own_dovecot.port, timeout=0.5)) as inbox:
        own_dovecot.freeze()
        with pytest.raises(ImapUnreachable, match="did not answer within"):
            await inbox.sightings(0)
    own_dovecot.thaw()


async def test_tls_with_a_known_authority_works(dovecot: Dovecot) -> None:
    settings = ImapSettings(
        "localhost", dovecot.tls_port, "tls", "tls", PASSWORD, ca_file=dovecot.ca_file
    )
    async with opened(settings) as inbox:
        assert await inbox.uids() == []


async def test_tls_with_an_unknown_authority_is_refused(dovecot: Dovecot) -> None:
    with pytest.raises(ImapTlsFailure, match="cannot be trusted"):
        async with Inbox(ImapSettings("localhost", dovecot.tls_port, "tls", "tls", PASSWORD)):
            pass


async def test_tls_under_another_name_is_refused(dovecot: Dovecot) -> None:
    settings = ImapSettings(
        "127.0.0.2", dovecot.tls_port, "tls", "tls", PASSWORD, ca_file=dovecot.ca_file
    )
    with pytest.raises((ImapTlsFailure, ImapUnreachable)):
        async with Inbox(settings):
            pass


async def test_tls_never_falls_back_to_a_plain_port(dovecot: Dovecot) -> None:
    settings = ImapSettings(
        "localhost", dovecot.port, "tls", "tls", PASSWORD, ca_file=dovecot.ca_file
    )
    with pytest.raises(ImapTlsFailure, match="speaks no TLS"):
        async with Inbox(settings):
            pass


async def test_a_file_without_certificates_is_named(dovecot: Dovecot) -> None:
    nothing = dovecot.root / "dovecot.conf"
    settings = ImapSettings("localhost", dovecot.tls_port, "tls", "x", PASSWORD, ca_file=nothing)
    with pytest.raises(ImapTlsFailure, match="MAIL_CA_FILE"):
        async with Inbox(settings):
            pass


async def test_user_and_password_of_any_letters_log_in(dovecot: Dovecot) -> None:
    settings = ImapSettings("127.0.0.1", dovecot.port, "plain", ODD_USER, ODD_PASSWORD)
    async with opened(settings) as inbox:
        assert await inbox.uids() == []


async def test_a_wrong_password_is_refused_without_being_repeated(dovecot: Dovecot) -> None:
    settings = ImapSettings("127.0.0.1", dovecot.port, "plain", "anna", 'wrong "one"')
    with pytest.raises(ImapLoginRefused) as refusal:
        async with Inbox(settings):
            pass
    assert "wrong" not in str(refusal.value)
    assert "anna" not in str(refusal.value)


async def test_nobody_there_is_unreachable(unused_port: int) -> None:
    with pytest.raises(ImapUnreachable, match="cannot be reached"):
        async with Inbox(plain(unused_port)):
            pass


@pytest.fixture
def unused_port() -> int:
    """A port nobody listens on."""
    return free_ports(1)[0]
