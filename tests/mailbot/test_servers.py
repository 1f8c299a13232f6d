"""The test servers themselves do what they are told."""

import aiosmtplib
import pytest

from tests.servers.postgres import Postgres, database_name
from tests.servers.smtp import Fault, SmtpServer

LETTER = b"Subject: hello\r\n\r\n.a line with a dot\r\n"


async def send(server: SmtpServer) -> None:
    """One letter to the server."""
    await aiosmtplib.send(
        LETTER,
        sender="a@example.com",
        recipients=["b@example.com"],
        hostname="127.0.0.1",
        port=server.port,
        timeout=2,
    )


async def test_a_letter_is_taken_whole_with_its_envelope(smtp: SmtpServer) -> None:
    await send(smtp)
    [letter] = smtp.sent_to("b@example.com")
    assert (letter.sender, letter.content) == ("a@example.com", LETTER)


@pytest.mark.parametrize(
    ("fault", "error", "kept"),
    [
        (Fault.DEFER, aiosmtplib.SMTPRecipientsRefused, 0),
        (Fault.REFUSE, aiosmtplib.SMTPRecipientsRefused, 0),
        (Fault.DEFER_SENDER, aiosmtplib.SMTPSenderRefused, 0),
        (Fault.DEFER_DATA, aiosmtplib.SMTPDataError, 0),
        (Fault.REFUSE_DATA, aiosmtplib.SMTPDataError, 0),
        (Fault.DROP_BEFORE_DATA, aiosmtplib.SMTPServerDisconnected, 0),
        (Fault.DROP_BEFORE_250, aiosmtplib.SMTPServerDisconnected, 0),
        (Fault.DROP_AFTER_250, aiosmtplib.SMTPServerDisconnected, 1),
        (Fault.SILENT_AFTER_DATA, aiosmtplib.SMTPReadTimeoutError, 1),
    ],
)
async def test_a_fault_holds_for_one_letter(
    smtp: SmtpServer, fault: Fault, error: type[Exception], kept: int
) -> None:
    smtp.script.append(fault)
    with pytest.raises(error):
        await send(smtp)
    assert len(smtp.letters) == kept
    await send(smtp)
    assert len(smtp.letters) == kept + 1


def test_each_call_gives_a_database_of_its_own(postgres: Postgres) -> None:
    first, second = postgres.create_database(), postgres.create_database()
    assert first != second
    copy = postgres.create_database(template=database_name(first))
    assert database_name(copy) not in (database_name(first), database_name(second))
