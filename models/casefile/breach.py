"""The 72 hours of a possible breach, and every decision with its grounds (Art. 33)."""

from models.acts.mailbox import instant
from models.breaches import is_late
from models.casefile.sheet import Entry, Section, facts
from models.casefile.words import moment, moment_or_none, word
from models.house import House
from models.tables import BreachDecision, DataSubjectRequest


async def breach(house: House, request: DataSubjectRequest) -> Section | None:
    """None when no letter of the case told of a breach and nobody decided about one."""
    if request.breach_decide_by is None:
        return None
    decided = await BreachDecision.filter(request_id=request.id).order_by("id")
    clock = Entry(
        "72 tundi (IKÜM artikli 33 lõige 1)",
        facts(
            ("Otsustada hiljemalt", moment(house.zone, instant(request.breach_decide_by))),
            ("Otsus", None if decided else "ei ole veel"),
        ),
    )
    entries = (clock, *(_decision(house, request, one) for one in decided))
    return Section("rikkumine", "Isikuandmetega seotud rikkumine", entries)


def _decision(house: House, request: DataSubjectRequest, one: BreachDecision) -> Entry:
    until, told = request.breach_decide_by, one.notified_at
    late = told is not None and until is not None and is_late(instant(told), instant(until))
    vault = house.vault
    return Entry(
        "Otsus rikkumise kohta",
        facts(
            ("Tulemus", word(one.outcome)),
            ("Teatati", moment_or_none(house.zone, told)),
            ("Hilinemine", "jah, pärast 72 tunni möödumist" if late else None),
            ("Hilinemise põhjused", vault.open_text("note", one.delay_sealed)),
            ("Otsustas", f"{one.by_label}, {moment(house.zone, instant(one.decided_at))}"),
        ),
        vault.open_text("note", one.explanation_sealed),
    )
