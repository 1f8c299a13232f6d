"""Whatever is asked, the API answers: no fault of ours, on both databases."""

import functools

import pytest
from graphql import GraphQLSchema, build_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.ids import encode
from models.vocabulary import Role
from tests.api.asking import Asking
from tests.api.desk import Door
from tests.api.seeds import Sample
from tests.processes import ROOT

EXPECTED = {200, 400, 422}
MADE_UP = 150


@functools.cache
def published() -> GraphQLSchema:
    """The schema as callers know it."""
    return build_schema((ROOT / "api" / "schema.graphql").read_text(encoding="utf-8"))


def asking(sample: Sample) -> Asking:
    """Knows what is in the register."""
    found = {
        "Client": sample.mari,
        "DataSubjectRequest": sample.case,
        "Message": sample.triage,
        "OutboundMail": sample.held,
        "RequestItem": sample.item,
        "ConsentEvent": sample.event,
        "TimelineEntry": sample.entry,
        "Attachment": sample.file,
    }
    ids = [encode(kind, row.pk) for kind, row in found.items()]
    ids += [
        encode("Client", 2**31),
        encode("Client", "x"),
        encode("Staff", 2),
        encode("Nothing", 1),
    ]
    return Asking(published(), ids, ["NP-2026-0002", "C-1", "mari", "\0", "' OR 1=1 --", "%"])


@pytest.mark.parametrize("role", [Role.DPO, Role.ADMIN])
@settings(
    max_examples=MADE_UP,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_no_question_and_no_act_meets_a_fault_of_ours(
    door: Door, sample: Sample, role: Role, data: st.DataObject
) -> None:
    """Answered, or refused in words of ours; the status is never a server's fault."""
    door.app.state.desk.buckets._size = 10**9  # the bucket has tests of its own
    query, variables = data.draw(st.composite(asking(sample).operation)())
    response = await door.post(query, role, **variables)
    assert response.status_code in EXPECTED, response.text
    assert '"INTERNAL"' not in response.text, response.text
