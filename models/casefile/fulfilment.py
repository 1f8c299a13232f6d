"""What was done about the decisions: per category, per system, per recipient (Art. 17, 19)."""

from models.acts.mailbox import instant
from models.casefile.sheet import Entry, Section, facts, joined
from models.casefile.words import day_or_none, moment, moment_or_none, word
from models.house import House
from models.policy import CATEGORIES
from models.tables import CategoryDecision, DataSubjectRequest, Disclosure, FulfilmentTask
from models.vocabulary import DataCategory, Language


async def fulfilment(house: House, request: DataSubjectRequest) -> Section | None:
    """Decisions by data category, work in other systems, transfers to others."""
    decisions = await CategoryDecision.filter(item__request_id=request.id).order_by("id")
    tasks = await FulfilmentTask.filter(request_id=request.id).order_by("id")
    transfers = Disclosure.filter(client_id=request.subject_id or 0).order_by("at", "id")
    entries = (
        *(_decision(house, one) for one in decisions),
        *(_task(house, one) for one in tasks),
        *(_disclosure(house, one) for one in await transfers),
    )
    return Section("taitmine", "Täitmine ja edastamised", entries) if entries else None


def _title(category: DataCategory) -> str:
    return CATEGORIES[category].title[Language.ET]


def _decision(house: House, one: CategoryDecision) -> Entry:
    return Entry(
        f"Andmeliik: {_title(one.category)}",
        facts(
            ("Otsus", word(one.outcome)),
            ("Säilitame kuni", day_or_none(one.keep_until)),
            ("Säilitamise alus", one.basis and word(one.basis)),
            ("Põhjus", one.reason and word(one.reason)),
            ("Otsustas", f"{one.by_label}, {moment(house.zone, one.decided_at)}"),
        ),
        house.vault.open_text("note", one.note_sealed),
    )


def _task(house: House, one: FulfilmentTask) -> Entry:
    return Entry(
        f"{word(one.kind)}: {one.system}",
        facts(
            ("Andmeliik", one.category and _title(one.category)),
            (
                "Jäeti tegemata" if one.is_skipped else "Tehtud",
                moment_or_none(house.zone, one.done_at) or "ei ole veel",
            ),
            ("Otsustas" if one.is_skipped else "Tegi", one.done_by),
        ),
        house.vault.open_text("note", one.note_sealed),
    )


def _disclosure(house: House, one: Disclosure) -> Entry:
    return Entry(
        f"Edastatud: {one.recipient}",
        facts(
            ("Aeg", moment(house.zone, instant(one.at))),
            ("Andmeliigid", joined(_title(DataCategory(value)) for value in one.categories)),
            ("Eesmärk", one.purpose),
            ("Õiguslik alus", word(one.basis)),
            ("Kirja pani", one.actor_label),
        ),
    )
