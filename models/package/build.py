"""One package, from the register to the bytes of the ZIP."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from models.house import House
from models.package.archive import Packed, pack
from models.package.consultations import looks
from models.package.dossier import Consultation, Dossier, Scope
from models.package.gather import (
    Censor,
    Subject,
    cases,
    consents,
    disclosures,
    person,
    stops,
    subject_of,
)
from models.package.letters import (
    Shelf,
    letters_in,
    letters_out,
    messages_of,
    staff_files,
)
from models.package.machine import (
    DATA_SCHEMA,
    PORTABLE_SCHEMA,
    data,
    is_portable,
    portable,
    schema_text,
    written,
)
from models.package.names import name
from models.package.page import page
from models.package.words import PHRASES
from models.tables import Client, DataSubjectRequest, Message, OutboundMail
from models.vocabulary import DataCategory, Language, RequestType

ACCESS = (RequestType.INFORMATION, RequestType.COPY, RequestType.PORTABILITY)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a package is to hold.

    `names` are other people's names to take out of all texts; `categories` those the
    information speaks of.
    """

    request_id: int
    reference: str
    types: tuple[RequestType, ...]
    language: Language
    categories: tuple[DataCategory, ...] = tuple(DataCategory)
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """The package: the ZIP's bytes, and what the register keeps of it."""

    content: bytes
    sha256: str
    files: int
    redactions: int


async def build(
    house: House, client: Client, wanted: Wanted, passphrase: str, now: datetime
) -> Built:
    """Reads the register and writes the ZIP; nothing is changed."""
    shelf = Shelf()
    dossier = await gathered(house, client, wanted, shelf, now)
    content = await asyncio.to_thread(_packed, dossier, shelf.files, house.zone, passphrase)
    return Built(content, sha256(content).hexdigest(), len(shelf.files), dossier.redactions)


async def gathered(
    house: House, client: Client, wanted: Wanted, shelf: Shelf, now: datetime
) -> Dossier:
    """Everything the package will say; contents of files go onto `shelf`."""
    scope = Scope(
        wanted.reference,
        wanted.language,
        tuple(kind for kind in ACCESS if kind in wanted.types),
        wanted.categories,
        now,
    )
    subject = await subject_of(house, client)
    censor = Censor(subject.own, wanted.names, PHRASES[wanted.language].redacted)
    requests = await DataSubjectRequest.filter(subject_id=client.id).order_by("received_at", "id")
    ids = [request.id for request in requests]
    messages = await messages_of(subject, ids)
    told_words = scope.has_copy or scope.has_portable
    return Dossier(
        scope=scope,
        controller=house.controller,
        person=await person(house, subject),
        consents=await consents(house, client.id, scope.language, censor),
        stops=await stops(subject),
        cases=await cases(house, requests, censor) if scope.has_copy else (),
        letters_in=await letters_in(house, subject, messages, censor, shelf) if told_words else (),
        letters_out=await letters_out(house, ids, censor) if scope.has_copy else (),
        files=await staff_files(house, wanted.request_id, shelf, _files_of(scope)),
        disclosures=await disclosures(client.id),
        consultations=await _consultations(house, subject, requests, messages, scope.language),
        redactions=censor.count,
    )


def _files_of(scope: Scope) -> Callable[[DataCategory, bool], bool]:
    """A copy holds every file, a portable package only what the person provided."""
    if scope.has_copy:
        return lambda _category, _provided: True
    if scope.has_portable:
        return is_portable
    return lambda _category, _provided: False


async def _consultations(
    house: House,
    subject: Subject,
    requests: Sequence[DataSubjectRequest],
    messages: Sequence[Message],
    language: Language,
) -> tuple[Consultation, ...]:
    ids = [request.id for request in requests]
    ours = await OutboundMail.filter(request_id__in=ids)
    targets = [
        f"Client:{subject.client.id}",
        *(f"DataSubjectRequest:{key}" for key in ids),
        *(f"Message:{message.id}" for message in messages),
        *(f"OutboundMail:{mail.id}" for mail in ours),
    ]
    found = await looks(house, targets)
    return tuple(Consultation(one.day, name(one.why, language), one.times) for one in found)


def _packed(dossier: Dossier, files: Sequence[Packed], zone: ZoneInfo, passphrase: str) -> bytes:
    inside = [
        Packed("index.html", page(dossier, zone).encode()),
        Packed("data.json", written(data(dossier))),
        Packed(DATA_SCHEMA, schema_text(DATA_SCHEMA)),
    ]
    if dossier.scope.has_portable:
        inside += [
            Packed("portability.json", written(portable(dossier))),
            Packed(PORTABLE_SCHEMA, schema_text(PORTABLE_SCHEMA)),
        ]
    return pack([*inside, *files], passphrase)
