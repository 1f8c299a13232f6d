"""Letters by staff: facts in, the exact letter into the outbox, in the act's own commit."""

from dataclasses import dataclass
from typing import cast

from models.acts.outgoing import queue
from models.acts.recipients import Thread, recipient, thread_of
from models.acts.work import Work
from models.letters.facts import CaseFacts
from models.letters.render import RenderedLetter, render
from models.letters.wire import letter_id
from models.shapes import ActRefused, Problem
from models.tables import Client, DataSubjectRequest, OutboundMail
from models.vocabulary import Channel, ErrorCode, Language, LetterKind


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that is ready to go: what it says, in which language; None: in all three."""

    kind: LetterKind
    language: Language | None
    facts: CaseFacts
    holds_data: bool = False


async def language_of(request: DataSubjectRequest) -> Language | None:
    """The writer's language, else the client's own; None when nobody knows."""
    known = cast(Language | None, request.language)
    if known is not None:
        return known
    client = await Client.get_or_none(id=request.subject_id) if request.subject_id else None
    return client.language if client else None


def case_facts(work: Work, request: DataSubjectRequest) -> dict[str, object]:
    """What every letter about a case says."""
    return {
        "controller": work.house.controller,
        "reference": request.reference,
        "their_reference": request.their_reference,
        "received_on": request.received_on,
        "is_letter": request.channel in (Channel.EMAIL, Channel.POST),
    }


def rendered(draft: Draft) -> RenderedLetter:
    """The letter; ActRefused DECISION_INCOMPLETE names what the law demands and is missing."""
    try:
        return render(draft.kind, draft.language, draft.facts)
    except ValueError as problem:
        sentence = str(problem)[:1].upper() + str(problem)[1:]
        raise ActRefused(
            Problem(ErrorCode.DECISION_INCOMPLETE, f"{sentence}.", ("input",))
        ) from problem


async def send(
    work: Work,
    request: DataSubjectRequest,
    draft: Draft,
    *,
    answer_address: str | None = None,
    prefers_file: bool = False,
) -> OutboundMail:
    """Queues the letter; its Message-ID is the same for the same act on the same version."""
    letter = rendered(draft)
    thread = await thread_of(work, request)
    to = await recipient(
        work,
        request,
        thread,
        answer_address,
        holds_data=draft.holds_data,
        prefers_file=prefers_file,
    )
    return await _queue(work, request, draft, letter, thread, to)


async def _queue(
    work: Work,
    request: DataSubjectRequest,
    draft: Draft,
    letter: RenderedLetter,
    thread: Thread,
    to: str,
) -> OutboundMail:
    house = work.house
    seed = f"{draft.kind.value}:{request.id}:{request.version}"
    return await queue(
        work,
        letter,
        kind=draft.kind,
        language=draft.language or Language.EN,
        to=to,
        own_id=letter_id(seed, house.vault.mail_id_key, house.mail_domain),
        request_id=request.id,
        answers_id=thread.message_id,
        in_reply_to=thread.in_reply_to,
        references=(),
        reasons=(),
        automatic=False,
    )
