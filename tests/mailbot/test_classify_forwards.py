"""Letters that pass on what somebody wrote (guide rule 1)."""

import pytest

from mailbot.classify import classify
from mailbot.classify.forwards import NOTE_WORDS, handed_on
from mailbot.quotes import new_spans
from models.shapes import Verdict
from models.vocabulary import Decision, RequestType

SENDER = "Oskar Luik <oskar@luik.example>"
FORWARDED = f"---------- Forwarded message ---------\nFrom: {SENDER}\nSubject: data\nTo: <us>\n"
HEADS = {
    "Gmail": FORWARDED,
    "Outlook in Estonian": (
        f"Saatja: {SENDER}\nSaadetud: reede, 6. märts 2026 10:12\nAdressaat: info@netpro.ee\n"
        "Teema: andmed\n"
    ),
    "Outlook": (
        f"________________________________\nFrom: {SENDER}\nSent: Friday, March 6, 2026 10:12 AM\n"
        "To: info@netpro.ee\nSubject: data\n"
    ),
    "Apple Mail": f"Begin forwarded message:\n\nFrom: {SENDER}\nSubject: data\nTo: <us>\n",
    "Mail.ru": (
        f"-------- Пересылаемое сообщение --------\nОт кого: {SENDER}\nКому: info@netpro.ee\n"
        "Дата: Пятница, 6 марта 2026, 10:12 +02:00\nТема: данные\n"
    ),
}
ASKS = {
    "et": "Palun kustutage kõik minu isikuandmed oma süsteemist.",
    "en": "Please delete all my personal data.",
    "ru": "Прошу удалить все мои персональные данные.",
}
NOTES = ["", "Palun tegele.", "FYI", "Прошу обработать.", "Please do this for me too."]
SUBJECTS = ["Fwd: Palun kustutage mu andmed", "FW: data", "ED: andmed", "[EXT] Fwd[2]: x", "Пер: x"]


def judged(note: str, others: str, subject: str = "Fwd: hello", head: str = FORWARDED) -> Verdict:
    text = f"{note}\n\n{head}\n{others}\n"
    return classify(subject, text, new_spans(text))


@pytest.mark.parametrize("language", ASKS)
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("note", NOTES)
def test_a_request_under_a_bare_note_goes_to_a_person(note: str, head: str, language: str) -> None:
    verdict = judged(note, ASKS[language], "Fwd: x", HEADS[head])
    assert (verdict.decision, verdict.labels, verdict.passed_on) == (Decision.TRIAGE, (), True)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_mail_programs_mark_forwards_in_the_subject(subject: str) -> None:
    assert judged("Palun tegele.", ASKS["et"], subject, HEADS["Outlook"]).passed_on


def test_a_colleagues_name_and_telephone_are_no_request() -> None:
    note = (
        "Tere, edastan kolleegi kirja.\n\nMari Maasikas\nPersonalijuht\nOÜ Näidis\n"
        "Näidise 5, 10115 Tallinn\n+372 555 0000\nmari@naidis.example"
    )
    verdict = judged(note, ASKS["et"])
    assert (verdict.decision, verdict.labels) == (Decision.TRIAGE, ())


@pytest.mark.parametrize(
    "note", ["Take me off this list, please.", "Palun eemaldage mind listist."]
)
def test_a_note_that_asks_for_itself_is_judged_by_its_own_words(note: str) -> None:
    verdict = judged(note, "Spring offers!", "Fwd: Spring offers")
    assert verdict.decision is Decision.REGISTER
    assert verdict.labels == (RequestType.CONSENT_WITHDRAWAL,)


@pytest.mark.parametrize(
    "others", ["Your invoice 1044 is due on Friday.", "Lunch at twelve? The soup is good today."]
)
def test_what_asks_for_nothing_is_passed_on_without_a_look(others: str) -> None:
    assert judged("FYI", others).decision is Decision.IGNORE


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, got it.\n\n> You asked us to delete your personal data. Who are you?\n",
        f"Paid.\n\nOn Fri, 6 Mar 2026 at 10:12, we@netpro.ee wrote:\n> {FORWARDED}> {ASKS}\n",
    ],
)
def test_a_reply_above_our_own_words_is_no_forward(text: str) -> None:
    assert handed_on("Re: Your request", text, new_spans(text)) is None
    assert classify("Re: Your request", text, new_spans(text)).decision is Decision.IGNORE


@pytest.mark.parametrize("below", ["Sent from my iPhone", "-- \nOskar Luik"])
def test_a_signature_is_nothing_passed_on(below: str) -> None:
    text = f"Please see my request above.\n\n{below}\n"
    assert handed_on("Fwd: delete my data", text, new_spans(text)) is None


def test_a_subject_alone_says_that_quoted_words_are_passed_on() -> None:
    text = "FYI\n\n> Tere!\n>\n> Kustutage mind.\n"
    assert handed_on("Fwd: mina", text, new_spans(text)) == "Tere!\n\nKustutage mind."


def test_whoever_takes_a_request_back_above_it_passes_nothing_on() -> None:
    verdict = judged("I withdraw my request.", ASKS["en"])
    assert (verdict.passed_on, verdict.withdraws_request) == (False, True)


def test_whoever_says_more_than_a_note_speaks_for_himself() -> None:
    text = "word " * (NOTE_WORDS + 1) + f"\n\n{FORWARDED}\n\n{ASKS['en']}\n"
    assert handed_on("", text, new_spans(text)) is None
