"""Which of our letters came back, by a report or by a plain bounce."""

import pytest

from mailbot.headers import OwnMail
from mailbot.parts import split
from mailbot.reports import bounced_message_ids, is_own_id, looks_bounced

OWN = OwnMail("info@netpro.ee", "info@netpro.ee")
OURS = "<ack.0123456789abcdef@netpro.ee>"


def report(action: str, *parts: str, kind: str = "delivery-status") -> bytes:
    status = f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b.example\nAction: {action}\n"
    pieces = ["\nCould not deliver.\n", f"Content-Type: message/{kind}\n\n{status}", *parts]
    body = "".join(f"--r\n{piece}\n" for piece in pieces)
    return (
        f"Content-Type: multipart/report; report-type={kind}; boundary=r\n\n{body}--r--\n".encode()
    )


def ids(raw: bytes, text: str = "", *, bounce: bool = False) -> tuple[str, ...]:
    return bounced_message_ids(split(raw), text, OWN, bounce=bounce)


@pytest.mark.parametrize(
    "part",
    [
        f"Content-Type: message/rfc822\n\nMessage-ID: {OURS}\n\nx",
        f"Content-Type: text/rfc822-headers\n\nSubject: x\nMessage-ID:\n {OURS}\n",
        f"Content-Type: message/delivery-status\n\nX-Original-Message-ID: {OURS}\n",
    ],
)
def test_a_failure_report_names_the_letter_that_came_back(part: str) -> None:
    assert ids(report("failed", part)) == (OURS,)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_reports_of_success_or_delay_bounce_nothing(action: str) -> None:
    assert ids(report(action, f"Content-Type: message/rfc822\n\nMessage-ID: {OURS}\n\n")) == ()


def test_a_read_receipt_bounces_nothing() -> None:
    part = f"Content-Type: message/rfc822\n\nMessage-ID: {OURS}\n\n"
    assert ids(report("", part, kind="disposition-notification")) == ()


def test_a_plain_bounce_names_only_ids_of_our_own_form_and_domain() -> None:
    text = f"Message-ID: {OURS}, <ack.00ff@teine.example>, <x.1@netpro.ee>"
    assert ids(b"Subject: x\n\n", text, bounce=True) == (OURS,)
    assert ids(b"Subject: x\n\n", text, bounce=False) == ()


@pytest.mark.parametrize(
    "text",
    [
        "THIS IS A WARNING MESSAGE ONLY\nYOU DO NOT NEED TO RESEND YOUR MESSAGE",
        "Your message could not be delivered for 4 hours. Delivery attempts will continue.",
        "Kirja kohaletoimetamine viibib, server jätkab katseid veel kolm päeva.",
        "Доставка задерживается. Попытки доставки будут продолжены в течение трёх дней.",
    ],
)
def test_a_plain_notice_of_delay_bounces_nothing_whatever_it_quotes(text: str) -> None:
    assert ids(b"Subject: x\n\n", f"{text}\n\nMessage-ID: {OURS}", bounce=True) == ()
    given_up = "We tried for five days and have given up. User unknown."
    assert ids(b"Subject: x\n\n", f"{given_up}\n\nMessage-ID: {OURS}", bounce=True) == (OURS,)


@pytest.mark.parametrize(
    "text",
    [
        f"User unknown.\n\nMessage-ID: {OURS}\n\nWe deleted it. No action is required.",
        f"I was not able to deliver it.\n> Message-ID: {OURS}\n> Nothing is required of you.",
        f"<a@b.example>: 550 5.1.1 no mailbox. No action is required.\n\nMessage-ID: {OURS}",
        f"It was delayed 24 hours; the server has now given up.\n\nMessage-ID: {OURS}",
    ],
)
def test_a_failure_is_one_whatever_it_says_of_delay_or_quotes_of_ours(text: str) -> None:
    assert ids(b"Subject: x\n\n", text, bounce=True) == (OURS,)


def test_own_ids_have_our_form_and_domain() -> None:
    assert is_own_id(OURS, OWN)
    assert is_own_id("<let.00ff@NETPRO.EE>", OWN)
    for other in (
        "<ack.00ff@netpro.ee.example>",
        "<ack.xyz@netpro.ee>",
        f"{OURS}x",
        "<ack.@netpro.ee>",
    ):
        assert not is_own_id(other, OWN)


@pytest.mark.parametrize(
    ("path", "sender", "subject", "expected"),
    [
        ("<a@b>", "mailer-daemon@b.example", "", True),
        ("<>", "postmaster@b.example", "Tere", True),
        ("<a@b>", "postmaster@b.example", "Tere", False),
        ("<a@b>", "mari@b.example", "Undeliverable: x", True),
        ("<>", "mari@b.example", "Tere", False),
        ("<a@b>", None, "", False),
    ],
)
def test_a_bounce_is_known_by_its_sender_path_or_subject(
    path: str, sender: str | None, subject: str, *, expected: bool
) -> None:
    assert looks_bounced((("return-path", path),), sender, subject) is expected
