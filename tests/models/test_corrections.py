"""Corrected verdicts leave the house without addresses, numbers and codes."""

import pytest

from models.acts.classify import classify_message
from models.corrections import corrections, names_of, pseudonymised
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


@pytest.mark.parametrize(
    ("name", "address", "words"),
    [
        ("Mari Maasikas", "mm@example.com", ["Mari", "Maasikas"]),
        (None, "mari.maasikas@example.com", ["mari", "maasikas"]),
        (None, "info@example.com", []),
        ("Li Õun", None, ["Õun"]),
        (None, None, []),
    ],
)
def test_the_writer_may_sign_with_these_names(
    name: str | None, address: str | None, words: list[str]
) -> None:
    assert names_of(name, address) == words


def test_a_name_goes_in_every_case_and_other_words_stay() -> None:
    """Estonian case endings too; a word that only begins alike stays."""
    text = "Olen MARI MAASIKAS, palun Maasikale vastata. Maasikakasvatus on suur."
    assert pseudonymised(text, ["Mari", "Maasikas", "Maasika"]) == (
        "Olen Nimi Nimi, palun Nimi vastata. Maasikakasvatus on suur."
    )


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
