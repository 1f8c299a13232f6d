"""An erasure from the letter on, for tests: client, case, decisions, tasks, execution."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from models.acts.clients import AddressRecord, ClientRecord, ContractRecord, upsert_client
from models.acts.erasing import Choice, decide_category, execute_erasure
from models.house import House
from models.shapes import SYSTEM, Actor
from models.tables import DataSubjectRequest
from models.vocabulary import (
    AddressKind,
    ClientKind,
    DataCategory,
    Justification,
    Language,
    Outcome,
    RequestType,
    Role,
)
from tests.models.acts.desk import MARI, a_case, again, post_goes, staff
from tests.registers import NOW
from tests.registers import house as sample_house

LATER = NOW + timedelta(days=3)
UNTIL = date(2033, 12, 31)
LAW = Justification.LEGAL_OBLIGATION_IMPAIRED


def erasing_house(folder: Path) -> House:
    """A house with an erasure log of its own."""
    return sample_house(erasure_log=folder / "erasure.log")


async def a_customer(house: House, *, running: bool = False) -> int:
    """Mari with two addresses, a telephone, and a contract that ended, or runs."""
    record = ClientRecord(
        external_id="K-77",
        kind=ClientKind.NATURAL_PERSON,
        display_name="Mari Maasikas",
        language=Language.ET,
        addresses=[
            AddressRecord(AddressKind.EMAIL, MARI, is_primary=True),
            AddressRecord(AddressKind.EMAIL, "mari.teine@example.com"),
            AddressRecord(AddressKind.PHONE, "+372 5000 0001"),
            AddressRecord(AddressKind.POSTAL, "Maasika 5, 51003 Tartu"),
        ],
        contracts=[ContractRecord("L-1", date(2024, 1, 1), None if running else date(2026, 2, 1))],
    )
    made = await upsert_client(house, SYSTEM, record=record, now=NOW)
    assert made.client_id is not None
    return made.client_id


async def an_erasure(house: House) -> tuple[DataSubjectRequest, Actor]:
    """A proven case that asks for erasure, acknowledged."""
    actor = await staff(house, Role.DPO)
    case = await a_case(house, RequestType.ERASURE)
    await post_goes(house, NOW)
    return await again(case), actor


async def choose(house: House, actor: Actor, case: DataSubjectRequest, **more: Any) -> None:
    """One category decided."""
    case = await again(case)
    await decide_category(
        house, actor, request_id=case.id, version=case.version, choice=Choice(**more), now=LATER
    )


async def decide_all(
    house: House, actor: Actor, case: DataSubjectRequest, **changes: Choice
) -> None:
    """Every category as given, else erased whole."""
    for category in DataCategory:
        given = changes.get(category.value, Choice(category, Outcome.GRANTED, note="Nii on."))
        case = await again(case)
        await decide_category(
            house, actor, request_id=case.id, version=case.version, choice=given, now=LATER
        )


async def carry_out(house: House, actor: Actor, case: DataSubjectRequest) -> DataSubjectRequest:
    """The erasure executed; the case after it."""
    version = (await again(case)).version
    await execute_erasure(house, actor, request_id=case.id, version=version, now=LATER)
    return await again(case)
