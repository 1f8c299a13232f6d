"""The sample letters and clients: whole, varied, harmless, and read as they ought to be."""

import asyncio
import base64
import hashlib
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

from mailbot.classify import classify
from mailbot.demo.postmark import AUTHSERV_ID, postmarked
from mailbot.demo.run import (
    REPLIES,
    converse,
    deliver,
    letter_from_text,
    reply_to,
    send_raw,
    send_text,
)
from mailbot.demo.samples import SampleLetter, clients_path, letters, letters_folder
from mailbot.demo.server import DemoMailServer, OutsideLetter
from mailbot.headers import OwnMail
from mailbot.letter import read
from mailbot.screening import screen
from models.importing import read_clients
from models.shapes import Reading
from models.vocabulary import (
    AddressKind,
    Answer,
    AskedPurpose,
    ClientKind,
    Decision,
    Language,
    ReadingFlag,
    RequestType,
)

AT = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
OWN = OwnMail("info@netpro.ee", "info@netpro.ee", AUTHSERV_ID, frozenset())
DOMAIN = re.compile(r"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
ACKNOWLEDGEMENT = (
    "From: info@netpro.ee\r\nTo: nina.orlova@pochta.example\r\nSubject: NP-2026-0007\r\n"
    "Message-ID: <ack.abc@netpro.ee>\r\nReferences: <first@pochta.example>\r\n"
    "Date: Fri, 13 Mar 2026 09:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\nМы получили ваше письмо.\r\n"
).encode()


def reading(letter: SampleLetter) -> Reading:
    found = read(postmarked(letter.raw, letter.sender, "info@netpro.ee", "Q1", AT), own=OWN)
    texts = tuple(part.text for part in found.attachments if part.text)
    verdict = classify(found.subject, found.text, found.new_spans, found.flags, texts)
    screening = screen(
        found,
        own=OWN,
        folder="INBOX",
        received_at=AT,
        now=AT,
        acknowledge_unauthenticated=False,
        late=timedelta(hours=72),
    )
    return Reading(found, screening, verdict)


@pytest.fixture(scope="module")
def readings() -> list[tuple[SampleLetter, Reading]]:
    return [(letter, reading(letter)) for letter in letters()]


def named(part: str) -> SampleLetter:
    (found,) = [letter for letter in letters() if letter.name == part]
    return found


def container() -> zipfile.ZipFile:
    letter = message_from_bytes(named("et-erasure-signed-container").raw)
    (attached,) = [part for part in letter.walk() if part.get_filename() == "avaldus.asice"]
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    return zipfile.ZipFile(io.BytesIO(content))


def test_every_file_has_one_expectation_and_every_expectation_a_file() -> None:
    names = [letter.name for letter in letters()]
    assert sorted(names) == sorted(path.stem for path in letters_folder().glob("*.eml"))
    assert len(set(names)) == len(names) >= 48
    assert len({letter.raw for letter in letters()}) == len(names)


def test_every_right_purpose_language_decision_and_answer_occurs() -> None:
    found = letters()
    assert {label for letter in found for label in letter.labels} == set(RequestType)
    assert {purpose for letter in found for purpose in letter.purposes} == set(AskedPurpose)
    assert {letter.language for letter in found if letter.labels} == set(Language)
    assert {letter.decision for letter in found} == set(Decision)
    assert {letter.answer for letter in found} == set(Answer)
    assert any(letter.possible_breach for letter in found)
    assert any(letter.urgent for letter in found)
    assert any(len(letter.labels) == 3 for letter in found)


@pytest.mark.parametrize("letter", letters(), ids=lambda letter: letter.name)
def test_an_expectation_agrees_with_itself(letter: SampleLetter) -> None:
    assert bool(letter.purposes) == (RequestType.CONSENT_WITHDRAWAL in letter.labels)
    assert not (letter.labels and letter.decision is Decision.IGNORE)
    assert letter.labels or letter.decision is not Decision.REGISTER
    assert letter.note


@pytest.mark.parametrize("letter", letters(), ids=lambda letter: letter.name)
def test_a_letter_names_only_reserved_domains(letter: SampleLetter) -> None:
    found = read(letter.raw, own=OWN)
    texts = [letter.raw.decode("ascii", "replace"), found.text, letter.sender]
    domains = {domain.lower() for text in texts for domain in DOMAIN.findall(text)}
    assert domains
    assert not {
        domain
        for domain in domains
        if domain not in ("example.com", "netpro.ee") and not domain.endswith(".example")
    }


def test_charsets_encodings_and_forms_are_mixed() -> None:
    raws = b"".join(letter.raw for letter in letters()).lower()
    for word in (b"koi8-r", b"windows-1257", b"windows-1251", b"base64", b"quoted-printable"):
        assert word in raws
    for kind in (b"multipart/alternative", b"multipart/mixed", b"multipart/report", b"text/html"):
        assert kind in raws
    assert b"list-id:" in raws


def test_every_letter_is_read_whole_and_only_the_container_is_flagged(
    readings: list[tuple[SampleLetter, Reading]],
) -> None:
    flagged = {letter.name: set(found.letter.flags) for letter, found in readings}
    assert flagged.pop("et-erasure-signed-container") == {ReadingFlag.SIGNED_CONTAINER}
    lossy = {ReadingFlag.CHARSET_LOSSY, ReadingFlag.CHARSET_GUESSED, ReadingFlag.HTML_DIFFERS}
    assert not {name for name, flags in flagged.items() if flags & lossy}


def test_the_answer_is_the_expected_one_once_the_demo_server_has_delivered(
    readings: list[tuple[SampleLetter, Reading]],
) -> None:
    wrong = {
        letter.name: (found.screening.answer, found.screening.reasons)
        for letter, found in readings
        if found.screening.answer is not letter.answer
    }
    assert not wrong


def test_no_request_is_ignored_and_no_ordinary_letter_registered(
    readings: list[tuple[SampleLetter, Reading]],
) -> None:
    missed = [
        letter.name
        for letter, found in readings
        if letter.labels and found.verdict.decision is Decision.IGNORE
    ]
    strangers = [
        letter.name
        for letter, found in readings
        if not letter.labels and found.verdict.decision is Decision.REGISTER
    ]
    assert not missed
    assert not strangers


def test_language_breach_and_urgency_are_seen_and_three_quarters_understood_exactly(
    readings: list[tuple[SampleLetter, Reading]],
) -> None:
    exact = 0
    for letter, found in readings:
        verdict = found.verdict
        if letter.labels:
            assert verdict.language is letter.language, letter.name
        assert verdict.possible_breach or not letter.possible_breach, letter.name
        assert verdict.urgent or not letter.urgent, letter.name
        exact += set(verdict.labels) == set(letter.labels) and set(verdict.purposes) == set(
            letter.purposes
        )
    assert exact >= len(readings) * 3 / 4


def test_the_container_is_built_alike_every_time_and_its_type_comes_first() -> None:
    first = container().infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert container().read("mimetype") == b"application/vnd.etsi.asic-e+zip"
    assert "Palun kustutada kõik minu isikuandmed" in container().read("avaldus.txt").decode()
    letters.cache_clear()
    before = named("et-erasure-signed-container").raw
    letters.cache_clear()
    assert named("et-erasure-signed-container").raw == before


def test_the_containers_signature_is_whole_and_covers_the_statement() -> None:
    box = container()
    root = etree.fromstring(box.read("META-INF/signatures0.xml"))
    spaces = {"ds": "http://www.w3.org/2000/09/xmldsig#"}
    digests = [node.text for node in root.findall(".//ds:SignedInfo//ds:DigestValue", spaces)]
    properties = root.xpath("//*[@Id='S0-SignedProperties']")[0]
    covered = [box.read("avaldus.txt"), etree.tostring(properties, method="c14n", exclusive=True)]
    covered[1] = covered[1].split(b"</xades:SignedProperties>")[0] + b"</xades:SignedProperties>"
    assert digests == [base64.b64encode(hashlib.sha256(one).digest()).decode() for one in covered]
    der = base64.b64decode(root.findtext(".//ds:X509Certificate", namespaces=spaces))
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    value = base64.b64decode(root.findtext(".//ds:SignatureValue", namespaces=spaces))
    signature = encode_dss_signature(
        int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big")
    )
    info = root.find(".//ds:SignedInfo", spaces)
    signed = etree.tostring(info, method="c14n", exclusive=True, with_tail=False)
    key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))


def test_the_sample_clients_import_without_a_problem() -> None:
    records, problems = read_clients(clients_path())
    assert not problems
    assert len(records) >= 24
    assert {record.kind for record in records} == set(ClientKind)
    assert {record.language for record in records} == set(Language)
    assert any(record.representatives for record in records)
    assert any(record.relationship_ended_on for record in records)


def test_clients_have_reserved_domains_and_wrote_a_third_of_the_letters() -> None:
    records, _ = read_clients(clients_path())
    known = {
        address.value
        for record in records
        for address in record.addresses
        if address.kind is AddressKind.EMAIL
    }
    assert all(value.endswith((".example", "@example.com")) for value in known)
    senders = [letter.sender for letter in letters()]
    assert sum(sender in known for sender in senders) >= len(senders) / 3
    assert any(letter.labels and letter.sender not in known for letter in letters())


async def test_all_letters_reach_the_inbox_in_order_with_their_proof() -> None:
    seen: list[str] = []
    async with DemoMailServer() as server:
        taken = await deliver(server, letters(), 0, lambda letter: seen.append(letter.name))
        assert taken == server.delivered == len(letters())
    assert seen == [letter.name for letter in letters()]


async def test_ones_own_letter_reaches_the_inbox_as_written() -> None:
    async with DemoMailServer() as server:
        message_id = await send_text("127.0.0.1", server.smtp_port, "Palun kustutage mu konto, ä!")
        assert server.delivered == 1
    assert message_id.endswith("@example.com>")
    raw, _ = letter_from_text("Удалите мои данные", "a@example.com", None, AT)
    letter = read(raw, own=OWN)
    assert letter.subject == letter.text.strip() == "Удалите мои данные"
    assert letter.from_address == "a@example.com"
    assert letter.to == ("info@netpro.ee",)


def test_a_subject_cannot_bring_headers_along_and_an_empty_text_is_refused() -> None:
    raw, _ = letter_from_text("x", "a@example.com", "Hi\r\nBcc: b@example.com", AT)
    assert message_from_bytes(raw)["Bcc"] is None
    with pytest.raises(ValueError, match="at least one word"):
        letter_from_text("  \n", "a@example.com", None, AT)
    with pytest.raises(ValueError, match="mail address"):
        letter_from_text("x", "nobody", None, AT)


async def test_a_server_that_is_not_there_is_one_clear_sentence() -> None:
    async with DemoMailServer() as server:
        port = server.smtp_port
    with pytest.raises(OSError, match=f"No mail server answers on 127.0.0.1:{port}"):
        await send_text("127.0.0.1", port, "x")


def test_a_scripted_reply_threads_to_our_letter_and_quotes_it() -> None:
    ours = OutsideLetter("info@netpro.ee", ("nina.orlova@pochta.example",), ACKNOWLEDGEMENT, AT)
    raw = reply_to(ours, AT)
    assert raw is not None
    answer = message_from_bytes(raw, policy=policy.default)
    assert answer["In-Reply-To"] == "<ack.abc@netpro.ee>"
    assert answer["References"] == "<first@pochta.example> <ack.abc@netpro.ee>"
    assert answer["Subject"] == "Re: NP-2026-0007"
    letter = read(raw, own=OWN)
    assert "отзываю согласие" in letter.new_text
    assert "Мы получили" in letter.text
    assert "Мы получили" not in letter.new_text


def test_only_writers_with_something_to_say_reply() -> None:
    ours = OutsideLetter("info@netpro.ee", ("stranger@example.com",), ACKNOWLEDGEMENT, AT)
    assert reply_to(ours, AT) is None
    assert set(REPLIES) <= {letter.sender for letter in letters()}


async def test_the_outside_world_answers_our_first_letter_once() -> None:
    written: asyncio.Queue[str] = asyncio.Queue()
    async with DemoMailServer() as server:
        talk = asyncio.create_task(converse(server, written.put_nowait, 0))
        for _ in range(2):
            await server.accept("info@netpro.ee", ["nina.orlova@pochta.example"], ACKNOWLEDGEMENT)
        await server.accept("info@netpro.ee", ["stranger@example.com"], ACKNOWLEDGEMENT)
        async with asyncio.timeout(10):
            assert await written.get() == "nina.orlova@pochta.example"
        await send_raw("127.0.0.1", server.smtp_port, b"From: a@example.com\n\nx", "a@example.com")
        talk.cancel()
        await asyncio.gather(talk, return_exceptions=True)
        assert server.delivered == 2
        assert written.empty()
