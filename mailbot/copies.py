"""A copy of each sent letter into SENT_FOLDER, for the people whose mailbox it is.

Failure semantics: copying comes after sending and never holds it up. A crash or a lost
connection may lie between APPEND and its note: for letters sent before that, the folder is searched
for our Message-ID first. Later ones are not: a search costs more the more the folder holds.
"""

import logging
from datetime import datetime

from mailbot.inbox import Inbox
from models.acts.copies import copied, uncopied
from models.house import House

log = logging.getLogger(__name__)

COPIES_AT_ONCE = 50


async def copy_sent(house: House, inbox: Inbox, folder_name: str, doubtful: datetime) -> int:
    """Works off what lacks a copy; returns how many were appended. Raises ImapError.

    What was sent before `doubtful` may have its copy without a note of it.
    """
    folder = await inbox.folder(folder_name)
    appended = 0
    while letters := await uncopied(house, COPIES_AT_ONCE):
        await inbox.select(folder)
        for letter in letters:
            known = letter.sent_at < doubtful and await inbox.holds(letter.message_id)
            if not known:
                await inbox.append(folder, letter.raw)
                appended += 1
            await copied(letter.outbound_id)
    if appended:
        log.info("copies of sent letters: %s", appended)
    return appended
