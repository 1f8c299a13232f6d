"""Tortoise tables under the nouns of the GraphQL schema.

Foreign keys never cascade: SQLite's table rebuilds would delete the children.
Instants are UTC. Columns named `…_sealed` are encrypted (models.sealed), columns
named `…_index` are keyed digests for look-up.
"""

from models.tables.access import (
    ApiToken,
    Heartbeat,
    IdempotencyKey,
    JournalEntry,
    JournalSeal,
    Staff,
)
from models.tables.clients import Client, ContactAddress, Contract, Representative
from models.tables.consents import ConsentEvent, ConsentPurpose, PolicyVersion, Suppression
from models.tables.letters import (
    Attachment,
    Classification,
    MailFolder,
    Message,
    OutboundMail,
    RawLetter,
    Sighting,
    SignedContainer,
)
from models.tables.packages import AccessPackage, CaseFile
from models.tables.registers import (
    BreachDecision,
    BreachTelling,
    CategoryDecision,
    Disclosure,
    FulfilmentTask,
    Lifting,
    Tombstone,
)
from models.tables.requests import (
    CaseNumber,
    DataSubjectRequest,
    Extension,
    Question,
    RequestItem,
    TimelineEntry,
)

__all__ = [
    "AccessPackage",
    "ApiToken",
    "Attachment",
    "BreachDecision",
    "BreachTelling",
    "CaseFile",
    "CaseNumber",
    "CategoryDecision",
    "Classification",
    "Client",
    "ConsentEvent",
    "ConsentPurpose",
    "ContactAddress",
    "Contract",
    "DataSubjectRequest",
    "Disclosure",
    "Extension",
    "FulfilmentTask",
    "Heartbeat",
    "IdempotencyKey",
    "JournalEntry",
    "JournalSeal",
    "Lifting",
    "MailFolder",
    "Message",
    "OutboundMail",
    "PolicyVersion",
    "Question",
    "RawLetter",
    "Representative",
    "RequestItem",
    "Sighting",
    "SignedContainer",
    "Staff",
    "Suppression",
    "TimelineEntry",
    "Tombstone",
]
