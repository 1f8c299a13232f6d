"""Erasures from the letter to a lawful close, by mail and over the API, on real servers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.office import ERASE, Office, acknowledged, all_ticked_off, grants

pytestmark = pytest.mark.asyncio(loop_scope="module")

ERASURE = """query E($reference: String!) { requestByReference(reference: $reference) {
  version items { type decisions { category outcome reason keepUntil isProposal } } } }"""


async def as_proposed(office: Office, reference: str) -> list[dict[str, Any]]:
    """Every category decided as the rules propose; what was decided."""
    found = (await office.ask(ERASURE, reference=reference))["requestByReference"]
    decisions: list[dict[str, Any]] = found["items"][0]["decisions"]
    assert all(one["isProposal"] for one in decisions)
    for one in decisions:
        wanted = {name: one[name] for name in ("category", "outcome", "reason", "keepUntil")}
        await office.on(reference, "requestDecideCategory", **wanted)
    return decisions


async def test_an_erasure_with_a_running_contract_and_an_unpaid_invoice_keeps_what_they_need(
    office: Office,
) -> None:
    address = "leping@contract.example"
    contract = {"number": "L-77", "startsOn": "2025-01-01"}
    client = await office.client("Lepingu Hoidja", address, contracts=[contract])
    ack = await acknowledged(office, address, "Andmete kustutamine", ERASE)
    decided = await as_proposed(office, ack.reference)
    assert {one["reason"] for one in decided} >= {"CONTRACT_PERFORMANCE_NECESSITY"}
    unpaid: dict[str, Any] = {
        "category": "PAYMENT",
        "outcome": "PARTLY_GRANTED",
        "reason": "LEGAL_CLAIM_DEFENCE_IMPAIRED",
        "keepUntil": (datetime.now(UTC) + timedelta(days=3 * 365)).date().isoformat(),
        "note": "Arve L-77/11 on tasumata.",
    }
    await office.on(ack.reference, "requestDecideCategory", **unpaid)
    await office.on(ack.reference, "requestErase")
    assert await all_ticked_off(office, ack.reference)
    partly: dict[str, Any] = {
        "type": "ERASURE",
        "outcome": "PARTLY_GRANTED",
        "reason": "CONTRACT_PERFORMANCE_NECESSITY",
        "explanation": "Leping kehtib ja üks arve on tasumata.",
        "answer": "Kustutasime andmed, mida leping ja arve ei vaja.",
    }
    await office.on(ack.reference, "requestDecideItem", **partly)
    await office.on(ack.reference, "requestClose")
    answer = await office.mail_to(address)
    for words in (partly["explanation"], partly["answer"], "Alles jääb:", "kohtusse"):
        assert words in answer.text
    case = await office.case(ack.reference)
    assert (case["status"], case["outcome"]) == ("CLOSED", "PARTLY_GRANTED")
    kept = await office.ask("query N($id: ID!) { node(id: $id) { id } }", id=client)
    assert kept["node"] is not None


async def test_an_erasure_after_the_contract_s_end_is_carried_out_and_still_answered(
    office: Office,
) -> None:
    address = "endine@former.example"
    ended = {"number": "L-12", "startsOn": "2010-01-01", "endsOn": "2012-01-01"}
    client = await office.client("Endine Klient", address, contracts=[ended],
                                 relationshipEndedOn="2012-01-01")  # fmt: skip
    ack = await acknowledged(office, address, "Andmete kustutamine", ERASE)
    decided = await as_proposed(office, ack.reference)
    assert {one["outcome"] for one in decided} == {"GRANTED"}
    await office.on(ack.reference, "requestErase")
    assert await all_ticked_off(office, ack.reference)
    await grants(office, ack.reference, "ERASURE", answer="Kustutasime kõik teie andmed.")
    await office.on(ack.reference, "requestClose")
    assert "Kustutasime kõik teie andmed." in (await office.mail_to(address)).text
    assert (await office.case(ack.reference))["outcome"] == "GRANTED"
    gone = await office.ask(
        "query N($id: ID!) { node(id: $id) { ... on Client { displayName addresses { value } } } }",
        id=client,
    )
    assert address not in str(gone)
    assert "Endine Klient" not in str(gone)
