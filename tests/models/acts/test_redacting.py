"""A copy of an identity document leaves the register: the file, and the raw letter's part."""

import base64
from dataclasses import replace
from hashlib import sha256

import pytest

from models.acts.classify import classify_message
from models.acts.receive import receive
from models.acts.redacting import redact_attachment
from models.house import House
from models.shapes import ActRefused
from models.shapes import Attachment as Read
from models.tables import Attachment, FulfilmentTask, Message, RawLetter
from models.vocabulary import Decision, ErrorCode, RequestType
from tests.letters_for_acts import letter, reading, stored, verdict
from tests.models.acts.desk import refused, staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")
PICTURE = bytes(range(256)) * 4
HEAD = (
    b"From: mari@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n"
    b"\r\n--x\r\nContent-Type: text/plain\r\n\r\nPalun kustutage.\r\n--x\r\n"
    b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
)
RAW = HEAD + base64.encodebytes(PICTURE).replace(b"\n", b"\r\n") + b"--x--\r\n"


async def a_picture(
    house: House, raw: bytes = RAW, decision: Decision = Decision.REGISTER
) -> tuple[Attachment, Message]:
    """A letter with a picture of an identity card."""
    digest = sha256(PICTURE).hexdigest()
    picture = Read("kaart.jpg", "image/jpeg", len(PICTURE), digest, PICTURE)
    found = replace(letter(), attachments=(picture,))
    judged = verdict(RequestType.ERASURE, decision=decision)
    kept = await stored(house, raw=raw)
    await receive(house, kept, reading(found, judged), now=NOW)
    return await Attachment.get(), await Message.get()


async def redact(
    house: House, file: Attachment, letter: Message, note: str = "Vaadatud, eemaldatud."
) -> None:
    """Noted and removed."""
    await redact_attachment(
        house, await staff(house), attachment_id=file.id, version=letter.version, note=note, now=NOW
    )


async def test_the_file_and_its_part_of_the_raw_letter_go_the_digest_stays(house: House) -> None:
    file, message = await a_picture(house)
    await redact(house, file, message)
    file = await Attachment.get()
    assert (file.content_sealed, file.redacted_at) == (None, NOW)
    assert file.sha256 == sha256(PICTURE).hexdigest()
    raw = house.vault.open("raw", (await RawLetter.get()).sealed or b"")
    assert raw == HEAD + b"\r\n--x--\r\n"
    assert (await RawLetter.get()).sha256 == sha256(RAW).hexdigest()
    task = await FulfilmentTask.get(kind="delete_in_mailbox")
    told = house.vault.open_json("task", task.detail_sealed)
    assert told["folders"] == ["INBOX"]
    assert told["messageId"] == "<one@example.com>"


async def test_a_file_removed_in_triage_is_a_task_once_the_letter_has_a_case(house: House) -> None:
    file, message = await a_picture(house, decision=Decision.TRIAGE)
    await redact(house, file, message)
    assert not await FulfilmentTask.all().exists()
    message = await Message.get()
    await classify_message(
        house, await staff(house), message_id=message.id, version=message.version,
        labels=[RequestType.ERASURE], now=NOW,
    )  # fmt: skip
    assert (await FulfilmentTask.get(kind="delete_in_mailbox")).message_id == message.id


async def test_where_it_cannot_be_cut_out_no_raw_byte_stays(house: House) -> None:
    file, message = await a_picture(house, b"From: mari@example.com\r\n\r\nno picture here\r\n")
    await redact(house, file, message)
    assert (await RawLetter.get()).sealed is None
    assert (await Message.get()).text_sealed is not None


async def test_a_redaction_needs_a_note_the_version_and_a_file(house: House) -> None:
    file, message = await a_picture(house)
    await staff(house)
    stale, nothing = Message(id=message.id, version=9), Attachment(id=999)
    for found, at, note, code in (
        (file, message, " ", ErrorCode.REASON_REQUIRED),
        (file, stale, "x", ErrorCode.STALE_VERSION),
        (nothing, message, "x", ErrorCode.NOT_FOUND),
    ):
        assert await refused(redact(house, found, at, note)) is code
    await redact(house, file, message)
    with pytest.raises(ActRefused) as again:
        await redact(house, file, await Message.get())
    assert again.value.problems[0].code is ErrorCode.CONFLICT
