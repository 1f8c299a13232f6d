"""Cases: the request, its items, its extension, its timeline."""

from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.vocabulary import (
    ActorKind,
    Assurance,
    Channel,
    ExtensionGround,
    IdentityMethod,
    ItemStatus,
    Justification,
    Language,
    Outcome,
    RequestStatus,
    RequestType,
    TimelineKind,
)


class CaseNumber(Model):
    """The last number given out in a year, only ever grows."""

    year = fields.IntField(primary_key=True, generated=False)
    last_number = fields.IntField()

    class Meta:
        table = "case_number"


class DataSubjectRequest(Model):
    """One case, many rights (GDPR Art. 12, 15-22)."""

    id = fields.IntField(primary_key=True)
    reference = fields.CharField(max_length=20, unique=True)  # NP-YYYY-NNNN
    their_reference = fields.CharField(max_length=30, null=True)
    status = fields.CharEnumField(RequestStatus, max_length=24)
    outcome = fields.CharEnumField(Outcome, max_length=24, null=True)
    language = fields.CharEnumField(Language, max_length=2, null=True)
    channel = fields.CharEnumField(Channel, max_length=10)
    subject_id: int | None
    subject: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Client", related_name="requests", on_delete=fields.RESTRICT, null=True
    )
    acting_for_sealed = fields.BinaryField(null=True)
    received_at = fields.DatetimeField()
    received_on = fields.DateField()
    nominal_on = fields.DateField(null=True)  # null with due_on: no statutory clock (R11)
    due_on = fields.DateField(null=True)
    unsuspended_due_on = fields.DateField(null=True)
    internal_target_on = fields.DateField()
    target_on = fields.DateField()  # due_on, else internal_target_on: what the queue sorts by
    suspended_days = fields.IntField(default=0)
    breach_decide_by = fields.DatetimeField(null=True)  # Art. 33; null when nothing waits
    assurance = fields.CharEnumField(Assurance, max_length=10)
    identity_needed = fields.CharEnumField(Assurance, max_length=10)
    identity_method = fields.CharEnumField(IdentityMethod, max_length=20, null=True)
    identity_evidence_sealed = fields.BinaryField(null=True)  # JSON list of sentences
    identity_verified_at = fields.DatetimeField(null=True)
    identity_by = fields.CharField(max_length=80, null=True)
    identity_note_sealed = fields.BinaryField(null=True)
    assignee_id: int | None
    assignee: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="assigned", on_delete=fields.RESTRICT, null=True
    )
    duplicate_of_id: int | None
    duplicate_of: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="duplicates", on_delete=fields.RESTRICT, null=True
    )
    legal_hold = fields.BooleanField(default=False)
    answer_to_sealed = fields.BinaryField(null=True)  # JSON: addresses on file before an erasure
    erased_at = fields.DatetimeField(null=True)  # its words are gone, the dates stay
    acknowledged_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    closed_on = fields.DateField(null=True)
    version = fields.IntField(default=1)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "request"
        indexes = [
            Index(fields=("target_on", "id"), name="request_target"),
            Index(fields=("status", "target_on", "id"), name="request_status_target"),
            Index(fields=("received_at", "id"), name="request_received"),
            Index(fields=("received_on", "status", "language"), name="request_received_on"),
            Index(fields=("closed_on", "due_on", "status"), name="request_closed"),
            Index(fields=("updated_at", "id"), name="request_updated"),
            Index(fields=("subject_id", "received_at"), name="request_subject"),
            Index(fields=("assignee_id", "target_on"), name="request_assignee"),
            Index(fields=("duplicate_of_id",), name="request_duplicate"),
        ]


class RequestItem(Model):
    """One right asked for, with its own outcome."""

    id = fields.IntField(primary_key=True)
    request_id: int
    request: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="items", on_delete=fields.RESTRICT
    )
    type = fields.CharEnumField(RequestType, max_length=20)
    purposes: Any = fields.JSONField(default=list)
    categories: Any = fields.JSONField(default=list)  # what is corrected or frozen; empty: all
    status = fields.CharEnumField(ItemStatus, max_length=10)
    outcome = fields.CharEnumField(Outcome, max_length=24, null=True)
    reason = fields.CharEnumField(Justification, max_length=40, null=True)
    explanation_sealed = fields.BinaryField(null=True)
    answer_sealed = fields.BinaryField(null=True)  # what was done, in the recipient's language
    received_at = fields.DatetimeField(null=True)  # null: with the case
    effective_at = fields.DatetimeField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decided_by_id: int | None
    decided_by: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="decided_items", on_delete=fields.RESTRICT, null=True
    )

    class Meta:
        table = "request_item"
        unique_together = (("request", "type"),)
        indexes = [Index(fields=("type", "request_id"), name="request_item_type")]


class Extension(Model):
    """Art. 12(3): once, with reasons, pending until its letter is sent (R5)."""

    id = fields.IntField(primary_key=True)
    request_id: int
    request: fields.OneToOneRelation[Any] = fields.OneToOneField(
        "models.DataSubjectRequest", related_name="extension", on_delete=fields.RESTRICT
    )
    until = fields.DateField()
    ground = fields.CharEnumField(ExtensionGround, max_length=20)
    explanation_sealed = fields.BinaryField(null=True)  # null once erased
    letter_id: int
    letter: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.OutboundMail", related_name="extensions", on_delete=fields.RESTRICT
    )
    notified_on = fields.DateField(null=True)
    by_label = fields.CharField(max_length=80)
    by_staff_id: int | None
    by_staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="extensions", on_delete=fields.RESTRICT, null=True
    )

    class Meta:
        table = "extension"


class Question(Model):
    """A question that pauses the clock from the day its letter is sent until the answer (R7)."""

    id = fields.IntField(primary_key=True)
    request_id: int
    request: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="questions", on_delete=fields.RESTRICT
    )
    ground = fields.CharEnumField(Justification, max_length=40)
    text_sealed = fields.BinaryField(null=True)  # the stated doubt, or what was asked
    letter_id: int
    letter: fields.OneToOneRelation[Any] = fields.OneToOneField(
        "models.OutboundMail", related_name="question", on_delete=fields.RESTRICT
    )
    asked_at = fields.DatetimeField()
    waiting_from = fields.DateField(null=True)  # null until its letter was sent, or when it is lost
    answered_on = fields.DateField(null=True)
    by_label = fields.CharField(max_length=80)
    by_staff_id: int | None
    by_staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="questions", on_delete=fields.RESTRICT, null=True
    )

    class Meta:
        table = "question"
        indexes = [Index(fields=("request_id", "id"), name="question_request")]


class TimelineEntry(Model):
    """What happened to a case or a letter, in commit order, without personal data."""

    id = fields.BigIntField(primary_key=True)
    request_id: int | None
    request: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="timeline", on_delete=fields.RESTRICT, null=True
    )
    message_id: int | None
    message: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Message", related_name="timeline", on_delete=fields.RESTRICT, null=True
    )
    kind = fields.CharEnumField(TimelineKind, max_length=16)
    at = fields.DatetimeField()
    actor_kind = fields.CharEnumField(ActorKind, max_length=12)
    actor_label = fields.CharField(max_length=80)
    staff_id: int | None
    staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="timeline", on_delete=fields.RESTRICT, null=True
    )
    summary = fields.CharField(max_length=300)
    detail_sealed = fields.BinaryField(null=True)  # JSON

    class Meta:
        table = "timeline_entry"
        indexes = [
            Index(fields=("request_id", "id"), name="timeline_request"),
            Index(fields=("message_id", "id"), name="timeline_message"),
        ]
