"""Queuing our letters: exact bytes, a deterministic Message-ID, in the case's own commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models import rights
from models.acts.alarms import alarm
from models.acts.cases import Asked
from models.acts.outgoing import domain_index, queue
from models.acts.restoring import NAME as HEARTBEAT
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
    found = await _look_up(work, to, own_id, request.received_at)
    if found["is_written"]:
        return None
    reasons = list(answering.reasons)
    if house.acknowledge == "hold":
        reasons.append("setting")
    reasons += _against(work, to, found)
    if may_be_answered(request.received_at, found["restored"]):
        reasons.append(RESTORED)
    if "ladder_total" in reasons:  # once an hour
        await alarm(work, StaffAlarm.BREAKER, seed=f"{work.now:%Y-%m-%dT%H}")
    language = answering.language if answering.language_sure else None
    rendered = acknowledgement(work, language, _answered(answering))
    work.lately = found["total"] + 1
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


_LOOK_UP = (
    "SELECT EXISTS (SELECT 1 FROM outbound_mail WHERE message_id = ?) AS is_written,"
    " (SELECT detail FROM heartbeat WHERE name = ?) AS restored,"
    " (SELECT count(*) FROM outbound_mail WHERE kind = 'acknowledgement'"
    " AND to_index = ? AND queued_at > ? AND sent_at IS NOT NULL AND sent_at <= ?) AS answered,"
    " (SELECT count(*) FROM outbound_mail WHERE kind = 'acknowledgement'"
    " AND to_index = ? AND queued_at > ?) AS sender,"
    " (SELECT count(*) FROM outbound_mail WHERE kind = 'acknowledgement'"
    " AND to_domain_index = ? AND queued_at > ?) AS domain,"
    " (SELECT count(*) FROM (SELECT 1 FROM outbound_mail WHERE kind = 'acknowledgement'"
    " AND queued_at > ? LIMIT ?) AS few) AS total"
)


async def _look_up(work: Work, to: str, own_id: str, received_at: datetime) -> dict[str, Any]:
    """What stands in the outbox already: this letter, and how many others, by whom and when."""
    house = work.house
    address, domain = house.vault.address_index(to), domain_index(work, to)
    day, hour = work.now - timedelta(hours=24), work.now - timedelta(hours=1)
    before = received_at - timedelta(hours=1)
    after = received_at + timedelta(seconds=1)  # the mailbox knows whole seconds only
    letter, old = (own_id, HEARTBEAT), (address, before, after)
    most = house.ladder_total_per_hour if work.lately is None else 0  # counted once a commit
    bounds = (address, day, domain, hour, hour, most)
    [found] = await rows(_LOOK_UP, (*letter, *old, *bounds))
    return found if work.lately is None else {**found, "total": work.lately}


def _against(work: Work, to: str, found: dict[str, Any]) -> list[str]:
    """Bounds on automatic letters: a sender, a domain, all in all, and two robots talking.

    Those write again after several letters of ours within one hour.
    """
    house = work.house
    domain = to.rpartition("@")[2].casefold()
    steps = (
        ("ladder_sender", found["sender"] >= house.ladder_sender_per_day),
        (
            "ladder_domain",
            domain not in FREEMAIL and found["domain"] >= house.ladder_domain_per_hour,
        ),
        ("ladder_total", found["total"] >= house.ladder_total_per_hour),
        ("loop", found["answered"] >= LOOP_LETTERS),
    )
    return [name for name, over in steps if over]
