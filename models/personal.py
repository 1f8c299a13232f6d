"""The map of every personal column of the register: erasure, package and journal read it.

Pure. A column of any table stands either in `PERSONAL` or in `PLAIN`; a test fails when a
new one stands in neither. What a column named here holds never goes into the journal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.vocabulary import DataCategory

PSEUDONYM = "–"  # what stands where a name stood


class OnErasure(StrEnum):
    """What an erasure, or the end of retention, does to a column."""

    EMPTY = "empty"  # null
    BLANK = "blank"  # an empty text, where the column must hold one
    PSEUDONYM = "pseudonym"
    ROW = "row"  # the whole row goes
    KEEP = "keep"  # stays; `why` says why


@dataclass(frozen=True, slots=True)
class Personal:
    """One column: category of policy clause 3, what erasing does, whether a copy holds it.

    `left_out` says why a copy (Art. 15(3)) does not hold it; where in a copy the others stand
    is said in models.package.holdings.
    """

    category: DataCategory
    on_erasure: OnErasure
    in_package: bool = False
    why: str = ""
    left_out: str = ""


_CLIENT, _SAID = DataCategory.CLIENT, DataCategory.COMMUNICATION
_E, _B, _P, _R, _K = tuple(OnErasure)
_NO_EMPLOYEES = "who acted: consultations are told without employees' names"
_WORKER = Personal(_CLIENT, _K, why="who acted, not whose data: Art. 5(2)", left_out=_NO_EMPLOYEES)
_DIGEST = "a keyed digest, so that what was erased never comes back as new"
_ITSELF = "what it was made of stands in the copy itself"
_IN_LETTER = "stands in the letter to the person"
_PROOF = "how an identity was proven is kept from whoever might pose as the person (Art. 32)"
_INCIDENT = "about what happened to data of many, not about the person who told of it"
_AMONG_US = "a working note on one step; what was decided stands in the letter to the person"


def _all(columns: str, row: Personal) -> dict[str, Personal]:
    return dict.fromkeys(columns.split(), row)


def _sealed(left_out: str) -> Personal:
    return Personal(_SAID, _E, left_out=left_out)


_WORDS = Personal(_SAID, _E, in_package=True)

PERSONAL: dict[str, dict[str, Personal]] = {
    "client": {
        **_all("external_id language identifier_sealed", Personal(_CLIENT, _E, True)),
        **_all("identifier_scheme relationship_ended_on", Personal(_CLIENT, _E, True)),
        **_all("restricted_since restriction_reason", Personal(_CLIENT, _E, True)),
        **_all("identifier_masked identifier_index", Personal(_CLIENT, _E, left_out=_ITSELF)),
        **_all("erase_after", Personal(_CLIENT, _E, True)),
        "restricted_by": _WORKER,
        "display_name": Personal(_CLIENT, _P, True),
        "name_folded": Personal(_CLIENT, _B, left_out=_ITSELF),
    },
    "contact_address": {
        **_all("kind value verified_at is_primary", Personal(_CLIENT, _R, True)),
        "address_index": Personal(_CLIENT, _R, left_out=_ITSELF),
    },
    "representative": {
        "name": Personal(_CLIENT, _R, left_out="another person's (Art. 15(4))"),
        "role": Personal(_CLIENT, _R, True),
    },
    "contract": _all("number starts_on ends_on", Personal(_CLIENT, _R, True)),
    "consent_event": {
        "note_sealed": Personal(_CLIENT, _E, True),
        "subject_index": Personal(
            _CLIENT, _K, why="a keyed digest: proof of a withdrawal", left_out=_ITSELF
        ),
        "evidence_sha256": Personal(_SAID, _B, left_out=_ITSELF),
        "actor_label": _WORKER,
    },
    "disclosure": {
        "recipient": Personal(_CLIENT, _K, True, "proof of Art. 19: the client has no name left"),
        "purpose": Personal(_CLIENT, _B, True),
        "actor_label": _WORKER,
    },
    "suppression": {
        "address_index": Personal(
            _CLIENT, _K, why="the promise not to write outlives the data", left_out=_ITSELF
        ),
    },
    "tombstone": {
        "digest": Personal(_CLIENT, _K, why=_DIGEST, left_out="of what the register holds no more"),
    },
    "message": {
        **_all("header_sealed subject_sealed text_sealed", _WORDS),
        **_all("new_spans from_index message_id_index", _sealed(_ITSELF)),
        "signature_sealed": _sealed(
            "what a check of the enclosed container found: the file stands"
        ),
        "sha256": Personal(_SAID, _B, left_out=_ITSELF),
        "content_index": Personal(_SAID, _K, why=_DIGEST, left_out=_ITSELF),
    },
    "raw_letter": {
        "sealed": _sealed("the same letter stands in the copy as it was read"),
        "sha256": Personal(_SAID, _B, left_out=_ITSELF),
        "digest": Personal(_SAID, _K, why=_DIGEST, left_out=_ITSELF),
    },
    "attachment": {
        **_all("name_sealed content_sealed", Personal(_SAID, _R, True)),
        "sha256": Personal(_SAID, _R, True),
    },
    "classification": {"evidence_sealed": _sealed(_ITSELF)},
    "signed_container": {
        "digest": Personal(
            _SAID, _K, why="a keyed digest: a container proves only once", left_out=_ITSELF
        ),
    },
    "request": {
        **_all("their_reference acting_for_sealed", _WORDS),
        **_all("identity_evidence_sealed identity_note_sealed", _sealed(_PROOF)),
        "answer_to_sealed": _sealed("addresses of which the copy holds those on file"),
        "identity_by": _WORKER,
    },
    "request_item": {"explanation_sealed": _WORDS, "answer_sealed": _sealed(_IN_LETTER)},
    "category_decision": {"note_sealed": _sealed(_AMONG_US), "by_label": _WORKER},
    "breach_decision": {
        **_all("explanation_sealed delay_sealed", _sealed(_INCIDENT)),
        "by_label": _WORKER,
    },
    "breach_telling": {"explanation_sealed": _sealed(_INCIDENT), "by_label": _WORKER},
    "fulfilment_task": {
        "detail_sealed": Personal(
            _SAID, _K, why="names the letter until a person deleted it", left_out=_ITSELF
        ),
        "note_sealed": _sealed(_AMONG_US),
        "done_by": _WORKER,
    },
    "extension": {"explanation_sealed": _sealed(_IN_LETTER), "by_label": _WORKER},
    "question": {"text_sealed": _sealed(_IN_LETTER), "by_label": _WORKER},
    "case_file": {
        **_all("name_sealed content_sealed", Personal(DataCategory.CONTENT, _E, True)),
        "sha256": Personal(DataCategory.CONTENT, _B, True),
        "by_label": _WORKER,
    },
    "access_package": {
        **_all("content_sealed passphrase_sealed", _sealed("the copy itself, and its key")),
        "sha256": Personal(
            _SAID, _K, why="proof of what was handed over", left_out="of the copy itself"
        ),
        **_all("by_label handed_over_by", _WORKER),
    },
    "outbound_mail": {
        **_all("to_sealed subject_sealed text_sealed", _WORDS),
        **_all("raw_sealed to_index to_domain_index", _sealed(_ITSELF)),
        "last_response": _sealed("reply codes of a mail server: they name nobody"),
        "message_id": Personal(
            _SAID, _K, why="a keyed digest: an answer to it finds its case", left_out=_ITSELF
        ),
    },
    "timeline_entry": {"detail_sealed": _WORDS, "actor_label": _WORKER},
    "lifting": {"by_label": _WORKER},
    "staff": _all(
        "name email",
        Personal(_CLIENT, _K, why="staff, as long as their acts are kept", left_out=_NO_EMPLOYEES),
    ),
    "api_token": {"name": _WORKER},
    "journal_entry": {"actor_label": _WORKER},
    "idempotency_key": {"caller": _WORKER},
}

# What says nothing about a person: keys, states, dates of our own work, counts.
PLAIN: dict[str, str] = {
    "access_package": "id language size files redactions built_at expires_at shown_at"
    " shown_key_index channel passphrase_channel handed_over_at removed_at version by_staff_id"
    " request_id",
    "api_token": "id digest role created_at expires_at revoked_at used_at staff_id",
    "attachment": "id media_type size redacted_at message_id",
    "breach_decision": "id outcome decide_by notified_at decided_at by_staff_id request_id",
    "breach_telling": "id outcome decide_by told_at decided_at by_staff_id request_id",
    "case_file": "id category is_provided size added_at removed_at by_staff_id request_id",
    "case_number": "year last_number",
    "category_decision": "id category outcome basis reason keep_until decided_at by_staff_id"
    " item_id",
    "classification": "id labels purposes language decision confidence possible_breach model at"
    " corrected_by_id message_id",
    "client": "id kind erased_at version created_at updated_at",
    "consent_event": "id kind at effective_at expires_on language method actor_kind client_id"
    " message_id policy_version_id purpose_id staff_id",
    "consent_purpose": "id code title_et title_en title_ru lawful_basis is_active",
    "contact_address": "id client_id representative_id",
    "contract": "id client_id",
    "disclosure": "id categories basis at recorded_at actor_kind client_id staff_id",
    "extension": "id until ground notified_on by_staff_id letter_id request_id",
    "fulfilment_task": "id kind system category created_at done_at is_skipped done_by_staff_id"
    " message_id request_id",
    "heartbeat": "name seen_at detail",
    "idempotency_key": "id key input_digest answer at",
    "journal_entry": "id at actor_kind action targets operation call_id detail staff_id",
    "journal_seal": "number last_entry_id entries digest row_digests sealed_at",
    "lifting": "id lifted_on ended_at by_staff_id client_id letter_id",
    "mail_folder": "id name uidvalidity first_contact_at reconciled_at",
    "message": "id folder received_at received_on due_on fate automatic answer_reasons spf dkim"
    " dmarc trusted_by proven flags language confidence possible_breach urgent version read_at"
    " claims_request_id request_id raw_letter_id",
    "outbound_mail": "id kind language state hold_reasons automatic queued_at next_attempt_at"
    " claimed_by attempts sent_at copied_at version answers_id request_id",
    "policy_version": "id version valid_from sha256",
    "question": "id ground asked_at waiting_from answered_on by_staff_id request_id letter_id",
    "raw_letter": "id size stored_at",
    "representative": "id client_id",
    "request": "id reference status outcome language channel received_at received_on nominal_on"
    " due_on unsuspended_due_on internal_target_on target_on suspended_days breach_decide_by"
    " assurance identity_needed identity_method identity_verified_at legal_hold erased_at"
    " acknowledged_at closed_at closed_on version updated_at assignee_id duplicate_of_id"
    " subject_id",
    "request_item": "id type purposes categories status outcome reason received_at effective_at"
    " decided_at decided_by_id request_id",
    "sighting": "id folder uidvalidity uid received_at seen_at fate reason attempts by_replay"
    " marked_at message_id raw_letter_id",
    "signed_container": "id at message_id",
    "staff": "id role trained_on is_active version",
    "suppression": "id purpose since source",
    "timeline_entry": "id kind at actor_kind summary message_id request_id staff_id",
    "tombstone": "id noun erased_at",
}
_ALSO_OTHER_THINGS = {"kind", "language", "number", "role", "name", "digest", "purpose"}
NEVER_IN_JOURNAL = (
    frozenset(
        name for columns in PERSONAL.values() for name, row in columns.items() if row is not _WORKER
    )
    - _ALSO_OTHER_THINGS
)


def loses_row(table: str) -> bool:
    """Whether an erasure takes whole rows of this table."""
    return any(row.on_erasure is OnErasure.ROW for row in PERSONAL[table].values())


def emptied(table: str) -> dict[str, Any]:
    """What an erasure writes into a row of this table: column -> value."""
    values = {OnErasure.EMPTY: None, OnErasure.BLANK: "", OnErasure.PSEUDONYM: PSEUDONYM}
    return {
        name: values[row.on_erasure]
        for name, row in PERSONAL[table].items()
        if row.on_erasure in values
    }


def in_package(table: str) -> frozenset[str]:
    """Columns of this table that a copy for the person holds."""
    return frozenset(name for name, row in PERSONAL[table].items() if row.in_package)


def named_in(detail: Any) -> frozenset[str]:
    """Personal columns a detail for the journal names, however deep; it must name none."""
    if isinstance(detail, Mapping):
        inner = [named_in(value) for value in detail.values()]
        return frozenset(map(str, detail)) & NEVER_IN_JOURNAL | frozenset().union(*inner)
    if isinstance(detail, list | tuple):
        return frozenset().union(*map(named_in, detail))
    return frozenset()
