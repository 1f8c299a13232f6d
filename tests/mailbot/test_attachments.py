"""Attachments are listed; text is read out of known documents, and nothing hostile is unpacked."""

import hashlib
import io
import zipfile
from base64 import encodebytes

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from mailbot.attachments import MAX_READ, Attachments, read_attachments
from mailbot.documents import extract
from mailbot.parts import split
from models.vocabulary import ReadingFlag

UNREAD, SIGNED = ReadingFlag.ATTACHMENT_UNREAD, ReadingFlag.SIGNED_CONTAINER
REQUEST = "Palun kustutage kõik minu andmed."
ASICE = "application/vnd.etsi.asic-e+zip"


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return out.getvalue()


def docx(text: str) -> bytes:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    runs = "".join(
        f"<w:p><w:r><w:t>{line}</w:t><w:delText>vana</w:delText></w:r></w:p>"
        for line in text.split("\n")
    )
    xml = f'<w:document xmlns:w="{word}"><w:body>{runs}</w:body></w:document>'
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": xml.encode()})


def odt(text: str) -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    lines = "".join(f"<text:p>{line}<text:s/><text:span/></text:p>\n" for line in text.split("\n"))
    body = f"<office:body>{lines}</office:body>"
    xml = f"<office:document-content {names}>{body}</office:document-content>"
    kind = b"application/vnd.oasis.opendocument.text"
    return archive({"mimetype": kind, "content.xml": xml.encode()})


def pdf(text: str, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(300, 300)
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode("latin-1") if text else b"")
    page[NameObject("/Contents")] = writer._add_object(stream)
    font = {
        NameObject("/Type"): NameObject("/Font"),
        NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
        NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
    }
    fonts = DictionaryObject({NameObject("/F1"): DictionaryObject(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def asice(**members: bytes) -> bytes:
    named = {name.replace("_", "."): data for name, data in members.items()}
    signature = {"META-INF/signatures0.xml": b"<signature>Palun</signature>"}
    return archive({"mimetype": ASICE.encode(), **named, **signature})


def attached(content: bytes, name: str, media_type: str, extra: str = "") -> Attachments:
    head = (
        'Content-Type: multipart/mixed; boundary="m"\n\n--m\nContent-Type: text/plain\n\nvt manus\n'
        f'--m\nContent-Type: {media_type}; name="{name}"\n{extra}'
        "Content-Transfer-Encoding: base64\n\n"
    )
    return read_attachments(split(head.encode() + encodebytes(content) + b"--m--\n"))


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (REQUEST.encode(), "avaldus.txt", "text/plain"),
        (REQUEST.encode("windows-1257"), "avaldus.txt", "application/octet-stream"),
        (f"<html><p>{REQUEST}</p></html>".encode(), "avaldus.html", "text/html"),
        (docx(REQUEST), "avaldus.docx", "application/octet-stream"),
        (odt(REQUEST), "avaldus.odt", "application/vnd.oasis.opendocument.text"),
        (pdf("Palun kustutage k\xf5ik minu andmed."), "avaldus.bin", "application/octet-stream"),
        (asice(avaldus_txt=REQUEST.encode()), "avaldus.asice", "application/octet-stream"),
        (asice(avaldus_docx=docx(REQUEST)), "avaldus.bdoc", "application/octet-stream"),
        (asice(avaldus_pdf=pdf("Palun kustutage k\xf5ik minu andmed.")), "a.zip", ASICE),
    ],
)
def test_text_is_read_out_of_known_documents(content: bytes, name: str, media_type: str) -> None:
    found = attached(content, name, media_type)
    (item,) = found.items
    assert item.text == REQUEST
    assert (item.size, item.content) == (len(content), content)
    assert item.sha256 == hashlib.sha256(content).hexdigest()
    assert UNREAD not in found.flags


def test_an_attached_mail_gives_its_subject_and_text_and_a_flag() -> None:
    mail = f"Subject: Palve\nContent-Type: text/plain; charset=utf-8\n\n{REQUEST}\n".encode()
    found = attached(mail, "palve.eml", "application/octet-stream")
    assert found.items[0].text == f"Palve\n\n{REQUEST}"
    assert found.flags == {ReadingFlag.FORWARDED_MESSAGE}


def test_paragraphs_of_a_document_stay_lines() -> None:
    assert extract(docx("esimene\nteine"), "a.docx", "").text == "esimene\nteine"
    assert (extract(odt("esimene\nteine"), "a.odt", "").text or "").split() == ["esimene", "teine"]


def test_a_signed_container_is_flagged_also_when_it_was_read() -> None:
    assert attached(asice(a_txt=b"Palun"), "a.asice", ASICE).flags == {SIGNED}
    assert attached(asice(a_jpg=b"\xff\xd8"), "a.asice", ASICE).flags == {SIGNED, UNREAD}


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"MIAG", "smime.p7m", "application/pkcs7-mime"),
        (b"<?xml version='1.0'?><SignedDoc/>", "vana.ddoc", "application/x-ddoc"),
        (b"PK\x03\x04 broken", "katki.asice", ASICE),
    ],
)
def test_containers_that_cannot_be_opened_go_to_a_person(
    content: bytes, name: str, media_type: str
) -> None:
    found = attached(content, name, media_type)
    assert found.flags == {SIGNED, UNREAD}
    assert found.items[0].text is None


def bomb(size: int) -> bytes:
    return archive({"word/document.xml": b"<a>" + b" " * size + b"</a>"})


def lying_bomb() -> bytes:
    """Claims ten bytes in its directory, unpacks to millions."""
    data = bytearray(bomb(5_000_000))
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def crowded() -> bytes:
    return archive({f"{n}.txt": b"" for n in range(3000)} | {"word/document.xml": b"<a/>"})


def entities() -> bytes:
    lol = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    return archive({"word/document.xml": lol + b"<p><t>&b;</t></p>"})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (bomb(100_000_000), "pomm.docx"),
        (lying_bomb(), "valetav.docx"),
        (crowded(), "rahvas.docx"),
        (entities(), "olemid.docx"),
        (archive({"word/document.xml": b"<a>"}), "katki.docx"),
        (archive({"avaldus.txt": REQUEST.encode()}), "arhiiv.zip"),
        (archive({"word/document.xml": b"<a/>"}, zipfile.ZIP_BZIP2), "harv.docx"),
        (b"PK\x03\x04", "tyhi.docx"),
        (pdf(""), "skann.pdf"),
        (pdf("salajane", password="võti"), "lukus.pdf"),
        (b"%PDF-1.7 garbage", "katki.pdf"),
        (b"{\\rtf1 Palun}", "kiri.rtf"),
        (b"\xff\xd8\xff\xe0", "pilt.jpg"),
    ],
)
def test_what_is_hostile_locked_broken_or_unknown_stays_unread(content: bytes, name: str) -> None:
    found = attached(content, name, "application/octet-stream")
    assert found.items[0].text is None
    assert found.flags == {UNREAD}


def test_pictures_inside_the_text_and_signature_parts_need_no_person() -> None:
    shown = attached(b"\xff\xd8", "logo.png", "image/png", "Content-ID: <logo@x>\n")
    assert (len(shown.items), shown.flags) == (1, frozenset())
    assert attached(b"x", "smime.p7s", "application/pkcs7-signature").flags == frozenset()
    sent = "Content-Disposition: attachment\n"
    assert attached(b"\xff\xd8", "skann.jpg", "image/jpeg", sent).flags == {UNREAD}


def test_of_many_documents_only_the_first_are_opened() -> None:
    part = "--m\nContent-Type: text/plain; name=a.txt\n\nPalun\n"
    raw = "Content-Type: multipart/mixed; boundary=m\n\n" + part * (MAX_READ + 5) + "--m--\n"
    found = read_attachments(split(raw.encode()))
    assert sum(item.text is not None for item in found.items) == MAX_READ
    assert len(found.items) == MAX_READ + 5
    assert UNREAD in found.flags


def test_mail_nested_in_mail_is_read_to_a_fixed_depth() -> None:
    inner = asice(a_txt=REQUEST.encode())
    for _ in range(6):
        inner = asice(veel_asice=inner)
    found = attached(inner, "a.asice", ASICE)
    assert found.items[0].text is None
    assert found.flags == {SIGNED, UNREAD}
