"""The case itself: what was asked, on which clock, by whom, and what became of it."""

from datetime import datetime

from models import deadlines
from models.acts.mailbox import instant
from models.casefile.sheet import Entry, Section, facts, joined
from models.casefile.words import day, day_or_none, moment, moment_or_none, on, word
from models.house import House
from models.letters.words import TITLES
from models.policy import CATEGORIES
from models.rights import RIGHTS
from models.tables import (
    Client,
    ConsentEvent,
    ContactAddress,
    DataSubjectRequest,
    Extension,
    OutboundMail,
    Question,
    RequestItem,
)
from models.vocabulary import AskedPurpose, DataCategory, Language


async def about(house: House, request: DataSubjectRequest) -> Section:
    """The case and the person."""
    await request.fetch_related("assignee", "duplicate_of")
    assignee, earlier = request.assignee, request.duplicate_of
    entry = Entry(
        request.reference,
        facts(
            ("Olek", word(request.status)),
            ("Tulemus", request.outcome and word(request.outcome)),
            ("Saabus", f"{moment(house.zone, request.received_at)}, {word(request.channel)}"),
            ("Kinnitus saadeti", _moment(house, request.acknowledged_at)),
            ("Lõpetati", _moment(house, request.closed_at)),
            ("Inimese enda viide", request.their_reference),
            ("Kelle nimel", house.vault.open_text("note", request.acting_for_sealed)),
            ("Menetleja", assignee and assignee.name),
            ("Kordab juhtumit", earlier and earlier.reference),
            ("Kustutamiskeeld", "jah (õigusvaidlus)" if request.legal_hold else None),
        ),
    )
    return Section("juhtum", "Juhtum", (entry, *await _person(request)))


async def _person(request: DataSubjectRequest) -> list[Entry]:
    if request.subject_id is None:
        return [Entry("Inimene", (("Registris", "keda taotlus puudutab, ei ole teada"),))]
    client = await Client.get(id=request.subject_id)
    addresses = await ContactAddress.filter(client_id=client.id, representative_id=None)
    return [
        Entry(
            "Inimene",
            facts(
                ("Nimi", client.display_name),
                ("Kliendinumber", client.external_id),
                ("Kood (varjatud)", client.identifier_masked),
                ("Aadressid registris", joined(f"{word(a.kind)}: {a.value}" for a in addresses)),
                ("Keel", client.language and word(client.language)),
            ),
        )
    ]


async def clock(house: House, request: DataSubjectRequest, now: datetime) -> Section:
    """Every date, with the rule it follows from (Art. 12(3), Regulation 1182/71)."""
    entries = [Entry("Tähtpäev", _dates(house, request, now))]
    questions = await Question.filter(request_id=request.id).order_by("id")
    entries += [await _pause(house, question) for question in questions]
    extension = await Extension.get_or_none(request_id=request.id)
    if extension is not None:
        entries.append(_extension(house, extension))
    return Section("tahtajad", "Tähtajad ja nende põhjendused", tuple(entries))


def _dates(house: House, request: DataSubjectRequest, now: datetime) -> tuple[tuple[str, str], ...]:
    dates = deadlines.clock(instant(request.received_at), house.zone)
    if request.due_on is None:
        return facts(
            ("Alus", "Küsimusele ja kaebusele vastamiseks seadus tähtaega ei määra."),
            ("Enda seatud tähtpäev", day(request.internal_target_on)),
        )
    state = deadlines.state(request.due_on, house.today(now), request.closed_on)
    return facts(
        ("Vastata hiljemalt", day(request.due_on)),
        ("Olek", word(state)),
        ("Alus", basis(dates)),
        ("Tähtaeg oli peatatud (päevi)", str(request.suspended_days or "")),
        ("Tähtpäev ilma peatumise ja pikenduseta", day_or_none(request.unsuspended_due_on)),
        ("Enda seatud varasem tähtpäev", day(request.internal_target_on)),
    )


def basis(dates: deadlines.Clock) -> str:
    """The rule applied, in Estonian."""
    start = (
        f"Saabus {on(dates.received_on)}; üks kuu lõpeb {on(dates.nominal_on)}"
        " (IKÜM artikli 12 lõige 3)"
    )
    if dates.due_on == dates.nominal_on:
        return f"{start}, see on tööpäev."
    return (
        f"{start}, see on puhkepäev. Tähtaeg lõpeb järgmisel tööpäeval, {on(dates.due_on)}"
        " (määruse (EMÜ, Euratom) nr 1182/71 artikli 3 lõige 4)."
    )


async def _pause(house: House, question: Question) -> Entry:
    letter = await OutboundMail.get(id=question.letter_id)
    answered = day(question.answered_on) if question.answered_on else "vastust ei ole"
    return Entry(
        "Küsimus, mille vastust oodates on tähtaeg peatatud",
        facts(
            ("Põhjus", word(question.ground)),
            ("Küsis", question.by_label),
            ("Kiri saadeti", _moment(house, letter.sent_at) or word(letter.state)),
            ("Ootame alates", day_or_none(question.waiting_from)),
            ("Vastus", answered if question.waiting_from else None),
        ),
        house.vault.open_text("note", question.text_sealed),
    )


def _extension(house: House, extension: Extension) -> Entry:
    return Entry(
        "Pikendamine (IKÜM artikli 12 lõige 3)",
        facts(
            ("Uus tähtpäev", day(extension.until)),
            ("Alus", word(extension.ground)),
            (
                "Teade saadeti",
                day_or_none(extension.notified_on) or "ei ole veel, pikendus ei kehti",
            ),
            ("Pikendas", extension.by_label),
        ),
        house.vault.open_text("note", extension.explanation_sealed),
    )


async def items(house: House, request: DataSubjectRequest) -> Section:
    """Each right asked for, and how it was decided."""
    found = await RequestItem.filter(request_id=request.id).order_by("id").prefetch_related(
        "decided_by"
    )  # fmt: skip
    return Section("otsused", "Taotletud õigused ja otsused", tuple(_item(house, i) for i in found))


def _item(house: House, item: RequestItem) -> Entry:
    right = RIGHTS[item.type]
    return Entry(
        TITLES[Language.ET][item.type],
        facts(
            ("Põhimõtete punkt", joined(right.clauses)),
            ("Eesmärgid", joined(_purpose(value) for value in item.purposes)),
            ("Andmeliigid", joined(_category(value) for value in item.categories)),
            ("Olek", word(item.status)),
            ("Jõustus", _moment(house, item.effective_at)),
            ("Tulemus", item.outcome and word(item.outcome)),
            ("Põhjus", item.reason and word(item.reason)),
            ("Põhjendus", house.vault.open_text("note", item.explanation_sealed)),
            ("Vastus inimesele", house.vault.open_text("note", item.answer_sealed)),
            ("Otsustas", item.decided_by.name if item.decided_by else None),
            ("Otsustati", _moment(house, item.decided_at)),
        ),
    )


async def identity(house: House, request: DataSubjectRequest) -> Section:
    """How sure we were who wrote, and by what (Art. 12(2), 12(6))."""
    evidence = house.vault.open_json("note", request.identity_evidence_sealed) or []
    entry = Entry(
        "Kontroll",
        facts(
            ("Tase", word(request.assurance)),
            ("Vajalik tase", word(request.identity_needed)),
            ("Viis", request.identity_method and word(request.identity_method)),
            ("Kontrollis", request.identity_by),
            ("Kontrolliti", _moment(house, request.identity_verified_at)),
            ("Tõendid", joined(evidence)),
        ),
        house.vault.open_text("note", request.identity_note_sealed),
    )
    return Section("isikusamasus", "Isikusamasus", (entry,))


async def consents(house: House, request: DataSubjectRequest) -> Section | None:
    """What the letters of the case changed in the consent ledger (Art. 7)."""
    found = (
        await ConsentEvent.filter(message__request_id=request.id)
        .order_by("id")
        .prefetch_related("purpose", "policy_version")
    )
    if not found:
        return None
    entries = tuple(
        Entry(
            f"{_purpose(one.purpose.code)}: {word(one.kind)}",
            facts(
                ("Sündmus", moment(house.zone, one.at)),
                ("Kehtib alates", _moment(house, one.effective_at)),
                ("Viis", word(one.method)),
                ("Põhimõtete versioon", one.policy_version and one.policy_version.version),
                ("Kirja pani", f"{word(one.actor_kind)}, {one.actor_label}"),
            ),
        )
        for one in found
    )
    return Section("nousolekud", "Nõusolekute register", entries)


def _category(value: str) -> str:
    return CATEGORIES[DataCategory(value)].title[Language.ET]


def _purpose(value: str) -> str:
    return word(AskedPurpose(value))


def _moment(house: House, value: datetime | None) -> str | None:
    return moment_or_none(house.zone, value)
