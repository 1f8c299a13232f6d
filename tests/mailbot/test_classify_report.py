"""What a colleague sees of a letter in the terminal."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from mailbot import judging
from mailbot.classify import classify
from mailbot.classify.linear import load
from mailbot.classify.reasons import why_seen
from mailbot.classify.report import render_terminal
from models.shapes import Attachment, Letter
from models.vocabulary import Decision, ReadingFlag, RequestType
from tests.letters_for_acts import letter, verdict


def report(of: Letter, path: str = "", *, colours: bool = False) -> str:
    """The report at 80 columns, as text; with what styles words where `colours`."""
    texts = tuple(file.text for file in of.attachments if file.text)
    found = classify(of.subject, of.text, of.new_spans, of.flags, texts)
    out = io.StringIO()
    console = Console(
        file=out,
        width=80,
        force_terminal=colours,
        color_system="standard" if colours else None,
        legacy_windows=False,
    )
    console.print(render_terminal(of, found, path))
    return out.getvalue()


def shown(text: str, subject: str = "") -> str:
    return report(letter(text=text, subject=subject))


def attached(name: str, text: str | None) -> Attachment:
    return Attachment(name, "text/plain", 1, "0" * 64, b"x", text)


def test_the_report_shows_the_letter_and_what_it_asks_for() -> None:
    said = shown("Please delete my account [bold]now[/bold].")
    assert "erasure" in said
    assert "[bold]now[/bold]" in said


@pytest.mark.parametrize("code", [0x1B, 0x07, 0x0D, 0x7F, 0x9B, 0x202E, 0x2066, 0x2069, 0xD800])
def test_no_control_code_of_a_letter_reaches_the_terminal(code: int) -> None:
    text = f"Hi{chr(code)} there. Please delete my data."
    of = replace(letter(subject=text), text=text, attachments=(attached(text, None),))
    said = report(of, text)
    assert chr(code) not in said
    assert said.count("Hi\ufffd there") >= 3


def test_words_stay_lit_where_they_stand_behind_a_control_code() -> None:
    of = letter(text="\r\x0b\x1b Please delete my data. Thanks.", subject="")
    assert "\x1b[1;4;31mdelete my data\x1b[0m." in report(of, colours=True)


def test_purposes_stand_behind_the_withdrawal_and_words_beside_their_label() -> None:
    said = shown(
        "I no longer accept all cookies on your site. I also object to profiling. "
        "How long do you store logs, and who is your data protection officer?"
    )
    assert "asks for  objection  «object to profiling»" in said
    assert "\n          consent_withdrawal (cookies)  «accept all cookies»" in said
    assert "inquiry (" not in said


def test_long_words_are_shortened_and_fit_the_line() -> None:
    said = shown("Hei, haluaisin tietää mitä henkilötietoja\nteillä on minusta.")
    assert "«Hei, haluaisin tietää mitä henkilötieto…»" in said


def test_what_only_an_attachment_asks_for_is_said_to_stand_there() -> None:
    said = report(
        replace(
            letter(text="See attached.", subject="Letter"),
            attachments=(
                attached("ask.txt", "Please delete my personal data."),
                attached("b.png", None),
            ),
        )
    )
    assert "erasure  in an attachment" in said
    assert "attached  ask.txt (read), b.png (not read)" in said


def test_many_attachments_are_counted() -> None:
    files = tuple(attached(f"{number}.txt", None) for number in range(7))
    said = report(replace(letter(), attachments=files))
    assert "4.txt (not read) and 2 more" in " ".join(said.split())


def test_surely_registered_is_never_wholly_sure() -> None:
    said = shown("Palun kustutage kõik minu isikuandmed, GDPR artikkel 17.")
    assert "register  over 99 % sure" in said


def test_an_empty_letter_has_no_words_to_read() -> None:
    said = shown(" \n\n")
    assert "no words to read" in said
    assert "% sure" not in said
    assert said.count("│") == 2


def test_a_letter_that_waits_for_a_person_says_why_and_not_how_sure() -> None:
    said = shown("В рамках уголовного дела просим предоставить данные клиента.")
    assert "why       urgent: an authority writes" in said
    assert "% sure" not in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "Võtan oma kustutamistaotluse tagasi. Selle asemel soovin koopiat oma andmetest.",
            "takes one request back and asks another",
        ),
        (
            "依據 GDPR 第十七條,請刪除貴公司所保存的本人個人資料。",
            "another language that names the law",
        ),
    ],
)
def test_words_that_sent_a_letter_to_a_person_are_told(text: str, why: str) -> None:
    assert f"why       {why}" in shown(text)


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        ([RequestType.COPY], "between the two thresholds: perhaps a request, perhaps none"),
        ([], "perhaps a request, but no right stands out"),
    ],
)
def test_likelihoods_that_sent_a_letter_to_a_person_are_told(
    labels: list[RequestType], why: str
) -> None:
    assert why_seen(letter(text="Tere"), verdict(*labels, decision=Decision.TRIAGE)) == why


def test_a_leak_that_sent_a_letter_to_a_person_is_told() -> None:
    leaked = verdict(decision=Decision.TRIAGE, possible_breach=True)
    assert why_seen(letter(text="Tere"), leaked) == "tells of a leak"


@pytest.mark.parametrize(
    ("flag", "why"),
    [
        (ReadingFlag.ATTACHMENT_UNREAD, "an attachment could not be read"),
        (ReadingFlag.FORWARDED_MESSAGE, "a letter is attached to it"),
        (ReadingFlag.SIGNED_CONTAINER, "a signed container is attached"),
    ],
)
def test_what_could_not_be_read_sent_a_letter_to_a_person(flag: ReadingFlag, why: str) -> None:
    of = replace(letter(text="See attached.", subject="Letter"), flags=frozenset({flag}))
    assert f"why       {why}" in report(of)


def test_a_bare_note_does_not_say_nothing_where_a_person_has_to_look() -> None:
    text = "Palun tegele.\n\n--- Edastatud kiri ---\n\nPalun kustutage minu isikuandmed."
    said = report(replace(letter(text=text, subject="Fwd: andmed"), new_spans=((0, 13),)))
    assert "not clear: a person looks" in said
    assert "a bare note passes on a letter that asks for something" in said


def test_quoted_words_are_dimmed() -> None:
    text = "Thanks, that fixed it.\n> please delete all my data"
    of = replace(letter(text=text, subject=""), new_spans=((0, 22),))
    assert "\x1b[2m> please delete all my data\x1b[0m" in report(of, colours=True)


def test_a_long_subject_is_shown_whole_and_no_empty_line_ends_the_box() -> None:
    subject = "Tere, kirjutan seoses oma kontoga " * 3 + "lõpp"
    said = shown("Palun kustutage minu andmed.\n\n\n", subject)
    assert "lõpp" in said
    assert "kustutage minu andmed. " in said.splitlines()[-2]


def test_an_objection_to_marketing_is_noted() -> None:
    said = shown("I object to the use of my data for direct marketing.")
    assert "marketing  objects to direct marketing" in said


def test_version_digest_and_scores_of_the_model_are_shown() -> None:
    header, said = load().header, shown("Tere")
    assert f"model     {header['version']} · corpus {header['corpus'][:12]}" in said
    assert f"micro-F1 {header['scores']['micro_f1'] * 100:.1f} %" in said


def test_each_report_names_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    for name in ("one.eml", "two.eml"):
        path = tmp_path / name
        path.write_bytes(b"From: a@b.example\nSubject: Hi\n\nPlease delete my data.\n")
        judging.judge_file(path)
    said = "".join(capsys.readouterr().out.split())
    assert "one.eml" in said
    assert "two.eml" in said
