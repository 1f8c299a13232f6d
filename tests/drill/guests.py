"""The guard layer against a server that says anything: nothing but an ImapError comes out."""

import asyncio
from typing import Any

from mailbot.imap_errors import ImapError
from mailbot.inbox import Inbox
from tests.drill.mutation import Mutator
from tests.mailbot.test_imap_protocol import COMMANDS, conversation
from tests.mailbot.test_inbox import LETTER, plain
from tests.servers.imap import DEFAULTS, scripted

STUCK_SECONDS = 60.0  # a visit that is not over by then hangs
SECONDS = 0.3  # a server that says nothing costs no more
LINES = (
    b'* 1 FETCH (UID 1 RFC822.SIZE 30 INTERNALDATE "05-Mar-2026 10:00:00 +0200")\r\n{tag} OK\r\n',
    b"* 1 FETCH (UID 1 BODY[] {9}\r\nSubject: )\r\n* SEARCH 1 2 3\r\n{tag} OK done\r\n",
    b'* LIST (\\HasNoChildren) "/" "R&AOQ-mpspost"\r\n* 2 EXISTS\r\n{tag} OK done\r\n',
    b"+ idling\r\n* 3 EXISTS\r\n* BYE\r\n{tag} NO [SERVERBUG] x\r\n",
)
ANSWERS = {
    **DEFAULTS,
    "GREETING": b"* OK ready\r\n",
    "LIST": DEFAULTS["LIST"] + b'* LIST (\\Junk) "/" "R&AOQ-mpspost"\r\n{tag} OK done\r\n',
    "FETCH": b'* 1 FETCH (UID 1 RFC822.SIZE 9 INTERNALDATE "05-Mar-2026 10:00:00 +0200"'
    b" BODY[] {9}\r\nSubject: ))\r\n{tag} OK done\r\n",
    "APPEND": b"+ go\r\n",
    "RESPONSE": b"{tag} OK done\r\n",
}


async def talk(mutator: Mutator) -> str | None:
    """One command answered with spoiled bytes in pieces; what was wrong, None when nothing."""
    data = mutator.spoiled(LINES)
    cuts = [mutator.pick.randrange(10_000) for _ in range(mutator.pick.randrange(6))]
    which = mutator.pick.randrange(len(COMMANDS))
    try:
        await conversation(data, cuts, which)
    except Exception as problem:
        return f"{type(problem).__name__}, command {which}, cuts {cuts}, over {data[:400]!r}"
    return None


async def visit(mutator: Mutator) -> str | None:
    """A whole visit at a server with one to three spoiled answers; what was wrong, or None."""
    answers = dict(ANSWERS)
    spoiled = mutator.pick.sample(sorted(answers), mutator.pick.randint(1, 3))
    for word in spoiled:
        answers[word] = mutator.spoiled([ANSWERS[word], *LINES])
    loose: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: loose.append(context))
    try:
        async with asyncio.timeout(STUCK_SECONDS):
            await _guest(answers)
    except ImapError:
        pass
    except Exception as problem:
        return f"{type(problem).__name__} over {[(one, answers[one][:200]) for one in spoiled]}"
    await asyncio.sleep(0)
    return f"{loose} over {[(one, answers[one][:200]) for one in spoiled]}" if loose else None


async def _guest(answers: dict[str, bytes]) -> None:
    async with (
        scripted(answers, answers["GREETING"]) as server,
        Inbox(plain(server.port, timeout=SECONDS, watchdog=SECONDS)) as inbox,
    ):
        for folder in (await inbox.folders())[:3]:
            await inbox.select(folder)
            async for _ in inbox.bodies(await inbox.sightings(0)):
                pass
            await inbox.holds("<a@b.example>")
            await inbox.append(folder, LETTER)
            await inbox.wait(0.05)
