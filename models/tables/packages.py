"""What goes to the person: files staff add to a case, and the access package (Art. 15, 20)."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import Channel, DataCategory, Language


class CaseFile(Model):
    """A file a colleague added to a case, the name is only a label."""

    id = fields.IntField(primary_key=True)
    request_id: int
    request: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest", related_name="files", on_delete=fields.RESTRICT, db_index=True
    )
    name_sealed = fields.BinaryField(null=True)  # null once removed
    category = fields.CharEnumField(DataCategory, max_length=16)  # policy clause 3
    is_provided = fields.BooleanField(default=False)  # by the person: may be ported (Art. 20)
    size = fields.IntField()
    sha256 = fields.CharField(max_length=64)
    content_sealed = fields.BinaryField(null=True)  # null once removed
    added_at = fields.DatetimeField()
    by_label = fields.CharField(max_length=80)
    by_staff_id: int | None
    by_staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="files", on_delete=fields.RESTRICT, null=True
    )
    removed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "case_file"


class AccessPackage(Model):
    """One built package, content and passphrase go, what was handed over stays on record."""

    id = fields.IntField(primary_key=True)
    request_id: int
    request: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.DataSubjectRequest",
        related_name="packages",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    language = fields.CharEnumField(Language, max_length=2)
    size = fields.IntField()
    sha256 = fields.CharField(max_length=64)  # of the ZIP
    files = fields.IntField()
    redactions = fields.IntField()
    content_sealed = fields.BinaryField(null=True)  # null once expired or replaced
    passphrase_sealed = fields.BinaryField(null=True)  # null once handed over
    built_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    by_label = fields.CharField(max_length=80)
    by_staff_id: int | None
    by_staff: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Staff", related_name="packages", on_delete=fields.RESTRICT, null=True
    )
    shown_at = fields.DatetimeField(null=True)  # the passphrase, to a colleague, once
    shown_key_index = fields.CharField(max_length=64, null=True)  # of that call, for its repeat
    channel = fields.CharEnumField(Channel, max_length=10, null=True)
    passphrase_channel = fields.CharEnumField(Channel, max_length=10, null=True)
    handed_over_at = fields.DatetimeField(null=True)
    handed_over_by = fields.CharField(max_length=80, null=True)
    removed_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "access_package"
