"""Who asks: confirmed by a person's check, or by an answer from the address on file (Art. 12)."""

from datetime import datetime

from tortoise.expressions import F

from models.acts.filing import Known
from models.acts.fulfilment import plan_tasks
from models.acts.questions import stop_waiting
from models.acts.standing import begin, check, go_on, target
from models.acts.work import Work, working
from models.guards import LEVEL_OF, may_verify, raised, refuse
from models.house import House
from models.identity import LEVELS, satisfies
from models.lifecycle import FINAL
from models.shapes import Actor, ActResult
from models.tables import Client, DataSubjectRequest, OutboundMail
from models.vocabulary import (
    Assurance,
    DeliveryState,
    ErrorCode,
    IdentityMethod,
    LetterKind,
    RequestAction,
    TimelineKind,
)

WENT_OUT = (DeliveryState.SENT, DeliveryState.MAYBE_SENT)


async def verify_identity(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    method: IdentityMethod,
    note: str,
    client_id: int | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """A person checked who asks, and notes how; ends the waiting for it.

    `client_id` says whose identity it is where the case does not know yet. Refused with
    REASON_REQUIRED without a note, INVALID without a client, NOT_FOUND.
    """
    async with working(house, actor, "requestVerifyIdentity", now=now, call_id=call_id) as work:
        case = await begin(work, request_id, version, RequestAction.VERIFY_IDENTITY)
        request = case.request
        subject_id = client_id or request.subject_id
        check(may_verify(method, note, has_subject=subject_id is not None))
        if not await Client.exists(id=subject_id, erased_at=None):
            check(refuse(ErrorCode.NOT_FOUND, "No such client.", "clientId"))
        same = request.subject_id in (None, subject_id)
        level = raised(request.assurance, LEVEL_OF[method], is_same_person=same)
        await go_on(
            work,
            case,
            subject_id=subject_id,
            assurance=level,
            identity_method=method,
            identity_note_sealed=house.vault.seal_text("note", note),
            identity_verified_at=work.now,
            identity_by=actor.label,
        )
        await stop_waiting(work, request_id)
        await plan_tasks(work, request_id)
        summary = f"Identity checked ({method.value}): {level.value}."
        work.note(TimelineKind.IDENTITY, summary, request_id=request_id, detail={"text": note})
        work.journal("request.verifyIdentity", target(request_id), {"method": method})
    return ActResult(request_id=request_id, reference=request.reference)


async def challenge_answered(
    work: Work, known: Known, request: DataSubjectRequest, message_id: int
) -> bool:
    """An answer from the address on file to a letter that went there: level CONFIRMED.

    Such an answer from elsewhere proves an address at most: MATCHED when it is on file and
    our own server proved it. Nothing is ever lowered. Inside the caller's transaction.
    """
    proven = known.letter.authentication.proven
    if not proven or len(known.owners) != 1 or request.status in FINAL:
        return False
    client_id = known.owners[0]
    if request.subject_id not in (None, client_id):
        return False
    challenged = await _went_to_writer(work, known, request)
    shown = Assurance.CONFIRMED if challenged else Assurance.MATCHED
    if LEVELS.index(shown) <= LEVELS.index(request.assurance):
        return False
    method = IdentityMethod.ADDRESS_CHALLENGE if challenged else IdentityMethod.KNOWN_ADDRESS
    await DataSubjectRequest.filter(id=request.id).update(
        subject_id=client_id,
        assurance=shown,
        identity_method=method,
        identity_verified_at=work.now,
        identity_by=work.actor.label,
        version=F("version") + 1,
        updated_at=work.now,
    )
    work.note(
        TimelineKind.IDENTITY,
        f"An answer came from an address on file ({method.value}): {shown.value}; read it first.",
        request_id=request.id,
        message_id=message_id,
    )
    return True


async def _went_to_writer(work: Work, known: Known, request: DataSubjectRequest) -> bool:
    """Whether the letter answers one that asked for proof at the very address it comes from."""
    letter = known.letter
    ids = [*letter.in_reply_to, *letter.references][:50]
    if not ids or letter.from_address is None:
        return False
    asked = [LetterKind.IDENTITY_CHECK]
    if not satisfies(request.assurance, request.identity_needed):
        asked.append(LetterKind.ACKNOWLEDGEMENT)  # then it asked for proof, too
    index = work.house.vault.address_index(letter.from_address)
    return await OutboundMail.filter(
        request_id=request.id,
        message_id__in=ids,
        kind__in=asked,
        state__in=list(WENT_OUT),
        to_index=index,
    ).exists()
