"""The table signal -> send, hold, silent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailbot.headers import OwnMail
from mailbot.screening import SIGNALS, screen
from models.shapes import Authentication, Letter, Screening
from models.vocabulary import Answer, AuthResult, AutomaticKind, ReadingFlag

OWN = OwnMail("info@netpro.ee", "tagasi@netpro.ee", "mx.netpro.ee")
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
PROVEN = Authentication(dmarc=AuthResult.PASS, trusted_by="mx.netpro.ee", proven=True)
SENDER = "mari@klient.example"
SEND, HOLD, SILENT = Answer.SEND, Answer.HOLD, Answer.SILENT
REPLY, REPORT = AutomaticKind.AUTO_REPLY, AutomaticKind.DELIVERY_REPORT


def letter(*headers: tuple[str, str], sender: str = SENDER, **more: Any) -> Letter:
    shape: dict[str, Any] = {
        "sha256": "0" * 64,
        "message_id": "<1@klient.example>",
        "in_reply_to": (),
        "references": (),
        "from_addresses": (sender,),
        "reply_to": (),
        "to": ("info@netpro.ee",),
        "subject": "Andmed",
        "text": "Palun",
        "new_spans": ((0, 5),),
        "headers": (("from", sender), *headers),
        "authentication": PROVEN,
    }
    return Letter(**(shape | more))


def judged(found: Letter, folder: str = "INBOX", **more: Any) -> Screening:
    return screen(found, own=OWN, folder=folder, **({"received_at": NOW, "now": NOW} | more))


def test_a_proven_fresh_letter_from_a_person_is_answered() -> None:
    assert judged(letter()) == Screening(SEND, (), None)


@pytest.mark.parametrize(
    ("header", "answer", "code", "kind"),
    [
        (("auto-submitted", "auto-replied"), SILENT, "auto_submitted", REPLY),
        (("auto-submitted", "AUTO-NOTIFIED; x=y"), SILENT, "auto_submitted", REPLY),
        (("auto-submitted", "(no) auto-generated"), SILENT, "auto_submitted", REPLY),
        (("auto-submitted", ""), SILENT, "auto_submitted", REPLY),
        (("return-path", "<>"), SILENT, "null_return_path", REPLY),
        (("content-type", 'Multipart/Report; report-type="x"'), SILENT, "report", REPLY),
        (("x-autoreply", "yes"), SILENT, "machine_header", REPLY),
        (("x-autorespond", ""), SILENT, "machine_header", REPLY),
        (("x-fc-machinegenerated", "true"), SILENT, "machine_header", REPLY),
        (("x-ms-exchange-generated-message-source", "x"), SILENT, "machine_header", REPLY),
        (("list-unsubscribe", "<x>"), HOLD, "list_header", AutomaticKind.LIST),
        (("list-id", "<x>"), HOLD, "list_header", AutomaticKind.LIST),
        (("feedback-id", "1:2"), HOLD, "feedback_id", AutomaticKind.BULK),
        (("precedence", "Junk"), HOLD, "precedence", AutomaticKind.BULK),
        (("precedence", "auto_reply"), HOLD, "precedence", AutomaticKind.BULK),
        (("x-auto-response-suppress", "DR, All"), HOLD, "response_suppressed", None),
        (("x-loop", "x"), HOLD, "loop_header", None),
    ],
)
def test_one_header_decides(
    header: tuple[str, str], answer: Answer, code: str, kind: AutomaticKind | None
) -> None:
    assert judged(letter(header)) == Screening(answer, (code,), kind)


@pytest.mark.parametrize(
    "header",
    [
        ("auto-submitted", "no"),
        ("auto-submitted", "No (a (human) wrote this); owner=x"),
        ("return-path", "<mari@klient.example>"),
        ("precedence", "first-class"),
        ("x-auto-response-suppress", "DR, RN, NRN"),
        ("content-type", "multipart/mixed"),
    ],
)
def test_harmless_values_of_the_same_headers_change_nothing(header: tuple[str, str]) -> None:
    assert judged(letter(header)).answer is SEND


@pytest.mark.parametrize(
    ("sender", "answer", "code"),
    [
        ("mailer-daemon@x.example", SILENT, "delivery_report"),
        ("postmaster@x.example", SILENT, "machine_sender"),
        ("owner-list@x.example", SILENT, "machine_sender"),
        ("info@netpro.ee", SILENT, "own_address"),
        ("tagasi@netpro.ee", SILENT, "own_address"),
        ("no-reply@x.example", HOLD, "no_reply_sender"),
        ("noreply+1@x.example", HOLD, "no_reply_sender"),
        ("teated.ei-vasta@x.example", HOLD, "no_reply_sender"),
        ("donotreply@x.example", HOLD, "no_reply_sender"),
        ("list-request@x.example", HOLD, "no_reply_sender"),
        ("norepublic@x.example", SEND, None),
        ("data.request@x.example", SEND, None),
    ],
)
def test_the_senders_name_decides(sender: str, answer: Answer, code: str | None) -> None:
    screening = judged(letter(sender=sender))
    assert screening.answer is answer
    assert code is None or code in screening.reasons


@pytest.mark.parametrize(
    "subject",
    [
        "Automaatvastus: Teie kiri",
        "Automaatvastus",
        "Kontorist väljas kuni 20.03",
        "Olen puhkusel",
        "Puhkusel 1.-14. märts",
        "Out of Office: NP-2026-0001",
        "Automatic reply: your case",
        "I am out of the office until Monday",
        "Автоответ: Ваше обращение",
        "Отсутствую до 20 марта",
        "Автоматический ответ",
        "Я в отпуске",
    ],
)
def test_away_subjects_without_headers_are_silent(subject: str) -> None:
    assert judged(letter(subject=subject)) == Screening(SILENT, ("away_subject",), REPLY)


@pytest.mark.parametrize(
    "subject",
    [
        "Undeliverable: NP-2026-0001",
        "Mail delivery failed: returning message to sender",
        "Kirja ei saa kohale toimetada",
        "Kohaletoimetamata: Teie taotlus",
        "Tagastatud kiri",
        "Недоставленное сообщение",
        "Не удалось доставить письмо",
        "Сообщение не доставлено",
    ],
)
def test_bounce_subjects_are_silent_and_reports_when_a_machine_sent_them(subject: str) -> None:
    assert judged(letter(subject=subject)).automatic is REPLY
    by_machine = judged(letter(("return-path", "<>"), subject=subject))
    assert (by_machine.answer, by_machine.automatic) == (SILENT, REPORT)


@pytest.mark.parametrize(
    "subject",
    [
        "Automaatvastus ei ole vastus minu päringule",
        "Re: Automaatvastus: minu andmed",
        "Out of office hours you leaked my data",
        "Puhkuselt tagasi, palun andmeid",
        "Отсутствует ответ на мой запрос",
        "Re: Undeliverable: my request",
        "Your mail delivery failed me",
    ],
)
def test_a_person_writing_about_automatic_letters_is_answered(subject: str) -> None:
    assert judged(letter(subject=subject)).answer is SEND


def test_our_own_message_id_coming_back_is_silent_but_a_reply_to_it_is_not() -> None:
    for name in ("ack", "let"):
        own = f"<{name}.0123abcd@netpro.ee>"
        assert judged(letter(message_id=own)).automatic is AutomaticKind.OWN
        assert judged(letter(in_reply_to=(own,), references=(own,))).answer is SEND
    assert judged(letter(message_id="<ack.0123abcd@klient.example>")).answer is SEND


@pytest.mark.parametrize("senders", [(), (SENDER, SENDER), (SENDER, "b@klient.example")])
def test_a_missing_or_doubled_sender_is_silent(senders: tuple[str, ...]) -> None:
    screening = judged(letter(from_addresses=senders))
    assert (screening.answer, screening.automatic) == (SILENT, None)
    assert "sender_unclear" in screening.reasons


def test_two_from_headers_are_silent_even_when_one_is_empty() -> None:
    assert "sender_unclear" in judged(letter(("from", ""))).reasons


def test_a_reply_to_in_another_domain_is_held() -> None:
    assert judged(letter(reply_to=("x@post.klient.example",))).answer is SEND
    assert judged(letter(reply_to=("x@teine.example",))).reasons == ("foreign_reply_to",)


@pytest.mark.parametrize(
    "folder", ["Junk", "INBOX/Spam", "[Gmail]/Spam", "INBOX.Junk", "Rämpspost", "Спам"]
)
def test_a_letter_found_in_junk_is_held(folder: str) -> None:
    assert judged(letter(), folder).reasons == ("junk_folder",)


def test_a_folder_the_server_marks_as_junk_is_junk_whatever_its_name() -> None:
    assert judged(letter(), "Karantiin", in_junk=True).reasons == ("junk_folder",)
    assert judged(letter(), "Karantiin").reasons == ()


def test_without_proof_a_letter_is_held_unless_the_setting_allows_it() -> None:
    plain = letter(authentication=Authentication())
    assert judged(plain).reasons == ("no_proof",)
    assert judged(plain, acknowledge_unauthenticated=True).answer is SEND
    failed = letter(authentication=Authentication(dmarc=AuthResult.FAIL, trusted_by="x"))
    assert judged(failed, acknowledge_unauthenticated=True).reasons == ("dmarc_fail",)


def test_a_letter_older_than_the_limit_is_held() -> None:
    age = timedelta(hours=72)
    assert judged(letter(), received_at=NOW - age).answer is SEND
    late = NOW - age - timedelta(seconds=1)
    assert judged(letter(), received_at=late).reasons == ("stale",)
    assert judged(letter(own_received_at=late)).reasons == ("stale",)
    assert judged(letter(), received_at=late, late=timedelta(hours=96)).answer is SEND


def test_an_unreadable_header_is_held() -> None:
    flags = frozenset({ReadingFlag.HEADER_UNREADABLE})
    assert judged(letter(flags=flags)).reasons == ("header_unreadable",)


def test_silent_wins_over_hold_and_every_reason_is_told() -> None:
    found = letter(("list-id", "<x>"), ("auto-submitted", "auto-generated"))
    assert judged(found, "Junk") == Screening(
        SILENT, ("auto_submitted", "list_header", "junk_folder"), REPLY
    )


def test_the_table_lists_silent_rows_first_and_each_code_once() -> None:
    answers = [signal.answer for signal in SIGNALS]
    assert answers == sorted(answers, key=[SILENT, HOLD].index)
    codes = [signal.code for signal in SIGNALS]
    assert len(codes) == len(set(codes))
