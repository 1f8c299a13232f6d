"""What each answer of an SMTP server makes of a letter; nothing goes out twice or in the clear."""

import ssl
from pathlib import Path

import pytest

from mailbot.accounts import SmtpSettings
from mailbot.headers import OwnMail
from mailbot.letter import read
from mailbot.outbox import Outbox, SmtpUnreachable
from models.acts.bounces import record_bounces
from models.acts.work import working
from models.house import House
from models.shapes import BOT
from models.tables import OutboundMail
from models.vocabulary import DeliveryState, RequestType
from tests.letters_for_acts import received, verdict
from tests.servers import smtp as smtp_servers
from tests.servers.certificates import write_certificates
from tests.servers.smtp import Fault, SmtpServer

DAYS = 100_000  # the letters of these tests were queued long ago


def outbox(house: House, server: SmtpServer, tls: str = "plain", **more: object) -> Outbox:
    """Of bot 1, on this server."""
    account = SmtpSettings("127.0.0.1", server.port, tls, timeout=1, **more)  # type: ignore[arg-type]
    return Outbox(house, account, "bounces@example.com", 1, DAYS)


@pytest.fixture
async def queued(register: str, house: House) -> None:
    """One acknowledgement waits."""
    assert register
    await received(house, verdict(RequestType.ERASURE))


@pytest.mark.usefixtures("queued")
@pytest.mark.parametrize(
    ("fault", "state", "words", "kept"),
    [
        (Fault.NONE, DeliveryState.SENT, "250 2.0.0", 1),
        (Fault.DEFER, DeliveryState.DEFERRED, "451 4.7.1", 0),
        (Fault.DEFER_SENDER, DeliveryState.DEFERRED, "451 4.3.0", 0),
        (Fault.DEFER_DATA, DeliveryState.DEFERRED, "451 4.3.0", 0),
        (Fault.REFUSE, DeliveryState.FAILED, "550 5.1.1", 0),
        (Fault.REFUSE_DATA, DeliveryState.FAILED, "554 5.7.1", 0),
        (Fault.DROP_BEFORE_250, DeliveryState.MAYBE_SENT, "SMTPServerDisconnected", 0),
        (Fault.DROP_AFTER_250, DeliveryState.MAYBE_SENT, "SMTPServerDisconnected", 1),
        (Fault.SILENT_AFTER_DATA, DeliveryState.MAYBE_SENT, "SMTPReadTimeoutError", 1),
    ],
)
async def test_each_answer_has_its_state(
    house: House, smtp: SmtpServer, fault: Fault, state: DeliveryState, words: str, kept: int
) -> None:
    smtp.script.append(fault)
    async with outbox(house, smtp) as box:
        assert await box.work_off() == 1
        assert await box.work_off() == 0
    mail = await OutboundMail.get()
    assert (mail.state, mail.last_response) == (state, words)
    assert len(smtp.letters) == kept


@pytest.mark.usefixtures("queued")
async def test_a_server_that_is_away_leaves_the_letter_queued(
    house: House, smtp: SmtpServer
) -> None:
    await smtp.stop()
    async with outbox(house, smtp) as box:
        with pytest.raises(SmtpUnreachable, match="letters wait in the outbox"):
            await box.work_off()
    assert (await OutboundMail.get()).state is DeliveryState.QUEUED


@pytest.mark.usefixtures("queued")
async def test_the_envelope_goes_to_the_writer_and_bounces_to_the_bounce_address(
    house: House, smtp: SmtpServer
) -> None:
    async with outbox(house, smtp) as box:
        await box.work_off()
    [letter] = smtp.letters
    assert (letter.sender, letter.recipients) == ("bounces@example.com", ("mari@example.com",))


@pytest.mark.usefixtures("queued")
async def test_a_bounce_that_quotes_nothing_is_known_by_the_tag_it_comes_to(
    house: House, smtp: SmtpServer
) -> None:
    account = SmtpSettings("127.0.0.1", smtp.port, "plain", timeout=5)
    own = OwnMail(house.mail_address, "bounces+@netpro.ee")
    async with Outbox(house, account, own.bounce_address, 1, DAYS) as box:
        await box.work_off()
    mail, [letter] = await OutboundMail.get(), smtp.letters
    assert letter.sender == f"bounces+{mail.message_id[1:].partition('@')[0]}@netpro.ee"
    bounce = (
        f"Return-Path: <>\r\nDelivered-To: {letter.sender.upper()}\r\nSubject: Undeliverable\r\n"
        "From: postmaster@kaugel.example\r\n\r\nThere is no such person here.\r\n"
    )
    back = read(bounce.encode(), own=own)
    assert back.bounced_message_ids == (mail.message_id,)
    async with working(house, BOT, "receive") as work:
        assert await record_bounces(work, back.bounced_message_ids, mail.answers_id or 0) == 1
    assert (await OutboundMail.get(id=mail.id)).state is DeliveryState.BOUNCED


@pytest.mark.usefixtures("queued")
async def test_a_server_without_starttls_gets_no_letter_in_the_clear(
    house: House, smtp: SmtpServer
) -> None:
    async with outbox(house, smtp, "starttls") as box:
        with pytest.raises(SmtpUnreachable):
            await box.work_off()
    assert smtp.letters == []


@pytest.mark.usefixtures("queued")
@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_certificate_is_checked_against_the_authority_given(
    house: House, tmp_path: Path, tls: str
) -> None:
    write_certificates(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    async with smtp_servers.running(tls=context, offers_starttls=tls == "starttls") as server:
        async with outbox(house, server, tls) as box:
            with pytest.raises(SmtpUnreachable, match="MAIL_CA_FILE"):
                await box.work_off()
        assert server.letters == []
        async with outbox(house, server, tls, ca_file=tmp_path / "ca.pem") as box:
            await box.connect()
