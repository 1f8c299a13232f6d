"""Text out of attached documents: PDF, DOCX, ODT, mail, text and signed containers.

Sizes inside archives are checked before anything is unpacked. What cannot be read with
certainty gives None, never a guess. An archive that is no known document stays shut.
"""

import io
import logging
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pypdf
from lxml import etree

from mailbot import charsets, html
from mailbot.body import read_body
from mailbot.parts import decoded, first, split

MAX_TEXT = 200_000  # code points out of one attachment
MAX_PAGES = 40
MAX_MEMBERS = 500
MAX_DIRECTORY = 256 * 1024  # bytes of a zip's central directory
MAX_MEMBER = 20 * 1024 * 1024  # bytes unpacked
MAX_RATIO = 200
SMALL = 1024 * 1024  # below this, any ratio is harmless
MAX_NESTING = 3  # mail in a container in a mail

ZIP, PDF, END_OF_DIRECTORY = b"PK\x03\x04", b"%PDF-", b"PK\x05\x06"
CONTAINER_TYPES = ("application/vnd.etsi.asic", "application/vnd.bdoc", "application/x-ddoc")
CONTAINER_NAME = re.compile(r"\.(?:asice|sce|asics|scs|bdoc|ddoc)$", re.IGNORECASE)
SIGNED_MAIL_NAME = re.compile(r"\.p7m$", re.IGNORECASE)
TEXT_NAME = re.compile(r"\.(?:txt|csv|log|md|vcf|ics)$", re.IGNORECASE)
MAIL_NAME = re.compile(r"\.eml$", re.IGNORECASE)
PAGE_NAME = re.compile(r"\.html?$", re.IGNORECASE)
BREAKS = frozenset({"p", "h", "br", "cr", "line-break", "tab"})

# its log lines repeat pieces of the document
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Extract:
    """`text` is None when nothing could be read; `signed` for a signed container."""

    text: str | None
    signed: bool = False
    complete: bool = True


class Unreadable(Exception):
    """A document that is broken, locked or too big; the text is a short reason."""


def extract(content: bytes, name: str, media_type: str, nesting: int = 0) -> Extract:
    """What can be read out of one document; never raises."""
    try:
        found = _extract(content, name, media_type, nesting)
    except Exception:  # the libraries raise anything at all on a broken document
        signed = is_container(name, media_type)
        return Extract(None, signed=signed, complete=False)
    text = charsets.storable(found.text or "").strip()[:MAX_TEXT] or None
    return Extract(text, found.signed, found.complete and text is not None)


def is_container(name: str, media_type: str) -> bool:
    """Signed by name or type: ASiC, BDOC, DDOC, or mail inside a signature."""
    return (
        media_type.startswith(CONTAINER_TYPES)
        or media_type in ("application/pkcs7-mime", "application/x-pkcs7-mime")
        or bool(CONTAINER_NAME.search(name) or SIGNED_MAIL_NAME.search(name))
    )


def _extract(content: bytes, name: str, media_type: str, nesting: int) -> Extract:
    if content.startswith(ZIP):
        return _zipped(content, name, media_type, nesting)
    if is_container(name, media_type):
        return Extract(None, signed=True, complete=False)
    if PDF in content[:1024]:
        return Extract(_pdf(content))
    if media_type == "message/rfc822" or MAIL_NAME.search(name):
        return Extract(_mail(content, nesting))
    if media_type == "text/html" or PAGE_NAME.search(name):
        return Extract(html.read(charsets.decode(content)[0]).text)
    if media_type.startswith("text/") or TEXT_NAME.search(name):
        return Extract(None if content.startswith(b"{\\rtf") else charsets.decode(content)[0])
    return Extract(None, complete=False)


def _mail(content: bytes, nesting: int) -> str:
    """Subject and whole text of a message, and of what is attached to it."""
    if nesting >= MAX_NESTING:
        raise Unreadable("nested too deep")
    tree = split(content)
    subject = decoded(first(tree.fields, "subject"))
    return f"{subject}\n\n{read_body(tree).text}"


def _pdf(content: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("locked")
    texts: list[str] = []
    room = MAX_TEXT
    for index in range(min(MAX_PAGES, len(reader.pages))):
        texts.append(reader.pages[index].extract_text()[:room])
        room -= len(texts[-1])
        if room <= 0:
            break
    return "\n".join(texts)


def _zipped(content: bytes, name: str, media_type: str, nesting: int) -> Extract:
    signed = is_container(name, media_type)
    with opened(content) as archive:
        members = {info.filename: info for info in archive.infolist()}
        kind = _kind(archive, members)
        if signed or kind.startswith("application/vnd.etsi.asic"):
            return _container(archive, members, nesting)
        if "word/document.xml" in members:
            return Extract(_docx(unpacked(archive, members["word/document.xml"])))
        if kind.startswith("application/vnd.oasis.opendocument.text"):
            return Extract(_odt(unpacked(archive, members["content.xml"])))
    return Extract(None, complete=False)


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive, after its directory is seen to be small (zipfile reads all of it at once)."""
    at = content.rfind(END_OF_DIRECTORY, max(0, len(content) - 65_557))
    if at < 0 or len(content) < at + 22:
        raise Unreadable("no directory")
    count, size = struct.unpack("<HI", content[at + 10 : at + 16])
    if count > MAX_MEMBERS or size > MAX_DIRECTORY:
        raise Unreadable("too many members")
    return zipfile.ZipFile(io.BytesIO(content))


def _kind(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> str:
    info = members.get("mimetype")
    if info is None or info.file_size > 200:
        return ""
    return unpacked(archive, info).decode("ascii", "replace").strip()


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """One member unpacked, within size and ratio, whatever the directory claims."""
    ratio = info.file_size / max(1, info.compress_size)
    if info.file_size > MAX_MEMBER or (info.file_size > SMALL and ratio > MAX_RATIO):
        raise Unreadable("zip bomb")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 1:
        raise Unreadable("locked or unusual")
    with archive.open(info) as member:
        data = member.read(MAX_MEMBER + 1)
    if len(data) > info.file_size:
        raise Unreadable("zip bomb")
    return data


def _container(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], nesting: int
) -> Extract:
    """Text of the signed data files (ETSI EN 319 162-1: all outside META-INF)."""
    texts: list[str] = []
    complete = nesting < MAX_NESTING
    room = MAX_MEMBER
    for name, info in members.items():
        if name == "mimetype" or name.startswith("META-INF/") or name.endswith("/"):
            continue
        room -= info.file_size
        if nesting >= MAX_NESTING or room < 0:
            complete = False
            break
        found = extract(unpacked(archive, info), name, "application/octet-stream", nesting + 1)
        complete = complete and found.complete
        if found.text:
            texts.append(found.text)
    return Extract("\n\n".join(texts), signed=True, complete=complete)


def _root(data: bytes) -> "etree._Element":
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(data, parser)


def _docx(data: bytes) -> str:
    """Text runs of a Word document; deleted text has another name (ECMA-376 17.3.3)."""
    return "".join(_docx_pieces(_root(data)))


def _docx_pieces(root: "etree._Element") -> Iterator[str]:
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = _local(element)
        if event == "start" and name == "t":
            yield element.text or ""
        elif event == "end" and name in BREAKS:
            yield "\t" if name == "tab" else "\n"


def _odt(data: bytes) -> str:
    """Paragraphs and headings of an OpenDocument text."""
    return "".join(_odt_pieces(_root(data)))


def _odt_pieces(root: "etree._Element") -> Iterator[str]:
    inside = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = _local(element)
        block = name in ("p", "h")
        if event == "start":
            inside += block
            yield (element.text or "") if inside else ""
            continue
        inside -= block
        if name in BREAKS:
            yield "\t" if name == "tab" else "\n"
        elif name == "s":
            yield " "
        yield (element.tail or "") if inside else ""


def _local(element: "etree._Element") -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
