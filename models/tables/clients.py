"""Clients with addresses, representatives and contracts."""

from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.names import NAME_MAX
from models.vocabulary import AddressKind, ClientKind, IdentifierScheme, Language


class Client(Model):
    """A customer, past or present (policy clause 1)."""

    id = fields.IntField(primary_key=True)
    external_id = fields.CharField(max_length=64, null=True, unique=True)
    kind = fields.CharEnumField(ClientKind, max_length=16)
    display_name = fields.CharField(max_length=200)
    name_folded = fields.CharField(max_length=NAME_MAX)  # models.names.folded: prefix search
    language = fields.CharEnumField(Language, max_length=2, null=True)
    identifier_scheme = fields.CharEnumField(IdentifierScheme, max_length=20, null=True)
    identifier_sealed = fields.BinaryField(null=True)
    identifier_masked = fields.CharField(max_length=32, null=True)
    identifier_index = fields.CharField(max_length=64, null=True)
    relationship_ended_on = fields.DateField(null=True)
    erase_after = fields.DateField(null=True)  # clause 8.2: two years later
    restricted_since = fields.DatetimeField(null=True)  # Art. 18
    restriction_reason = fields.CharField(max_length=200, null=True)
    restricted_by = fields.CharField(max_length=80, null=True)
    erased_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "client"
        indexes = [
            Index(fields=("name_folded", "id"), name="client_name"),
            Index(fields=("identifier_index",), name="client_identifier"),
            Index(fields=("erase_after", "id"), name="client_erase"),
        ]


class Representative(Model):
    """A person who acts for a client (policy clause 3)."""

    id = fields.IntField(primary_key=True)
    client_id: int
    client: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Client", related_name="representatives", on_delete=fields.RESTRICT, db_index=True
    )
    name = fields.CharField(max_length=200)
    role = fields.CharField(max_length=80, null=True)

    class Meta:
        table = "representative"


class ContactAddress(Model):
    """An address on file, of the client or of its representative."""

    id = fields.IntField(primary_key=True)
    client_id: int
    client: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Client", related_name="addresses", on_delete=fields.RESTRICT, db_index=True
    )
    representative_id: int | None
    representative: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Representative",
        related_name="addresses",
        on_delete=fields.RESTRICT,
        null=True,
        db_index=True,
    )
    kind = fields.CharEnumField(AddressKind, max_length=10)
    value = fields.CharField(max_length=320)
    address_index = fields.CharField(max_length=64)
    verified_at = fields.DatetimeField(null=True)
    is_primary = fields.BooleanField(default=False)

    class Meta:
        table = "contact_address"
        indexes = [Index(fields=("address_index",), name="contact_address_lookup")]


class Contract(Model):
    """A contract, the period is half-open, a null end means it runs."""

    id = fields.IntField(primary_key=True)
    client_id: int
    client: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Client", related_name="contracts", on_delete=fields.RESTRICT, db_index=True
    )
    number = fields.CharField(max_length=40)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)

    class Meta:
        table = "contract"
        unique_together = (("client", "number"),)
