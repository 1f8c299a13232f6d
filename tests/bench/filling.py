"""A big register in seconds: the same rows on both databases, written past the acts."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import islice
from typing import Any

import asyncpg

from models.deadlines import clock
from models.house import House
from models.vocabulary import (
    ActorKind,
    AddressKind,
    Assurance,
    AuthResult,
    Channel,
    ClientKind,
    ConsentEventKind,
    ConsentMethod,
    DeliveryState,
    Fate,
    ItemStatus,
    Language,
    LetterKind,
    Outcome,
    RequestStatus,
    RequestType,
    TimelineKind,
)

Row = dict[str, Any]
BATCH = 5000
DAYS = 1000  # over how many days cases arrived
FIRST = ("Mari", "Jüri", "Anna", "Toomas", "Olga", "Kadri", "Sergei", "Liis", "Peeter", "Õie")
LAST = ("Maasikas", "Tamm", "Ivanova", "Sepp", "Kask", "Petrov", "Õun", "Rebane", "Mägi", "Saar")
STATUSES = (RequestStatus.NEW, RequestStatus.IN_PROGRESS, RequestStatus.AWAITING_IDENTITY)
ONE_BYTE_SPANS = "[[0, 6]]"


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows of each noun."""

    clients: int = 20_000
    consents: int = 60_000
    requests: int = 30_000
    entries: int = 100_000
    letters: int = 40_000

    def times(self, factor: int) -> "Size":
        """The same desk, so many times as big."""
        return Size(
            self.clients * factor,
            self.consents * factor,
            self.requests * factor,
            self.entries * factor,
            self.letters * factor,
        )


def reference(number: int) -> str:
    """The reference of the n-th case."""
    return f"NP-2025-{number:06d}"


class Filling:
    """Rows of one desk, table by table, in the order of their keys."""

    def __init__(self, house: House, size: Size, now: datetime) -> None:
        self._house, self._size, self._now = house, size, now.replace(microsecond=0)
        self._text = house.vault.seal_text("text", "secret text of a letter, " * 20)
        self._header = house.vault.seal_json(
            "header", {"messageId": "<m@example.com>", "from": "x@example.com"}
        )
        self._clocks: dict[date, Any] = {}

    def tables(self) -> list[tuple[str, Iterator[Row]]]:
        """(table, rows), parents first."""
        return [
            ("client", self._clients()),
            ("contact_address", self._addresses()),
            ("consent_event", self._consents()),
            ("request", self._requests()),
            ("request_item", self._items()),
            ("raw_letter", self._raws()),
            ("message", self._letters()),
            ("outbound_mail", self._outbound()),
            ("timeline_entry", self._entries()),
        ]

    def _arrived(self, number: int) -> datetime:
        """The later the number, the later the day."""
        share = (self._size.requests - number) / self._size.requests
        return self._now - timedelta(days=DAYS * share, minutes=number % 600)

    def _clock(self, at: datetime) -> Any:
        if at.date() not in self._clocks:
            self._clocks[at.date()] = clock(at)
        return self._clocks[at.date()]

    def _name(self, number: int) -> str:
        return f"{FIRST[number % 10]} {LAST[number // 10 % 10]} {number:06d}"

    def _clients(self) -> Iterator[Row]:
        for number in range(1, self._size.clients + 1):
            name = self._name(number)
            yield {
                "id": number,
                "external_id": f"C-{number}",
                "kind": ClientKind.LEGAL_PERSON if number % 7 == 0 else ClientKind.NATURAL_PERSON,
                "display_name": name,
                "name_folded": name.casefold(),
                "language": Language.ET,
                "version": 1,
                "created_at": self._now,
                "updated_at": self._now,
            }

    def _addresses(self) -> Iterator[Row]:
        for number in range(1, self._size.clients + 1):
            value = f"client{number}@example.com"
            yield {
                "id": number,
                "client_id": number,
                "kind": AddressKind.EMAIL,
                "value": value,
                "address_index": self._house.vault.address_index(value),
                "is_primary": True,
            }

    def _consents(self) -> Iterator[Row]:
        kinds = (ConsentEventKind.GIVEN, ConsentEventKind.WITHDRAWN, ConsentEventKind.REFUSED)
        for number in range(1, self._size.consents + 1):
            at = self._now - timedelta(days=number % 700 + 1, seconds=number % 86_400)
            yield {
                "id": number,
                "client_id": number % self._size.clients + 1,
                "purpose_id": number // self._size.clients % 4 + 1,
                "kind": kinds[number % 3],
                "at": at,
                "effective_at": at,
                "method": ConsentMethod.FORM,
                "actor_kind": ActorKind.SYSTEM,
                "actor_label": "import",
            }

    def _requests(self) -> Iterator[Row]:
        for number in range(1, self._size.requests + 1):
            at = self._arrived(number)
            dates = self._clock(at)
            is_open = number > self._size.requests * 9 // 10
            closed_at = None if is_open else at + timedelta(days=number % 35, hours=1)
            yield {
                "id": number,
                "reference": reference(number),
                "status": STATUSES[number % 3] if is_open else RequestStatus.CLOSED,
                "outcome": None if is_open else Outcome.GRANTED,
                "language": list(Language)[number % 3],
                "channel": Channel.EMAIL,
                "subject_id": number * 7 % self._size.clients + 1,
                "received_at": at,
                "received_on": dates.received_on,
                "nominal_on": dates.nominal_on,
                "due_on": dates.due_on,
                "unsuspended_due_on": dates.due_on,
                "internal_target_on": dates.internal_target_on,
                "target_on": dates.due_on,
                "suspended_days": 0,
                "assurance": Assurance.MATCHED,
                "identity_needed": Assurance.CONFIRMED,
                "legal_hold": False,
                "acknowledged_at": at + timedelta(seconds=number % 300),
                "closed_at": closed_at,
                "closed_on": closed_at.date() if closed_at else None,
                "version": 1,
                "updated_at": closed_at or at,
            }

    def _items(self) -> Iterator[Row]:
        kinds = list(RequestType)
        for number in range(1, self._size.requests + 1):
            yield {
                "id": number,
                "request_id": number,
                "type": kinds[number % len(kinds)],
                "purposes": "[]",
                "categories": "[]",
                "status": ItemStatus.OPEN,
            }

    def _raws(self) -> Iterator[Row]:
        for number in range(1, self._size.letters + 1):
            yield {
                "id": number,
                "digest": f"{number:064x}",
                "sha256": f"{number:064x}",
                "size": 500,
                "stored_at": self._now,
            }

    def _letters(self) -> Iterator[Row]:
        for number in range(1, self._size.letters + 1):
            at = self._arrived(number % self._size.requests + 1)
            dates = self._clock(at)
            owned = number <= self._size.requests
            fate = Fate.REGISTERED if owned else Fate.TRIAGE if number % 50 == 0 else Fate.IGNORED
            yield {
                "id": number,
                "request_id": number if owned else None,
                "raw_letter_id": number,
                "message_id_index": f"{number:064x}",
                "content_index": f"{number:064x}",
                "header_sealed": self._header,
                "from_index": f"{number % 997:064x}",
                "text_sealed": self._text,
                "new_spans": ONE_BYTE_SPANS,
                "sha256": f"{number:064x}",
                "folder": "INBOX",
                "received_at": at,
                "received_on": dates.received_on,
                "due_on": dates.due_on,
                "fate": fate,
                "answer_reasons": "[]",
                "spf": AuthResult.PASS,
                "dkim": AuthResult.PASS,
                "dmarc": AuthResult.PASS,
                "proven": True,
                "flags": "[]",
                "language": Language.ET,
                "confidence": 0.5,
                "possible_breach": False,
                "urgent": False,
                "version": 1,
                "read_at": at,
            }

    def _outbound(self) -> Iterator[Row]:
        for number in range(1, self._size.requests + 1):
            yield {
                "id": number,
                "request_id": number,
                "kind": LetterKind.ACKNOWLEDGEMENT,
                "language": Language.ET,
                "message_id": f"<ack.{number}@example.com>",
                "state": DeliveryState.SENT if number % 100 else DeliveryState.HELD,
                "hold_reasons": "[]",
                "automatic": True,
                "queued_at": self._now,
                "attempts": 1,
                "version": 1,
            }

    def _entries(self) -> Iterator[Row]:
        kinds = (TimelineKind.RECEIVED, TimelineKind.CLASSIFIED, TimelineKind.ACKNOWLEDGED)
        for number in range(1, self._size.entries + 1):
            yield {
                "id": number,
                "request_id": number % self._size.requests + 1,
                "kind": kinds[number * 3 // self._size.entries % 3],
                "at": self._now - timedelta(seconds=self._size.entries - number),
                "actor_kind": ActorKind.BOT,
                "actor_label": "mailbot",
                "summary": f"Something happened, line {number}.",
            }


def _batches(found: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(found, BATCH)):
        yield batch


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else _plain(value)


async def fill_postgres(url: str, filling: Filling) -> None:
    """By COPY; sequences go on after the last row, and the planner knows what is there."""
    client = await asyncpg.connect(url.replace("postgres://", "postgresql://", 1))
    try:
        for table, found in filling.tables():
            for batch in _batches(found):
                columns = list(batch[0])
                await client.copy_records_to_table(
                    table,
                    records=[[_plain(row[name]) for name in columns] for row in batch],
                    columns=columns,
                )
            await client.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
        await client.execute("VACUUM ANALYZE")
    finally:
        await client.close()


def fill_sqlite(url: str, filling: Filling) -> None:
    """In one transaction."""
    client = sqlite3.connect(url.removeprefix("sqlite://"))
    try:
        for table, found in filling.tables():
            for batch in _batches(found):
                columns = list(batch[0])
                marks = ", ".join("?" * len(columns))
                client.executemany(
                    f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
                    [[_text(row[name]) for name in columns] for row in batch],
                )
        client.commit()
        client.execute("ANALYZE")
        client.commit()
    finally:
        client.close()


async def fill(url: str, house: House, size: Size, now: datetime | None = None) -> None:
    """The register of `url`, migrated and empty, gets its rows."""
    filling = Filling(house, size, now or datetime.now(UTC))
    if url.startswith("sqlite"):
        fill_sqlite(url, filling)
    else:
        await fill_postgres(url, filling)
