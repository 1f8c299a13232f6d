"""The access package from the register to the person's hand, on both databases."""

import asyncio
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.acts.packages import Order, hand_over, show_passphrase
from models.house import House
from models.tables import (
    AccessPackage,
    Client,
    ContactAddress,
    DataSubjectRequest,
    JournalEntry,
    RequestItem,
    TimelineEntry,
)
from models.vocabulary import (
    AddressKind,
    Assurance,
    Channel,
    ClientKind,
    DataCategory,
    ErrorCode,
    Language,
    Outcome,
    RequestStatus,
    RequestType,
    TimelineKind,
)
from tests.absent import left_out
from tests.access_case import CODE, OTHER_CODE, STAFF, add_files, make_person, make_request
from tests.api.seeds import make_client
from tests.letters_for_acts import letter, received, verdict
from tests.opened_package import LATER, Opened, build_package, built, case, opened, refused
from tests.registers import NOW

ACCESS = (RequestType.INFORMATION, RequestType.COPY, RequestType.PORTABILITY)


@pytest.mark.usefixtures("register")
async def test_a_copy_says_what_is_held_why_and_who_looked(house: House) -> None:
    """Person, contracts, consents, letters, files, Art. 15(1) information, consultations."""
    request = await case(house, RequestType.COPY)
    await add_files(house, request)
    found = await opened(house, request)
    held = found.json("data")
    person = held["data"]["person"]
    assert (person["name"], person["identifier"]) == ("Mari Maasikas", CODE)
    assert [one["number"] for one in person["contracts"]] == ["L-2022-3", "L-2024-17"]
    assert [one["value"] for one in person["addresses"]] == [
        "mari@example.com",
        "+372 5000 0001",
        "Maasika 5, 51003 Tartu",
    ]
    marketing = held["data"]["consents"][0]
    assert marketing["state"] == "withdrawn"
    assert [event["kind"] for event in marketing["events"]] == ["given", "withdrawn"]
    assert [event["expiresOn"] for event in marketing["events"]] == ["2027-01-31", None]
    assert "viimane kehtivuspäev: 31. jaanuar 2027" in found.page
    assert held["data"]["stops"][0]["purpose"] == "marketing"
    assert held["data"]["requests"][0]["reference"] == request.reference
    assert held["data"]["lettersFromUs"][0]["kind"] == "acknowledgement"
    assert len(held["information"]["processing"]) == len(DataCategory)
    assert held["information"]["complaintTo"]["email"] == "info@aki.ee"
    looks = held["information"]["consultations"]
    assert [(one["day"], one["times"]) for one in looks] == [("2026-03-06", 2), ("2026-03-06", 1)]
    assert "portability.json" not in found.files


@pytest.mark.usefixtures("register")
async def test_the_person_opens_it_with_seven_zip_and_its_json_keeps_the_schema_beside_it(
    house: House, tmp_path: Path
) -> None:
    program = shutil.which("7zz") or shutil.which("7z") or shutil.which("7za")
    if program is None:
        left_out("7-Zip is not installed: apt install p7zip-full")
    request = await case(house, RequestType.COPY, RequestType.PORTABILITY)
    await add_files(house, request)
    row, content, passphrase = await built(house, request)
    archive, folder = tmp_path / "koopia.zip", tmp_path / "lahti"
    archive.write_bytes(content)
    words = [program, "x", f"-p{passphrase}", f"-o{folder}", str(archive)]
    await asyncio.to_thread(subprocess.run, words, capture_output=True, check=True)
    files = [path for path in folder.rglob("*") if path.is_file()]
    found = Opened(row, {str(path.relative_to(folder)): path.read_bytes() for path in files})
    assert found.json("data")["data"]["person"]["name"] == "Mari Maasikas"
    assert found.json("portability")
    assert "Mari Maasikas" in found.page


@pytest.mark.usefixtures("register")
async def test_other_people_and_employees_are_not_in_it(house: House) -> None:
    """By form, by name when staff name them, and the representative's own data."""
    request = await case(house, RequestType.COPY, RequestType.PORTABILITY)
    found = await opened(house, request, names=("Jüri Õun",))
    whole = b"".join(found.files.values()).decode(errors="replace")
    for word in (OTHER_CODE, "jyri.oun@example.org", "5555 1234", "Jüri", "Kati", "Karu"):
        assert word not in whole, word
    assert CODE in whole
    assert "[teise inimese andmed]" in found.page
    assert found.row.redactions == found.json("data")["redactions"] == 6
    assert "volitatud esindaja" in found.page


@pytest.mark.usefixtures("register")
async def test_the_page_escapes_what_people_wrote(house: House) -> None:
    found = await opened(house, await case(house, RequestType.COPY))
    assert "&lt;b&gt;Mari &amp; Co&lt;/b&gt;" in found.page
    assert "<b>Mari" not in found.page
    assert "<script" not in found.page


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.ET, ("Jah, me töötleme teie isikuandmeid.", "5. märts 2026", "Andmekaitse")),
        (Language.EN, ("Yes, we process personal data about you.", "5 March 2026", "legal basis")),
        (Language.RU, ("Да, мы обрабатываем Ваши персональные данные.", "5 марта 2026", "Цель")),
    ],
)
async def test_the_page_speaks_the_persons_language(
    house: House, language: Language, words: tuple[str, ...]
) -> None:
    request = await case(house, *ACCESS)
    found = await opened(house, request, language=language)
    assert f'<html lang="{language}">' in found.page
    for word in words:
        assert word in found.page
    assert found.json("data")["language"] == language


@pytest.mark.usefixtures("register")
async def test_without_a_wish_it_is_the_language_of_the_case(house: House) -> None:
    mari = await make_person(house)
    request = await make_request(house, mari, RequestType.COPY, language=Language.RU)
    assert (await opened(house, request)).row.language is Language.RU


@pytest.mark.usefixtures("register")
async def test_information_alone_holds_no_copy(house: House) -> None:
    """Art. 15(1) is not 15(3): no letters, no files, and identity of level L1 is enough."""
    request = await case(house, RequestType.INFORMATION, assurance=Assurance.MATCHED)
    await add_files(house, request)
    found = await opened(house, request, categories=(DataCategory.CLIENT,))
    assert set(found.files) == {"index.html", "data.json", "data.schema.json"}
    held = found.json("data")
    assert "data" not in held
    assert [one["category"] for one in held["information"]["processing"]] == ["client"]
    assert "koopia" not in found.page


@pytest.mark.usefixtures("register")
async def test_what_is_ported_was_provided_by_the_person(house: House) -> None:
    """Art. 20: not our letters, not our notes of payment, not who looked."""
    request = await case(house, RequestType.PORTABILITY)
    await add_files(house, request)
    found = await opened(house, request)
    ported = found.json("portability")
    assert [one["name"] for one in ported["files"]] == ["tellimus.csv"]
    assert [one["attachments"][0]["name"] for one in ported["letters"]] == ["minu leping.PDF"]
    assert [one["kind"] for one in ported["consents"]] == ["given", "withdrawn"]
    assert found.files[ported["files"][0]["path"]] == b"teenus;kogus\n"
    assert sorted(found.files) == [
        "data.json", "data.schema.json", "files/001.pdf", "files/002.csv", "index.html",
        "portability.json", "portability.schema.json",
    ]  # fmt: skip
    assert "information" not in found.json("data")


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(("shared", "letters"), [(False, 2), (True, 1)])
async def test_letters_outside_the_case_come_along_only_from_an_address_of_ones_own(
    house: House, shared: bool, letters: int
) -> None:
    """What came from a shared address may be somebody else's."""
    request = await case(house, RequestType.COPY)
    other = letter(text="Kas arve tuli?", message_id="<two@example.com>")
    await received(house, verdict(), other, uid=2)
    if shared:
        twin = await make_client(house, "Mall Maasikas", "mari@example.com")
        assert twin.id
    held = (await opened(house, request)).json("data")
    assert len(held["data"]["lettersToUs"]) == letters


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("right", [RequestType.COPY, RequestType.PORTABILITY])
async def test_a_copy_at_level_one_is_refused(house: House, right: RequestType) -> None:
    """Nothing is written, nothing noted."""
    request = await case(house, right, assurance=Assurance.MATCHED)
    before = await JournalEntry.all().count()
    build = build_package(
        house, STAFF, request_id=request.id, version=request.version, order=Order()
    )
    assert await refused(build) is ErrorCode.IDENTITY_REQUIRED
    assert await AccessPackage.all().count() == 0
    assert await JournalEntry.all().count() == before


@pytest.mark.usefixtures("register")
async def test_a_package_is_refused_where_it_could_not_be_lawful(house: House) -> None:
    """Stale, unknown, nobody's, a company's, refused, finished, or no access right at all."""
    request = await case(house, RequestType.COPY)

    async def tried(**more: Any) -> ErrorCode:
        given: dict[str, Any] = {
            "request_id": request.id,
            "version": request.version,
            "order": Order(),
        } | more
        return await refused(build_package(house, STAFF, **given))

    assert await tried(version=99) is ErrorCode.STALE_VERSION
    assert await tried(request_id=10**6) is ErrorCode.NOT_FOUND
    assert await tried(order=Order(names=("x",) * 51)) is ErrorCode.INVALID
    await Client.all().update(kind=ClientKind.LEGAL_PERSON)
    assert await tried() is ErrorCode.INVALID
    await Client.all().update(kind=ClientKind.NATURAL_PERSON, erased_at=NOW)
    assert await tried() is ErrorCode.INVALID
    await Client.all().update(erased_at=None)
    await DataSubjectRequest.all().update(subject_id=None)
    assert await tried() is ErrorCode.INVALID
    await DataSubjectRequest.all().update(subject_id=(await Client.get()).id)
    await RequestItem.all().update(outcome=Outcome.REFUSED)
    assert await tried() is ErrorCode.INVALID
    await RequestItem.all().update(outcome=None, type=RequestType.ERASURE)
    assert await tried() is ErrorCode.INVALID
    await RequestItem.all().update(type=RequestType.COPY)
    await DataSubjectRequest.all().update(status=RequestStatus.CLOSED)
    assert await tried() is ErrorCode.ILLEGAL_TRANSITION
    assert await AccessPackage.all().count() == 0


@pytest.mark.usefixtures("register")
async def test_building_again_takes_the_old_content_away(house: House) -> None:
    request = await case(house, RequestType.COPY)
    first = (await opened(house, request)).row
    second = (await opened(house, request)).row
    old = await AccessPackage.get(id=first.id)
    assert (old.content_sealed, old.passphrase_sealed) == (None, None)
    assert old.removed_at is not None
    assert second.content_sealed is not None
    assert second.expires_at == second.built_at + timedelta(days=14)
    assert second.sha256 != first.sha256


@pytest.mark.usefixtures("register")
async def test_nothing_of_it_stands_in_clear(house: House) -> None:
    row = (await opened(house, await case(house, RequestType.COPY))).row
    passphrase = house.vault.open_text("passphrase", row.passphrase_sealed) or ""
    assert passphrase.encode() not in (row.passphrase_sealed or b"")
    assert not (row.content_sealed or b"").startswith(b"PK")
    assert (await TimelineEntry.filter(kind=TimelineKind.PACKAGE).count()) == 2
    for entry in await TimelineEntry.all():
        assert passphrase not in entry.summary


@pytest.mark.usefixtures("register")
async def test_the_passphrase_is_shown_once(house: House) -> None:
    """The same call again sees it again, another call does not."""
    row = (await opened(house, await case(house, RequestType.COPY))).row
    again: dict[str, Any] = {"package_id": row.id, "version": row.version, "now": LATER}
    assert await show_passphrase(house, STAFF, key="k", **again)
    assert await refused(show_passphrase(house, STAFF, key="other", **again)) is ErrorCode.CONFLICT
    assert await JournalEntry.filter(action="package.passphrase").count() == 1


async def handed(
    house: House, row: AccessPackage, road: Channel, other: Channel, **more: Any
) -> Any:
    """Hands over by two roads."""
    given: dict[str, Any] = {"package_id": row.id, "version": row.version, "now": LATER} | more
    return await hand_over(house, STAFF, channel=road, passphrase_channel=other, **given)


@pytest.mark.usefixtures("register")
async def test_handing_over_by_two_roads_ends_the_passphrase(house: House) -> None:
    row = (await opened(house, await case(house, RequestType.COPY))).row
    await handed(house, row, Channel.EMAIL, Channel.PHONE)
    done = await AccessPackage.get(id=row.id)
    assert done.passphrase_sealed is None
    assert done.content_sealed is not None
    assert (done.handed_over_by, done.handed_over_at) == ("Kati Karu", LATER)
    assert await refused(handed(house, done, Channel.EMAIL, Channel.PHONE)) is (
        ErrorCode.ILLEGAL_TRANSITION
    )
    show = show_passphrase(house, STAFF, package_id=row.id, version=done.version, key="k")
    assert await refused(show) is ErrorCode.ILLEGAL_TRANSITION


@pytest.mark.usefixtures("register")
async def test_the_roads_are_on_file_and_differ(house: House) -> None:
    """One meeting is enough; a package does not fit through a telephone."""
    row = (await opened(house, await case(house, RequestType.COPY))).row
    for road, other in (
        (Channel.EMAIL, Channel.EMAIL),
        (Channel.POST, Channel.POST),
        (Channel.PHONE, Channel.EMAIL),
        (Channel.OTHER, Channel.PHONE),
        (Channel.EMAIL, Channel.OTHER),
    ):
        assert await refused(handed(house, row, road, other)) is ErrorCode.INVALID
    await ContactAddress.filter(kind=AddressKind.PHONE).delete()
    assert await refused(handed(house, row, Channel.EMAIL, Channel.PHONE)) is ErrorCode.INVALID
    assert await refused(handed(house, row, Channel.EMAIL, Channel.POST, version=9)) is (
        ErrorCode.STALE_VERSION
    )
    await handed(house, row, Channel.IN_PERSON, Channel.IN_PERSON)


@pytest.mark.usefixtures("register")
async def test_what_nobody_could_open_was_not_handed_over(house: House) -> None:
    request = await case(house, RequestType.COPY)
    await build_package(
        house, STAFF, request_id=request.id, version=request.version, order=Order(), now=LATER
    )
    row = await AccessPackage.get()
    assert await refused(handed(house, row, Channel.EMAIL, Channel.PHONE)) is (
        ErrorCode.ILLEGAL_TRANSITION
    )
    missing = hand_over(
        house, STAFF, package_id=10**6, version=1, channel=Channel.EMAIL,
        passphrase_channel=Channel.PHONE,
    )  # fmt: skip
    assert await refused(missing) is ErrorCode.NOT_FOUND


@pytest.mark.usefixtures("register")
async def test_an_expired_package_is_neither_opened_nor_handed_over(house: House) -> None:
    row = (await opened(house, await case(house, RequestType.COPY))).row
    late = row.expires_at
    show = show_passphrase(house, STAFF, package_id=row.id, version=row.version, key="k", now=late)
    assert await refused(show) is ErrorCode.ILLEGAL_TRANSITION
    over = handed(house, row, Channel.EMAIL, Channel.PHONE, now=late)
    assert await refused(over) is ErrorCode.ILLEGAL_TRANSITION
    await handed(house, row, Channel.EMAIL, Channel.PHONE, now=late - timedelta(seconds=1))
