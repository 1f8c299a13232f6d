"""What an erasure or a breach decides, people's work for it, who was given data, what is gone."""

from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.vocabulary import (
    ActorKind,
    BreachOutcome,
    DataCategory,
    Justification,
    LawfulBasis,
    Outcome,
    TaskKind,
    TellingOutcome,
)


class CategoryDecision(Model):
    """What was decided of one data category of an erasure (policy clause 3, Art. 17)."""

    id = fields.IntField(primary_key=True)
    item_id: int
    item: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.RequestItem", related_name="decisions", on_delete=fields.RESTRICT
    )
    category = fields.CharEnumField(DataCategory, max_length=16)
    outcome = fields.CharEnumField(Outcome, max_length=24)
    basis = fields.CharEnumField(LawfulBasis, max_length=20, null=True)
    reason = fields.CharEnumField(Justification, max_length=40, null=True)
    keep_until = fields.DateField(null=True)  # null with a reason: the end is not known yet
    note_sealed = fields.BinaryField(null=True)
    decided_at = fields.DatetimeField()
    by_label = fields.CharField(max_length=80)
    by_staff_id: int | None
    by_staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="category_decisions", on_delete=fields.RESTRICT, null=True
    )

    class Meta:
        table = "category_decision"
        unique_together = (("item", "category"),)


class BreachDecision(Model):
    """What was decided about a possible breach, the newest stands, all are kept (Art. 33(5))."""

    id = fields.IntField(primary_key=True)
    request_id: int
    request: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="breach_decisions", on_delete=fields.RESTRICT
    )
    outcome = fields.CharEnumField(BreachOutcome, max_length=16)
    decide_by = fields.DatetimeField()  # the end of the 72 hours it was made for
    notified_at = fields.DatetimeField(null=True)  # null: the Inspectorate was not told
    explanation_sealed = fields.BinaryField(null=True)  # null once erased
    delay_sealed = fields.BinaryField(null=True)  # why later than 72 hours
    decided_at = fields.DatetimeField()
    by_label = fields.CharField(max_length=80)
    by_staff_id: int | None
    by_staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="breach_decisions", on_delete=fields.RESTRICT, null=True
    )

    class Meta:
        table = "breach_decision"
        indexes = [Index(fields=("request_id", "id"), name="breach_decision_request")]


class BreachTelling(Model):
    """Whether the people concerned were told of a breach, all are kept (Art. 34)."""

    id = fields.IntField(primary_key=True)
    request_id: int
    request: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="breach_tellings", on_delete=fields.RESTRICT
    )
    outcome = fields.CharEnumField(TellingOutcome, max_length=16)
    decide_by = fields.DatetimeField()  # which breach: the end of its 72 hours
    told_at = fields.DatetimeField(null=True)  # null: they were not told
    explanation_sealed = fields.BinaryField(null=True)  # null once erased
    decided_at = fields.DatetimeField()
    by_label = fields.CharField(max_length=80)
    by_staff_id: int | None
    by_staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="breach_tellings", on_delete=fields.RESTRICT, null=True
    )

    class Meta:
        table = "breach_telling"
        indexes = [Index(fields=("request_id", "id"), name="breach_telling_request")]


class FulfilmentTask(Model):
    """Work for people in another system, or a recipient to be told (Art. 19)."""

    id = fields.IntField(primary_key=True)
    request_id: int
    request: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="tasks", on_delete=fields.RESTRICT
    )
    kind = fields.CharEnumField(TaskKind, max_length=20)
    system = fields.CharField(max_length=200)
    category = fields.CharEnumField(DataCategory, max_length=16, null=True)
    message_id: int | None
    message: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Message", related_name="tasks", on_delete=fields.RESTRICT, null=True
    )
    detail_sealed = fields.BinaryField(null=True)  # which letter; null once it was done
    created_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)
    is_skipped = fields.BooleanField(default=False)  # settled with a reason, not done
    done_by = fields.CharField(max_length=80, null=True)
    done_by_staff_id: int | None
    done_by_staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="tasks", on_delete=fields.RESTRICT, null=True
    )
    note_sealed = fields.BinaryField(null=True)

    class Meta:
        table = "fulfilment_task"
        indexes = [
            Index(fields=("request_id", "id"), name="task_request"),
            Index(fields=("done_at", "id"), name="task_done"),
        ]


class Disclosure(Model):
    """A transfer of a client's data to somebody else (policy clauses 5.3, 5.4, 7)."""

    id = fields.IntField(primary_key=True)
    client_id: int
    client: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Client", related_name="disclosures", on_delete=fields.RESTRICT
    )
    recipient = fields.CharField(max_length=200)
    categories: Any = fields.JSONField()
    purpose = fields.CharField(max_length=300)
    basis = fields.CharEnumField(LawfulBasis, max_length=20)
    at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    actor_kind = fields.CharEnumField(ActorKind, max_length=12)
    actor_label = fields.CharField(max_length=80)
    staff_id: int | None
    staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="disclosures", on_delete=fields.RESTRICT, null=True
    )

    class Meta:
        table = "disclosure"
        indexes = [Index(fields=("client_id", "at", "id"), name="disclosure_client")]


class Lifting(Model):
    """A restriction that is to end: only once its letter was sent and its day has come."""

    id = fields.IntField(primary_key=True)
    client_id: int
    client: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Client", related_name="liftings", on_delete=fields.RESTRICT, db_index=True
    )
    letter_id: int
    letter: fields.OneToOneRelation[Any] = fields.OneToOneField(
        "models.OutboundMail", related_name="lifting", on_delete=fields.RESTRICT
    )
    lifted_on = fields.DateField()
    by_label = fields.CharField(max_length=80)
    by_staff_id: int | None
    by_staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="liftings", on_delete=fields.RESTRICT, null=True
    )
    ended_at = fields.DatetimeField(null=True)  # lifted, or the letter did not arrive

    class Meta:
        table = "lifting"


class Tombstone(Model):
    """A keyed digest of what was erased, so that it never comes back as new."""

    id = fields.IntField(primary_key=True)
    noun = fields.CharField(max_length=10)  # client (its external id), letter, content
    digest = fields.CharField(max_length=64)  # keyed
    erased_at = fields.DatetimeField()

    class Meta:
        table = "tombstone"
        unique_together = (("noun", "digest"),)
