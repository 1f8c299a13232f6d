"""A copy says to whom data were really given (Art. 15(1)(c))."""

import pytest

from models.acts.registers import Transfer, record_disclosure
from models.house import House
from models.shapes import SYSTEM
from models.tables import Client
from models.vocabulary import DataCategory, LawfulBasis, RequestType
from tests.opened_package import case, opened
from tests.registers import NOW


@pytest.mark.usefixtures("register")
async def test_a_copy_names_each_recipient_with_day_data_and_basis(house: House) -> None:
    request = await case(house, RequestType.COPY)
    client = await Client.get(id=request.subject_id)
    transfer = Transfer(
        "Maksekeskus AS", [DataCategory.PAYMENT], "makse vahendamine", LawfulBasis.CONTRACT, NOW
    )
    await record_disclosure(
        house, SYSTEM, client_id=client.id, version=client.version, transfer=transfer, now=NOW
    )
    found = await opened(house, request)
    assert found.json("data")["information"]["disclosures"] == [
        {
            "at": "2026-03-05T10:00:00Z",
            "recipient": "Maksekeskus AS",
            "categories": ["payment"],
            "purpose": "makse vahendamine",
            "basis": "contract",
        }
    ]
    assert "Maksekeskus AS: maksekäitumise andmed. makse vahendamine (leping)" in found.page
