"""Letters to us: triage, ignored, quarantine, the letters of a case, verdicts, attachments."""

from collections.abc import Sequence
from typing import Any

from api.call import Call
from api.ids import encode
from api.paging import Order, window
from api.reads.levels import Shape, attach, computed, connect, fill, level, pages_by, put, row_ids
from api.reads.listing import listed_page
from api.reads.people import staff_by_id
from api.reads.request_filters import Conditions
from api.reads.requests import requests_by_id
from api.reads.rows import Row, grouped, instant, listed
from api.reads.seen import letter_roles, withheld
from api.selection import Chosen, Selected
from api.types.letters import (
    Attachment,
    Classification,
    Evidence,
    MailAuthentication,
    Message,
    MessageConnection,
    MessageEdge,
)
from models.database import rows
from models.vocabulary import (
    AskedPurpose,
    AuthResult,
    AutomaticKind,
    Fate,
    Language,
    ReadingFlag,
    RequestType,
)

KIND = "Message"
_COLUMNS = (
    "m.id, m.request_id, m.claims_request_id, m.folder, m.received_at, m.received_on, m.due_on,"
    " m.fate, m.automatic, m.answer_reasons, m.spf, m.dkim, m.dmarc, m.trusted_by, m.flags,"
    " m.language, m.confidence, m.possible_breach, m.urgent, m.sha256, m.version"
)
_SEALED = {
    "from": ("header_sealed",),
    "messageId": ("header_sealed",),
    "subject": ("subject_sealed",),
    "text": ("text_sealed",),
    "newText": ("text_sealed", "new_spans"),
    "signature": ("signature_sealed",),
}
BY_DUE = Order("MESSAGE_DUE", "m.due_on", "due_on", "date", "m.id")
BY_RECEIPT = Order("MESSAGE_RECEIVED", "m.received_at", "received_at", "instant", "m.id")
NEWEST = Order("MESSAGE_NEWEST", "m.received_at", "received_at", "instant", "m.id", True)


def columns(places: Sequence[Selected]) -> str:
    """What to read of `message m`: sealed columns only where they are asked for."""
    extra = dict.fromkeys(
        name
        for field, names in _SEALED.items()
        for name in names
        if any(place.has(field) for place in places)
    )
    return _COLUMNS + "".join(f", m.{name}" for name in extra)


def make(call: Call, row: Row) -> Message:
    """The view of one row; what was read stands in the journal."""
    call.touch(KIND, row["id"])
    made = Message(
        id=encode(KIND, row["id"]),
        received_at=instant(row["received_at"]),
        version=row["version"],
        folder=row["folder"],
        fate=Fate(row["fate"]),
        automatic=AutomaticKind(row["automatic"]) if row["automatic"] else None,
        flags=[ReadingFlag(flag) for flag in listed(row["flags"])],
        answer_reasons=listed(row["answer_reasons"]),
        is_urgent=bool(row["urgent"]),
        possible_breach=bool(row["possible_breach"]),
        confidence=row["confidence"],
        language=Language(row["language"]),
        sha256=row["sha256"],
    )
    made.row = row
    return made


SHAPE = Shape(KIND, MessageConnection, MessageEdge, make)


async def message_page(
    call: Call,
    chosen: Chosen,
    first: int | None,
    after: str | None,
    found: Conditions,
    order: Order,
) -> MessageConnection:
    """One page of letters that meet `found`."""
    asked = window(order, first, after)
    made: MessageConnection = await listed_page(
        call, SHAPE, columns(SHAPE.nodes(chosen)), "message m", found, asked, chosen
    )
    return made


async def messages_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Letters by row number, for whoever was let through to them."""
    return await _made(call, await _of_ids(ids, selected), selected)


async def letters_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Letters by row number, an error for each that the caller may not see."""
    got = await _of_ids(ids, selected)
    denied = withheld(call, got, letter_roles)
    shown = [row for row in got if row["id"] not in denied]
    return {**await _made(call, shown, selected), **denied}


async def _of_ids(ids: Sequence[int], selected: Selected) -> list[Row]:
    return await rows(f"SELECT {columns([selected])} FROM message m WHERE m.id IN ??", [ids])


async def _made(call: Call, got: Sequence[Row], selected: Selected) -> dict[int, Any]:
    made = {row["id"]: make(call, row) for row in got}
    await fill(call, KIND, list(made.values()), selected)
    return made


@level("DataSubjectRequest", "messages")
async def _of_requests(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    asked = window(BY_RECEIPT, chosen.args(call).get("first"), chosen.args(call).get("after"))
    ids = row_ids(parents)
    keyset, place = asked.condition()
    got = await rows(
        f"SELECT * FROM (SELECT {columns(SHAPE.nodes(chosen))}, row_number() OVER (PARTITION BY"
        f" m.request_id ORDER BY m.received_at, m.id) AS place FROM message m"
        f" WHERE m.request_id IN ?? AND {keyset}) ranked WHERE place <= ?"
        " ORDER BY received_at, id",
        [ids, *place, asked.limit],
    )
    pages = pages_by(got, "request_id", parents, asked)
    totals = await _totals(ids) if chosen.of("MessageConnection").has("totalCount") else {}
    counts = [totals.get(key, 0) for key in ids]
    made = await connect(call, SHAPE, pages, asked, chosen, counts)
    for parent, one in zip(parents, made, strict=True):
        parent.children[chosen.key] = one


async def _totals(ids: Sequence[int]) -> dict[int, int]:
    got = await rows(
        "SELECT request_id, count(*) AS n FROM message WHERE request_id IN ?? GROUP BY request_id",
        [ids],
    )
    return {row["request_id"]: row["n"] for row in got}


@computed(KIND, "from")
async def _from(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda one: _header(call, one).get("from"))


@computed(KIND, "messageId")
async def _message_id(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda one: _header(call, one).get("messageId"))


def _header(call: Call, message: Message) -> dict[str, Any]:
    return call.house.vault.open_json("header", message.row["header_sealed"]) or {}


@computed(KIND, "subject")
async def _subject(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    vault = call.house.vault
    put(parents, chosen, lambda one: vault.open_text("subject", one.row["subject_sealed"]))


@computed(KIND, "text")
async def _text(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    vault = call.house.vault
    put(parents, chosen, lambda one: vault.open_text("text", one.row["text_sealed"]))


@computed(KIND, "newText")
async def _new_text(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda one: _new_words(call, one.row))


def _new_words(call: Call, row: Row) -> str | None:
    text = call.house.vault.open_text("text", row["text_sealed"])
    if text is None:
        return None
    return "\n".join(text[start:end] for start, end in listed(row["new_spans"]) or ()).strip()


@computed(KIND, "authentication")
async def _authentication(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(
        parents,
        chosen,
        lambda one: MailAuthentication(
            spf=AuthResult(one.row["spf"]),
            dkim=AuthResult(one.row["dkim"]),
            dmarc=AuthResult(one.row["dmarc"]),
            trusted_by=one.row["trusted_by"],
        ),
    )


@level(KIND, "request")
async def _request(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(
        call,
        parents,
        chosen,
        "DataSubjectRequest",
        lambda one: one.row["request_id"],
        requests_by_id,
    )


@level(KIND, "claimsRequest")
async def _claims(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(
        call,
        parents,
        chosen,
        "DataSubjectRequest",
        lambda one: one.row["claims_request_id"],
        requests_by_id,
    )


@level(KIND, "attachments")
async def _attachments(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    ids = row_ids(parents)
    got = await rows(
        "SELECT id, message_id, name_sealed, media_type, size, sha256, redacted_at"
        " FROM attachment WHERE message_id IN ?? ORDER BY message_id, id",
        [ids],
    )
    groups = grouped(got, "message_id")
    put(parents, chosen, lambda one: [_attachment(call, r) for r in groups.get(one.row["id"], [])])


def _attachment(call: Call, row: Row) -> Attachment:
    return Attachment(
        id=encode("Attachment", row["id"]),
        name=call.house.vault.open_text("attachment-name", row["name_sealed"]) or "",
        media_type=row["media_type"],
        size=row["size"],
        sha256=row["sha256"],
        is_removed=row["redacted_at"] is not None,
    )


# the newest verdict of a letter counts; of a case, that of its first letter
_VERDICT = (
    "c.id, c.message_id, c.labels, c.purposes, c.language, c.confidence, c.possible_breach,"
    " c.model, c.at, c.corrected_by_id"
)


async def _verdicts(
    call: Call, parents: Sequence[Any], chosen: Chosen, column: str, order: str
) -> None:
    selected = chosen.of("Classification")
    sealed = ", c.evidence_sealed" if selected.has("evidence") else ""
    ids = row_ids(parents)
    got = await rows(
        f"SELECT * FROM (SELECT {column} AS parent_id, {_VERDICT}{sealed}, row_number() OVER"
        f" (PARTITION BY {column} ORDER BY {order}) AS place FROM classification c"
        f" JOIN message m ON m.id = c.message_id WHERE {column} IN ??) ranked"
        " WHERE place = 1",
        [ids],
    )
    made = {row["parent_id"]: _verdict(row) for row in got}
    put(parents, chosen, lambda parent: made.get(parent.row["id"]))
    await fill(call, "Classification", list(made.values()), selected)


@level(KIND, "classification")
async def _of_message(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await _verdicts(call, parents, chosen, "m.id", "c.id DESC")


@level(KIND, "verdicts")
async def _all_of_message(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    selected = chosen.of("Classification")
    sealed = ", c.evidence_sealed" if selected.has("evidence") else ""
    got = await rows(
        f"SELECT {_VERDICT}{sealed} FROM classification c WHERE c.message_id IN ?? ORDER BY c.id",
        [row_ids(parents)],
    )
    groups = {
        key: [_verdict(row) for row in found] for key, found in grouped(got, "message_id").items()
    }
    put(parents, chosen, lambda parent: groups.get(parent.row["id"], []))
    await fill(
        call, "Classification", [one for found in groups.values() for one in found], selected
    )


@level("DataSubjectRequest", "classification")
async def _of_request(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await _verdicts(call, parents, chosen, "m.request_id", "m.received_at, m.id, c.id DESC")


def _verdict(row: Row) -> Classification:
    made = Classification(
        types=[RequestType(label) for label in listed(row["labels"])],
        purposes=[AskedPurpose(purpose) for purpose in listed(row["purposes"])],
        confidence=row["confidence"],
        language=Language(row["language"]),
        possible_breach=bool(row["possible_breach"]),
        model=row["model"],
        corrected_at=instant(row["at"]) if row["corrected_by_id"] is not None else None,
    )
    made.row = row
    return made


@level("Classification", "correctedBy")
async def _corrected_by(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(call, parents, chosen, "Staff", lambda v: v.row["corrected_by_id"], staff_by_id)


@computed("Classification", "evidence")
async def _evidence(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda one: _words(call, one.row["evidence_sealed"]))


def _words(call: Call, sealed: bytes | None) -> list[Evidence]:
    return [
        Evidence(
            label=RequestType(word["label"]),
            text=word["text"],
            start=word["start"],
            end=word["end"],
            weight=word["weight"],
            in_subject=word.get("in_subject", False),
        )
        for word in call.house.vault.open_json("evidence", sealed) or ()
    ]
