"""One letter into the outbox: exact bytes and a deterministic Message-ID, in the act's commit."""

from collections.abc import Sequence

from models.acts.work import Work
from models.letters.render import RenderedLetter
from models.letters.wire import compose
from models.tables import OutboundMail
from models.vocabulary import DeliveryState, Language, LetterKind, TimelineKind


async def queue(
    work: Work,
    rendered: RenderedLetter,
    *,
    kind: LetterKind,
    language: Language,
    to: str,
    own_id: str,
    request_id: int | None,
    answers_id: int | None,
    in_reply_to: str | None,
    references: Sequence[str],
    reasons: Sequence[str],
    automatic: bool,
) -> OutboundMail:
    """Writes one letter into the outbox: queued, or held with the reasons why."""
    house = work.house
    raw = compose(
        rendered,
        kind=kind,
        language=language,
        to=to,
        mail_from=house.mail_address,
        message_id=own_id,
        in_reply_to=in_reply_to,
        references=references,
        date=work.now,
        automatic=automatic,
    )
    vault = house.vault
    mail = await OutboundMail.create(
        request_id=request_id,
        answers_id=answers_id,
        kind=kind,
        language=language,
        message_id=own_id,
        to_sealed=vault.seal_text("to", to),
        to_index=vault.address_index(to),
        to_domain_index=domain_index(work, to),
        subject_sealed=vault.seal_text("out-subject", rendered.subject),
        text_sealed=vault.seal_text("out-text", rendered.text),
        raw_sealed=vault.seal("out-raw", raw),
        state=DeliveryState.HELD if reasons else DeliveryState.QUEUED,
        hold_reasons=list(reasons),
        automatic=automatic,
        queued_at=work.now,
        next_attempt_at=work.now,
    )
    if reasons:
        work.note(
            TimelineKind.HELD,
            f"The letter waits for a person: {', '.join(reasons)}.",
            request_id=request_id,
        )
    return mail


def domain_index(work: Work, address: str) -> str:
    """Keyed digest of the address's domain."""
    return work.house.vault.index("domain", address.rpartition("@")[2].casefold())
