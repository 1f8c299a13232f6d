"""Letters that pass on what somebody else wrote (guide rule 1)."""

import pytest

from mailbot.classify import classify
from mailbot.classify.forwards import NOTE_WORDS, handed_on
from mailbot.quotes import new_spans
from models.shapes import Verdict
from models.vocabulary import Decision, RequestType

FORWARDED = "---------- Forwarded message ----------"
ASKS = "Palun kustutage kõik minu isikuandmed oma süsteemist."


def judged(note: str, others: str, subject: str = "") -> Verdict:
    text = f"{note}\n\n{FORWARDED}\nFrom: Oskar Luik <oskar@luik.example>\n\n{others}\n"
    return classify(subject, text, new_spans(text))


@pytest.mark.parametrize("subject", ["Fwd: Palun kustutage mu andmed", "Fwd: andmed", ""])
@pytest.mark.parametrize("note", ["", "Palun tegele.", "Tere, edastan teile. Palun tegelege."])
def test_a_request_passed_on_under_a_bare_note_goes_to_a_person(subject: str, note: str) -> None:
    verdict = judged(note, ASKS, subject)
    assert (verdict.decision, verdict.labels) == (Decision.TRIAGE, ())
    assert verdict.passed_on


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
    assert judged("FYI", others, "Fwd: hello").decision is Decision.IGNORE


def test_a_reply_above_our_own_words_is_no_forward() -> None:
    text = "Thanks, got it.\n\n> You asked us to delete your personal data. Who are you?\n"
    assert handed_on("Re: Your request", text, new_spans(text)) is None
    assert classify("Re: Your request", text, new_spans(text)).decision is Decision.IGNORE


def test_a_subject_alone_says_that_quoted_words_are_passed_on() -> None:
    text = "FYI\n\n> Tere!\n> Kustutage mind.\n"
    assert handed_on("Fwd: mina", text, new_spans(text)) == "Tere!\nKustutage mind."


def test_whoever_says_more_than_a_note_speaks_for_himself() -> None:
    text = "word " * (NOTE_WORDS + 1) + f"\n\n{FORWARDED}\n\n{ASKS}\n"
    assert handed_on("", text, new_spans(text)) is None
