"""How much one document may ask for."""

import pytest

from models.vocabulary import Role
from tests.api.desk import Door


def deep(levels: int) -> str:
    """A query of this depth."""
    inner = "reference"
    for _ in range(levels - 2):
        inner = f"duplicateOf {{ {inner} }}"
    return f'{{ requestByReference(reference: "NP-2026-0001") {{ {inner} }} }}'


async def refused(door: Door, query: str) -> bool:
    """Whether validation refused it for its size."""
    response = await door.post(query)
    if response.status_code != 422:
        return False
    return "LIMIT_EXCEEDED" in response.text


async def test_ten_levels_are_enough(door: Door) -> None:
    """The eleventh is refused."""
    assert not await refused(door, deep(10))
    assert await refused(door, deep(11))


async def test_fragments_do_not_hide_depth(door: Door) -> None:
    """A level is a level wherever it is written."""
    query = (
        '{ requestByReference(reference: "NP-2026-0001") { ...A } }'
        "fragment A on DataSubjectRequest { duplicateOf { duplicateOf { duplicateOf { ...B } } } }"
        "fragment B on DataSubjectRequest { duplicateOf { duplicateOf { duplicateOf"
        " { duplicateOf { duplicateOf { duplicateOf { id } } } } } } }"
    )
    assert await refused(door, query)


async def test_a_fragment_that_holds_itself_is_refused(door: Door) -> None:
    """And does not send the measure round and round."""
    response = await door.post(
        '{ requestByReference(reference: "x") { ...A } }'
        "fragment A on DataSubjectRequest { duplicateOf { ...A } }"
    )
    assert response.status_code == 422


async def test_fifteen_aliases_are_enough(door: Door) -> None:
    """The sixteenth is refused, in fragments too."""
    many = " ".join(f"a{n}: __typename" for n in range(15))
    assert not await refused(door, f"{{ {many} }}")
    assert await refused(door, f"{{ {many} b: __typename }}")
    shared = " ".join(f"a{n}: reference" for n in range(8))
    assert await refused(
        door,
        '{ a: requestByReference(reference: "x") { ...F } b: requestByReference(reference: "y")'
        f" {{ ...F }} }} fragment F on DataSubjectRequest {{ {shared} }}",
    )


async def test_two_thousand_tokens_are_enough(door: Door) -> None:
    """More is a syntax error."""
    response = await door.post("{ " + "__typename " * 2001 + "}")
    assert response.status_code == 400


async def test_ten_acts_a_call_are_enough(door: Door) -> None:
    """The eleventh is refused, and nothing is done."""
    act = 'tokenRevoke(input: {name: "x"}) { name }'
    acts = " ".join(f"a{n}: {act}" for n in range(11))
    assert await refused(door, f"mutation {{ {acts} }}")
    assert await refused(door, f"mutation {{ ...Acts }} fragment Acts on Mutation {{ {acts} }}")
    few = " ".join(f"b{n}: {act}" for n in range(5))
    assert await refused(
        door,
        f"mutation {{ c: {act} ... on Mutation {{ {few} }} ...F }}"
        f" fragment F on Mutation {{ ...G }} fragment G on Mutation {{ {few.replace('b', 'd')} }}",
    )


async def test_twenty_five_questions_are_enough(door: Door) -> None:
    """Wherever they are written; the twenty-sixth is refused."""
    many = "__typename " * 25
    assert not await refused(door, f"{{ ...F }} fragment F on Query {{ {many} }}")
    for more in (many + "__typename", f"{many} ... {{ __typename }}"):
        assert await refused(door, f"{{ {more} }}")
        assert await refused(door, f"{{ ...F }} fragment F on Query {{ {more} }}")


@pytest.mark.parametrize("first", [0, -1, 101, 2147483647])
async def test_a_page_has_one_to_a_hundred_rows(door: Door, first: int) -> None:
    """Anything else is an error, never a silent cut."""
    query = "query Q($first: Int!) { requests(first: $first) { nodes { id } } }"
    answer = (await door.post(query, first=first)).json()
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_text_with_nul_is_refused_before_it_reaches_the_database(door: Door) -> None:
    """PostgreSQL keeps it in no text: in a variable, deep in one, in the document."""
    query = "query Q($r: String!) { requestByReference(reference: $r) { id } }"
    assert (await door.post(query, r="NP\0")).status_code == 400
    query = "mutation M($i: TokenRevokeInput!) { tokenRevoke(input: $i) { name } }"
    assert (await door.post(query, i={"name": ["a", "b\0"]})).status_code == 400
    query = '{ requestByReference(reference: "NP\\u0000") { id } }'
    response = await door.post(query)
    assert response.status_code == 422
    assert "U+0000" in response.text
    harmless = await door.post("query Q($r: String!) { __typename }", r="\\u0000")
    assert "U+0000" not in harmless.text


async def test_nul_is_found_however_deep_it_stands(door: Door) -> None:
    """Deeper than functions may call each other."""
    deep = "[" * 1000 + '"\\u0000"' + "]" * 1000
    response = await door.http.post(
        "/graphql",
        content=f'{{"query": "query Q {{ __typename }}", "variables": {{"a": {deep}}}}}',
        headers=door.headers(Role.CASE_HANDLER) | {"Content-Type": "application/json"},
    )
    assert response.status_code == 400
    assert "U+0000" in response.text
