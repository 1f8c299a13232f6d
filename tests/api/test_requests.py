"""The queue and one case, read over HTTP on both databases."""

from tests.api.desk import Door
from tests.api.seeds import Sample

CASE = """
query Case($reference: String!) {
  requestByReference(reference: $reference) {
    id reference types status language channel receivedAt version legalHold
    items { id type article clause purposes status outcome decidedBy { name } }
    subject { id displayName identifier { masked full } consents { state purpose { code title(language: ET) } events { kind note evidence { subject } actor { label } } } }
    deadline { dueOn daysLeft state basis extension { until } }
    identity { assurance needed evidence note by { label } }
    assignee { name }
    actingFor
    classification { types confidence evidence { text start end } model correctedBy { name } }
    messages(first: 5) { totalCount nodes { from subject text newText attachments { id name } authentication { dmarc } } pageInfo { hasNextPage } }
    acknowledgement { to subject text delivery { state } }
    outbound { kind delivery { state holdReasons } }
    timeline { edges { cursor node { kind summary detail actor { label staff { name } } } } }
    earlierRequests { totalCount nodes { reference } }
    duplicateOf { reference }
    duplicates { reference }
    allowedActions
  }
}
"""


async def test_one_case_is_read_whole(door: Door, sample: Sample) -> None:
    """Items, deadline, identity, letters both ways and the timeline of one case."""
    case = (await door.ask(CASE, reference="NP-2026-0002"))["requestByReference"]
    assert case["types"] == ["COPY", "ERASURE"]
    assert case["subject"]["identifier"] == {"masked": "*********09", "full": "36805280109"}
    marketing = case["subject"]["consents"][0]
    assert marketing["state"] == "WITHDRAWN"
    assert [event["kind"] for event in marketing["events"]] == ["GIVEN", "WITHDRAWN"]
    assert marketing["events"][0]["evidence"] == {"subject": "secret subject 1"}
    assert case["deadline"]["state"] == "ON_TIME"
    assert case["identity"]["evidence"] == ["secret evidence of identity"]
    assert case["messages"]["totalCount"] == 1
    letter = case["messages"]["nodes"][0]
    assert letter["from"] == "mari@example.com"
    assert letter["newText"] == "secret text 1"
    assert letter["attachments"][0]["name"] == "secret name.pdf"
    assert case["acknowledgement"]["delivery"] == {"state": "SENT"}
    assert case["timeline"]["edges"][0]["node"]["detail"] == {"text": "secret note"}
    assert case["earlierRequests"] == {"totalCount": 1, "nodes": [{"reference": "NP-2026-0001"}]}
    assert case["duplicateOf"] == {"reference": "NP-2026-0001"}
    assert case["allowedActions"] == ["ASSIGN", "NOTE", "RELEASE_LETTER", "DROP_LETTER"]
