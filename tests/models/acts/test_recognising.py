"""A letter is recognised in one look-up, and decided in few statements."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.acts.receive import receive
from models.database import connection
from models.house import House
from models.shapes import Letter
from models.tables import DataSubjectRequest, Message
from models.vocabulary import Decision, Fate, RequestType
from tests.letters_for_acts import letter, reading, received, stored, verdict
from tests.models.acts.desk import a_client
from tests.registers import NOW, Registers, in_use

ERASURE = verdict(RequestType.ERASURE)
STATEMENTS = 14  # BEGIN and COMMIT included; each timeline entry is one


async def test_an_ordinary_request_is_decided_in_few_statements(
    registers: Registers, tmp_path: Path, house: House
) -> None:
    seen: list[str] = []
    async with in_use(registers.sqlite(tmp_path)):
        kept = await stored(house)
        client: Any = connection()
        await client._connection.set_trace_callback(seen.append)
        assert (await receive(house, kept, reading(letter(), ERASURE), now=NOW)).fate is (
            Fate.REGISTERED
        )
    asked = [one for one in seen if "last_insert_rowid" not in one]
    assert len(asked) == STATEMENTS, asked


@pytest.mark.usefixtures("register")
async def test_a_letter_that_was_decided_is_not_decided_again(house: House) -> None:
    kept = await stored(house)
    first = await receive(house, kept, reading(letter(), ERASURE), now=NOW)
    again = await receive(house, kept, reading(letter(), ERASURE), now=NOW)
    assert first.result.created
    assert again.fate is Fate.REGISTERED
    assert not again.result.created


@pytest.mark.usefixtures("register")
async def test_the_same_words_in_other_bytes_are_the_same_letter(house: House) -> None:
    first = await received(house, ERASURE)
    again = await received(house, ERASURE, uid=2)
    assert again.fate is Fate.DUPLICATE
    assert again.result.message_id == first.result.message_id


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(("hours", "wins"), [(-30, True), (0, False), (30, False)])
async def test_our_own_received_rules_and_is_flagged_where_it_is_earlier(
    house: House, hours: int, wins: bool
) -> None:
    """Who moves mail between servers changes INTERNALDATE (R1)."""
    own = NOW + timedelta(hours=hours)
    await received(house, ERASURE, replace(letter(), own_received_at=own))
    message, case = await Message.get(), await DataSubjectRequest.get()
    assert message.received_at == case.received_at == (own if wins else NOW)
    assert case.received_on == house.today(message.received_at)
    assert ("received_earlier" in message.flags) is wins


@pytest.mark.usefixtures("register")
async def test_a_request_passed_on_is_shown_as_a_letter_in_a_letter(house: House) -> None:
    passed_on = replace(verdict(), decision=Decision.TRIAGE, passed_on=True)
    came = await received(house, passed_on)
    assert came.fate is Fate.TRIAGE
    assert (await Message.get()).flags == ["forwarded_message"]


NEVER_MIND = replace(verdict(), withdraws_request=True)


def taking_back(sender: str) -> Letter:
    """No thread, no case number."""
    return letter(sender, text="Ärge siiski kustutage.", message_id="<back@example.com>")


@pytest.mark.usefixtures("register")
async def test_who_has_asked_for_nothing_can_take_nothing_back(house: House) -> None:
    await received(house, ERASURE)
    came = await received(house, NEVER_MIND, taking_back("jaan@example.com"), uid=2)
    assert came.fate is Fate.IGNORED


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("decision", [Decision.REGISTER, Decision.TRIAGE])
async def test_who_takes_back_what_stands_or_waits_is_seen_with_it(
    house: House, decision: Decision
) -> None:
    first = await received(house, replace(ERASURE, decision=decision))
    came = await received(house, NEVER_MIND, taking_back("Mari@Example.com"), uid=2)
    assert came.fate is Fate.TRIAGE
    message = await Message.get(id=came.result.message_id)
    assert message.claims_request_id == first.result.request_id


@pytest.mark.usefixtures("register")
async def test_a_client_may_take_back_from_another_address_on_file(house: House) -> None:
    await a_client(house, "mari@example.com", "mari@work.example")
    first = await received(house, ERASURE)
    came = await received(house, NEVER_MIND, taking_back("mari@work.example"), uid=2)
    assert came.fate is Fate.TRIAGE
    message = await Message.get(id=came.result.message_id)
    assert message.claims_request_id == first.result.request_id
