"""Letters in and out: the mailbox ledger, messages with their verdicts, the outbox."""

from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.vocabulary import (
    AuthResult,
    AutomaticKind,
    Decision,
    DeliveryState,
    Fate,
    Language,
    LetterKind,
)


class MailFolder(Model):
    """One mailbox folder under one UIDVALIDITY, `first_contact_at` decides what is old."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=255)
    uidvalidity = fields.BigIntField()
    first_contact_at = fields.DatetimeField()
    reconciled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "mail_folder"
        unique_together = (("name", "uidvalidity"),)


class RawLetter(Model):
    """The bytes as fetched, sealed, one row however often they are seen."""

    id = fields.IntField(primary_key=True)
    digest = fields.CharField(max_length=64, unique=True)  # keyed
    sha256 = fields.CharField(max_length=64)
    size = fields.IntField()  # bytes of the whole letter, even when the copy is cut
    sealed = fields.BinaryField(null=True)  # null once retention or erasure removed it
    stored_at = fields.DatetimeField()

    class Meta:
        table = "raw_letter"


class Sighting(Model):
    """The mailbox ledger: one row for each (folder, UIDVALIDITY, UID) ever seen."""

    id = fields.IntField(primary_key=True)
    folder = fields.CharField(max_length=255)
    uidvalidity = fields.BigIntField()
    uid = fields.BigIntField()
    raw_letter_id: int | None
    raw_letter: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.RawLetter", related_name="sightings", on_delete=fields.RESTRICT, null=True
    )
    received_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    fate = fields.CharEnumField(Fate, max_length=12)
    reason = fields.CharField(max_length=80, null=True)
    message_id: int | None
    message: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Message", related_name="sightings", on_delete=fields.RESTRICT, null=True
    )
    attempts = fields.IntField(default=0)
    by_replay = fields.BooleanField(default=False)  # is a replay's, not the bot's
    marked_at = fields.DatetimeField(null=True)  # when it got its keyword in the mailbox

    class Meta:
        table = "sighting"
        unique_together = (("folder", "uidvalidity", "uid"),)
        indexes = [
            Index(fields=("fate", "id"), name="sighting_fate"),
            Index(fields=("raw_letter_id",), name="sighting_raw"),
            Index(fields=("message_id",), name="sighting_message"),
        ]


class Message(Model):
    """A letter to us, read, triage, quarantine and the ignored are states of it."""

    id = fields.IntField(primary_key=True)
    request_id: int | None
    request: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="messages", on_delete=fields.RESTRICT, null=True
    )
    raw_letter_id: int
    raw_letter: fields.OneToOneRelation[Any] = fields.OneToOneField(
        "models.RawLetter", related_name="reading", on_delete=fields.RESTRICT
    )
    message_id_index = fields.CharField(max_length=64, null=True)
    content_index = fields.CharField(max_length=64, null=True)  # same letter by another road
    header_sealed = fields.BinaryField(null=True)  # JSON: messageId, from, replyTo, to
    from_index = fields.CharField(max_length=64, null=True)
    subject_sealed = fields.BinaryField(null=True)
    text_sealed = fields.BinaryField(null=True)
    new_spans: Any = fields.JSONField(null=True)
    sha256 = fields.CharField(max_length=64)
    folder = fields.CharField(max_length=255)
    received_at = fields.DatetimeField()
    received_on = fields.DateField()
    due_on = fields.DateField()  # the clock it has, or would have as a request (R11)
    fate = fields.CharEnumField(Fate, max_length=12)
    automatic = fields.CharEnumField(AutomaticKind, max_length=16, null=True)
    answer_reasons: Any = fields.JSONField(default=list)
    spf = fields.CharEnumField(AuthResult, max_length=10, default=AuthResult.NONE)
    dkim = fields.CharEnumField(AuthResult, max_length=10, default=AuthResult.NONE)
    dmarc = fields.CharEnumField(AuthResult, max_length=10, default=AuthResult.NONE)
    trusted_by = fields.CharField(max_length=255, null=True)
    proven = fields.BooleanField(default=False)
    signature_sealed = fields.BinaryField(null=True)  # JSON, see models.acts.filing
    flags: Any = fields.JSONField(default=list)
    language = fields.CharEnumField(Language, max_length=2)
    confidence = fields.FloatField()
    possible_breach = fields.BooleanField(default=False)
    urgent = fields.BooleanField(default=False)
    claims_request_id: int | None
    claims_request: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="claimed_by", on_delete=fields.RESTRICT, null=True
    )
    version = fields.IntField(default=1)
    read_at = fields.DatetimeField()

    class Meta:
        table = "message"
        indexes = [
            Index(fields=("request_id", "received_at", "id"), name="message_request"),
            Index(fields=("fate", "due_on", "id"), name="message_fate_due"),
            Index(fields=("message_id_index",), name="message_header_id"),
            Index(fields=("content_index",), name="message_content"),
            Index(fields=("from_index", "received_at"), name="message_from"),
            Index(fields=("claims_request_id",), name="message_claims"),
        ]


class Classification(Model):
    """What the classifier, or later a person, understood, the newest row counts."""

    id = fields.IntField(primary_key=True)
    message_id: int
    message: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Message", related_name="classifications", on_delete=fields.RESTRICT
    )
    labels: Any = fields.JSONField()
    purposes: Any = fields.JSONField()
    language = fields.CharEnumField(Language, max_length=2)
    decision = fields.CharEnumField(Decision, max_length=8)
    confidence = fields.FloatField()
    possible_breach = fields.BooleanField(default=False)
    evidence_sealed = fields.BinaryField(null=True)
    model = fields.CharField(max_length=80)
    at = fields.DatetimeField()
    corrected_by_id: int | None
    corrected_by: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="corrections", on_delete=fields.RESTRICT, null=True
    )

    class Meta:
        table = "classification"
        indexes = [Index(fields=("message_id", "id"), name="classification_message")]


class SignedContainer(Model):
    """A signed container, or one signature of it, that has proven an identity: once only."""

    id = fields.IntField(primary_key=True)
    digest = fields.CharField(max_length=64, unique=True)  # keyed
    message_id: int
    message: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Message", related_name="containers", on_delete=fields.RESTRICT, db_index=True
    )
    at = fields.DatetimeField()

    class Meta:
        table = "signed_container"


class Attachment(Model):
    """A file that came with a letter, the name is only a label."""

    id = fields.IntField(primary_key=True)
    message_id: int
    message: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Message", related_name="attachments", on_delete=fields.RESTRICT, db_index=True
    )
    name_sealed = fields.BinaryField()
    media_type = fields.CharField(max_length=127)
    size = fields.IntField()
    sha256 = fields.CharField(max_length=64)
    content_sealed = fields.BinaryField(null=True)  # null once redacted
    redacted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "attachment"


class OutboundMail(Model):
    """A letter of ours: the exact bytes, and how far they got."""

    id = fields.IntField(primary_key=True)
    request_id: int | None
    request: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="outbound", on_delete=fields.RESTRICT, null=True
    )
    answers_id: int | None
    answers: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Message", related_name="answered_by", on_delete=fields.RESTRICT, null=True
    )
    kind = fields.CharEnumField(LetterKind, max_length=20)
    language = fields.CharEnumField(Language, max_length=2)
    message_id = fields.CharField(max_length=200, unique=True)  # deterministic: never twice
    to_sealed = fields.BinaryField(null=True)
    to_index = fields.CharField(max_length=64, null=True)
    to_domain_index = fields.CharField(max_length=64, null=True)
    subject_sealed = fields.BinaryField(null=True)
    text_sealed = fields.BinaryField(null=True)
    raw_sealed = fields.BinaryField(null=True)
    state = fields.CharEnumField(DeliveryState, max_length=10)
    hold_reasons: Any = fields.JSONField(default=list)
    automatic = fields.BooleanField(default=True)
    queued_at = fields.DatetimeField()
    next_attempt_at = fields.DatetimeField(null=True)
    claimed_by = fields.BigIntField(null=True)  # the bot that took it, see mailbot.presence
    attempts = fields.IntField(default=0)
    sent_at = fields.DatetimeField(null=True)
    copied_at = fields.DatetimeField(null=True)  # a copy lies in SENT_FOLDER
    last_response = fields.CharField(max_length=300, null=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "outbound_mail"
        indexes = [
            Index(fields=("state", "next_attempt_at", "id"), name="outbound_due"),
            Index(fields=("request_id", "id"), name="outbound_request"),
            Index(fields=("queued_at", "kind"), name="outbound_queued"),
            Index(fields=("to_index", "queued_at"), name="outbound_to"),
            Index(fields=("to_domain_index", "queued_at"), name="outbound_to_domain"),
            Index(fields=("answers_id",), name="outbound_answers"),
            Index(fields=("copied_at", "sent_at"), name="outbound_copied"),
        ]
