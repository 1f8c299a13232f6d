"""Who may come in, what they did, and whether the bot is alive (Art. 5(2), 32, clause 6.2)."""

from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.vocabulary import ActorKind, Role


class Staff(Model):
    """A person with a role, without a training date nobody gets in (clause 6.2)."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=120)
    email = fields.CharField(max_length=320, unique=True)
    role = fields.CharEnumField(Role, max_length=14)
    trained_on = fields.DateField(null=True)
    is_active = fields.BooleanField(default=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "staff"


class ApiToken(Model):
    """A bearer token: 256 random bits, only their SHA-256 is kept."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=80, unique=True)
    digest = fields.CharField(max_length=64, unique=True)
    role = fields.CharEnumField(Role, max_length=14)
    staff_id: int | None
    staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="tokens", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)
    used_at = fields.DatetimeField(null=True)  # the last time, to half a minute

    class Meta:
        table = "api_token"


class JournalEntry(Model):
    """One operation that wrote or read personal data, ids only, in commit order."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    actor_kind = fields.CharEnumField(ActorKind, max_length=12)
    actor_label = fields.CharField(max_length=80)
    staff_id: int | None
    staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="journal", on_delete=fields.RESTRICT, null=True
    )
    action = fields.CharField(max_length=60)
    targets: Any = fields.JSONField()  # ["Client:7", …]
    operation = fields.CharField(max_length=120, null=True)
    call_id = fields.CharField(max_length=40, null=True)
    detail: Any = fields.JSONField(null=True)

    class Meta:
        table = "journal_entry"
        indexes = [
            Index(fields=("action", "id"), name="journal_action"),
            Index(fields=("staff_id", "id"), name="journal_staff"),
        ]


class JournalSeal(Model):
    """A sealed batch of the journal, the digests form a chain."""

    number = fields.IntField(primary_key=True, generated=False)
    last_entry_id = fields.BigIntField()
    entries = fields.IntField()
    digest = fields.CharField(max_length=64)  # keyed, over the seal before and every row
    row_digests = (
        fields.BinaryField()
    )  # id and digest of each row, to name the one that does not fit
    sealed_at = fields.DatetimeField()

    class Meta:
        table = "journal_seal"


class IdempotencyKey(Model):
    """Same key and same input: the first answer again."""

    id = fields.IntField(primary_key=True)
    caller = fields.CharField(max_length=80)
    key = fields.CharField(max_length=80)
    input_digest = fields.CharField(max_length=64)
    answer: Any = fields.JSONField()
    at = fields.DatetimeField()

    class Meta:
        table = "idempotency_key"
        unique_together = (("caller", "key"),)


class Heartbeat(Model):
    """When a long-running part was last seen, and what it measured."""

    name = fields.CharField(max_length=40, primary_key=True)
    seen_at = fields.DatetimeField()
    detail: Any = fields.JSONField(default=dict)

    class Meta:
        table = "heartbeat"
