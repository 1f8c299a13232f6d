"""Every role at every field and every act of the schema, by the table in tests.api.authority."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from api.ids import encode
from mailbot.model_facts import model_facts
from models.house import House
from models.tables import (
    AccessPackage,
    BreachDecision,
    BreachTelling,
    CaseFile,
    Client,
    DataSubjectRequest,
    Disclosure,
    Extension,
    FulfilmentTask,
    Heartbeat,
    Message,
    PolicyVersion,
)
from models.vocabulary import (
    ActorKind,
    BreachOutcome,
    DataCategory,
    ExtensionGround,
    Language,
    LawfulBasis,
    Role,
    TaskKind,
    TellingOutcome,
)
from tests.api.authority import ACTS, ANSWERS, LIVE, PLACES, QUESTIONS
from tests.api.byways import BYWAYS
from tests.api.desk import Door
from tests.api.seeds import CODE, NOW, TRAINED, Sample
from tests.api.test_access import everything
from tests.processes import ROOT

WORDS: dict[str, Any] = {
    "ID": encode("Client", 1),
    "Int": 1,
    "Boolean": True,
    "Date": "2026-01-01",
    "DateTime": "2026-01-01T00:00:00Z",
    "EmailAddress": "x@example.com",
    "Decimal": "9",
}


@cache
def schema() -> GraphQLSchema:
    """As it is published."""
    return build_schema((ROOT / "api" / "schema.graphql").read_text(encoding="utf-8"))


def fields(kind: str) -> dict[str, GraphQLField]:
    """Fields of an object type."""
    found = schema().type_map[kind]
    assert isinstance(found, GraphQLObjectType)
    return dict(found.fields)


def asked(name: str, field: GraphQLField) -> str:
    """The shortest selection of a field."""
    needed = [key for key, one in field.args.items() if is_required_argument(one)]
    given = f"({', '.join(f'{key}: ET' for key in needed)})" if needed else ""
    return name + given + ("" if is_leaf_type(get_named_type(field.type)) else " { __typename }")


def test_every_field_and_every_act_has_its_place() -> None:
    """What is new is placed by a person, not by chance."""
    roots = {"Query": QUESTIONS, "Mutation": ACTS, "Subscription": LIVE}
    placed = {name: set(one) for name, one in roots.items()}
    placed |= {name: set(one.split()) for name, one in ANSWERS.items()}
    placed |= {name: {*one.open_fields.split(), *one.guarded} for name, one in PLACES.items()}
    there = {
        name: set(kind.fields)
        for name, kind in schema().type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
    }
    assert placed == there


@pytest.fixture
async def full(sample: Sample, house: House) -> Sample:
    """The sample with what it has none of: an extension, an erasure, a package, a signature …"""
    await Heartbeat.create(name="bot", seen_at=NOW, detail={"classifier": model_facts()})
    await Extension.create(
        request=sample.case,
        until=NOW.date() + timedelta(days=90),
        ground=ExtensionGround.COMPLEXITY,
        explanation_sealed=house.vault.seal_text("note", "secret ground"),
        letter=sample.held,
        by_label="Person",
    )
    await DataSubjectRequest.filter(id=sample.case.id).update(breach_decide_by=NOW)
    await BreachDecision.create(
        request=sample.case,
        outcome=BreachOutcome.NOTIFIED,
        decide_by=NOW,
        notified_at=NOW + timedelta(hours=1),
        explanation_sealed=house.vault.seal_text("note", "secret incident"),
        delay_sealed=house.vault.seal_text("note", "secret delay"),
        decided_at=NOW,
        by_label="Person",
    )
    await BreachTelling.create(
        request=sample.case,
        outcome=TellingOutcome.TOLD,
        decide_by=NOW,
        told_at=NOW + timedelta(hours=2),
        explanation_sealed=house.vault.seal_text("note", "secret telling"),
        decided_at=NOW,
        by_label="Person",
    )
    await FulfilmentTask.create(
        request=sample.case, kind=TaskKind.SEARCH, system="CRM", created_at=NOW
    )
    await CaseFile.create(
        request=sample.case, category=DataCategory.CLIENT, size=1, sha256="0" * 64,
        name_sealed=house.vault.seal_text("file-name", "secret name"), added_at=NOW,
        by_label="Person",
    )  # fmt: skip
    await AccessPackage.create(
        request=sample.case, language=Language.ET, size=1, sha256="0" * 64, files=1, redactions=0,
        built_at=NOW, expires_at=NOW, by_label="Person",
    )  # fmt: skip
    await Disclosure.create(
        client=sample.mari, recipient="Registry", categories=["client"], purpose="domain",
        basis=LawfulBasis.CONTRACT, at=NOW, recorded_at=NOW, actor_kind=ActorKind.STAFF,
        actor_label="Person",
    )  # fmt: skip
    found = {"coversRequest": True, "problems": [], "signatures": []}
    await Message.filter(id=sample.letter.id).update(
        signature_sealed=house.vault.seal_json("signature", found)
    )
    await Client.filter(id=sample.mari.pk).update(
        restricted_since=NOW, restriction_reason="secret reason", restricted_by="Person"
    )
    await PolicyVersion.create(version="1", valid_from=TRAINED, sha256="0" * 64)
    return sample


def forbidden(answer: Any) -> set[str]:
    """Last names of the paths that were refused."""
    for error in answer.get("errors", ()):
        assert error.get("extensions", {}).get("code") == "FORBIDDEN", error
    return {error["path"][-1] for error in answer.get("errors", ())}


def objects(found: Any, kind: str) -> Iterator[dict[str, Any]]:
    """Objects of a type anywhere in an answer, with the fields that were asked."""
    if isinstance(found, dict):
        if found.get("__typename") == kind and len(found) > 1:
            yield found
        for one in found.values():
            yield from objects(one, kind)
    elif isinstance(found, list):
        for one in found:
            yield from objects(one, kind)


@pytest.mark.parametrize("role", list(Role))
async def test_every_field_is_seen_by_its_roles_only(door: Door, full: Sample, role: Role) -> None:
    """Others get null and FORBIDDEN at its path; what is open stays answered."""
    for kind, place in [*PLACES.items(), *BYWAYS]:
        wanted = " ".join(asked(*one) for one in fields(kind).items())
        query = f"{{ {place.path.replace('%', f'__typename {wanted}')} }}"
        answer = (await door.post(query, role)).json()
        seen = list(objects(answer.get("data"), kind))
        if role not in place.reach:
            assert forbidden(answer), (kind, answer)
            assert seen == [], kind
            continue
        hidden = {name for name, roles in place.guarded.items() if role not in roles}
        assert forbidden(answer) == hidden, (kind, answer)
        assert seen, kind
        assert all(one[name] is None for one in seen for name in hidden), kind


def example(kind: Any) -> Any:
    """A well-formed value of an input type."""
    if isinstance(kind, GraphQLNonNull):
        return example(kind.of_type)
    if isinstance(kind, GraphQLList):
        return [example(kind.of_type)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        needed = {k: f for k, f in kind.fields.items() if is_required_input_field(f)}
        return {name: example(field.type) for name, field in needed.items()}
    return WORDS.get(kind.name, "x")


@pytest.mark.parametrize("role", list(Role))
async def test_every_act_is_done_for_its_roles_only(door: Door, sample: Sample, role: Role) -> None:
    """Refused: null, FORBIDDEN, nothing changed, nothing sent. Others get past the guard."""
    before = await everything()
    for name, allowed in sorted(ACTS.items(), key=lambda one: role in one[1]):
        if role in allowed and before:
            assert await everything() == before
            before = []
        kind = fields("Mutation")[name].args["input"].type
        query = f"mutation A($i: {kind}!) {{ {name}(input: $i) {{ userErrors {{ code }} }} }}"
        answer = (await door.post(query.replace("!!", "!"), role, i=example(kind))).json()
        codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
        assert ("FORBIDDEN" in codes) == (role not in allowed), (name, answer)
        assert role in allowed or answer["data"] == {name: None}
    assert not before or await everything() == before


async def test_a_viewer_cannot_find_out_whose_code_it_is(door: Door, sample: Sample) -> None:
    """A search by a whole code finds its client for handlers only."""
    query = "query S($s: String!) { clients(search: $s) { nodes { displayName } } }"
    for role, found in ((Role.CASE_HANDLER, 1), (Role.VIEWER, 0), (Role.INTEGRATION, 0)):
        answer = await door.ask(query, role, s=CODE)
        assert len(answer["clients"]["nodes"]) == found
    cases = "query S($s: String!) { requests(where: {search: $s}) { nodes { id } } }"
    assert (await door.ask(cases, Role.VIEWER, s=CODE))["requests"]["nodes"] == []
    assert (await door.ask(cases, Role.DPO, s=CODE))["requests"]["nodes"]
