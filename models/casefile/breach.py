"""The 72 hours of a possible breach, and every decision with its grounds (Art. 33, 34)."""

from collections.abc import Sequence

from models.acts.mailbox import instant
from models.breaches import is_late
from models.casefile.sheet import Entry, Section, facts
from models.casefile.words import moment, moment_or_none, word
from models.house import House
from models.tables import BreachDecision, BreachTelling, DataSubjectRequest
from models.vocabulary import BreachOutcome

UNTIL = "72 tunni lõpp (IKÜM artikli 33 lõige 1)"


async def breach(house: House, request: DataSubjectRequest) -> Section | None:
    """None when no letter of the case told of a breach and nobody decided about one."""
    decided = await BreachDecision.filter(request_id=request.id).order_by("id")
    told = await BreachTelling.filter(request_id=request.id).order_by("id")
    entries = [_decision(house, one) for one in decided]
    if request.breach_decide_by is not None:
        until = moment(house.zone, instant(request.breach_decide_by))
        waits = facts((UNTIL, until), ("Otsus", "ei ole veel"))
        entries.append(Entry("Otsust ootab", waits))
    entries += [_telling(house, one) for one in told]
    if _untold(decided, told):
        waits = facts(("Andmesubjektide teavitamine (IKÜM artikkel 34)", "ei ole veel otsustatud"))
        entries.append(Entry("Otsust ootab", waits))
    if not entries:
        return None
    return Section("rikkumine", "Isikuandmetega seotud rikkumine", tuple(entries))


def _untold(decided: Sequence[BreachDecision], told: Sequence[BreachTelling]) -> bool:
    """Whether the Inspectorate knows of a breach, and nobody decided whether the people do."""
    notified = {one.decide_by for one in decided if one.outcome is BreachOutcome.NOTIFIED}
    return bool(notified - {one.decide_by for one in told})


def _telling(house: House, one: BreachTelling) -> Entry:
    return Entry(
        "Otsus andmesubjektide teavitamise kohta",
        facts(
            ("Tulemus", word(one.outcome)),
            (UNTIL, moment(house.zone, instant(one.decide_by))),
            ("Teavitati", moment_or_none(house.zone, one.told_at)),
            ("Otsustas", f"{one.by_label}, {moment(house.zone, instant(one.decided_at))}"),
        ),
        house.vault.open_text("note", one.explanation_sealed),
    )


def _decision(house: House, one: BreachDecision) -> Entry:
    told, vault = one.notified_at, house.vault
    late = told is not None and is_late(instant(told), instant(one.decide_by))
    return Entry(
        "Otsus rikkumise kohta",
        facts(
            (UNTIL, moment(house.zone, instant(one.decide_by))),
            ("Tulemus", word(one.outcome)),
            ("Teatati", moment_or_none(house.zone, told)),
            ("Hilinemine", "jah, pärast 72 tunni möödumist" if late else None),
            ("Hilinemise põhjused", vault.open_text("note", one.delay_sealed)),
            ("Otsustas", f"{one.by_label}, {moment(house.zone, instant(one.decided_at))}"),
        ),
        vault.open_text("note", one.explanation_sealed),
    )
