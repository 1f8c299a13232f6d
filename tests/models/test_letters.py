"""The letters: whole in three languages, lawful, and never more than the law lets them say."""

import re
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

from models.letters import render as rendering
from models.letters.facts import AskedRight, ClosingFacts, Decided, StaffAlarm
from models.letters.render import RenderedLetter, render, short_reference
from models.policy import INSPECTORATE
from models.rights import RIGHTS
from models.vocabulary import (
    AskedPurpose,
    Assurance,
    ExtensionGround,
    Justification,
    Language,
    LetterKind,
    Outcome,
    RequestStatus,
    RequestType,
)
from tests.models.letter_samples import (
    CASE,
    CONTROLLER,
    DUE,
    ERASURE,
    MARKETING,
    acknowledgements,
    letters,
)

GOLDEN = Path(__file__).parent / "golden"
ET, EN, RU = Language
NAMES = sorted(letters(ET))
TO_STAFF = {LetterKind.STAFF_DIGEST, LetterKind.STAFF_ALARM}
DUE_IN = {ET: "6. aprill 2026", EN: "6 April 2026", RU: "6 апреля 2026 г."}
RECEIVED_IN = {ET: "5. märts 2026", EN: "5 March 2026", RU: "5 марта 2026 г."}
FREE = {ET: "tasuta", EN: "free of charge", RU: "бесплатно"}
COURT = {ET: "kohtusse", EN: "court", RU: "в суд"}
TWO_MONTHS = {ET: "kahe kuu", EN: "two months", RU: "два месяца"}
CONTRACT = {ET: "leping", EN: "contract", RU: "договор"}
BENT = (
    "jaanuaril", "veebruaril", "märtsil", "aprillil", "mail", "juunil",
    "juulil", "augustil", "septembril", "oktoobril", "novembril", "detsembril",
)  # fmt: skip
ALL_RIGHTS = tuple(AskedRight(kind) for kind in RequestType)


def acknowledge(language: Language | None, **changes: Any) -> RenderedLetter:
    facts = replace(acknowledgements()["acknowledgement-plain"], **changes)
    return render(LetterKind.ACKNOWLEDGEMENT, language, facts)


@pytest.mark.parametrize(("name", "language"), list(product(NAMES, Language)))
def test_a_letter_reads_as_it_was_approved(name: str, language: Language) -> None:
    letter = render(letters(language)[name][0], language, letters(language)[name][1])
    approved = (GOLDEN / f"{name}.{language}.txt").read_text(encoding="utf-8")
    assert f"{letter.subject}\n\n{letter.text}" == approved


def test_no_approved_letter_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {
        f"{name}.{language}.txt" for name, language in product(NAMES, Language)
    }


def test_every_kind_of_letter_has_a_sample_and_three_templates() -> None:
    assert {kind for kind, _ in letters(ET).values()} == set(LetterKind)
    assert set(rendering.FACTS_OF) == set(LetterKind)
    for kind, language in product(LetterKind, Language):
        assert (rendering.FOLDER / f"{kind}.{language}.txt").is_file()


def attributes(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{attributes(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "?"


def placeholders(path: Path) -> set[str]:
    tree = Environment(autoescape=False).parse(path.read_text(encoding="utf-8"))
    return {attributes(node) for node in tree.find_all(nodes.Getattr)}


@pytest.mark.parametrize(
    "stem", sorted({path.name.split(".")[0] for path in rendering.FOLDER.glob("*.txt")})
)
def test_a_letter_has_the_same_placeholders_in_every_language(stem: str) -> None:
    found = [placeholders(rendering.FOLDER / f"{stem}.{language}.txt") for language in Language]
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(("name", "language"), list(product(NAMES, Language)))
def test_a_letter_shows_no_scar_of_its_template(name: str, language: Language) -> None:
    letter = render(letters(language)[name][0], language, letters(language)[name][1])
    assert "\n" not in letter.subject
    assert letter.text.endswith("\n")
    for scar in ("\n\n\n", "{", "}", "None", " ,", "..", ",.", "()", "  \n", " \n", "г.."):
        assert scar not in letter.text, scar
    assert not re.search(r" \.(?!bdoc)", letter.text)
    assert not re.search(r"[a-zа-яõäöü.]  [A-ZА-Я]", letter.text)


@pytest.mark.parametrize("language", Language)
def test_the_acknowledgement_says_all_the_law_demands(language: Language) -> None:
    letter = acknowledge(language, rights=ALL_RIGHTS)
    for demanded in (
        CASE["reference"],
        RECEIVED_IN[language],
        DUE_IN[language],
        FREE[language],
        TWO_MONTHS[language],
        CONTROLLER.name,
        CONTROLLER.registry_code,
        CONTROLLER.contact,
        INSPECTORATE.name,
        INSPECTORATE.address,
        INSPECTORATE.email,
        COURT[language],
    ):
        assert demanded in letter.text, demanded
    assert CASE["reference"] in letter.subject
    assert letter.languages == (language,)


@pytest.mark.parametrize(("language", "kind"), list(product(Language, RequestType)))
def test_the_acknowledgement_names_the_article_of_each_right(
    language: Language, kind: RequestType
) -> None:
    text = acknowledge(language, rights=(AskedRight(kind),)).text
    sentence = next(line for line in text.splitlines() if line.startswith("- "))
    for article in RIGHTS[kind].articles:
        for number in re.findall(r"\d+", article):
            assert re.search(rf"\b{number}\b", sentence), sentence
    assert ("GDPR)" in text or "(IKÜM)" in text) == (
        bool(RIGHTS[kind].articles) or language is not ET
    )


@pytest.mark.parametrize(("language", "level"), list(product(Language, Assurance)))
def test_more_identity_is_asked_by_two_routes_and_never_by_a_document(
    language: Language, level: Assurance
) -> None:
    lines = acknowledge(language, needs_identity=level).text.splitlines()
    routes = [line for line in lines if line[:2] in {"1.", "2."}]
    assert len(routes) == (0 if level is Assurance.CLAIMED else 2)
    refused = {ET: "palun ärge saatke", EN: "Please do not send", RU: "не присылайте"}[language]
    assert any(refused in line for line in lines) == bool(routes)


@pytest.mark.parametrize("language", Language)
def test_without_a_missing_identity_none_is_asked(language: Language) -> None:
    assert "asice" not in acknowledge(language).text


@pytest.mark.parametrize("language", Language)
def test_a_pure_withdrawal_is_answered_and_closed_at_once(language: Language) -> None:
    text = acknowledge(
        language, rights=(MARKETING,), effective=(MARKETING,), is_pure_withdrawal=True
    ).text
    assert CONTRACT[language] in text
    assert DUE_IN[language] in text
    assert TWO_MONTHS[language] not in text


@pytest.mark.parametrize("language", Language)
def test_an_effect_is_told_only_for_what_took_effect(language: Language) -> None:
    heading = {ET: "Mis juba kehtib", EN: "What is already in effect", RU: "Что уже действует"}
    assert heading[language] not in acknowledge(language, rights=(MARKETING,)).text
    surveys = AskedRight(RequestType.CONSENT_WITHDRAWAL, (AskedPurpose.SURVEYS,))
    told = acknowledge(language, rights=(surveys,), effective=(surveys,)).text
    assert heading[language] in told
    stopped = {ET: "turundusteateid", EN: "marketing messages", RU: "рекламных сообщений"}
    assert stopped[language] not in told
    objected = acknowledge(language, rights=(MARKETING,), effective=(MARKETING,)).text
    assert stopped[language] in objected


@pytest.mark.parametrize("language", Language)
def test_a_complaint_has_our_own_target_and_no_statutory_month(language: Language) -> None:
    facts = acknowledgements()["acknowledgement-complaint"]
    text = render(LetterKind.ACKNOWLEDGEMENT, language, facts).text
    assert {ET: "19. märts 2026", EN: "19 March 2026", RU: "19 марта 2026 г."}[language] in text
    assert TWO_MONTHS[language] not in text
    assert "12(3)" not in text


def test_when_the_language_is_unsure_all_three_stand_below_each_other() -> None:
    letter = acknowledge(None)
    assert letter.languages == tuple(Language)
    parts = letter.text.split("* * *")
    assert len(parts) == 3
    for part, language in zip(parts, Language, strict=True):
        assert acknowledge(language).text.strip() in part
    assert letter.subject.count("NP-2026-0001") == 1


@pytest.mark.parametrize(
    ("theirs", "shown"),
    [
        ("AB-12/2026", True),
        ("1-2.3_4", True),
        (None, False),
        ("AB", False),
        ("no-digit", False),
        ("12", False),
        ("A" * 30 + "1", False),
        ("has space 1", False),
        ("36805280109", False),  # a personal code
        ("36805280108", False),  # one with a slip of the pen
        ("ref/36805280109", False),
        ("12345678", False),
        ("a1\r\nBcc:x", False),
        ("1@example.com", False),
    ],
)
def test_their_reference_is_shown_only_as_a_short_token(theirs: str | None, shown: bool) -> None:
    assert short_reference(theirs) == (theirs if shown else None)
    text = acknowledge(EN, their_reference=theirs).text
    assert ("Your reference:" in text) == shown
    if theirs and not shown:
        assert f": {theirs}" not in text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("field", ["name", "registry_code", "address", "phone", "contact"])
def test_no_letter_without_a_fact_of_the_controller(language: Language, field: str) -> None:
    controller = replace(CONTROLLER, **{field: "  "})
    for kind, facts in letters(language).values():
        with pytest.raises(ValueError, match=f"controller.{field}"):
            render(kind, language, replace(facts, controller=controller))


@pytest.mark.parametrize(
    ("name", "changes", "missing"),
    [
        ("acknowledgement", {"rights": ()}, "rights"),
        ("acknowledgement", {"reference": ""}, "reference"),
        ("acknowledgement", {"due_on": None}, "due_on"),
        ("identity_check", {"doubt": " "}, "doubt"),
        ("clarification", {"question": ""}, "question"),
        ("extension", {"reasons": ""}, "reasons"),
        ("extension", {"extended_due_on": DUE}, "extended_due_on"),
        ("fee_notice", {"reasons": ""}, "reasons"),
        ("fee_notice", {"ground": Justification.COMPLEXITY_OF_PROCESS}, "ground"),
        ("fee_notice", {"amount": Decimal(0)}, "amount"),
        ("refusal", {"refused": ()}, "refused"),
        ("closing", {"decided": ()}, "decided"),
        ("reply", {"text": "\n"}, "text"),
        ("reminder", {"status": RequestStatus.NEW}, "status"),
        ("restriction_lifted", {"reasons": ""}, "reasons"),
        ("staff_alarm", {"decide_by": None}, "decide_by"),
    ],
)
def test_no_letter_without_what_the_law_demands(
    name: str, changes: dict[str, Any], missing: str
) -> None:
    kind, facts = letters(EN)[name]
    with pytest.raises(ValueError, match=missing):
        render(kind, EN, replace(facts, **changes))


def test_a_refusal_needs_its_explanation() -> None:
    kind, facts = letters(EN)["refusal"]
    silent = replace(facts.refused[0], explanation="")
    with pytest.raises(ValueError, match="explanation"):
        render(kind, EN, replace(facts, refused=(silent,)))


@pytest.mark.parametrize("language", Language)
def test_a_refusal_names_the_reason_the_inspectorate_and_the_court(language: Language) -> None:
    kind, facts = letters(language)["refusal"]
    text = render(kind, language, facts).text
    assert facts.refused[0].explanation in text
    assert INSPECTORATE.email in text
    assert COURT[language] in text


@pytest.mark.parametrize(
    ("kind", "outcome", "missing"),
    [
        (RequestType.INFORMATION, Outcome.GRANTED, "processing"),
        (RequestType.COPY, Outcome.GRANTED, "processing"),
        (RequestType.RECTIFICATION, Outcome.GRANTED, "done"),
        (RequestType.ERASURE, Outcome.GRANTED, "done"),
        (RequestType.ERASURE, Outcome.REFUSED, "reason"),
        (RequestType.ERASURE, Outcome.PARTLY_GRANTED, "reason"),
        (RequestType.RESTRICTION, Outcome.GRANTED, "done"),
        (RequestType.PORTABILITY, Outcome.GRANTED, "has_file"),
        (RequestType.OBJECTION, Outcome.GRANTED, "done"),
        (RequestType.OBJECTION, Outcome.REFUSED, "explanation"),
        (RequestType.CONSENT_WITHDRAWAL, Outcome.GRANTED, "effective_on"),
        (RequestType.COMPLAINT, Outcome.GRANTED, "done"),
        (RequestType.INQUIRY, Outcome.GRANTED, "done"),
    ],
)
def test_no_closing_letter_without_what_each_right_must_be_told(
    kind: RequestType, outcome: Outcome, missing: str
) -> None:
    reason = Justification.LEGAL_OBLIGATION_IMPAIRED if missing == "explanation" else None
    decided = Decided(right=AskedRight(kind), outcome=outcome, reason=reason)
    with pytest.raises(ValueError, match=missing):
        render(LetterKind.CLOSING, EN, ClosingFacts(**CASE, decided=(decided,)))


@pytest.mark.parametrize(("language", "outcome"), list(product(Language, Outcome)))
def test_a_closing_letter_can_tell_every_outcome_of_every_right(
    language: Language, outcome: Outcome
) -> None:
    closing = letters(language)["closing"][1]
    processing = closing.decided[1].processing
    decided = tuple(
        Decided(
            right=right,
            outcome=outcome,
            done="x",
            processing=processing,
            has_file=True,
            effective_on=date(2026, 3, 5),
            reason=Justification.PROCESS_UNFOUNDED,
            explanation="y",
            consultations=((date(2026, 2, 1), "z"),),
        )
        for right in ALL_RIGHTS
    )
    text = render(LetterKind.CLOSING, language, ClosingFacts(**CASE, decided=decided)).text
    assert "\n\n\n" not in text
    assert INSPECTORATE.email in text


@pytest.mark.parametrize(("language", "outcome"), list(product(Language, Outcome)))
def test_only_an_objection_granted_as_a_whole_is_told_to_have_stopped_the_processing(
    language: Language, outcome: Outcome
) -> None:
    decided = Decided(
        right=AskedRight(RequestType.OBJECTION), outcome=outcome, done="x", effective_on=DUE,
        reason=Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED, explanation="y",
    )  # fmt: skip
    text = render(LetterKind.CLOSING, language, ClosingFacts(**CASE, decided=(decided,))).text
    stopped = {ET: "6. aprillil 2026 töötlemise", EN: "We stopped", RU: "возражали, прекращена 6"}
    assert (stopped[language] in text) == (outcome is Outcome.GRANTED)


def test_a_letter_refuses_the_facts_of_another_kind() -> None:
    with pytest.raises(ValueError, match="needs ExtensionFacts"):
        render(LetterKind.EXTENSION, EN, letters(EN)["reply"][1])


@pytest.mark.parametrize(("language", "ground"), list(product(Language, ExtensionGround)))
def test_an_extension_names_its_ground_its_reasons_and_both_dates(
    language: Language, ground: ExtensionGround
) -> None:
    kind, facts = letters(language)["extension"]
    text = render(kind, language, replace(facts, ground=ground)).text
    assert facts.reasons in text
    assert DUE_IN[language] in text
    assert {ET: "5. juuni 2026", EN: "5 June 2026", RU: "5 июня 2026 г."}[language] in text


@pytest.mark.parametrize(("language", "alarm"), list(product(Language, StaffAlarm)))
def test_every_alarm_has_its_words(language: Language, alarm: StaffAlarm) -> None:
    kind, facts = letters(language)["staff_alarm"]
    known = replace(facts, alarm=alarm, due_on=DUE, working_days=3)
    assert render(kind, language, known).text


def test_letters_to_staff_have_no_place_for_personal_data() -> None:
    known = {"controller", "day", "overdue", "due_soon", "alarm", "at", "reference", "decide_by"}
    known |= {"due_on", "working_days"}
    for kind in TO_STAFF:
        for field in fields(rendering.FACTS_OF[kind]):
            assert field.name in known or field.type in {"int", int}


def test_words_of_staff_are_text_and_never_template() -> None:
    kind, facts = letters(EN)["reply"]
    odd = "{{ facts.controller }} {% raw %}\x07 and\r\nso on\u202e"
    text = render(kind, EN, replace(facts, text=odd)).text
    assert "{{ facts.controller }} {% raw %} and\nso on" in text


@pytest.mark.parametrize(("month", "bent"), list(enumerate(BENT, start=1)))
def test_estonian_months_stand_in_the_right_case(month: int, bent: str) -> None:
    assert f"hiljemalt 9. {bent} 2026 (" in acknowledge(ET, due_on=date(2026, month, 9)).text


def test_erasure_is_asked_in_words_and_not_promised() -> None:
    text = acknowledge(EN, rights=(ERASURE,)).text
    assert "You ask us to erase" in text
    assert not re.search(r"we (will|shall) (erase|delete|correct)", text, re.IGNORECASE)
