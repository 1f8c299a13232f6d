"""What cannot wait for the morning goes to the data protection officer at once (Art. 33, 12).

Letters to staff take the same outbox, carry a case number at most, and each goes once: its
Message-ID is made of what it is about.
"""

from datetime import date, datetime

from models.acts.outgoing import queue
from models.acts.work import Work
from models.house import House
from models.letters.facts import Facts, StaffAlarm, StaffAlarmFacts
from models.letters.render import render
from models.letters.wire import letter_id, usable_address
from models.tables import OutboundMail, Staff
from models.vocabulary import Language, LetterKind, Role

OURS = Language.ET  # the language of the house
TO_STAFF = (LetterKind.STAFF_ALARM, LetterKind.STAFF_DIGEST)


async def officers(house: House) -> list[str]:
    """DPO_ADDRESS, else every data protection officer at work."""
    if house.controller.dpo_address:
        return [house.controller.dpo_address]
    people = Staff.filter(role=Role.DPO, is_active=True, trained_on__not_isnull=True)
    return [person.email for person in await people.order_by("id")]


async def alarm(
    work: Work,
    kind: StaffAlarm,
    *,
    seed: str,
    reference: str | None = None,
    decide_by: datetime | None = None,
    since: datetime | None = None,
) -> int:
    """Tells every officer, inside the caller's transaction; the same `seed` only once."""
    facts = StaffAlarmFacts(
        controller=work.house.controller,
        alarm=kind,
        at=work.now,
        reference=reference,
        decide_by=decide_by,
        since=since,
    )
    told = [
        await tell(work, LetterKind.STAFF_ALARM, facts, to=to, seed=f"{kind.value}:{seed}")
        for to in await officers(work.house)
    ]
    return sum(told)


async def tell(work: Work, kind: LetterKind, facts: Facts, *, to: str, seed: str) -> bool:
    """One letter to a colleague; False when it went before, or the address is unusable."""
    own_id = staff_letter_id(work.house, seed, to)
    if not usable_address(to) or await OutboundMail.exists(message_id=own_id):
        return False
    await queue(
        work,
        render(kind, OURS, facts),
        kind=kind,
        language=OURS,
        to=to,
        own_id=own_id,
        request_id=None,
        answers_id=None,
        in_reply_to=None,
        references=(),
        reasons=(),
        automatic=True,
    )
    return True


def staff_letter_id(house: House, seed: str, to: str) -> str:
    """The same for the same matter and colleague."""
    return letter_id(f"staff:{seed}:{to}", house.vault.mail_id_key, house.mail_domain)


def due_facts(work: Work, reference: str, due_on: date, working_days: int) -> StaffAlarmFacts:
    """A case that is due in so many working days."""
    return StaffAlarmFacts(
        controller=work.house.controller,
        alarm=StaffAlarm.DUE,
        at=work.now,
        reference=reference,
        due_on=due_on,
        working_days=working_days,
    )
