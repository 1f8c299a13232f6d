"""To which address a letter of ours may go (Art. 12, identity rules of the law notes).

What holds personal data goes to an address on file, or to one named inside the signed text;
the latter only when a person chooses it. Anything else may go back to who wrote.
"""

from dataclasses import dataclass

from models.acts.standing import check
from models.acts.work import Work
from models.guards import refuse
from models.letters.wire import usable_address
from models.tables import ContactAddress, DataSubjectRequest, Message, TimelineEntry
from models.vocabulary import AddressKind, Assurance, ErrorCode


@dataclass(frozen=True, slots=True)
class Thread:
    """What a letter answers: the newest letter of the case, None for an oral request."""

    message_id: int | None = None
    in_reply_to: str | None = None
    writer: str | None = None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the case may be answered. `signed` are proposals: a person chooses one."""

    on_file: tuple[str, ...]
    signed: tuple[str, ...]
    writer: str | None


async def thread_of(work: Work, request: DataSubjectRequest) -> Thread:
    """The newest letter of the case; for a split case the one it came out of."""
    message = (
        await Message.filter(request_id=request.id, header_sealed__not_isnull=True)
        .order_by("-received_at", "-id")
        .first()
    )
    if message is None:
        entry = TimelineEntry.filter(request_id=request.id, message_id__not_isnull=True)
        found = await entry.order_by("-id").first()
        message = await Message.get(id=found.message_id) if found else None
    if message is None:
        return Thread()
    header = work.house.vault.open_json("header", message.header_sealed) or {}
    return Thread(message.id, header.get("messageId"), header.get("from"))


async def addresses_of(work: Work, request: DataSubjectRequest, thread: Thread) -> Addresses:
    """Every address the case knows, the primary one on file first."""
    rows = ContactAddress.filter(client_id=request.subject_id, kind=AddressKind.EMAIL)
    found = await rows.order_by("-is_primary", "id") if request.subject_id else []
    before = work.house.vault.open_json("answer-to", request.answer_to_sealed) or []
    on_file = tuple(dict.fromkeys([*(row.value.casefold() for row in found), *before]))
    signed = await _signed(work, request) if request.assurance is Assurance.SIGNED else ()
    return Addresses(on_file, signed, thread.writer)


async def _signed(work: Work, request: DataSubjectRequest) -> tuple[str, ...]:
    letters = Message.filter(request_id=request.id, signature_sealed__not_isnull=True)
    named: list[str] = []
    for message in await letters.order_by("id"):
        kept = work.house.vault.open_json("signature", message.signature_sealed)
        named += kept.get("addresses", [])
    return tuple(dict.fromkeys(named))


async def recipient(
    work: Work,
    request: DataSubjectRequest,
    thread: Thread,
    chosen: str | None,
    *,
    holds_data: bool,
    prefers_file: bool = False,
) -> str:
    """The address; ActRefused INVALID when `chosen` may not have it, or none may.

    `prefers_file`: an address on file comes before the writer's own.
    """
    known = await addresses_of(work, request, thread)
    open_to_writer = known.writer is not None and (
        not holds_data or known.writer.casefold() in known.on_file
    )
    first = [known.writer] if open_to_writer and known.writer else []
    order = [*known.on_file, *first] if prefers_file else [*first, *known.on_file]
    if chosen is not None:
        may = {one.casefold(): one for one in (*order, *known.signed)}
        to = may.get(chosen.strip().casefold())
        message = "Not an address on file, nor one named in the signed text."
    else:
        to = order[0] if order else None
        message = "No address on file may have this answer: name one, or hand it over."
    check(None if to else refuse(ErrorCode.INVALID, message, "answerAddress"))
    assert to is not None
    if not usable_address(to):
        check(refuse(ErrorCode.INVALID, "This address cannot be written to.", "answerAddress"))
    return to
