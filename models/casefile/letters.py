"""Letters of the case as they came and went, and what was understood of them."""

from dataclasses import dataclass, field
from datetime import datetime

from babel.numbers import format_decimal

from models.casefile.sheet import Entry, Paper, Section, facts, joined
from models.casefile.words import moment, moment_or_none, word
from models.house import House
from models.letters.words import TITLES
from models.policy import CATEGORIES
from models.tables import (
    AccessPackage,
    Attachment,
    CaseFile,
    Classification,
    DataSubjectRequest,
    Message,
    OutboundMail,
    RawLetter,
)
from models.vocabulary import Language, RequestType


@dataclass
class Papers:
    """Files of the folder; their numbers follow the order in which they were put in."""

    found: list[Paper] = field(default_factory=list)

    def put(self, folder: str, name: str, content: bytes) -> str:
        """The path under which it lies in the folder."""
        number = 1 + sum(paper.path.startswith(f"{folder}/") for paper in self.found)
        path = f"{folder}/{number:03d}{name}"
        self.found.append(Paper(path, content))
        return path


async def letters(house: House, request: DataSubjectRequest, papers: Papers) -> Section:
    """Letters to us and from us in one row, by time."""
    came = await Message.filter(request_id=request.id).order_by("received_at", "id")
    went = await OutboundMail.filter(request_id=request.id).order_by("id")
    both: list[tuple[datetime, Message | OutboundMail]] = [
        *((one.received_at, one) for one in came),
        *((one.sent_at or one.queued_at, one) for one in went),
    ]
    entries = []
    for _, one in sorted(both, key=lambda pair: pair[0]):
        is_in = isinstance(one, Message)
        entries.append(await (_came(house, one, papers) if is_in else _went(house, one, papers)))  # type: ignore[arg-type]
    return Section("kirjad", "Kirjavahetus", tuple(entries))


async def _came(house: House, message: Message, papers: Papers) -> Entry:
    vault = house.vault
    header = vault.open_json("header", message.header_sealed) or {}
    raw = await RawLetter.get(id=message.raw_letter_id)
    links: tuple[tuple[str, str], ...] = ()
    if raw.sealed is not None:
        path = papers.put("kirjad", "-saabunud.eml", vault.open("raw", raw.sealed))
        links = (("Algne kiri", path),)
    attached = await Attachment.filter(message_id=message.id).order_by("id")
    proofs = (("spf", message.spf), ("dkim", message.dkim), ("dmarc", message.dmarc))
    return Entry(
        f"{moment(house.zone, message.received_at)}: kiri meile",
        facts(
            ("Saatja", header.get("from")),
            ("Teema", vault.open_text("subject", message.subject_sealed)),
            ("Message-ID", header.get("messageId")),
            ("Kaust postkastis", message.folder),
            ("Saatja autentimine", joined(f"{name}={word(value)}" for name, value in proofs)),
            ("Autentis", message.trusted_by),
            ("Digiallkiri", _signature(house, message)),
            ("Lugemise märkused", joined(message.flags)),
            ("Manused", joined(_attached(house, one) for one in attached)),
            ("Liigitus", await _understood(house, message.id)),
            ("SHA-256", message.sha256),
            ("Algne kiri", None if links else "ei ole enam alles, räsi jääb"),
        ),
        vault.open_text("text", message.text_sealed),
        links,
    )


def _attached(house: House, one: Attachment) -> str:
    name = house.vault.open_text("attachment-name", one.name_sealed) or "fail"
    gone = "" if one.content_sealed is not None else ", sisu on eemaldatud"
    return f"{name} ({one.size} baiti, SHA-256 {one.sha256}{gone})"


def _signature(house: House, message: Message) -> str | None:
    """What the check of a signed container found; codes stay out."""
    found = house.vault.open_json("signature", message.signature_sealed)
    if found is None:
        return None
    counts = found["accepted"] and found["coversRequest"]
    said = "kehtib ja hõlmab taotlust" if counts else "ei arvestatud"
    return joined([said, *found["problems"]])


async def _understood(house: House, message_id: int) -> str:
    """Every verdict, the oldest first: a corrected one stays beside its correction."""
    found = (
        await Classification.filter(message_id=message_id)
        .order_by("id")
        .prefetch_related("corrected_by")
    )
    return joined(
        f"{_labels(one)} ({one.corrected_by.name if one.corrected_by else one.model},"
        f" {moment(house.zone, one.at)}, kindlus {_decimal(one.confidence)})"
        for one in found
    )


def _decimal(value: float) -> str:
    return format_decimal(value, "0.00", locale="et")


def _labels(verdict: Classification) -> str:
    titles = [TITLES[Language.ET][RequestType(label)] for label in verdict.labels]
    return ", ".join(titles) or "ei ole andmekaitsetaotlus"


async def _went(house: House, mail: OutboundMail, papers: Papers) -> Entry:
    vault = house.vault
    links: tuple[tuple[str, str], ...] = ()
    if mail.raw_sealed is not None:
        path = papers.put("kirjad", "-meie.eml", vault.open("out-raw", mail.raw_sealed))
        links = (("Kiri, nagu see välja läks", path),)
    return Entry(
        f"{moment(house.zone, mail.sent_at or mail.queued_at)}: {word(mail.kind)}",
        facts(
            ("Saaja", vault.open_text("to", mail.to_sealed)),
            ("Teema", vault.open_text("out-subject", mail.subject_sealed)),
            ("Message-ID", mail.message_id),
            ("Koostas", "postirobot" if mail.automatic else "töötaja"),
            ("Olek", word(mail.state)),
            ("Saadeti", moment_or_none(house.zone, mail.sent_at)),
            ("Postiserveri vastus", mail.last_response),
        ),
        vault.open_text("out-text", mail.text_sealed),
        links,
    )


async def files(house: House, request: DataSubjectRequest, papers: Papers) -> Section | None:
    """What staff found in other systems, and what went to the person (Art. 15, 20)."""
    entries = []
    for one in await CaseFile.filter(request_id=request.id, removed_at=None).order_by("id"):
        name = house.vault.open_text("file-name", one.name_sealed) or "fail"
        content = house.vault.open("file", one.content_sealed or b"")
        path = papers.put("failid", _ending(name), content)
        title = CATEGORIES[one.category].title[Language.ET]
        said = facts(
            ("Andmeliik", title),
            ("Lisas", f"{one.by_label}, {moment(house.zone, one.added_at)}"),
            ("SHA-256", one.sha256),
        )
        entries.append(Entry(name, said, links=(("Fail", path),)))
    packages = await AccessPackage.filter(request_id=request.id).order_by("id")
    entries += [_package(house, package) for package in packages]
    return Section("failid", "Failid ja andmepakett", tuple(entries)) if entries else None


def _ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    safe = ending.isascii() and ending.isalnum() and len(ending) <= 8
    return f".{ending.lower()}" if stem and dot and safe else ""


def _package(house: House, one: AccessPackage) -> Entry:
    roads = (one.channel, one.passphrase_channel)
    return Entry(
        f"Andmepakett, koostatud {moment(house.zone, one.built_at)}",
        facts(
            ("Koostas", one.by_label),
            ("SHA-256", one.sha256),
            ("Väljajäetud kohti", str(one.redactions) if one.redactions else None),
            ("Üle antud", moment_or_none(house.zone, one.handed_over_at)),
            ("Üleandmise viis: pakett; parool", joined(word(road) for road in roads if road)),
            ("Andis üle", one.handed_over_by),
        ),
    )
