"""Fields that will go say what takes their place and when, and who still asks is counted."""

import re

from graphql import build_schema, parse

from api.deprecated import asked_for, fields_going
from api.documents import Documents
from api.metrics import Metrics
from api.schema import build_schema as desk_schema
from api.settings import ApiSettings

REASON = re.compile(r"Use `\w+`\. Goes on (\d{4}-\d{2}-\d{2})\.")
GOING = build_schema(
    """type Query {
        old: Case @deprecated(reason: "Use `cases`. Goes on 2027-03-01.")
        cases: [Case]
    }
    type Case implements Named { name: String, title: String @deprecated(reason: "Use `name`.") }
    interface Named { name: String }"""
)


def untold(reasons: dict[str, str]) -> list[str]:
    """Places whose reason names nothing instead, or no day."""
    return [place for place, reason in reasons.items() if not REASON.fullmatch(reason)]


def test_every_deprecated_field_of_ours_says_what_to_use_and_when_it_goes() -> None:
    schema = desk_schema(ApiSettings.load({}, None))._schema
    assert untold(fields_going(schema)) == []


def test_a_reason_without_a_day_is_found() -> None:
    assert untold(fields_going(GOING)) == ["Case.title"]
    assert fields_going(GOING)["Query.old"].startswith("Use `cases`.")


def test_a_document_tells_which_fields_it_asks_for_will_go() -> None:
    tree = parse("query Q { old { ...T } cases { name ...T } } fragment T on Case { title }")
    assert asked_for(GOING, tree) == ("Query.old", "Case.title")
    assert Documents(GOING, [], tokens=100, hints=False).read("{ cases { name } }").deprecated == ()
    kept = Documents(GOING, [], tokens=100, hints=False).read("{ cases { title } }")
    assert kept.deprecated == ("Case.title",)


def test_each_operation_that_asks_is_counted() -> None:
    metrics = Metrics()
    metrics.deprecated(["Query.old", "Case.title"])
    metrics.deprecated(["Query.old"])
    value = metrics.registry.get_sample_value
    assert value("netpro_deprecated_fields_total", {"field": "Query.old"}) == 2
