"""What stands at the end of a drill, and whether every letter is where it should be.

Three books are compared: the mailbox (what came), the register (what we say became of it)
and the SMTP server (what really went out), by Message-ID and not by count.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.database import rows
from tests.drill.desk import Desk, State
from tests.mixture import Mixed
from tests.registers import in_use

OUR_ID = re.compile(rb"(?im)^Message-ID:\s*(<[^>\s]+>)")
UNFINISHED = ("queued", "sending", "deferred")
KNOWN = frozenset({"sent", "maybe_sent", "bounced"})  # states of letters that went out


@dataclass(frozen=True, slots=True)
class Account:
    """One row of the table; `wrong` says in sentences what is not as it should be."""

    letters: int
    cases: int
    out: int
    lost: int
    doubled: int
    maybe_sent: int
    state: State
    wrong: Sequence[str]


async def account(
    desk: Desk, letters: list[Mixed], undisturbed: State | None, *, forgotten: bool = False
) -> Account:
    """Compares the three books, and the register with that of a run without any fault.

    `forgotten`: the register lost a day, so a letter that went out may stand as held.
    """
    state = await desk.state()
    ours = await _ours(desk)
    went = Counter(_id(one.content) for one in desk.sink.letters)
    lost = max(0, len(letters) + state.fates.get("before_start", 0) - state.seen) + state.undecided
    doubled = sum(count - 1 for count in went.values())
    twice = desk.doubled()
    wrong = [
        *_books(ours, went, KNOWN | {"held"} if forgotten else KNOWN),
        *_copies(ours, desk.copies()),
        *_decided(desk, letters, state, undisturbed),
        *([f"{lost} letters lost"] if lost else []),
        *([f"{doubled} letters doubled"] if doubled else []),
        *([f"{len(twice)} writers got more than one letter"] if twice else []),
    ]
    checked = await desk.check()
    if checked.code:
        wrong.append(f"models check: {checked.out.strip()} {checked.err.strip()}")
    maybe = sum(letters.get("maybe_sent", 0) for letters in (state.letters, state.told))
    sent = len(desk.sink.letters)
    return Account(len(letters), state.cases, sent, lost, doubled, maybe, state, wrong)


def _books(ours: Mapping[str, str], went: Mapping[str, int], known: frozenset[str]) -> list[str]:
    unknown = [one for one in went if one not in ours]
    unsent = [one for one, state in ours.items() if state == "sent" and one not in went]
    open_ = [one for one, state in ours.items() if state in UNFINISHED]
    silent = [one for one in went if one in ours and ours[one] not in known]
    found = (
        (unknown, "letters went out that the register does not know"),
        (unsent, "letters are called sent and were not"),
        (open_, "letters of ours are not finished"),
        (silent, "letters went out and the register says otherwise"),
    )
    return [f"{len(ids)} {words}" for ids, words in found if ids]


def _copies(ours: Mapping[str, str], copies: Mapping[str, int]) -> list[str]:
    sent = {one for one, state in ours.items() if state in {"sent", "bounced"}}
    twice = [one for one, count in copies.items() if count > 1]
    return [
        *([f"{len(sent - set(copies))} sent letters have no copy"] if sent - set(copies) else []),
        *([f"{len(twice)} letters are copied twice"] if twice else []),
    ]


def _decided(
    desk: Desk, letters: list[Mixed], state: State, undisturbed: State | None
) -> list[str]:
    wrong = []
    if strangers := desk.strangers(letters):
        wrong.append(f"{len(strangers)} writers of ordinary mail were answered")
    if undisturbed is None:
        return wrong
    # a letter found twice is one letter; an undisturbed run found each once, and nothing older
    aside = {"duplicate", "before_start"}
    fates = {fate: n for fate, n in state.fates.items() if fate not in aside}
    if fates != undisturbed.fates:
        wrong.append(f"fates {fates}, without fault {dict(undisturbed.fates)}")
    if state.cases != undisturbed.cases:
        wrong.append(f"{state.cases} cases, without fault {undisturbed.cases}")
    if sum(state.letters.values()) != sum(undisturbed.letters.values()):
        wrong.append(f"letters {dict(state.letters)}, without fault {dict(undisturbed.letters)}")
    return wrong


async def _ours(desk: Desk) -> dict[str, str]:
    async with in_use(desk.url):
        found = await rows("SELECT message_id, state FROM outbound_mail")
    return {row["message_id"]: row["state"] for row in found}


def _id(raw: bytes) -> str:
    found = OUR_ID.search(raw)
    return found[1].decode() if found else ""
