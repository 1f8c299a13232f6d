"""Queuing our letters: exact bytes, a deterministic Message-ID, in the case's own commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import rights
from models.acts.alarms import alarm
from models.acts.cases import Asked
from models.acts.outgoing import domain_index, queue
from models.acts.restoring import REASON as RESTORED
from models.acts.restoring import may_be_answered
from models.acts.work import Work
from models.database import rows
from models.identity import satisfies
from models.letters.facts import AcknowledgementFacts, AskedRight, StaffAlarm
from models.letters.render import RenderedLetter, render
from models.letters.wire import acknowledgement_id, usable_address
from models.shapes import Letter
from models.tables import DataSubjectRequest, OutboundMail
from models.vocabulary import Answer, Language, LetterKind, TimelineKind

LOOP_LETTERS = 3
FREEMAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com",
        "icloud.com", "me.com", "proton.me", "protonmail.com", "mail.ru", "bk.ru", "list.ru",
        "inbox.ru", "yandex.ru", "ya.ru", "rambler.ru", "mail.ee", "hot.ee", "online.ee",
        "gmx.com", "gmx.de", "web.de", "aol.com", "inbox.lv", "zone.ee",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answering:
    """What the automatic letter answers."""

    request: DataSubjectRequest
    asked: Sequence[Asked]
    letter: Letter
    content_digest: str
    message_id: int
    language: Language
    language_sure: bool
    answer: Answer
    reasons: tuple[str, ...]
    shared_address: bool = False


async def queue_acknowledgement(work: Work, answering: Answering) -> OutboundMail | None:
    """The one automatic letter; None when it must stay silent or went out before."""
    house, letter, request = work.house, answering.letter, answering.request
    to = letter.from_address
    if answering.answer is Answer.SILENT or house.acknowledge == "off" or to is None:
        return None
    if not usable_address(to):
        summary = "The From address cannot be written to: answer by another way."
        work.note(TimelineKind.HELD, summary, request_id=request.id)
        return None
    own_id = acknowledgement_id(
        answering.content_digest, house.vault.mail_id_key, house.mail_domain
    )
    if await OutboundMail.exists(message_id=own_id):
        return None
    reasons = list(answering.reasons)
    if house.acknowledge == "hold":
        reasons.append("setting")
    reasons += await _ladder(work, to)
    reasons += await _loop(work, to, request.received_at)
    if await may_be_answered(request.received_at):
        reasons.append(RESTORED)
    if "ladder_total" in reasons:  # once an hour
        await alarm(work, StaffAlarm.BREAKER, seed=f"{work.now:%Y-%m-%dT%H}")
    language = answering.language if answering.language_sure else None
    rendered = acknowledgement(work, language, _answered(answering))
    return await queue(
        work,
        rendered,
        kind=LetterKind.ACKNOWLEDGEMENT,
        language=answering.language,
        to=to,
        own_id=own_id,
        request_id=request.id,
        answers_id=answering.message_id,
        in_reply_to=letter.message_id,
        references=letter.references or letter.in_reply_to,
        reasons=reasons,
        automatic=True,
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """What an acknowledgement says of a case: its rights, and which are in effect."""

    request: DataSubjectRequest
    rights: tuple[AskedRight, ...]
    effective: tuple[AskedRight, ...]
    is_pure_withdrawal: bool


def _answered(answering: Answering) -> Answered:
    """As it is on receipt."""
    rights_asked = tuple(AskedRight(*one) for one in answering.asked)
    settled = all(rights.is_settled_on_receipt(*one) for one in rights_asked)
    return Answered(
        answering.request,
        rights_asked,
        tuple(one for one in rights_asked if rights.takes_effect_on_receipt(*one)),
        is_pure_withdrawal=settled and not answering.shared_address,
    )


def acknowledgement(work: Work, language: Language | None, answered: Answered) -> RenderedLetter:
    """The letter; without a language in all three."""
    request = answered.request
    missing = not satisfies(request.assurance, request.identity_needed)
    facts = AcknowledgementFacts(
        controller=work.house.controller,
        reference=request.reference,
        their_reference=request.their_reference,
        received_on=request.received_on,
        due_on=request.due_on,
        target_on=request.internal_target_on,
        rights=answered.rights,
        effective=answered.effective,
        needs_identity=request.identity_needed if missing else None,
        is_pure_withdrawal=answered.is_pure_withdrawal,
    )
    return render(LetterKind.ACKNOWLEDGEMENT, language, facts)


async def _loop(work: Work, to: str, received_at: datetime) -> list[str]:
    """Two robots talking: it wrote again after several letters of ours within one hour."""
    found = await rows(
        "SELECT count(*) AS n FROM outbound_mail WHERE to_index = ? AND queued_at > ?"
        " AND kind = 'acknowledgement' AND sent_at IS NOT NULL AND sent_at <= ?",
        (
            work.house.vault.address_index(to),
            received_at - timedelta(hours=1),
            received_at + timedelta(seconds=1),  # the mailbox knows whole seconds only
        ),
    )
    return ["loop"] if found[0]["n"] >= LOOP_LETTERS else []


async def _ladder(work: Work, to: str) -> list[str]:
    """Bounds on automatic letters: a sender, a domain, all in all."""
    house = work.house
    domain = to.rpartition("@")[2].casefold()
    day, hour = work.now - timedelta(hours=24), work.now - timedelta(hours=1)
    found = await rows(
        "SELECT (SELECT count(*) FROM outbound_mail WHERE to_index = ? AND queued_at > ?"
        " AND kind = 'acknowledgement') AS sender,"
        " (SELECT count(*) FROM outbound_mail WHERE to_domain_index = ? AND queued_at > ?"
        " AND kind = 'acknowledgement') AS domain,"
        " (SELECT count(*) FROM outbound_mail WHERE queued_at > ?"
        " AND kind = 'acknowledgement') AS total",
        (house.vault.address_index(to), day, domain_index(work, to), hour, hour),
    )
    counts = found[0]
    steps = (
        ("ladder_sender", counts["sender"] >= house.ladder_sender_per_day),
        (
            "ladder_domain",
            domain not in FREEMAIL and counts["domain"] >= house.ladder_domain_per_hour,
        ),
        ("ladder_total", counts["total"] >= house.ladder_total_per_hour),
    )
    return [name for name, over in steps if over]
