"""The keyword on letters of cases, for people at the mailbox: the one trace the bot may leave.

Only where MARK_REQUESTS asks for it and the server lets keywords be made (PERMANENTFLAGS
with \\*, RFC 3501 section 7.1); no other flag changes. A letter is marked once: whoever
takes the keyword off has decided so.
"""

import logging

from mailbot.inbox import Inbox, Mailbox
from models.acts.marks import marked, unmarked

log = logging.getLogger(__name__)

KEYWORD = "$NetproRequest"
LETTERS_AT_ONCE = 200


async def mark(inbox: Inbox, mailbox: Mailbox) -> int:
    """Marks what is to be marked in the folder selected now; returns how many.

    A crash in between marks a letter twice, which changes nothing. Raises ImapError.
    """
    done, uidvalidity = 0, inbox.in_folder().uidvalidity
    while waiting := await unmarked(mailbox.name, uidvalidity, LETTERS_AT_ONCE):
        if not inbox.in_folder().takes_keywords:
            selected = await inbox.select(mailbox, to_mark=True)
            if selected.uidvalidity != uidvalidity or not selected.takes_keywords:
                log.warning("The IMAP server takes no keywords in a folder: nothing is marked.")
                return done
        await inbox.mark(list(waiting), KEYWORD)
        await marked(list(waiting.values()))
        done += len(waiting)
    return done
