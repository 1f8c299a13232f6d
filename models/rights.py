"""What each request means in law: article, policy clause, clock, proof of identity, effect.

A table, so that a lawyer can read and change it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from models.vocabulary import AskedPurpose, Assurance, Justification, RequestType


@dataclass(frozen=True, slots=True)
class Right:
    """One row of the table.

    `articles` are of the GDPR, `clauses` of the published policy. `months` is the
    statutory time to answer, None where there is only our own target. `needs` is the
    proof of identity asked for, `needs_when_doubtful` with reasonable doubt (Art. 12(6)).
    `blockers` are the justifications a refusal of this right may rest on.
    `article_letter` names the article to the person; None where no right is used.
    """

    type: RequestType
    articles: tuple[str, ...]
    clauses: tuple[str, ...]
    months: int | None
    needs: Assurance
    needs_when_doubtful: Assurance
    takes_effect_on_receipt: bool = False
    may_ask_clarification: bool = False
    blockers: tuple[Justification, ...] = ()


_ALWAYS = (
    Justification.IDENTITY_VERIFICATION_FAILURE,  # Art. 12(2)
    Justification.PROCESS_UNFOUNDED,  # Art. 12(5)
    Justification.PROCESS_EXCESSIVE,  # Art. 12(5)
)
_L0, _L1, _L2 = Assurance.CLAIMED, Assurance.MATCHED, Assurance.CONFIRMED

RIGHTS: dict[RequestType, Right] = {
    right.type: right
    for right in (
        Right(
            RequestType.INFORMATION,
            articles=("15(1)",),
            clauses=("9.1",),
            months=1,
            needs=_L1,
            needs_when_doubtful=_L2,
            may_ask_clarification=True,  # Recital 63
            blockers=(*_ALWAYS, Justification.THIRD_PARTY_RIGHTS_IMPAIRED),  # Art. 15(4)
        ),
        Right(
            RequestType.COPY,
            articles=("15(3)",),
            clauses=("9.3",),
            months=1,
            needs=_L2,
            needs_when_doubtful=_L2,
            may_ask_clarification=True,  # Recital 63
            blockers=(*_ALWAYS, Justification.THIRD_PARTY_RIGHTS_IMPAIRED),  # Art. 15(4)
        ),
        Right(
            RequestType.RECTIFICATION,
            articles=("16",),
            clauses=("9.2", "8.1"),
            months=1,
            needs=_L1,
            needs_when_doubtful=_L2,
            blockers=(
                *_ALWAYS,
                Justification.LEGAL_OBLIGATION_IMPAIRED,  # accounting originals get a note
                Justification.NOT_REQUIRED_JUSTIFICATION,  # Art. 16: the data are right and whole
            ),
        ),
        Right(
            RequestType.ERASURE,
            articles=("17",),
            clauses=("9.5",),
            months=1,
            needs=_L1,
            needs_when_doubtful=_L2,
            blockers=(
                *_ALWAYS,
                Justification.LEGAL_OBLIGATION_IMPAIRED,  # Art. 17(3)(b): RPS § 12, KMS § 36
                Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED,  # Art. 17(3)(e): TsÜS § 146
                Justification.CONTRACT_PERFORMANCE_NECESSITY,  # the contract still runs
            ),
        ),
        Right(
            RequestType.RESTRICTION,
            articles=("18",),
            clauses=(),
            months=1,
            needs=_L1,
            needs_when_doubtful=_L2,
            blockers=(
                *_ALWAYS,
                Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED,  # Art. 18(2)
                Justification.NOT_REQUIRED_JUSTIFICATION,  # none of Art. 18(1)(a)-(d) is met
            ),
        ),
        Right(
            RequestType.PORTABILITY,
            articles=("20",),
            clauses=(),
            months=1,
            needs=_L2,
            needs_when_doubtful=_L2,
            blockers=(
                *_ALWAYS,
                Justification.THIRD_PARTY_RIGHTS_IMPAIRED,  # Art. 20(4)
                Justification.FULFILMENT_IMPOSSIBLE,  # not provided by the person, Art. 20(1)
            ),
        ),
        Right(
            RequestType.OBJECTION,
            articles=("21",),
            clauses=("9.4",),
            months=1,
            needs=_L1,  # an objection to direct marketing: nothing, see `needs_of`
            needs_when_doubtful=_L2,
            blockers=(
                *_ALWAYS,
                Justification.LEGITIMATE_INTEREST_OVERRIDE,  # Art. 21(1)
                Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED,  # Art. 21(1)
                Justification.LEGAL_OBLIGATION_IMPAIRED,  # no Art. 6(1)(e), (f): Art. 21(1)
                Justification.NOT_REQUIRED_JUSTIFICATION,  # another basis than Art. 6(1)(e), (f)
            ),
        ),
        Right(
            RequestType.CONSENT_WITHDRAWAL,
            articles=("7(3)",),
            clauses=("10",),
            months=1,
            needs=_L0,
            needs_when_doubtful=_L0,
            takes_effect_on_receipt=True,
        ),
        Right(
            RequestType.COMPLAINT,
            articles=(),
            clauses=("9.6", "10"),
            months=None,
            needs=_L0,
            needs_when_doubtful=_L0,
        ),
        Right(
            RequestType.INQUIRY,
            articles=("13",),
            clauses=("10", "2.4"),
            months=None,
            needs=_L0,
            needs_when_doubtful=_L0,
        ),
    )
}


def is_marketing_objection(kind: RequestType, purposes: Collection[AskedPurpose]) -> bool:
    """An objection to direct marketing: absolute, and never balanced (Art. 21(2)-(3))."""
    return kind is RequestType.OBJECTION and (
        AskedPurpose.MARKETING in purposes or AskedPurpose.ALL in purposes
    )


def takes_effect_on_receipt(kind: RequestType, purposes: Collection[AskedPurpose] = ()) -> bool:
    """Whether the wish holds from the moment the letter came in (Art. 7(3), 21(3))."""
    return RIGHTS[kind].takes_effect_on_receipt or is_marketing_objection(kind, purposes)


def is_settled_on_receipt(kind: RequestType, purposes: Collection[AskedPurpose] = ()) -> bool:
    """Whether nothing is left to decide once it took effect.

    An objection that reaches past marketing takes effect for marketing, the rest is open.
    """
    return RIGHTS[kind].takes_effect_on_receipt or (
        kind is RequestType.OBJECTION and set(purposes) == {AskedPurpose.MARKETING}
    )


def has_statutory_clock(kinds: Iterable[RequestType]) -> bool:
    """Whether any of these must be answered within a month; the strictest clock rules a case."""
    return any(RIGHTS[kind].months is not None for kind in kinds)


def months_to_answer(kinds: Iterable[RequestType]) -> int | None:
    """The shortest statutory time of these, or None where there is only our own target."""
    return min((m for kind in kinds if (m := RIGHTS[kind].months) is not None), default=None)


def needs_of(
    kind: RequestType, purposes: Collection[AskedPurpose] = (), *, doubtful: bool = False
) -> Assurance:
    """Proof of identity one request needs. ALL in an objection reaches past marketing: not L0."""
    if is_settled_on_receipt(kind, purposes):
        return Assurance.CLAIMED
    right = RIGHTS[kind]
    return right.needs_when_doubtful if doubtful else right.needs
