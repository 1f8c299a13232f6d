"""Figures tell a viewer no more than the queue shows, however small their numbers are.

A viewer reads the queue case by case, so a figure of one is no secret; what is guarded must
not show in any count, search or metric.
"""

import json
from collections import Counter
from datetime import datetime, timedelta
from statistics import median_low

import pytest

from models.house import House
from models.tables import (
    Attachment,
    Classification,
    Client,
    DataSubjectRequest,
    Message,
    OutboundMail,
    RequestItem,
    TimelineEntry,
)
from models.vocabulary import DeliveryState, Fate, Language, RequestStatus, RequestType, Role
from tests.api.desk import Door
from tests.api.seeds import CODE, NOW, Sample, make_case, make_letter, make_outbound, make_verdict
from tests.api.test_figures import STATISTICS

SECRETS = (
    CODE,
    "writer77@example.com",
    "reader77@example.com",
    "secret subject 77",
    "secret text 77",
    "secret evidence",
    "secret note",
    "secret name.pdf",
    "<m77@example.com>",
)
PERIOD = {
    "from": str(NOW.date() - timedelta(days=365)),
    "until": str(NOW.date() + timedelta(days=1)),
}
QUEUE = """query Queue { requests(first: 100) { totalCount nodes { types status language
  receivedAt acknowledgedAt closedAt deadline { receivedOn state } } } }"""
SEARCH = """query Search($text: String!) {
  requests(where: {search: $text}) { totalCount nodes { reference } }
  not: requests(where: {not: {search: $text}}) { totalCount }
  clients(search: $text) { totalCount nodes { displayName } } }"""


@pytest.fixture
async def lonely(door: Door, sample: Sample, house: House) -> DataSubjectRequest:
    """The only Russian complaint there is, by somebody who is no client."""
    case = await make_case(
        7, NOW - timedelta(days=3), (RequestType.COMPLAINT,), language=Language.RU
    )
    letter = await make_letter(house, 77, Fate.REGISTERED, request=case)
    await make_verdict(house, letter)
    await make_outbound(house, 77, DeliveryState.SENT, case)
    return case


async def asked(door: Door) -> str:
    """Every figure a viewer can get."""
    found = [await door.ask(STATISTICS, Role.VIEWER, period=PERIOD)]
    found += [await door.ask(SEARCH, Role.VIEWER, text=text) for text in SECRETS]
    found.append(await door.ask("{ health { outboxDepth balance } }", Role.VIEWER))
    metrics = (await door.http.get("/metrics")).text.splitlines()
    told = [line for line in metrics if "operation" not in line and "seconds" not in line]
    for answer in found:
        answer.get("statistics", {}).pop("asOf", None)
    return json.dumps([found, told])


async def other_secrets(house: House) -> None:
    """All that a viewer may not see becomes something else."""
    vault = house.vault
    note, index = vault.seal_text("note", "another"), vault.index("content", "another")
    await Message.all().update(
        from_index=index,
        header_sealed=vault.seal_json("header", {"messageId": "<x@example.com>", "from": None}),
        subject_sealed=vault.seal_text("subject", "another"),
        text_sealed=vault.seal_text("text", "another"),
        message_id_index=index,
    )
    await Classification.all().update(evidence_sealed=vault.seal_json("evidence", []))
    await Attachment.all().update(name_sealed=vault.seal_text("attachment-name", "another"))
    await Client.all().update(identifier_index=index, identifier_sealed=note)
    await OutboundMail.all().update(to_index=index, to_domain_index=index)
    await RequestItem.all().update(explanation_sealed=note)
    await DataSubjectRequest.all().update(identity_note_sealed=note, acting_for_sealed=note)
    await TimelineEntry.all().update(detail_sealed=None)


async def test_no_figure_depends_on_what_is_guarded(
    door: Door, lonely: DataSubjectRequest, house: House
) -> None:
    """Another writer, text, code, note and file: the same counts, for every guess."""
    before = await asked(door)
    await other_secrets(house)
    assert await asked(door) == before


async def test_who_wrote_is_found_by_handlers_only(door: Door, lonely: DataSubjectRequest) -> None:
    """A guess at an address tells a viewer nothing."""
    text = "writer77@example.com"
    found = await door.ask(SEARCH, Role.CASE_HANDLER, text=text)
    assert found["requests"]["nodes"] == [{"reference": lonely.reference}]
    found = await door.ask(SEARCH, Role.VIEWER, text=text)
    assert (found["requests"]["totalCount"], found["not"]["totalCount"]) == (0, 3)


async def test_figures_are_the_sum_of_the_viewers_own_queue(
    door: Door, lonely: DataSubjectRequest
) -> None:
    """Counted again from the rows the same caller may read: nothing is left over."""
    closed_at = NOW - timedelta(days=1)
    await DataSubjectRequest.filter(id=lonely.id).update(
        status=RequestStatus.CLOSED,
        acknowledged_at=NOW - timedelta(days=2),
        closed_at=closed_at,
        closed_on=door.app.state.desk.house.today(closed_at),
    )
    told = (await door.ask(STATISTICS, Role.VIEWER, period=PERIOD))["statistics"]
    queue = (await door.ask(QUEUE, Role.VIEWER))["requests"]["nodes"]
    assert len(queue) == 3

    def told_by(name: str, word: str) -> dict[str, int]:
        return {one[word]: one["count"] for one in told[name]}

    assert told_by("byStatus", "status") == Counter(case["status"] for case in queue)
    assert told_by("byLanguage", "language") == Counter(case["language"] for case in queue)
    assert told_by("byType", "type") == Counter(one for case in queue for one in case["types"])
    assert told_by("received", "on") == Counter(case["deadline"]["receivedOn"] for case in queue)
    for name, end in (("timeToAcknowledge", "acknowledgedAt"), ("timeToClose", "closedAt")):
        took = [_seconds(case["receivedAt"], case[end]) for case in queue if case[end]]
        assert told[name] == {"count": 1, "median": median_low(took), "p90": max(took)}
    states = [case["deadline"]["state"] for case in queue]
    assert (told["closed"], told["onTimeShare"]) == (1, float(states.count("MET")))


def _seconds(first: str, last: str) -> int:
    return int((datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds())
