"""A field asked for alone has what it needs, and says the same as among all others."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from api.schema import build_schema
from api.settings import ApiSettings
from models.vocabulary import Role
from tests.api.desk import Door
from tests.api.seeds import Sample

CASE = 'requestByReference(reference: "NP-2026-0002") { %s }'
PLACES = [
    ("DataSubjectRequest", CASE),
    ("Client", CASE % "subject { %s }"),
    ("Consent", CASE % "subject { consents { %s } }"),
    ("ConsentPurpose", CASE % "subject { consents { purpose { %s } } }"),
    ("Deadline", CASE % "deadline { %s }"),
    ("Identity", CASE % "identity { %s }"),
    ("TimelineEntry", CASE % "timeline { nodes { %s } }"),
    ("TimelineEntry", CASE % "lastEntry { %s }"),
    ("DataSubjectRequest", "requests(first: 5) { nodes { %s } }"),
    ("DataSubjectRequest", "requests(first: 5) { edges { node { %s } } }"),
    ("Client", "clients(first: 5) { nodes { %s } }"),
]
TITLE = "title(language: ET)"


def fields(schema: GraphQLSchema, kind: str, levels: int = 1) -> Iterator[str]:
    """What can be asked of a type: its own words, and those of what hangs below."""
    found: Any = schema.type_map[kind]
    for name, field in found.fields.items():
        inside = get_named_type(field.type)
        if any(isinstance(one.type, GraphQLNonNull) for one in field.args.values()):
            if name == "title":
                yield TITLE
        elif not isinstance(inside, GraphQLObjectType | GraphQLInterfaceType):
            yield name
        elif levels and (below := " ".join(fields(schema, inside.name, levels - 1))):
            yield f"{name} {{ {below} }}"


@pytest.mark.parametrize(("kind", "place"), PLACES)
async def test_each_field_alone_says_what_it_says_among_all(
    door: Door, sample: Sample, kind: str, place: str
) -> None:
    schema = build_schema(ApiSettings.load({}, None))._schema
    asked = list(fields(schema, kind))
    assert len(asked) > 2
    whole = await door.ask(f"{{ {place % ' '.join(asked)} }}", Role.DPO)
    for one in asked:
        alone = await door.ask(f"{{ {place % one} }}", Role.DPO)
        assert _part(whole, alone) == alone, one


def _part(whole: Any, like: Any) -> Any:
    """Of an answer, what a smaller one holds too."""
    if isinstance(like, dict) and isinstance(whole, dict):
        return {key: _part(whole[key], one) for key, one in like.items()}
    if isinstance(like, list) and isinstance(whole, list):
        return [_part(one, other) for one, other in zip(whole, like, strict=True)]
    return whole
