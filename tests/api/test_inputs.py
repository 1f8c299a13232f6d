"""Every input of the schema: its lists have an end, a wrong id is named, so is its place."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    get_named_type,
    get_nullable_type,
    is_required_input_field,
)

from api.ids import encode
from api.schema import build_schema
from api.settings import ApiSettings
from models.acts.access import create_token
from models.house import House
from models.shapes import SYSTEM
from models.tables import Client, Staff
from models.vocabulary import Role
from tests.api.authority import ACTS
from tests.api.desk import Door
from tests.api.seeds import Sample

SCHEMA = build_schema(ApiSettings.load({}, None))._schema
FITTING = {
    "String": "x", "Int": 1, "Boolean": False, "Decimal": "1", "Date": "2026-01-01",
    "DateTime": "2026-01-01T10:00:00Z", "EmailAddress": "mari@example.com",
}  # fmt: skip
NOUNS = {
    "id": "OutboundMail", "requestId": "DataSubjectRequest", "intoId": "DataSubjectRequest",
    "clientId": "Client", "messageId": "Message", "attachmentId": "Attachment",
    "staffId": "Staff", "taskId": "FulfilmentTask", "taskIds": "FulfilmentTask",
    "fileId": "CaseFile", "packageId": "AccessPackage",
}  # fmt: skip


def acts() -> Iterator[tuple[str, GraphQLInputObjectType]]:
    """Each mutation and its input."""
    assert SCHEMA.mutation_type is not None
    for name, field in SCHEMA.mutation_type.fields.items():
        kind = get_named_type(field.args["input"].type)
        assert isinstance(kind, GraphQLInputObjectType)
        yield name, kind


def filters() -> Iterator[tuple[str, GraphQLField, GraphQLInputObjectType]]:
    """Each question that takes a filter."""
    assert SCHEMA.query_type is not None
    for name, field in SCHEMA.query_type.fields.items():
        kind = get_named_type(field.args["where"].type) if "where" in field.args else None
        if isinstance(kind, GraphQLInputObjectType):
            yield name, field, kind


def a_value(kind: Any, name: str) -> Any:
    """What fits into a field, though it names nothing."""
    kind = get_nullable_type(kind)
    if isinstance(kind, GraphQLList):
        return [a_value(kind.of_type, name)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {
            below: a_value(field.type, below)
            for below, field in kind.fields.items()
            if is_required_input_field(field)
        }
    return encode(NOUNS[name], 999) if kind.name == "ID" else FITTING[kind.name]


def lists(kind: GraphQLInputObjectType, *above: object) -> Iterator[tuple[str, ...]]:
    """Paths of all lists in an input."""
    for name, field in kind.fields.items():
        if isinstance(get_nullable_type(field.type), GraphQLList):
            yield (name,)
        below = get_named_type(field.type)
        if isinstance(below, GraphQLInputObjectType) and below not in (kind, *above):
            yield from ((name, *rest) for rest in lists(below, kind, *above))


def too_long(kind: GraphQLInputObjectType, path: tuple[str, ...]) -> tuple[Any, list[str]]:
    """An input with 51 values in the list at `path`, and where that list then stands."""
    name, *rest = path
    inner = get_named_type(kind.fields[name].type)
    given, place = a_value(kind, ""), [name]
    if not rest:
        return given | {name: [a_value(inner, name)] * 51}, place
    value, below = too_long(inner, tuple(rest))
    if isinstance(get_nullable_type(kind.fields[name].type), GraphQLList):
        value, place = [value], [name, "0"]
    return given | {name: value}, [*place, *below]


async def errors(door: Door, name: str, kind: GraphQLInputObjectType, given: Any) -> Any:
    """What one act is refused for."""
    role = Role.DPO if Role.DPO in ACTS[name] else Role.ADMIN
    says = f"{name}(input: $i) {{ userErrors {{ code path message }} }}"
    query = f"mutation A($i: {kind.name}!) {{ {says} }}"
    return (await door.ask(query, role, i=given))[name]["userErrors"]


async def test_no_list_of_an_act_holds_more_than_fifty(door: Door) -> None:
    seen = 0
    for name, kind in acts():
        for path in lists(kind):
            given, place = too_long(kind, path)
            (error,) = await errors(door, name, kind, given)
            assert (error["code"], error["path"]) == ("INVALID", ["input", *place]), (name, path)
            assert "at most 50" in error["message"]
            seen += 1
    assert seen >= 15


async def test_no_list_of_a_filter_holds_more_than_fifty(door: Door) -> None:
    seen = 0
    for name, field, kind in filters():
        for path in lists(kind):
            given, _ = too_long(kind, path)
            where = field.args["where"].type
            query = f"query Q($w: {where}) {{ {name}(where: $w) {{ __typename }} }}"
            answer = (await door.post(query, Role.DPO, w=given)).json()
            assert "at most 50" in answer["errors"][0]["message"], (name, path)
            seen += 1
    assert seen >= 8


async def test_a_wrong_id_of_an_act_is_an_error_at_its_field(door: Door) -> None:
    """So that of two ids in one input one can tell which is meant."""
    seen = 0
    for name, kind in acts():
        for field, definition in kind.fields.items():
            if get_named_type(definition.type).name != "ID":
                continue
            is_list = isinstance(get_nullable_type(definition.type), GraphQLList)
            for wrong in ("x", encode("Suppression", 1)):
                given = a_value(kind, "") | {field: [wrong] if is_list else wrong}
                (error,) = await errors(door, name, kind, given)
                place = ["input", field, *(["0"] if is_list else [])]
                assert (error["code"], error["path"]) == ("INVALID", place), (name, field)
                assert f"`{field}`" in error["message"]
            seen += 1
    assert seen >= 45


def client(**more: Any) -> dict[str, Any]:
    """A client to write."""
    return {"externalId": "C-9", "kind": "NATURAL_PERSON", "displayName": "Mari"} | more


MAIL = {"kind": "EMAIL", "value": "mari@example.com"}
CONTRACT = {"number": "1", "startsOn": "2026-01-01"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"addresses": [MAIL, MAIL | {"value": " "}]}, "addresses.1.value"),
    ({"addresses": [MAIL, MAIL | {"value": "notanemail"}]}, "addresses.1.value"),
    ({"addresses": [MAIL | {"value": "Mari <mari@example.com>"}]}, "addresses.0.value"),
    ({"representatives": [{"name": "a"}, {"name": ""}]}, "representatives.1.name"),
    ({"representatives": [{"name": "a"}, {"name": "b", "role": ""}]}, "representatives.1.role"),
    (
        {"representatives": [{"name": "a", "addresses": [MAIL, MAIL | {"value": "a@b@c"}]}]},
        "representatives.0.addresses.1.value",
    ),
    ({"contracts": [CONTRACT, CONTRACT | {"number": ""}]}, "contracts.1.number"),
    ({"contracts": [CONTRACT, CONTRACT]}, "contracts.1.number"),
    (
        {"contracts": [CONTRACT, CONTRACT | {"number": "2", "endsOn": "2026-01-01"}]},
        "contracts.1.endsOn",
    ),
]


@pytest.mark.parametrize(("wrong", "path"), WRONG)
async def test_what_is_wrong_in_a_list_is_named_with_its_place(
    door: Door, wrong: dict[str, Any], path: str
) -> None:
    kind = SCHEMA.type_map["ClientUpsertInput"]
    assert isinstance(kind, GraphQLInputObjectType)
    (error,) = await errors(door, "clientUpsert", kind, client(**wrong))
    assert (error["code"], error["path"]) == ("INVALID", ["input", *path.split(".")])
    assert not await Client.exists()


async def test_only_an_email_address_must_look_like_one(door: Door) -> None:
    kind = SCHEMA.type_map["ClientUpsertInput"]
    assert isinstance(kind, GraphQLInputObjectType)
    others = [{"kind": one, "value": "5550000"} for one in ("PHONE", "POSTAL", "USERNAME")]
    odd = MAIL | {"value": "õnne.õun@näide.ee"}
    assert await errors(door, "clientUpsert", kind, client(addresses=[odd, *others])) == []


@pytest.mark.parametrize("email", ["uus", "a@b@c", "Uus <uus@example.com>", "uus@ex ample.com"])
async def test_a_colleague_has_an_address_that_can_be_written_to(door: Door, email: str) -> None:
    kind = SCHEMA.type_map["StaffUpsertInput"]
    assert isinstance(kind, GraphQLInputObjectType)
    given = {"name": "Uus", "email": email, "role": "VIEWER", "trainedOn": "2026-01-01"}
    (error,) = await errors(door, "staffUpsert", kind, given)
    assert (error["code"], error["path"]) == ("INVALID", ["input", "email"])
    assert not await Staff.filter(name="Uus").exists()


async def test_a_machine_called_like_a_colleague_has_keys_of_its_own(
    door: Door, house: House, sample: Sample
) -> None:
    colleague = await Staff.get(role=Role.CASE_HANDLER)
    made = await create_token(house, SYSTEM, name=f"Staff:{colleague.id}", role=Role.INTEGRATION)
    door.tokens[Role.INTEGRATION] = made.token
    query = """mutation U($i: ClientUpsertInput!) { clientUpsert(input: $i) {
      isNew userErrors { code } } }"""
    given = client(idempotencyKey="one")
    first = (await door.ask(query, Role.CASE_HANDLER, i=given))["clientUpsert"]
    assert first == {"isNew": True, "userErrors": []}
    changed = given | {"displayName": "Mari Maasikas"}
    for name in ("theirs", "theirs again"):
        other = (await door.ask(query, Role.INTEGRATION, i=changed))["clientUpsert"]
        assert other == {"isNew": False, "userErrors": []}, name
    assert (await Client.get(external_id="C-9")).version == 2
