"""Coming back to a mailbox."""

import pytest

from mailbot.backoff import delay, stay_connected
from mailbot.imap_errors import ImapLoginRefused, ImapUnreachable
from mailbot.inbox import Inbox
from tests.mailbot.test_inbox import plain
from tests.servers.imap import scripted


def test_waits_double_up_to_a_limit_and_never_fall_below_half() -> None:
    for failures, step in ((1, 1), (2, 2), (5, 16), (20, 300), (100_000, 300)):
        assert step / 2 <= delay(failures) <= step


async def test_work_goes_on_after_a_lost_connection() -> None:
    seen: list[Inbox] = []

    async def work(inbox: Inbox) -> None:
        seen.append(inbox)
        if len(seen) < 3:
            raise ImapUnreachable("gone")

    async with scripted() as server:
        await stay_connected(plain(server.port), work, first=0.01)
        assert server.connections == 3


async def test_a_login_refused_at_the_start_is_raised() -> None:
    async def work(inbox: Inbox) -> None:
        raise AssertionError("never reached")

    async with scripted({"LOGIN": b"{tag} NO no\r\n"}) as server:
        with pytest.raises(ImapLoginRefused):
            await stay_connected(plain(server.port), work, first=0.01)


async def test_a_login_refused_later_is_waited_out() -> None:
    seen: list[Inbox] = []
    answers: dict[str, bytes] = {}

    async def work(inbox: Inbox) -> None:
        seen.append(inbox)
        if len(seen) == 1:
            answers["LOGIN"] = b"{tag} NO no\r\n"
            raise ImapUnreachable("gone")

    async with scripted(answers) as server:
        server.after(2, lambda: answers.pop("LOGIN"))
        await stay_connected(plain(server.port), work, first=0.01)
        assert server.connections == 3
