"""Timeline and journal of the case, each journal row with the seal that covers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.acts.mailbox import instant
from models.acts.seals import COLUMNS
from models.casefile.sheet import Section, Table
from models.casefile.words import moment, word
from models.database import decoded, rows
from models.house import House
from models.package.consultations import AT_ONCE, matching
from models.tables import (
    AccessPackage,
    Attachment,
    CaseFile,
    DataSubjectRequest,
    JournalSeal,
    Message,
    OutboundMail,
    TimelineEntry,
)
from models.vocabulary import ActorKind


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the journal; `targets` are those of this case only."""

    id: int
    at: datetime
    actor_kind: ActorKind
    actor: str
    action: str
    operation: str | None
    call_id: str | None
    targets: tuple[str, ...]
    detail: Any
    seal: int | None


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that covers rows of this case."""

    number: int
    digest: str
    entries: int
    last_entry_id: int
    sealed_at: datetime


async def timeline(house: House, request: DataSubjectRequest) -> Section:
    """Everything that happened to the case, in commit order."""
    found = await TimelineEntry.filter(request_id=request.id).order_by("id")
    table = Table(
        ("Aeg", "Sündmus", "Kes", "Kirjeldus", "Üksikasjad"),
        tuple(
            (
                moment(house.zone, one.at),
                word(one.kind),
                f"{word(one.actor_kind)}: {one.actor_label}",
                one.summary,
                _told(house.vault.open_json("timeline", one.detail_sealed)),
            )
            for one in found
        ),
    )
    note = "Kirjeldused on registris inglise keeles, nii nagu need sündmuse ajal kirja pandi."
    return Section("ajatelg", "Ajatelg", table=table, note=note)


def _told(detail: Any) -> str:
    if not isinstance(detail, dict):
        return "" if detail is None else str(detail)
    return "; ".join(_value(value) for value in detail.values() if value not in (None, [], ""))


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


async def targets_of(request: DataSubjectRequest) -> list[str]:
    """Journal targets that are this case or a part of it."""
    found = [f"DataSubjectRequest:{request.id}"]
    messages = await Message.filter(request_id=request.id)
    found += [f"Message:{one.id}" for one in messages]
    attached = await Attachment.filter(message_id__in=[one.id for one in messages])
    found += [f"Attachment:{one.id}" for one in attached]
    for table in (OutboundMail, CaseFile, AccessPackage):
        ids = await table.filter(request_id=request.id).values_list("id", flat=True)
        found += [f"{table.__name__}:{key}" for key in ids]
    return found


async def journal(request: DataSubjectRequest) -> tuple[list[Line], list[Seal]]:
    """Rows of the journal about this case, and the seals that cover them."""
    found: dict[int, dict[str, Any]] = {}
    wanted = await targets_of(request)
    for start in range(0, len(wanted), AT_ONCE):
        match, values = matching(wanted[start : start + AT_ONCE])
        sql = f"SELECT {COLUMNS} FROM journal_entry WHERE {match} ORDER BY id"
        found.update({row["id"]: row for row in await rows(sql, values)})
    ids = sorted(found)
    seals = await _seals(ids)
    mine = set(wanted)
    return [_line(found[key], mine, seals) for key in ids], seals


async def _seals(ids: Sequence[int]) -> list[Seal]:
    seals: list[Seal] = []
    for key in ids:
        if seals and key <= seals[-1].last_entry_id:
            continue
        one = await JournalSeal.filter(last_entry_id__gte=key).order_by("number").first()
        if one is None:
            break
        seals.append(Seal(one.number, one.digest, one.entries, one.last_entry_id, one.sealed_at))
    return seals


def _line(row: dict[str, Any], mine: set[str], seals: Sequence[Seal]) -> Line:
    covering = (one.number for one in seals if row["id"] <= one.last_entry_id)
    return Line(
        id=row["id"],
        at=instant(row["at"]),
        actor_kind=ActorKind(row["actor_kind"]),
        actor=row["actor_label"],
        action=row["action"],
        operation=row["operation"],
        call_id=row["call_id"],
        targets=tuple(one for one in decoded(row["targets"]) if one in mine),
        detail=decoded(row["detail"]),
        seal=next(covering, None),
    )


def journal_section(
    house: House, lines: Sequence[Line], findings: Sequence[str], head: str
) -> Section:
    """Who read or changed what of the case, and whether the chain holds."""
    table = Table(
        ("Nr", "Aeg", "Kes", "Tegevus", "Mida", "Pitser"),
        tuple(
            (
                str(one.id),
                moment(house.zone, one.at),
                f"{word(one.actor_kind)}: {one.actor}",
                one.action,
                ", ".join(one.targets),
                "" if one.seal is None else str(one.seal),
            )
            for one in lines
        ),
    )
    broken = "; ".join(findings)
    state = f"EI OLE TERVE: {broken}." if findings else "on terve."
    note = (
        f"Väljavõte logist. Pitserite ahel {state} Ahela lõpp koostamise ajal: {head}."
        " Samad read koos pitseritega on failis logi.json."
    )
    return Section("logi", "Väljavõte logist", table=table, note=note)
