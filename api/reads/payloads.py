"""Objects after an act, read like in any question."""

from collections.abc import Sequence
from typing import Any

from api.call import Call
from api.reads.clients import clients_by_id
from api.reads.consents import consents_by_key
from api.reads.fulfilment import disclosures_by_id, tasks_by_id
from api.reads.letters import messages_by_id
from api.reads.levels import Read, attach, level
from api.reads.outbound import outbound_by_id
from api.reads.packages import packages_by_id
from api.reads.people import staff_by_id
from api.reads.register import policies_by_id
from api.reads.requests import requests_by_id
from api.selection import Chosen

# payload and field -> type, where its key stands in what the act said, how it is read
CHANGED: dict[tuple[str, str], tuple[str, str, Read]] = {
    ("MessageClassifyPayload", "message"): ("Message", "message_id", messages_by_id),
    ("MessageClassifyPayload", "request"): ("DataSubjectRequest", "request_id", requests_by_id),
    ("MessagePayload", "message"): ("Message", "message_id", messages_by_id),
    ("MessagePayload", "request"): ("DataSubjectRequest", "request_id", requests_by_id),
    ("OutboundMailPayload", "outboundMail"): ("OutboundMail", "outbound_id", outbound_by_id),
    ("RequestPayload", "request"): ("DataSubjectRequest", "request_id", requests_by_id),
    ("RequestPayload", "outboundMail"): ("OutboundMail", "outbound_id", outbound_by_id),
    ("PackagePayload", "package"): ("AccessPackage", "package_id", packages_by_id),
    ("PackagePayload", "request"): ("DataSubjectRequest", "request_id", requests_by_id),
    ("PassphrasePayload", "package"): ("AccessPackage", "package_id", packages_by_id),
    ("RequestFileRemovePayload", "request"): ("DataSubjectRequest", "request_id", requests_by_id),
    ("ConsentPayload", "consent"): ("Consent", "consent_key", consents_by_key),
    ("ConsentPayload", "client"): ("Client", "client_id", clients_by_id),
    ("ClientUpsertPayload", "client"): ("Client", "client_id", clients_by_id),
    ("StaffUpsertPayload", "staff"): ("Staff", "staff_id", staff_by_id),
    ("TaskPayload", "task"): ("FulfilmentTask", "task_id", tasks_by_id),
    ("TaskPayload", "request"): ("DataSubjectRequest", "request_id", requests_by_id),
    ("DisclosurePayload", "disclosure"): ("Disclosure", "disclosure_id", disclosures_by_id),
    ("DisclosurePayload", "client"): ("Client", "client_id", clients_by_id),
    ("RestrictionPayload", "client"): ("Client", "client_id", clients_by_id),
    ("PolicyPayload", "policyVersion"): ("PolicyVersion", "policy_version_id", policies_by_id),
}


async def _changed(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    kind, key, read = CHANGED[type(parents[0]).__name__, chosen.name]
    await attach(call, parents, chosen, kind, lambda parent: parent.row.get(key), read)


for _payload, _field in CHANGED:
    level(_payload, _field)(_changed)
