"""A letter with a signed container on its whole way: bytes in, identity on the case."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from mailbot.frames import Manner, Task
from mailbot.headers import OwnMail
from mailbot.reader import Reader
from mailbot.reading_child import judge
from models.acts.clients import ClientRecord, upsert_client
from models.acts.mailbox import Stored
from models.acts.receive import Received, receive
from models.house import House
from models.shapes import SYSTEM, Reading
from models.tables import (
    ConsentEvent,
    DataSubjectRequest,
    Message,
    OutboundMail,
    SignedContainer,
    TimelineEntry,
)
from models.vocabulary import (
    Assurance,
    ClientKind,
    Fate,
    IdentifierScheme,
    IdentityMethod,
    RequestType,
    TimelineKind,
)
from tests.authorities import service, signer
from tests.containers import REQUEST, SIGNED_AT, changed, container, packed, unpacked
from tests.letters_for_acts import stored
from tests.registers import NOW

CODE, OTHER_CODE = "36805280109", "47101010033"
MANNER = Manner(
    own=OwnMail("info@netpro.ee", "info@netpro.ee", None, frozenset()),
    acknowledge_unauthenticated=True,
    late_hours=72,
    anchors=tuple(one.public_bytes(Encoding.DER) for one in service().anchors),
)
COVER = "Tere! Saadan digiallkirjastatud avalduse. Lugupidamisega Mari Kask"


def eml(
    content: bytes | None, text: str = COVER, sender: str = "mari@example.com", **more: str
) -> bytes:
    """A letter, with a container attached when there is one."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, "info@netpro.ee", "Avaldus"
    letter["Message-ID"] = f"<{abs(hash((content, text, sender)))}@example.com>"
    for name, value in more.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    if content is not None:
        kind = "vnd.etsi.asic-e+zip"
        letter.add_attachment(
            content, maintype="application", subtype=kind, filename="avaldus.asice"
        )
    return letter.as_bytes()


def read(kept: Stored, of: str = "Proov") -> Reading:
    task = Task(kept.raw, kept.folder, kept.received_at, NOW, truncated=False)
    return judge(task, MANNER, service(of).anchors)


async def arrived(house: House, raw: bytes, uid: int = 1, of: str = "Proov") -> Received:
    kept = await stored(house, uid, raw)
    return await receive(house, kept, read(kept, of), now=NOW)


async def a_client(house: House, external_id: str = "k1", code: str = CODE) -> int:
    record = ClientRecord(
        external_id=external_id,
        kind=ClientKind.NATURAL_PERSON,
        display_name="Mari Kask",
        identifier=(IdentifierScheme.EE_PERSONAL_CODE, code),
    )
    result = await upsert_client(house, SYSTEM, record=record, now=NOW)
    assert result.client_id is not None
    return result.client_id


async def case_of(came: Received) -> DataSubjectRequest:
    return await DataSubjectRequest.get(id=came.result.request_id)


pytestmark = pytest.mark.usefixtures("register")


async def test_a_client_who_signed_the_request_is_known_from_any_address(house: House) -> None:
    client = await a_client(house)
    came = await arrived(house, eml(container(), sender="anybody@example.org"))
    request = await case_of(came)
    assert came.fate is Fate.REGISTERED
    assert came.labels == (RequestType.ERASURE,)
    assert (request.assurance, request.subject_id) == (Assurance.SIGNED, client)
    assert request.identity_method is IdentityMethod.DIGITAL_SIGNATURE
    assert request.identity_verified_at == NOW
    assert await SignedContainer.all().count() == 2
    assert await OutboundMail.all().count() == 1


async def test_the_evidence_is_kept_in_sentences_without_the_whole_code(house: House) -> None:
    await a_client(house)
    came = await arrived(house, eml(container()))
    request = await case_of(came)
    sentences = house.vault.open_json("note", request.identity_evidence_sealed)
    assert sentences[0] == "The signed files themselves ask for: erasure."
    assert "MARI KASK, personal code *********09" in sentences[1]
    assert "Not checked: archive timestamps" in sentences[-1]
    assert CODE not in " ".join(sentences)
    note = await TimelineEntry.get(kind=TimelineKind.IDENTITY)
    assert note.summary == "Identity shown by a digital signature over the request."


async def test_what_was_found_about_the_signature_stays_with_the_letter(house: House) -> None:
    came = await arrived(house, eml(container()))
    message = await Message.get(id=came.result.message_id)
    kept = house.vault.open_json("signature", message.signature_sealed)
    (one,) = kept["signatures"]
    assert kept["accepted"]
    assert kept["coversRequest"]
    assert kept["signedLabels"] == ["erasure"]
    assert one["signedAt"] == SIGNED_AT.isoformat()
    assert (one["signer"], one["personalCode"], one["trusted"]) == ("MARI KASK", CODE, True)


@pytest.mark.parametrize(
    "content",
    [
        changed(container(), "avaldus.txt", lambda _: REQUEST.encode() + b" Kohe."),
        container({"avaldus.txt": REQUEST.encode(), "b.txt": b"b"}, leaves_out=("b.txt",)),
        container({"tere.txt": "Tere, ilusat päeva!".encode()}),
        container(asked=False),
        container(stamped=False),
        container(status=ocsp.OCSPCertStatus.REVOKED),
        container(at=SIGNED_AT - timedelta(days=8)),
        container(by=signer(OTHER_CODE)),
        container(by=signer(serial="NTREE-12345678")),
    ],
    ids=[
        "tampered", "uncovered file", "signed over something else", "without OCSP",
        "without timestamp", "revoked", "signed too long ago", "nobody's code", "a company",
    ],
)  # fmt: skip
async def test_anything_less_proves_nothing(house: House, content: bytes) -> None:
    await a_client(house)
    came = await arrived(house, eml(content, f"{COVER}\n\n{REQUEST}"))
    message = await Message.get(id=came.result.message_id)
    assert message.signature_sealed is not None
    assert await DataSubjectRequest.filter(assurance=Assurance.SIGNED).count() == 0
    assert await SignedContainer.all().count() == 0
    if came.fate is Fate.REGISTERED:
        request = await case_of(came)
        sentences = house.vault.open_json("note", request.identity_evidence_sealed)
        assert request.subject_id is None
        assert len(sentences) > 2
    else:
        assert came.fate is Fate.TRIAGE


async def test_without_the_authority_a_signed_letter_goes_to_a_person(house: House) -> None:
    await a_client(house)
    came = await arrived(house, eml(container()), of="Muu")
    assert came.fate is Fate.TRIAGE


async def test_a_container_proves_something_once(house: House) -> None:
    await a_client(house)
    first = await arrived(house, eml(container()))
    again = packed(dict(reversed(unpacked(container()).items())))
    for uid, content in ((2, container()), (3, again)):
        raw = eml(content, sender=f"other{uid}@example.org")
        came = await arrived(house, raw, uid)
        assert came.fate is Fate.REGISTERED
        assert (await case_of(came)).assurance is Assurance.CLAIMED
    assert (await case_of(first)).assurance is Assurance.SIGNED


async def test_a_code_that_two_clients_have_proves_nothing(house: House) -> None:
    await a_client(house)
    await a_client(house, "k2")
    came = await arrived(house, eml(container()))
    assert (await case_of(came)).assurance is Assurance.CLAIMED


async def test_a_right_asked_only_outside_the_signed_file_is_not_proven(house: House) -> None:
    await a_client(house)
    text = "Palun saatke mulle koopia kõigist minu isikuandmetest, mida te minu kohta hoiate."
    came = await arrived(house, eml(container(), text))
    request = await case_of(came)
    assert set(came.labels) > {RequestType.ERASURE}
    assert request.assurance is Assurance.CLAIMED


async def test_a_signed_withdrawal_ends_the_consents_of_the_signer(house: House) -> None:
    client = await a_client(house)
    text = "Võtan tagasi oma nõusoleku isikuandmete töötlemiseks turunduse eesmärgil."
    came = await arrived(
        house, eml(container({"avaldus.txt": text.encode()}), sender="x@a.example")
    )
    assert RequestType.CONSENT_WITHDRAWAL in came.labels
    assert {event.client_id for event in await ConsentEvent.all()} == {client}


async def test_a_signed_answer_raises_the_level_of_its_case(house: House) -> None:
    client = await a_client(house)
    first = await arrived(house, eml(None, REQUEST))
    assert (await case_of(first)).assurance is Assurance.CLAIMED
    mail = await OutboundMail.get()
    came = await arrived(house, eml(container(), In_Reply_To=mail.message_id), 2)
    request = await case_of(first)
    assert came.fate is Fate.FOLLOW_UP
    assert (request.assurance, request.subject_id) == (Assurance.SIGNED, client)


async def test_a_signed_answer_of_another_client_changes_nothing(house: House) -> None:
    client = await a_client(house)
    await a_client(house, "k2", OTHER_CODE)
    first = await arrived(house, eml(container()))
    mail = await OutboundMail.get()
    theirs = container(by=signer(OTHER_CODE))
    await arrived(house, eml(theirs, In_Reply_To=mail.message_id), 2)
    assert (await case_of(first)).subject_id == client
    assert await SignedContainer.all().count() == 2
    notes = await TimelineEntry.filter(kind=TimelineKind.IDENTITY).order_by("id")
    assert "does not count" in notes[-1].summary


async def test_the_child_reads_signatures_with_the_authorities_it_was_given(house: House) -> None:
    kept = await stored(house, 1, eml(container()))
    async with Reader(MANNER) as reader:
        outcomes = [outcome async for _, outcome in reader.readings([kept])]
    (found,) = outcomes
    assert isinstance(found, Reading)
    assert found.letter.signature is not None
    assert found.letter.signature.accepted
    assert found.letter.signed_texts == (REQUEST,)
    assert found.signed_verdict_labels == (RequestType.ERASURE,)
