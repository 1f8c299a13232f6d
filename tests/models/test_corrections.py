"""Corrected verdicts leave the house without addresses, numbers and codes."""

import pytest

from models.acts.classify import classify_message
from models.corrections import corrections, pseudonymised
from models.house import House
from models.shapes import SYSTEM
from models.tables import Message
from models.vocabulary import Decision, RequestType
from tests.letters_for_acts import letter, received, verdict
from tests.registers import NOW


@pytest.mark.parametrize(
    "secret", ["mari.maasikas@example.com", "36805280109", "+372 5555 1234", "https://a.example/x"]
)
def test_what_names_a_person_is_replaced(secret: str) -> None:
    assert secret not in pseudonymised(f"Tere, olen {secret}, palun vastake.")


@pytest.mark.usefixtures("register")
async def test_a_corrected_letter_is_a_training_line_with_the_person_s_labels(
    house: House,
) -> None:
    found = letter(text="Palun koopiat, kood 36805280109.")
    await received(house, verdict(RequestType.ERASURE, decision=Decision.TRIAGE), found)
    message = await Message.get()
    await classify_message(
        house,
        SYSTEM,
        message_id=message.id,
        version=message.version,
        labels=[RequestType.COPY],
        now=NOW,
    )
    lines = [line async for line in corrections(house)]
    assert [line["labels"] for line in lines] == [["copy"]]
    assert "36805280109" not in lines[0]["body"]
    assert lines[0]["language"] == "et"
