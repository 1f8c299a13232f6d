"""How long things are kept, and what an erasure leaves (law notes, sections 4 and 6). Pure.

Two tables for a lawyer to read and change: `KEEP`, the periods of our own register, and
`GROUNDS`, what may stand against erasing a client's data. Days are local days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from models.policy import (
    ACCOUNTING,
    CLAIMS,
    EN,
    ET,
    INTENTIONAL_CLAIMS,
    INVOICES,
    RU,
    Texts,
    keep_until,
)
from models.vocabulary import (
    AddressKind,
    DataCategory,
    Justification,
    Language,
    LawfulBasis,
    Outcome,
)


class Record(StrEnum):
    """What the register keeps for a time."""

    CLIENT = "client"
    CASE = "case"
    LETTER_OTHER = "letter_other"
    TRIAGE_OTHER = "triage_other"
    QUARANTINE = "quarantine"
    PACKAGE = "package"
    ANSWER = "answer"
    JOURNAL = "journal"
    STAFF_LETTER = "staff_letter"


@dataclass(frozen=True, slots=True)
class Keep:
    """One row: `years` or `days` after `since`, and where that comes from."""

    since: str
    source: str
    years: int = 0
    days: int = 0

    def until(self, day: date) -> date:
        """The last day on which something of `day` is kept."""
        return _years_later(day, self.years) + timedelta(days=self.days)

    @property
    def span(self) -> str:
        """The period in words."""
        return f"{self.years} years" if self.years else f"{self.days} days"


KEEP: dict[Record, Keep] = {
    Record.CLIENT: Keep("the end of the relationship", "policy clause 8.2", years=2),
    Record.CASE: Keep("closing", "Art. 5(2), TsÜS § 146", years=3),
    Record.LETTER_OTHER: Keep("the verdict", "Art. 5(1)(e)", days=14),
    Record.TRIAGE_OTHER: Keep("a person's verdict", "Art. 5(1)(e)", days=14),
    Record.QUARANTINE: Keep("the first sight of it", "Art. 5(1)(e)", days=30),
    Record.PACKAGE: Keep("its building", "Art. 5(1)(e)", days=14),
    Record.ANSWER: Keep("the act", "Art. 5(1)(e)", days=7),
    Record.JOURNAL: Keep("the entry", "Art. 5(2)", years=3),
    Record.STAFF_LETTER: Keep("its writing", "Art. 5(1)(e)", days=90),
}


def keeping(spans: Mapping[Record, int]) -> dict[Record, Keep]:
    """The table with other spans, in the unit of each row."""
    return {record: _with_span(keep, spans[record]) for record, keep in KEEP.items()}


def _with_span(keep: Keep, span: int) -> Keep:
    return replace(keep, years=span) if keep.years else replace(keep, days=span)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 2, 28)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why data stay (Art. 17(3)): basis of Art. 6(1), paragraph, and words for the person.

    `part` says what of a category stays when the rest goes, `why` which rule keeps it.
    """

    basis: LawfulBasis
    source: str
    part: Texts
    why: Texts


GROUNDS: dict[Justification, Ground] = {
    Justification.LEGAL_OBLIGATION_IMPAIRED: Ground(  # Art. 17(3)(b)
        LawfulBasis.LEGAL_OBLIGATION,
        f"{ACCOUNTING.source}, {INVOICES.source}",
        {
            ET: "see, mis on arvetel ja muudel raamatupidamise algdokumentidel",
            EN: "what stands on invoices and other accounting documents",
            RU: "то, что указано в счетах и других бухгалтерских документах",
        },
        {
            ET: "raamatupidamise seaduse § 12 ja käibemaksuseaduse § 36 kohustavad meid "
            "algdokumente ja arveid seitse aastat säilitama",
            EN: "§ 12 of the Accounting Act and § 36 of the Value-Added Tax Act oblige us to "
            "keep accounting documents and invoices for seven years",
            RU: "§ 12 Закона о бухгалтерском учёте и § 36 Закона о налоге с оборота обязывают "
            "нас хранить бухгалтерские документы и счета семь лет",
        },
    ),
    Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED: Ground(  # Art. 17(3)(e)
        LawfulBasis.LEGITIMATE_INTEREST,
        CLAIMS.source,
        {
            ET: "see, mida on vaja õigusnõude esitamiseks või enda kaitsmiseks selle vastu",
            EN: "what is needed to make a legal claim or to defend against one",
            RU: "то, что необходимо для предъявления требования или защиты от него",
        },
        {
            ET: "õigusnõude koostamine, esitamine ja kaitsmine kuni nõude aegumiseni "
            "(tsiviilseadustiku üldosa seaduse § 146)",
            EN: "establishing, exercising or defending a legal claim until it expires "
            "(§ 146 of the General Part of the Civil Code Act)",
            RU: "обоснование, предъявление или защита правового требования до истечения срока "
            "исковой давности (§ 146 Закона об Общей части Гражданского кодекса)",
        },
    ),
    Justification.CONTRACT_PERFORMANCE_NECESSITY: Ground(  # Art. 17(1)(a): still necessary
        LawfulBasis.CONTRACT,
        "GDPR Art. 6(1)(b)",
        {
            ET: "see, mida on vaja kehtiva lepingu täitmiseks",
            EN: "what the running contract needs",
            RU: "то, что необходимо для исполнения действующего договора",
        },
        {
            ET: "teiega sõlmitud lepingu täitmine (IKÜM artikli 6 lõike 1 punkt b)",
            EN: "performing the contract with you (Article 6(1)(b) GDPR)",
            RU: "исполнение заключённого с Вами договора (подпункт «b» пункта 1 статьи 6 GDPR)",
        },
    ),
}


# After the name of a category of which a part stays.
EXCEPT: Texts = {
    ET: ", välja arvatud see, mis on nimetatud allpool",
    EN: ", except what is named below",
    RU: ", кроме указанного ниже",
}
# The file of the case itself: what, and why (Art. 5(2)).
CASE_FILE: dict[Language, tuple[str, str]] = {
    ET: (
        "teie taotlus ja meie vastus",
        "kohustus tõendada, et taotlus lahendati (IKÜM artikli 5 lõige 2)",
    ),
    EN: (
        "your request and our answer",
        "the duty to prove that the request was dealt with (Article 5(2) GDPR)",
    ),
    RU: (
        "Ваш запрос и наш ответ",
        "обязанность доказать, что запрос рассмотрен (пункт 2 статьи 5 GDPR)",
    ),
}


@dataclass(frozen=True, slots=True)
class Holding:
    """What is known of a client when an erasure is judged.

    `contracts` are (first day, day after the last or None while running); `booked_on` is
    the day of the newest accounting document, None when only the contracts tell;
    `claim_due_on` the due day of an unpaid or disputed claim, `is_intentional` when it
    rests on an intentional breach (TsÜS § 146(4)).
    """

    today: date
    contracts: Sequence[tuple[date, date | None]] = ()
    relationship_ended_on: date | None = None
    booked_on: date | None = None
    claim_due_on: date | None = None
    is_intentional: bool = False
    is_on_hold: bool = False

    @property
    def has_running_contract(self) -> bool:
        """Whether a contract runs today."""
        return any(ends is None or ends > self.today for _, ends in self.contracts)

    @property
    def last_booked_on(self) -> date | None:
        """The newest day an accounting document may be of; None: nothing was ever billed."""
        ended = [ends - timedelta(days=1) for _, ends in self.contracts if ends is not None]
        last = [day for day in (self.booked_on, *ended) if day is not None]
        if self.has_running_contract:
            last.append(self.today)
        return max(last, default=None)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules propose for one category; staff decide.

    GRANTED: erase now. PARTLY_GRANTED: erase what `reason` does not cover. REFUSED: keep
    all. `until` is the last day of keeping, None while its end is not known (a running
    contract, a legal hold); `source` the paragraph.
    """

    category: DataCategory
    outcome: Outcome
    until: date | None = None
    reason: Justification | None = None
    source: str = ""

    @property
    def basis(self) -> LawfulBasis | None:
        """Basis of Art. 6(1) for what stays."""
        return GROUNDS[self.reason].basis if self.reason else None


Reach = tuple[date, Justification, str]  # until when, why, by which paragraph

# What a running contract needs, wholly or in part; the rest rests on consent.
_NEEDED = {
    DataCategory.CLIENT: Outcome.PARTLY_GRANTED,  # a marketing note or second number goes
    DataCategory.PAYMENT: Outcome.REFUSED,
    DataCategory.COMMUNICATION: Outcome.PARTLY_GRANTED,
    DataCategory.DEVICE: Outcome.PARTLY_GRANTED,  # cookies and analytics go
    DataCategory.CONTENT: Outcome.REFUSED,
}
_ON_DOCUMENTS = (DataCategory.CLIENT, DataCategory.PAYMENT)
_IN_CLAIMS = (DataCategory.CLIENT, DataCategory.PAYMENT, DataCategory.COMMUNICATION)
LEGAL_HOLD = "legal hold, GDPR Art. 17(3)(e)"


def propose(category: DataCategory, holding: Holding) -> Proposal:
    """Erase now, or keep until when, on which basis, by which paragraph.

    An invoice booked in 2026 keeps what stands on it until 31 December 2033 (RPS § 12).
    """
    if holding.is_on_hold:
        reason = Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED
        return Proposal(category, Outcome.REFUSED, None, reason, LEGAL_HOLD)
    if holding.has_running_contract and category in _NEEDED:
        reason = Justification.CONTRACT_PERFORMANCE_NECESSITY
        return Proposal(category, _NEEDED[category], None, reason, GROUNDS[reason].source)
    standing = [one for one in _reaches(category, holding) if one[0] >= holding.today]
    if not standing:
        return Proposal(category, Outcome.GRANTED)
    until, reason, source = max(standing, key=lambda one: one[0])
    return Proposal(category, Outcome.PARTLY_GRANTED, until, reason, source)


def _reaches(category: DataCategory, holding: Holding) -> list[Reach]:
    """How far each law reaches for this category."""
    found: list[Reach] = []
    booked, claim = holding.last_booked_on, holding.claim_due_on
    if booked is not None and category in _ON_DOCUMENTS:
        reason = Justification.LEGAL_OBLIGATION_IMPAIRED
        found += [(keep_until(law, booked), reason, law.source) for law in (ACCOUNTING, INVOICES)]
    if claim is not None and category in _IN_CLAIMS:
        law = INTENTIONAL_CLAIMS if holding.is_intentional else CLAIMS
        reason = Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED
        found.append((keep_until(law, claim), reason, law.source))
    return found


def proposals(holding: Holding) -> tuple[Proposal, ...]:
    """One for each category of policy clause 3."""
    return tuple(propose(category, holding) for category in DataCategory)


def addresses_kept(reason: Justification) -> frozenset[AddressKind]:
    """Kinds of which one address stays: all a contract needs, else the one on invoices."""
    if reason is Justification.CONTRACT_PERFORMANCE_NECESSITY:
        return frozenset(AddressKind)
    return frozenset({AddressKind.POSTAL})
