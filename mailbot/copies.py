"""A copy of each sent letter into SENT_FOLDER, for the people whose mailbox it is.

Failure semantics: copying comes after sending and never holds it up. The folder is searched
for our Message-ID first, so that a crash between APPEND and its note makes no second copy.
"""

import logging

from mailbot.inbox import Inbox
from models.acts.copies import copied, uncopied
from models.house import House

log = logging.getLogger(__name__)

COPIES_AT_ONCE = 50


async def copy_sent(house: House, inbox: Inbox, folder_name: str) -> int:
    """Works off what lacks a copy; returns how many were appended. Raises ImapError."""
    folder = await inbox.folder(folder_name)
    appended = 0
    while letters := await uncopied(house, COPIES_AT_ONCE):
        await inbox.select(folder)
        for letter in letters:
            if not await inbox.holds(letter.message_id):
                await inbox.append(folder, letter.raw)
                appended += 1
            await copied(letter.outbound_id)
    if appended:
        log.info("copies of sent letters: %s", appended)
    return appended
