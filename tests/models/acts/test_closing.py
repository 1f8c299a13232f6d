"""A case is decided right by right and closed with its letter, or not at all."""

from datetime import timedelta

import pytest

from models.acts.closing import close_case, refuse_case, reopen_case, withdraw_case
from models.acts.deciding import decide_item
from models.house import House
from models.shapes import Actor, ActRefused
from models.tables import (
    ConsentEvent,
    DataSubjectRequest,
    OutboundMail,
    RequestItem,
    Suppression,
    TimelineEntry,
)
from models.vocabulary import (
    AskedPurpose,
    DeliveryState,
    ErrorCode,
    Justification,
    LetterKind,
    Outcome,
    RequestStatus,
    RequestType,
    Role,
)
from tests.models.acts.desk import (
    MARI,
    a_case,
    a_client,
    again,
    do_tasks,
    newest,
    post_goes,
    staff,
    text_of,
)
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
LATER = NOW + timedelta(days=3)


async def decided(
    house: House, actor: Actor, case: DataSubjectRequest, kind: RequestType, **more: object
) -> DataSubjectRequest:
    """One right decided; the case after it."""
    values: dict[str, object] = {"outcome": Outcome.GRANTED, "answer": "Tehtud."}
    case = await again(case)
    await decide_item(
        house, actor, request_id=case.id, version=case.version, kind=kind, now=LATER,
        **(values | more),  # type: ignore[arg-type]
    )  # fmt: skip
    return await again(case)


async def closed(house: House, actor: Actor, case: DataSubjectRequest) -> DataSubjectRequest:
    """The case closed now, with everything done that people had to do."""
    case = await do_tasks(house, actor, case, LATER)
    await close_case(house, actor, request_id=case.id, version=case.version, now=LATER)
    return await again(case)


async def test_a_case_is_decided_and_closed_with_its_letter(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.RECTIFICATION)
    case = await decided(house, actor, case, RequestType.RECTIFICATION, answer="Parandasime nime.")
    assert case.status is RequestStatus.IN_PROGRESS
    case = await closed(house, actor, case)
    assert (case.status, case.outcome) == (RequestStatus.CLOSED, Outcome.GRANTED)
    text = await text_of(house, LetterKind.CLOSING)
    assert "Parandasime nime." in text
    assert "Andmekaitse Inspektsioon" in text
    mail = await newest(LetterKind.CLOSING)
    assert mail.automatic is False
    assert house.vault.open_text("to", mail.to_sealed) == MARI


async def test_the_day_of_the_answer_is_the_day_its_letter_went_out(house: House) -> None:
    actor = await staff(house)
    case = await a_case(house, RequestType.INQUIRY)
    case = await decided(house, actor, case, RequestType.INQUIRY)
    case = await closed(house, actor, case)
    await post_goes(house, LATER + timedelta(days=2))
    assert (await again(case)).closed_on == (LATER + timedelta(days=2)).date()


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.BOUNCED])
async def test_a_closing_letter_that_did_not_arrive_opens_the_case_again(
    house: House, state: DeliveryState
) -> None:
    actor = await staff(house)
    case = await a_case(house, RequestType.INQUIRY)
    await post_goes(house, NOW)
    case = await decided(house, actor, case, RequestType.INQUIRY)
    case = await closed(house, actor, case)
    await post_goes(house, LATER, state)
    case = await again(case)
    assert (case.status, case.closed_on) == (RequestStatus.IN_PROGRESS, None)


async def test_a_partial_refusal_gives_its_ground_and_the_ways_to_complain(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.RECTIFICATION)
    case = await decided(
        house, actor, case, RequestType.RECTIFICATION,
        outcome=Outcome.PARTLY_GRANTED, answer="Parandasime nime.",
        reason=Justification.LEGAL_OBLIGATION_IMPAIRED, explanation="Arvele lisasime märkuse.",
    )  # fmt: skip
    case = await closed(house, actor, case)
    text = await text_of(house, LetterKind.CLOSING)
    assert case.outcome is Outcome.PARTLY_GRANTED
    for words in ("Parandasime nime.", "Arvele lisasime märkuse.", "kohtusse"):
        assert words in text


async def test_a_whole_refusal_is_the_officer_s_and_closes_the_case(house: House) -> None:
    await a_client(house)
    case = await a_case(house, RequestType.ERASURE)
    given = {
        "request_id": case.id,
        "version": case.version,
        "reason": Justification.PROCESS_EXCESSIVE,
        "explanation": "Kuues taotlus samas asjas.",
        "now": LATER,
    }
    with pytest.raises(ActRefused) as refusal:
        await refuse_case(house, await staff(house), **given)  # type: ignore[arg-type]
    assert refusal.value.problems[0].code is ErrorCode.FORBIDDEN
    await refuse_case(house, await staff(house, Role.DPO), **given)  # type: ignore[arg-type]
    case = await again(case)
    assert (case.status, case.outcome) == (RequestStatus.CLOSED, Outcome.REFUSED)
    assert "Kuues taotlus samas asjas." in await text_of(house, LetterKind.REFUSAL)


async def test_a_late_answer_is_sent_and_recorded_as_missed(house: House) -> None:
    actor = await staff(house)
    case = await a_case(house, RequestType.RESTRICTION, received_at=NOW - timedelta(days=60))
    await a_client(house)
    await DataSubjectRequest.filter(id=case.id).update(assurance="matched", subject_id=1)
    case = await decided(house, actor, case, RequestType.RESTRICTION)
    case = await closed(house, actor, case)
    assert case.status is RequestStatus.CLOSED
    assert case.due_on is not None
    assert case.closed_on is not None
    assert case.closed_on > case.due_on
    assert await TimelineEntry.filter(kind="closed", summary__contains="missed").exists()
    assert (await newest(LetterKind.CLOSING)).state is DeliveryState.QUEUED


async def test_a_person_takes_the_request_back(house: House) -> None:
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.ERASURE, RequestType.COMPLAINT)
    await withdraw_case(
        house, actor, request_id=case.id, version=case.version, note="By telephone.", now=LATER
    )
    case = await again(case)
    assert (case.status, case.outcome) == (RequestStatus.CLOSED, Outcome.WITHDRAWN_BY_SUBJECT)
    assert (await text_of(house, LetterKind.CLOSING)).count("Loobusite sellest taotlusest.") == 2


async def test_a_closed_case_is_opened_again_on_its_old_clock(house: House) -> None:
    actor = await staff(house)
    case = await a_case(house, RequestType.INQUIRY)
    due = case.target_on
    case = await closed(house, actor, await decided(house, actor, case, RequestType.INQUIRY))
    await reopen_case(
        house, actor, request_id=case.id, version=case.version, reason="Vastus oli vale.", now=LATER
    )
    case = await again(case)
    assert (case.status, case.closed_at, case.target_on) == (RequestStatus.IN_PROGRESS, None, due)
    case = await closed(house, actor, case)
    assert await OutboundMail.filter(kind=LetterKind.CLOSING).count() == 2


async def test_an_answer_may_be_handed_over_on_paper(house: House) -> None:
    actor = await staff(house)
    case = await a_case(house, RequestType.INQUIRY)
    case = await decided(house, actor, case, RequestType.INQUIRY)
    await close_case(
        house, actor, request_id=case.id, version=case.version, handed_over=True, now=LATER
    )
    assert (await again(case)).status is RequestStatus.CLOSED
    assert not await OutboundMail.filter(kind=LetterKind.CLOSING).exists()
    entry = await TimelineEntry.get(kind="replied")
    assert "Tehtud." in house.vault.open_json("timeline", entry.detail_sealed)["text"]


async def test_a_marketing_objection_found_by_a_person_suppresses_every_address_at_once(
    house: House,
) -> None:
    await a_client(house, MARI, "mari2@example.com")
    actor = await staff(house)
    case = await a_case(house, RequestType.OBJECTION)
    item = await RequestItem.get(request_id=case.id)
    await RequestItem.filter(id=item.id).update(purposes=["marketing", "surveys"])
    await decided(house, actor, case, RequestType.OBJECTION)
    assert await Suppression.filter(purpose="marketing").count() == 2


async def test_a_withdrawal_of_a_shared_address_ends_the_consents_of_whom_a_person_found(
    house: House,
) -> None:
    first = await a_client(house)
    await a_client(house, key="k2")
    actor = await staff(house)
    purposes = (AskedPurpose.MARKETING, AskedPurpose.SURVEYS)
    case = await a_case(house, RequestType.CONSENT_WITHDRAWAL, purposes=purposes)
    await DataSubjectRequest.filter(id=case.id).update(subject_id=first)
    await decided(house, actor, case, RequestType.CONSENT_WITHDRAWAL)
    assert await ConsentEvent.filter(client_id=first, kind="withdrawn").count() == 2
