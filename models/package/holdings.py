"""Where in a copy each personal column of the register stands: the map of data.json.

A column that models.personal puts into the copy stands here with its place in
`data.schema.json`; a test fails when one is on no map, or its place stays empty.
"""

from models.personal import in_package

PLACES: dict[str, dict[str, str]] = {
    "client": {
        "display_name": "data.person.name",
        "external_id": "data.person.externalId",
        "language": "data.person.language",
        "identifier_scheme": "data.person.identifierScheme",
        "identifier_sealed": "data.person.identifier",
        "relationship_ended_on": "data.person.relationshipEndedOn",
        "erase_after": "data.person.eraseAfter",
        "restricted_since": "data.person.restrictedSince",
        "restriction_reason": "data.person.restrictionReason",
    },
    "contact_address": {
        "kind": "data.person.addresses.kind",
        "value": "data.person.addresses.value",
        "verified_at": "data.person.addresses.verifiedAt",
        "is_primary": "data.person.addresses.isPrimary",
    },
    "representative": {"role": "data.person.representatives"},
    "contract": {
        "number": "data.person.contracts.number",
        "starts_on": "data.person.contracts.startsOn",
        "ends_on": "data.person.contracts.endsOn",
    },
    "consent_event": {"note_sealed": "data.consents.events.note"},
    "disclosure": {
        "recipient": "information.disclosures.recipient",
        "purpose": "information.disclosures.purpose",
    },
    "message": {
        "header_sealed": "data.lettersToUs.sender",
        "subject_sealed": "data.lettersToUs.subject",
        "text_sealed": "data.lettersToUs.text",
    },
    "attachment": {
        "name_sealed": "data.lettersToUs.attachments.name",
        "content_sealed": "data.lettersToUs.attachments.path",
        "sha256": "data.lettersToUs.attachments.sha256",
    },
    "request": {
        "their_reference": "data.requests.theirReference",
        "acting_for_sealed": "data.requests.actingFor",
    },
    "request_item": {"explanation_sealed": "data.requests.items.explanation"},
    "case_file": {
        "name_sealed": "files.name",
        "content_sealed": "files.path",
        "sha256": "files.sha256",
    },
    "outbound_mail": {
        "to_sealed": "data.lettersFromUs.to",
        "subject_sealed": "data.lettersFromUs.subject",
        "text_sealed": "data.lettersFromUs.text",
    },
    "timeline_entry": {"detail_sealed": "data.requests.notes.text"},
}


def unplaced(table: str) -> frozenset[str]:
    """Columns the copy is to hold that have no place in it, or the other way round."""
    return in_package(table) ^ frozenset(PLACES.get(table, {}))
