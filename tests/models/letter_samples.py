"""One set of facts per letter, the same the golden files were written from."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.letters.facts import (
    AcknowledgementFacts,
    AskedRight,
    ClarificationFacts,
    ClosingFacts,
    Controller,
    Decided,
    DigestLine,
    ExtensionFacts,
    Facts,
    FeeNoticeFacts,
    IdentityCheckFacts,
    Kept,
    RefusalFacts,
    Refused,
    ReminderFacts,
    ReplyFacts,
    RestrictionLiftedFacts,
    StaffAlarm,
    StaffAlarmFacts,
    StaffDigestFacts,
    published,
)
from models.letters.render import render
from models.vocabulary import (
    AskedPurpose,
    Assurance,
    DataCategory,
    ExtensionGround,
    Justification,
    Language,
    LetterKind,
    Outcome,
    RequestStatus,
    RequestType,
)

CONTROLLER = Controller(
    name="Näidis OÜ",
    registry_code="12345678",
    address="Näidise tn 1, 10111 Tallinn",
    phone="+372 600 0000",
    contact="andmekaitse@example.com",
)
RECEIVED, DUE = date(2026, 3, 5), date(2026, 4, 6)
MARKETING = AskedRight(RequestType.CONSENT_WITHDRAWAL, (AskedPurpose.MARKETING,))
ERASURE, COPY = AskedRight(RequestType.ERASURE), AskedRight(RequestType.COPY)
CASE: dict[str, Any] = {
    "controller": CONTROLLER,
    "reference": "NP-2026-0001",
    "received_on": RECEIVED,
}

DUE_SOON = StaffAlarmFacts(
    controller=CONTROLLER,
    alarm=StaffAlarm.DUE,
    at=datetime(2026, 4, 1, 6, 0, tzinfo=UTC),
    reference="NP-2026-0001",
    due_on=DUE,
    working_days=3,
)

# Staff write in the language of the recipient.
OWN_WORDS: dict[Language, dict[str, str]] = {
    Language.ET: {
        "doubt": "Kirjutasite aadressilt, mida me ei tunne.",
        "question": "Kas soovite koopiat kõigist oma andmetest või ainult arvetest?",
        "complex": "Peame andmeid otsima mitmest vanast süsteemist.",
        "fee": "Esitasite sama taotluse viimase kuu jooksul kuus korda.",
        "erased": "Kustutasime teie telefoninumbri ja turundusmärkmed.",
        "kept": "arved",
        "why": "raamatupidamise seadus (§ 12)",
        "law": "Arveid peame raamatupidamise seaduse järgi säilitama seitse aastat.",
        "text": "Täname teid täpsustuse eest.\n\nVaatame andmed üle ja kirjutame teile uuesti.",
        "lifted": "Andmete õigsus on kontrollitud.",
        "answer": "Teie andmeid hoitakse Eestis.",
    },
    Language.EN: {
        "doubt": "You wrote from an address we do not know.",
        "question": "Would you like a copy of all your data, or only of the invoices?",
        "complex": "We have to look for data in several old systems.",
        "fee": "You have made the same request six times within a month.",
        "erased": "We have erased your telephone number and the marketing notes.",
        "kept": "invoices",
        "why": "Accounting Act (§ 12)",
        "law": "The Accounting Act obliges us to keep invoices for seven years.",
        "text": "Thank you for your reply.\n\nWe will go through the data and write again.",
        "lifted": "The accuracy of the data has been checked.",
        "answer": "Your data are stored in Estonia.",
    },
    Language.RU: {
        "doubt": "Вы написали с адреса, который нам неизвестен.",
        "question": "Вам нужна копия всех данных или только счетов?",
        "complex": "Нам нужно искать данные в нескольких старых системах.",
        "fee": "За последний месяц Вы подали один и тот же запрос шесть раз.",
        "erased": "Мы удалили Ваш номер телефона и маркетинговые заметки.",
        "kept": "счета",
        "why": "Закон о бухгалтерском учёте (§ 12)",
        "law": "По Закону о бухгалтерском учёте мы обязаны хранить счета семь лет.",
        "text": "Спасибо за уточнение.\n\nМы проверим данные и напишем Вам снова.",
        "lifted": "Точность данных проверена.",
        "answer": "Ваши данные хранятся в Эстонии.",
    },
}


def acknowledgements() -> dict[str, AcknowledgementFacts]:
    """The automatic letter in its forms."""
    objection = AskedRight(RequestType.OBJECTION, (AskedPurpose.MARKETING,))
    everything = AskedRight(RequestType.CONSENT_WITHDRAWAL, (AskedPurpose.ALL,))
    return {
        "acknowledgement": AcknowledgementFacts(
            **CASE,
            their_reference="AB-12/2026",
            due_on=DUE,
            rights=(ERASURE, COPY, MARKETING),
            effective=(MARKETING,),
            needs_identity=Assurance.CONFIRMED,
        ),
        "acknowledgement-plain": AcknowledgementFacts(
            **CASE, due_on=DUE, rights=(AskedRight(RequestType.RECTIFICATION),)
        ),
        "acknowledgement-identity": AcknowledgementFacts(
            **CASE, due_on=DUE, rights=(ERASURE,), needs_identity=Assurance.MATCHED
        ),
        "acknowledgement-withdrawal": AcknowledgementFacts(
            **CASE,
            due_on=DUE,
            rights=(everything, objection),
            effective=(everything, objection),
            is_pure_withdrawal=True,
        ),
        "acknowledgement-complaint": AcknowledgementFacts(
            **CASE,
            due_on=None,
            target_on=date(2026, 3, 19),
            rights=(AskedRight(RequestType.COMPLAINT),),
        ),
    }


def letters(language: Language) -> dict[str, tuple[LetterKind, Any]]:
    """Every sample letter and its facts, by the name of its golden file."""
    found: dict[str, tuple[LetterKind, Any]] = {
        name: (LetterKind.ACKNOWLEDGEMENT, facts) for name, facts in acknowledgements().items()
    }
    for facts_of in (_by_staff, _answers, _to_staff):
        found |= {str(kind): (kind, facts) for kind, facts in facts_of(language).items()}
    found["staff_alarm-due"] = (LetterKind.STAFF_ALARM, DUE_SOON)
    return found


def _by_staff(language: Language) -> dict[LetterKind, Facts]:
    words = OWN_WORDS[language]
    return {
        LetterKind.IDENTITY_CHECK: IdentityCheckFacts(
            **CASE, rights=(COPY,), needs=Assurance.CONFIRMED, doubt=words["doubt"]
        ),
        LetterKind.CLARIFICATION: ClarificationFacts(
            **CASE, rights=(COPY,), question=words["question"]
        ),
        LetterKind.EXTENSION: ExtensionFacts(
            **CASE,
            due_on=DUE,
            extended_due_on=date(2026, 6, 5),
            ground=ExtensionGround.COMPLEXITY,
            reasons=words["complex"],
        ),
        LetterKind.FEE_NOTICE: FeeNoticeFacts(
            **CASE,
            ground=Justification.PROCESS_EXCESSIVE,
            reasons=words["fee"],
            amount=Decimal("25.00"),
        ),
        LetterKind.REPLY: ReplyFacts(**CASE, text=words["text"]),
        LetterKind.REMINDER: ReminderFacts(
            **CASE, status=RequestStatus.AWAITING_IDENTITY, asked_on=date(2026, 3, 10)
        ),
        LetterKind.RESTRICTION_LIFTED: RestrictionLiftedFacts(
            **CASE, lifted_on=date(2026, 5, 4), reasons=words["lifted"]
        ),
    }


def _answers(language: Language) -> dict[LetterKind, Facts]:
    words = OWN_WORDS[language]
    erased = Decided(
        right=ERASURE,
        outcome=Outcome.PARTLY_GRANTED,
        done=words["erased"],
        kept=(Kept(words["kept"], date(2033, 12, 31), words["why"]),),
        recipients_told=("Maksekeskus AS",),
        reason=Justification.LEGAL_OBLIGATION_IMPAIRED,
        explanation=words["law"],
    )
    copied = Decided(
        right=COPY,
        outcome=Outcome.GRANTED,
        has_file=True,
        processing=(
            published(DataCategory.PAYMENT, language),
            published(DataCategory.SATISFACTION, language),
        ),
    )
    withdrawn = Decided(right=MARKETING, outcome=Outcome.GRANTED, effective_on=RECEIVED)
    asked = Decided(
        right=AskedRight(RequestType.INQUIRY), outcome=Outcome.GRANTED, done=words["answer"]
    )
    refused = Refused(ERASURE, Justification.LEGAL_OBLIGATION_IMPAIRED, words["law"])
    return {
        LetterKind.CLOSING: ClosingFacts(**CASE, decided=(erased, copied, withdrawn, asked)),
        LetterKind.REFUSAL: RefusalFacts(**CASE, refused=(refused,)),
    }


def _to_staff(_: Language) -> dict[LetterKind, Facts]:
    return {
        LetterKind.STAFF_DIGEST: StaffDigestFacts(
            controller=CONTROLLER,
            day=DUE,
            overdue=(
                DigestLine("NP-2026-0003", date(2026, 4, 1), -5),
                DigestLine("NP-2026-0004", date(2026, 4, 4), -2),
            ),
            due_soon=(
                DigestLine("NP-2026-0001", DUE, 0),
                DigestLine("NP-2026-0005", date(2026, 4, 7), 1),
            ),
            late_letters=1,
            unassigned=2,
            triage=1,
            breaches=1,
            untold=1,
        ),
        LetterKind.STAFF_ALARM: StaffAlarmFacts(
            controller=CONTROLLER,
            alarm=StaffAlarm.POSSIBLE_BREACH,
            at=datetime(2026, 3, 5, 10, 30, tzinfo=UTC),
            reference="NP-2026-0001",
            decide_by=datetime(2026, 3, 8, 10, 30, tzinfo=UTC),
        ),
    }


def write_golden() -> None:
    """Writes every sample as it renders now; read the difference before you commit it."""
    folder = Path(__file__).parent / "golden"
    for language in Language:
        for name, (kind, facts) in letters(language).items():
            letter = render(kind, language, facts)
            path = folder / f"{name}.{language}.txt"
            path.write_text(f"{letter.subject}\n\n{letter.text}", encoding="utf-8")


if __name__ == "__main__":  # python -m tests.models.letter_samples
    write_golden()
