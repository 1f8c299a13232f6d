"""Who asks is checked by a colleague with a note, or shown by an answer to our question (law 3)."""

from typing import Any

import pytest

from models.acts.identifying import verify_identity
from models.acts.questions import IDENTITY, ask
from models.acts.receive import receive
from models.house import House
from models.tables import DataSubjectRequest, Question, TimelineEntry
from models.vocabulary import (
    Assurance,
    ErrorCode,
    IdentityMethod,
    LetterKind,
    RequestStatus,
    RequestType,
    TimelineKind,
)
from tests.letters_for_acts import letter, reading, stored, verdict
from tests.models.acts.desk import (
    MARI,
    a_case,
    a_client,
    again,
    newest,
    post_goes,
    refused,
    staff,
)
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")

LEVEL = {
    IdentityMethod.KNOWN_ADDRESS: Assurance.MATCHED,
    IdentityMethod.ADDRESS_CHALLENGE: Assurance.CONFIRMED,
    IdentityMethod.CLIENT_FACTS: Assurance.CONFIRMED,
    IdentityMethod.CALL_BACK: Assurance.CONFIRMED,
    IdentityMethod.IN_PERSON: Assurance.CONFIRMED,
    IdentityMethod.DIGITAL_SIGNATURE: Assurance.SIGNED,
}
NOTE = "Näitas kontoris ID-kaarti; koopiat ei tehtud."


async def verify(house: House, case: DataSubjectRequest, **more: Any) -> None:
    """Checked by a colleague."""
    given: dict[str, Any] = {"method": IdentityMethod.IN_PERSON, "note": NOTE} | more
    version = (await again(case)).version
    await verify_identity(
        house, await staff(house), request_id=case.id, version=version, now=NOW, **given
    )


@pytest.mark.parametrize("method", IdentityMethod)
async def test_each_method_reaches_its_level_with_a_note(
    house: House, method: IdentityMethod
) -> None:
    client_id = await a_client(house)
    case = await a_case(house, RequestType.COPY, sender="stranger@example.com")
    await verify(house, case, method=method, client_id=client_id)
    found = await again(case)
    assert (found.subject_id, found.assurance, found.identity_method) == (
        client_id,
        LEVEL[method],
        method,
    )
    assert house.vault.open_text("note", found.identity_note_sealed) == NOTE
    assert await TimelineEntry.filter(kind=TimelineKind.IDENTITY).count() == 1


async def test_a_level_is_never_lowered_for_the_same_person_and_never_carried_to_another(
    house: House,
) -> None:
    mari, other = await a_client(house), await a_client(house, "jaan@example.com", key="k2")
    case = await a_case(house, RequestType.COPY)
    await verify(house, case)
    await verify(house, case, method=IdentityMethod.KNOWN_ADDRESS)
    assert ((await again(case)).subject_id, (await again(case)).assurance) == (
        mari,
        Assurance.CONFIRMED,
    )
    await verify(house, case, method=IdentityMethod.KNOWN_ADDRESS, client_id=other)
    assert ((await again(case)).subject_id, (await again(case)).assurance) == (
        other,
        Assurance.MATCHED,
    )


async def test_a_check_ends_the_waiting_for_it(house: House) -> None:
    await a_client(house)
    case = await a_case(house, RequestType.COPY)
    await challenged(house, case)
    await verify(house, case)
    assert (await again(case)).status is RequestStatus.IN_PROGRESS
    assert (await Question.get()).answered_on == house.today(NOW)


async def test_an_identity_of_a_client_who_is_gone_is_not_checked(house: House) -> None:
    await staff(house)
    case = await a_case(house, RequestType.COPY, sender="stranger@example.com")
    assert await refused(verify(house, case, client_id=10**6)) is ErrorCode.NOT_FOUND


async def challenged(house: House, case: DataSubjectRequest) -> None:
    """Our question went to the address on file."""
    version = (await again(case)).version
    await ask(
        house, await staff(house), request_id=case.id, version=version, ground=IDENTITY,
        text="Kes?", now=NOW,
    )  # fmt: skip
    await post_goes(house, NOW)


@pytest.mark.parametrize(
    ("sender", "proven", "level"),
    [
        (MARI, True, Assurance.CONFIRMED),
        (MARI, False, Assurance.MATCHED),
        ("mari.teine@example.com", True, Assurance.MATCHED),
        ("stranger@example.com", True, Assurance.MATCHED),
    ],
)
async def test_only_an_answer_from_the_address_we_asked_at_confirms_who_asks(
    house: House, sender: str, proven: bool, level: Assurance
) -> None:
    """Two addresses are on file; the question went to the first."""
    await a_client(house, MARI, "mari.teine@example.com")
    case = await a_case(house, RequestType.COPY)
    await challenged(house, case)
    asked = await newest(LetterKind.IDENTITY_CHECK)
    found = letter(
        sender, proven=proven, message_id="<9@example.com>", in_reply_to=(asked.message_id,),
        text="Kinnitan.",
    )  # fmt: skip
    await receive(house, await stored(house, 9), reading(found, verdict()), now=NOW)
    assert (await again(case)).assurance is level
