"""Takes what is personal out of the register, as the map of personal columns says.

Inside the caller's transaction. Rows that others point at stay, without their words; what
only held personal data goes. Digests under our key stay: what was erased is recognised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tortoise.expressions import F

from models.acts.mailbox import settle_erased
from models.acts.work import Work
from models.database import rows
from models.erasure_log import Line
from models.personal import emptied, loses_row
from models.retention import addresses_kept
from models.tables import Attachment, Client, ContactAddress, DataSubjectRequest, Message, Tombstone
from models.vocabulary import Justification

LETTERS_ONLY = "letters_only"  # what a line says when the client itself stays
BY_CLIENT = ("contact_address", "representative", "contract", "consent_event", "disclosure")
BY_LETTER = ("attachment", "classification", "timeline_entry")
BY_CASE = (
    "outbound_mail", "timeline_entry", "request_item", "fulfilment_task", "extension",
    "question", "case_file", "access_package", "breach_decision", "breach_telling",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letters:
    """Keyed digests of letters that were wiped: of the bytes, and of what they say."""

    raw: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()


async def wipe(table: str, key: str, ids: Sequence[int]) -> None:
    """Empties, or deletes, the rows of `table` whose `key` is one of `ids`."""
    if not ids:
        return
    if loses_row(table):
        await rows(f"DELETE FROM {table} WHERE {key} IN ??", [list(ids)])
        return
    values = emptied(table)
    settings = ", ".join(f"{name} = {_literal(value)}" for name, value in values.items())
    await rows(f"UPDATE {table} SET {settings} WHERE {key} IN ??", [list(ids)])


def _literal(value: str | None) -> str:
    """NULL or one of the map's own constants."""
    return "NULL" if value is None else f"'{value}'"


async def wipe_letters(message_ids: Sequence[int]) -> Letters:
    """Letters to us: words, headers, bytes and files, wherever the same letter was seen."""
    if not message_ids:
        return Letters()
    ids = list(message_ids)
    raw = await rows(
        "SELECT id, digest FROM raw_letter WHERE id IN"
        " (SELECT raw_letter_id FROM message WHERE id IN ??"
        " UNION SELECT raw_letter_id FROM sighting WHERE message_id IN ??)",
        [ids, ids],
    )
    contents = await rows(
        "SELECT content_index FROM message WHERE id IN ?? AND content_index IS NOT NULL", [ids]
    )
    for table in BY_LETTER:
        await wipe(table, "message_id", ids)
    await wipe("message", "id", ids)
    await wipe("raw_letter", "id", [row["id"] for row in raw])
    await settle_erased([row["id"] for row in raw])
    return Letters(
        tuple(row["digest"] for row in raw), tuple(row["content_index"] for row in contents)
    )


async def wipe_cases(work: Work, request_ids: Sequence[int]) -> None:
    """Cases with their letters; number, dates, rights and outcomes stay, nobody's.

    The version first: an act that has read the case either comes before, and its words go too,
    or is too late.
    """
    ids = list(request_ids)
    await wipe("request", "id", ids)
    await DataSubjectRequest.filter(id__in=ids).update(
        subject_id=None, erased_at=work.now, updated_at=work.now, version=F("version") + 1
    )
    messages = await Message.filter(request_id__in=ids).values_list("id", flat=True)
    await wipe_letters([int(str(one)) for one in messages])
    items = await rows("SELECT id FROM request_item WHERE request_id IN ??", [ids])
    await wipe("category_decision", "item_id", [row["id"] for row in items])
    for table in BY_CASE:
        await wipe(table, "request_id", ids)


async def wipe_client(
    work: Work, client: Client, letters: Letters, reference: str | None = None
) -> None:
    """One client with everything on file; `letters` of its went before."""
    line = _line(work, client, letters, reference)
    for table in BY_CLIENT:
        await wipe(table, "client_id", [client.id])
    await wipe("client", "id", [client.id])
    await Client.filter(id=client.id).update(
        erased_at=work.now, updated_at=work.now, version=client.version + 1
    )
    if line.external:
        await bury(work, "client", [line.external])
    work.erased(line)


async def reduce_client(
    work: Work,
    client: Client,
    reason: Justification,
    until: date | None,
    letters: Letters,
    reference: str | None = None,
) -> None:
    """Leaves of a client what `reason` covers; the rest goes on the day after `until`."""
    await wipe("contact_address", "id", await _addresses_gone(client.id, reason))
    if reason is not Justification.CONTRACT_PERFORMANCE_NECESSITY:
        of_others = ContactAddress.filter(client_id=client.id, representative_id__not_isnull=True)
        await wipe("contact_address", "id", [one.id for one in await of_others])
        await wipe("representative", "client_id", [client.id])
    await wipe("consent_event", "client_id", [client.id])
    await Client.filter(id=client.id).update(
        erase_after=until or client.erase_after, updated_at=work.now, version=client.version + 1
    )
    kept_until = until.isoformat() if until else None
    work.erased(_line(work, client, letters, reference, reason.value, kept_until))


async def _addresses_gone(client_id: int, reason: Justification) -> list[int]:
    """All but one of each kind that stays, the primary one."""
    kinds, kept, gone = addresses_kept(reason), set(), []
    own = ContactAddress.filter(client_id=client_id, representative_id=None)
    for one in await own.order_by("-is_primary", "id"):
        if one.kind in kinds and one.kind not in kept:
            kept.add(one.kind)
        else:
            gone.append(one.id)
    return gone


async def leave_client(
    work: Work, client: Client, letters: Letters, reference: str | None = None
) -> None:
    """Only letters went: the log must know of them as well."""
    if letters.raw:
        work.erased(_line(work, client, letters, reference, LETTERS_ONLY))


async def loose_letters(client_id: int) -> list[int]:
    """Letters of no case that came from an address the client alone has on file."""
    found = await rows(
        "SELECT m.id FROM message m WHERE m.request_id IS NULL AND m.fate <> 'triage'"
        " AND m.from_index IN"
        " (SELECT address_index FROM contact_address WHERE client_id = ? AND kind = 'email')"
        " AND NOT EXISTS (SELECT 1 FROM contact_address o"
        " WHERE o.address_index = m.from_index AND o.client_id <> ?)",
        [client_id, client_id],
    )
    return [row["id"] for row in found]


async def is_cut(message: Message) -> bool:
    """Erased, or a file was taken out of it (a copy of an identity document)."""
    if not message.sha256:  # blank once erased; a letter in quarantine has no header either
        return True
    return await Attachment.exists(message_id=message.id, redacted_at__not_isnull=True)


async def bury(work: Work, noun: str, digests: Sequence[str]) -> None:
    """Tombstones, each once."""
    await Tombstone.bulk_create(
        [Tombstone(noun=noun, digest=digest, erased_at=work.now) for digest in digests],
        ignore_conflicts=True,
    )


def mark_of(work: Work, client: Client) -> str:
    """Proof that a row is still the same client, after any restore."""
    return work.house.vault.index("client-mark", f"{client.id}:{client.created_at.timestamp():.0f}")


def external_digest(work: Work, external_id: str) -> str:
    """Keyed digest of a key of the customer system."""
    return work.house.vault.index("client-external", external_id)


def _line(
    work: Work,
    client: Client,
    letters: Letters,
    reference: str | None = None,
    reduced_to: str | None = None,
    until: str | None = None,
) -> Line:
    return Line(
        at=work.now.isoformat(),
        client_id=client.id,
        mark=mark_of(work, client),
        external=external_digest(work, client.external_id)
        if client.external_id and not reduced_to
        else None,
        letters=letters.raw,
        contents=letters.contents,
        reduced_to=reduced_to,
        until=until,
        reference=reference,
    )
