"""What the law forbids, as one table: tried through the acts, and through the API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from models.acts import (
    breaches,
    closing,
    correcting,
    deciding,
    erasing,
    extending,
    identifying,
    questions,
    replying,
    telling,
)
from models.house import House
from models.shapes import ActResult
from models.tables import CategoryDecision, Client, DataSubjectRequest, RequestItem
from models.vocabulary import (
    BreachOutcome,
    DataCategory,
    ErrorCode,
    ExtensionGround,
    IdentityMethod,
    ItemStatus,
    Justification,
    Outcome,
    RequestType,
    Role,
    TellingOutcome,
)
from tests.models.acts.desk import a_case, a_client, again, post_goes, staff

ERASURE, COPY, INFORMATION = RequestType.ERASURE, RequestType.COPY, RequestType.INFORMATION
RECTIFICATION, INQUIRY = RequestType.RECTIFICATION, RequestType.INQUIRY
COMPLAINT = RequestType.COMPLAINT
COMPLEX = ExtensionGround.COMPLEXITY

Act = Callable[..., Awaitable[ActResult]]
Prepare = Callable[[House, datetime], Awaitable[DataSubjectRequest]]


@dataclass(frozen=True, slots=True)
class Illegal:
    """One forbidden act on a case; `given` are its arguments, `code` the one refusal.

    `mutation` is None where the published schema does not even let it be asked for.
    """

    sentence: str
    prepare: Prepare
    act: Act
    mutation: str | None
    given: dict[str, Any]
    code: ErrorCode
    role: Role = Role.DPO

    def fields(self) -> dict[str, Any]:
        """`given` as the API's caller writes it."""
        names = {"kind": "type"}
        return {
            names.get(name, _camel(name)): _written(value) for name, value in self.given.items()
        }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _written(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_written(one) for one in value]
    return value.name if isinstance(value, Enum) else value


def case_of(
    *kinds: RequestType, days: int = 2, sender: str = "mari@example.com", is_told: bool = True
) -> Prepare:
    """A case received some days ago; Mari is a client of ours. `is_told`: acknowledged."""

    async def prepare(house: House, now: datetime) -> DataSubjectRequest:
        await a_client(house)
        received_at = now - timedelta(days=days)
        case = await a_case(house, *kinds, sender=sender, received_at=received_at)
        if is_told:
            await post_goes(house, now)
        return await again(case)

    return prepare


def extended(*kinds: RequestType) -> Prepare:
    """A case whose time was extended already."""

    async def prepare(house: House, now: datetime) -> DataSubjectRequest:
        case = await case_of(*kinds)(house, now)
        await extending.extend_deadline(
            house, await staff(house), request_id=case.id, version=case.version, ground=COMPLEX,
            explanation="Andmed on mitmes süsteemis.", now=now,
        )  # fmt: skip
        await post_goes(house, now)
        return await again(case)

    return prepare


def closed(kind: RequestType) -> Prepare:
    """A case that was answered."""

    async def prepare(house: House, now: datetime) -> DataSubjectRequest:
        case, actor = await case_of(kind)(house, now), await staff(house)
        await RequestItem.filter(request_id=case.id).update(
            status=ItemStatus.DECIDED, outcome=Outcome.WITHDRAWN_BY_SUBJECT
        )
        await closing.close_case(
            house, actor, request_id=case.id, version=case.version, handed_over=True, now=now
        )
        return await again(case)

    return prepare


def held(of: Prepare) -> Prepare:
    """The same case under a legal hold."""

    async def prepare(house: House, now: datetime) -> DataSubjectRequest:
        case = await of(house, now)
        await DataSubjectRequest.filter(id=case.id).update(legal_hold=True)
        return await again(case)

    return prepare


def restricted(of: Prepare) -> Prepare:
    """The same case of a client whose data is restricted; an erasure is decided whole."""

    async def prepare(house: House, now: datetime) -> DataSubjectRequest:
        case = await of(house, now)
        item = await RequestItem.get(request_id=case.id)
        for category in DataCategory:
            await CategoryDecision.create(
                item_id=item.id, category=category, outcome=Outcome.GRANTED, decided_at=now,
                by_label="Person",
            )  # fmt: skip
        await Client.filter(id=case.subject_id).update(restricted_since=now)
        return case

    return prepare


_MORE_TIME = {"ground": COMPLEX, "explanation": "Andmed on mitmes süsteemis."}
_REFUSED = {"kind": ERASURE, "outcome": Outcome.REFUSED}

ILLEGAL = (
    Illegal(
        "a late extension", case_of(ERASURE, days=60),
        extending.extend_deadline, "requestExtendDeadline", _MORE_TIME, ErrorCode.TOO_LATE,
    ),
    Illegal(
        "a second extension", extended(ERASURE),
        extending.extend_deadline, "requestExtendDeadline", _MORE_TIME,
        ErrorCode.ALREADY_EXTENDED,
    ),
    Illegal(
        "an extension without reasons", case_of(ERASURE),
        extending.extend_deadline, "requestExtendDeadline", _MORE_TIME | {"explanation": " "},
        ErrorCode.REASON_REQUIRED,
    ),
    Illegal(
        "an extension where no statutory clock runs", case_of(INQUIRY),
        extending.extend_deadline, "requestExtendDeadline", _MORE_TIME, ErrorCode.INVALID,
    ),
    Illegal(
        "a suspension by internal discussion", case_of(ERASURE),
        questions.ask, None,
        {"ground": Justification.COMPLEXITY_OF_PROCESS, "text": "Arutame omavahel."},
        ErrorCode.INVALID,
    ),
    Illegal(
        "a suspension without a stated doubt", case_of(ERASURE),
        questions.ask, "requestAskIdentity", {"ground": questions.IDENTITY, "text": ""},
        ErrorCode.REASON_REQUIRED,
    ),
    Illegal(
        "a question of scope about an erasure", case_of(ERASURE),
        questions.ask, "requestAskClarification",
        {"ground": questions.CLARIFICATION, "text": "Mida täpselt?"}, ErrorCode.INVALID,
    ),
    Illegal(
        "a doubt about who asks a question anybody may ask", case_of(INQUIRY),
        questions.ask, "requestAskIdentity", {"ground": questions.IDENTITY, "text": "Kes?"},
        ErrorCode.INVALID,
    ),
    Illegal(
        "a reminder of a question nobody asked", case_of(COPY),
        questions.remind, "requestRemind", {}, ErrorCode.ILLEGAL_TRANSITION,
    ),
    Illegal(
        "a refusal without a ground", case_of(ERASURE),
        deciding.decide_item, "requestDecideItem", _REFUSED, ErrorCode.REASON_REQUIRED,
    ),
    Illegal(
        "a refusal without an explanation", case_of(ERASURE),
        deciding.decide_item, "requestDecideItem",
        _REFUSED | {"reason": Justification.LEGAL_OBLIGATION_IMPAIRED}, ErrorCode.REASON_REQUIRED,
    ),
    Illegal(
        "a refusal of everything without an explanation", case_of(ERASURE),
        closing.refuse_case, "requestRefuse",
        {"reason": Justification.PROCESS_EXCESSIVE, "explanation": " "},
        ErrorCode.REASON_REQUIRED,
    ),
    Illegal(
        "a refusal for a proof that nobody asked for", case_of(COPY, is_told=False),
        closing.refuse_case, "requestRefuse",
        {"reason": Justification.IDENTITY_VERIFICATION_FAILURE, "explanation": "Ei tõendanud."},
        ErrorCode.INVALID,
    ),
    Illegal(
        "a refusal by a case handler", case_of(ERASURE),
        deciding.decide_item, "requestDecideItem",
        _REFUSED | {"reason": Justification.PROCESS_EXCESSIVE, "explanation": "Liiga tihti."},
        ErrorCode.FORBIDDEN, Role.CASE_HANDLER,
    ),
    Illegal(
        "a copy to somebody who is only matched", case_of(COPY),
        deciding.decide_item, "requestDecideItem", {"kind": COPY, "outcome": Outcome.GRANTED},
        ErrorCode.IDENTITY_REQUIRED,
    ),
    Illegal(
        "an erasure for a stranger", case_of(ERASURE, sender="stranger@example.com"),
        deciding.decide_item, "requestDecideItem",
        {"kind": ERASURE, "outcome": Outcome.GRANTED, "answer": "Kustutatud."},
        ErrorCode.IDENTITY_REQUIRED,
    ),
    Illegal(
        "a decision that does not say what was done", case_of(RECTIFICATION),
        deciding.decide_item, "requestDecideItem",
        {"kind": RECTIFICATION, "outcome": Outcome.GRANTED}, ErrorCode.DECISION_INCOMPLETE,
    ),
    Illegal(
        "a decision about a right nobody asked for", case_of(ERASURE),
        deciding.decide_item, "requestDecideItem", {"kind": COPY, "outcome": Outcome.NOT_HELD},
        ErrorCode.NOT_FOUND,
    ),
    Illegal(
        "a closing with an undecided right", case_of(ERASURE, INFORMATION),
        closing.close_case, "requestClose", {}, ErrorCode.DECISION_INCOMPLETE,
    ),
    Illegal(
        "an identity that was checked without a note", case_of(COPY),
        identifying.verify_identity, "requestVerifyIdentity",
        {"method": IdentityMethod.CALL_BACK, "note": ""}, ErrorCode.REASON_REQUIRED,
    ),
    Illegal(
        "an identity of nobody", case_of(COPY, sender="stranger@example.com"),
        identifying.verify_identity, "requestVerifyIdentity",
        {"method": IdentityMethod.CALL_BACK, "note": "Helistasime."}, ErrorCode.INVALID,
    ),
    Illegal(
        "a letter with data to a stranger", case_of(INQUIRY, sender="stranger@example.com"),
        replying.reply, "requestReply", {"text": "Teie arved.", "holds_data": True},
        ErrorCode.INVALID,
    ),
    Illegal(
        "an answer to an address nobody gave us", case_of(INQUIRY),
        replying.reply, "requestReply",
        {"text": "Tere.", "holds_data": False, "answer_address": "thief@example.com"},
        ErrorCode.INVALID,
    ),
    Illegal(
        "a correction that takes no reason", case_of(ERASURE),
        correcting.correct_rights, "requestCorrectClassification",
        {"labels": (COPY,), "reason": ""}, ErrorCode.REASON_REQUIRED,
    ),
    Illegal(
        "an erasure under a legal hold", held(case_of(ERASURE)),
        erasing.execute_erasure, "requestErase", {}, ErrorCode.LEGAL_HOLD,
    ),
    Illegal(
        "an erasure of a restricted client", restricted(case_of(ERASURE)),
        erasing.execute_erasure, "requestErase", {}, ErrorCode.RESTRICTED,
    ),
    Illegal(
        "an erasure with undecided categories", case_of(ERASURE),
        erasing.execute_erasure, "requestErase", {}, ErrorCode.DECISION_INCOMPLETE,
    ),
    Illegal(
        "an erasure narrowed to one category by the way", case_of(ERASURE),
        deciding.decide_item, "requestDecideItem",
        {"kind": ERASURE, "outcome": Outcome.GRANTED, "answer": "Kustutasime.",
         "categories": (DataCategory.DEVICE,)}, ErrorCode.INVALID,
    ),
    Illegal(
        "a breach reported without a word about it", case_of(COMPLAINT),
        breaches.report_breach, "requestReportBreach", {"note": " "}, ErrorCode.REASON_REQUIRED,
        Role.CASE_HANDLER,
    ),
    Illegal(
        "a breach that is not notified for no reason", case_of(COMPLAINT),
        breaches.decide_breach, "requestDecideBreach",
        {"outcome": BreachOutcome.NOT_NOTIFIED, "explanation": " "}, ErrorCode.REASON_REQUIRED,
    ),
    Illegal(
        "a notification of a breach at no moment", case_of(COMPLAINT),
        breaches.decide_breach, "requestDecideBreach",
        {"outcome": BreachOutcome.NOTIFIED, "explanation": "Loend lekkis."}, ErrorCode.INVALID,
    ),
    Illegal(
        "a breach decided by somebody who is not the officer", case_of(COMPLAINT),
        breaches.decide_breach, None,
        {"outcome": BreachOutcome.NO_BREACH, "explanation": "Eksitus."}, ErrorCode.FORBIDDEN,
        Role.CASE_HANDLER,
    ),
    Illegal(
        "people told of a breach that nobody has found", case_of(COMPLAINT),
        telling.decide_telling, "requestDecideTelling",
        {"outcome": TellingOutcome.NO_HIGH_RISK, "explanation": "Loend oli tühi."},
        ErrorCode.CONFLICT,
    ),
    Illegal(
        "people told of a breach by somebody who is not the officer", case_of(COMPLAINT),
        telling.decide_telling, None,
        {"outcome": TellingOutcome.NO_HIGH_RISK, "explanation": "Loend oli tühi."},
        ErrorCode.FORBIDDEN, Role.CASE_HANDLER,
    ),
    Illegal(
        "a decision in a case that is closed", closed(INQUIRY),
        deciding.decide_item, "requestDecideItem",
        {"kind": INQUIRY, "outcome": Outcome.GRANTED, "answer": "Uus vastus."},
        ErrorCode.ILLEGAL_TRANSITION,
    ),
    Illegal(
        "a withdrawal without a word on how", case_of(ERASURE),
        closing.withdraw_case, "requestWithdraw", {"note": ""}, ErrorCode.REASON_REQUIRED,
    ),
    Illegal(
        "a reopening without a reason", closed(INQUIRY),
        closing.reopen_case, "requestReopen", {"reason": ""}, ErrorCode.REASON_REQUIRED,
    ),
)  # fmt: skip


def sentence(illegal: Illegal) -> str:
    """How a row is named in a report."""
    return illegal.sentence.replace(" ", "-")
