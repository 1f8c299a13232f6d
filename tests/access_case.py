"""A person whose access is asked for: letters, consents, another person's data, files."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from models.acts.files import NewFile, add_file
from models.acts.journal import ReadRecord, write_reads
from models.house import House
from models.shapes import Actor, Attachment
from models.tables import (
    Client,
    ConsentEvent,
    ConsentPurpose,
    ContactAddress,
    Contract,
    DataSubjectRequest,
    PolicyVersion,
    Representative,
    Suppression,
)
from models.vocabulary import (
    ActorKind,
    AddressKind,
    AskedPurpose,
    Assurance,
    ClientKind,
    ConsentEventKind,
    ConsentMethod,
    DataCategory,
    IdentifierScheme,
    IdentityMethod,
    Language,
    Purpose,
    RequestType,
)
from tests.letters_for_acts import letter, received, verdict
from tests.registers import NOW

STAFF = Actor(ActorKind.STAFF, "Kati Karu")
CODE = "36805280109"
OTHER_CODE = "49403136515"
BODY = (
    "Tere!\n\nPalun saatke mulle koopia kõigist minu andmetest, minu isikukood on"
    f" {CODE}.\nMinu abikaasa Jüri Õuna kood on {OTHER_CODE}, tema aadress on"
    " jyri.oun@example.org ja telefon +372 5555 1234.\n\n<b>Mari & Co</b>\nMari Maasikas,"
    " +372 5000 0001"
)


async def make_person(house: House, language: Language = Language.ET) -> Client:
    """Mari with two addresses, a telephone, a contract, a representative and consents."""
    vault = house.vault
    mari = await Client.create(
        external_id="C-1001",
        kind=ClientKind.NATURAL_PERSON,
        display_name="Mari Maasikas",
        name_folded="mari maasikas",
        language=language,
        identifier_scheme=IdentifierScheme.EE_PERSONAL_CODE,
        identifier_sealed=vault.seal_text("identifier", CODE),
        identifier_masked="*********09",
        identifier_index=vault.index("identifier", CODE),
        created_at=datetime(2024, 2, 1, 9, tzinfo=UTC),
        updated_at=datetime(2025, 11, 3, 12, tzinfo=UTC),
    )
    jyri = await Representative.create(client=mari, name="Jüri Õun", role="volitatud esindaja")
    for kind, value, owner in (
        (AddressKind.EMAIL, "mari@example.com", None),
        (AddressKind.PHONE, "+372 5000 0001", None),
        (AddressKind.POSTAL, "Maasika 5, 51003 Tartu", None),
        (AddressKind.EMAIL, "jyri.oun@example.org", jyri),
    ):
        await ContactAddress.create(
            client=mari,
            representative=owner,
            kind=kind,
            value=value,
            address_index=vault.address_index(value),
            is_primary=kind is AddressKind.EMAIL and owner is None,
        )
    await Contract.create(client=mari, number="L-2024-17", starts_on=date(2024, 2, 1))
    await Contract.create(
        client=mari, number="L-2022-3", starts_on=date(2022, 1, 1), ends_on=date(2024, 1, 1)
    )
    await _consents(house, mari)
    return mari


async def _consents(house: House, mari: Client) -> None:
    policy = await PolicyVersion.create(
        version="2024-1", valid_from=date(2024, 1, 1), sha256="a" * 64
    )
    marketing = await ConsentPurpose.get(code=Purpose.MARKETING)
    for kind, at, method, actor in (
        (
            ConsentEventKind.GIVEN,
            NOW - timedelta(days=400),
            ConsentMethod.FORM,
            ActorKind.INTEGRATION,
        ),
        (
            ConsentEventKind.WITHDRAWN,
            NOW - timedelta(days=30),
            ConsentMethod.PHONE,
            ActorKind.STAFF,
        ),
    ):
        await ConsentEvent.create(
            client=mari,
            purpose=marketing,
            kind=kind,
            at=at,
            effective_at=at,
            expires_on=date(2027, 1, 31) if kind is ConsentEventKind.GIVEN else None,
            policy_version=policy,
            method=method,
            actor_kind=actor,
            actor_label="Kati Karu",
            note_sealed=house.vault.seal_text("note", f"Helistas {OTHER_CODE}."),
        )
    await Suppression.create(
        address_index=house.vault.address_index("mari@example.com"),
        purpose=AskedPurpose.MARKETING,
        since=NOW - timedelta(days=30),
        source="staff",
    )


async def make_request(
    house: House,
    mari: Client,
    *types: RequestType,
    language: Language = Language.ET,
    assurance: Assurance = Assurance.CONFIRMED,
) -> DataSubjectRequest:
    """Her letter, received and confirmed; the page of it was looked at by two colleagues."""
    enclosed = Attachment("minu leping.PDF", "application/pdf", 9, "b" * 64, b"%PDF mine")
    asked = replace(letter(text=BODY, subject="Minu andmed"), attachments=(enclosed,))
    done = await received(house, verdict(*types, language=language), asked)
    await DataSubjectRequest.filter(id=done.result.request_id).update(
        assurance=assurance, identity_method=IdentityMethod.CALL_BACK, identity_by=STAFF.label
    )
    request = await DataSubjectRequest.get(id=done.result.request_id)
    day = NOW + timedelta(days=1)
    await write_reads(
        [
            ReadRecord(STAFF, (f"Client:{mari.id}", "Client:999"), "Card", action="read", at=day),
            ReadRecord(STAFF, (f"DataSubjectRequest:{request.id}",), "Case", at=day),
            ReadRecord(STAFF, (f"DataSubjectRequest:{request.id}",), "Case", at=day),
            ReadRecord(STAFF, (f"Client:{mari.id}0",), "Somebody else", at=day),
        ]
    )
    return request


async def add_files(house: House, request: DataSubjectRequest) -> None:
    """What other systems hold: an order form she filled in, and our own credit note."""
    for name, content, category, provided in (
        ("tellimus.csv", b"teenus;kogus\n", DataCategory.CONTENT, True),
        ("võlgnevus.txt", b"maksis hilja", DataCategory.PAYMENT, False),
    ):
        await add_file(
            house, STAFF, request_id=request.id, file=NewFile(name, content, category, provided)
        )
