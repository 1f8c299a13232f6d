"""The consent ledger, what it is about, and the promises not to write (GDPR Art. 7, 21)."""

from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.vocabulary import (
    ActorKind,
    AskedPurpose,
    ConsentEventKind,
    ConsentMethod,
    Language,
    LawfulBasis,
    Purpose,
)


class ConsentPurpose(Model):
    """A purpose of policy clause 5.2 that rests on consent."""

    id = fields.IntField(primary_key=True)
    code = fields.CharEnumField(Purpose, max_length=12, unique=True)
    title_et = fields.CharField(max_length=120)
    title_en = fields.CharField(max_length=120)
    title_ru = fields.CharField(max_length=120)
    lawful_basis = fields.CharEnumField(LawfulBasis, max_length=20)
    is_active = fields.BooleanField(default=True)

    class Meta:
        table = "consent_purpose"


class PolicyVersion(Model):
    """One published version of the policy (clause 11), `sha256` of its text."""

    id = fields.IntField(primary_key=True)
    version = fields.CharField(max_length=40, unique=True)
    valid_from = fields.DateField()
    sha256 = fields.CharField(max_length=64)

    class Meta:
        table = "policy_version"


class ConsentEvent(Model):
    """One line of the append-only ledger (ISO/IEC TS 27560).

    Without a client the subject is `subject_index`, the keyed digest of the address.
    """

    id = fields.IntField(primary_key=True)
    client_id: int | None
    client: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Client", related_name="consent_events", on_delete=fields.RESTRICT, null=True
    )
    subject_index = fields.CharField(max_length=64, null=True)
    purpose_id: int
    purpose: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.ConsentPurpose", related_name="events", on_delete=fields.RESTRICT
    )
    kind = fields.CharEnumField(ConsentEventKind, max_length=12)
    at = fields.DatetimeField()
    effective_at = fields.DatetimeField()
    expires_on = fields.DateField(null=True)  # last local day of a consent with an end
    policy_version_id: int | None
    policy_version: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.PolicyVersion", related_name="events", on_delete=fields.RESTRICT, null=True
    )
    language = fields.CharEnumField(Language, max_length=2, null=True)
    method = fields.CharEnumField(ConsentMethod, max_length=8)
    message_id: int | None
    message: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Message", related_name="consent_events", on_delete=fields.RESTRICT, null=True
    )
    evidence_sha256 = fields.CharField(max_length=64, null=True)
    actor_kind = fields.CharEnumField(ActorKind, max_length=12)
    actor_label = fields.CharField(max_length=80)
    staff_id: int | None
    staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="consent_events", on_delete=fields.RESTRICT, null=True
    )
    note_sealed = fields.BinaryField(null=True)

    class Meta:
        table = "consent_event"
        indexes = [
            Index(
                fields=("client_id", "purpose_id", "effective_at", "id"), name="consent_event_fold"
            ),
            Index(fields=("subject_index",), name="consent_event_subject"),
            Index(fields=("message_id",), name="consent_event_message"),
        ]


class Suppression(Model):
    """A promise not to write to an address, survives erasure, never listed in clear."""

    id = fields.IntField(primary_key=True)
    address_index = fields.CharField(max_length=64)
    purpose = fields.CharEnumField(AskedPurpose, max_length=12)
    since = fields.DatetimeField()
    source = fields.CharField(max_length=40)  # mail, staff, import

    class Meta:
        table = "suppression"
        unique_together = (("address_index", "purpose"),)
