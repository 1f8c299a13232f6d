"""ASiC-E containers (ETSI EN 319 162-1; BDOC 2): the zip, its manifest, its signature files."""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from mailbot.documents import MAX_MEMBER, ZIP, Unreadable, opened, unpacked

MEDIA_TYPE = b"application/vnd.etsi.asic-e+zip"
MANIFEST = "META-INF/manifest.xml"
SIGNATURE_NAME = re.compile(r"META-INF/[^/]*signatures[^/]*\.xml", re.IGNORECASE)
MANIFEST_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
MAX_SIGNATURE_FILES = 20
MAX_XML = 2 * 1024 * 1024  # bytes of one XML file
MAX_NAMESPACES = 300  # declarations in one: canonical XML takes their square in time
MAX_ATTRIBUTES = 50  # of one element: likewise
ENCODINGS = frozenset({None, "UTF-8", "ASCII", "US-ASCII"})
# EN 319 162-1 A.1: stored first, so that the type stands at a known place
TYPE_AT = slice(30, 38 + 24)
TYPE_MARK = b"mimetypeapplication/vnd.etsi"


class NotReadable(Exception):
    """Why a container cannot be looked into: one sentence without personal data."""


@dataclass(frozen=True, slots=True)
class Container:
    """Data files and signature files by name; `problems` of the container as a whole."""

    files: Mapping[str, bytes]
    signatures: Mapping[str, bytes]
    problems: tuple[str, ...]


def is_zipped_container(content: bytes) -> bool:
    """Whether these bytes call themselves an ASiC container, whatever their name."""
    return content.startswith(ZIP) and content[TYPE_AT].startswith(TYPE_MARK)


def read(content: bytes) -> Container:
    """Unpacks within limits; NotReadable when that cannot be."""
    try:
        with opened(content) as archive:
            return _read(archive)
    except Unreadable as problem:
        raise NotReadable(f"The container was not opened: {problem}.") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError):
        raise NotReadable("The container is no readable zip file.") from None


def parse(data: bytes) -> Any:
    """The root of an XML file without any document type; NotReadable otherwise."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    if len(data) > MAX_XML or data.count(b"xmlns") > MAX_NAMESPACES:
        raise NotReadable("An XML file of the container is too big.")
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise NotReadable("An XML file of the container is broken.") from None
    information = root.getroottree().docinfo
    if information.internalDTD is not None or information.doctype:
        raise NotReadable("An XML file of the container defines entities or a document type.")
    if (information.encoding and information.encoding.upper()) not in ENCODINGS:
        raise NotReadable("An XML file of the container is not written in UTF-8.")
    if any(len(element.attrib) > MAX_ATTRIBUTES for element in root.iter("*")):
        raise NotReadable("An XML file of the container has too many attributes.")
    return root


def _read(archive: zipfile.ZipFile) -> Container:
    members = [one for one in archive.infolist() if not one.is_dir()]
    names = [one.filename for one in members]
    if len(set(names)) != len(names):
        raise NotReadable("The container holds two files of one name.")
    if sum(one.file_size for one in members) > MAX_MEMBER:
        raise NotReadable("The container is too big to be checked.")
    files = {name: unpacked(archive, one) for name, one in zip(names, members, strict=True)}
    signatures = {name: data for name, data in files.items() if SIGNATURE_NAME.fullmatch(name)}
    if len(signatures) > MAX_SIGNATURE_FILES:
        raise NotReadable("The container holds too many signatures to be checked.")
    inside = {name: data for name, data in files.items() if _is_data(name)}
    return Container(inside, signatures, tuple(_problems(files, inside, signatures)))


def _is_data(name: str) -> bool:
    return name != "mimetype" and not name.startswith("META-INF/")


def _problems(
    files: Mapping[str, bytes], inside: Mapping[str, bytes], signatures: Mapping[str, bytes]
) -> list[str]:
    found = []
    if files.get("mimetype", b"").strip() != MEDIA_TYPE:
        found.append("The container does not call itself ASiC-E: other kinds are not checked.")
    if not inside:
        found.append("The container holds no data file.")
    if not signatures:
        found.append("The container holds no signature.")
    if MANIFEST not in files:
        found.append("The container has no manifest.")
    elif sorted(_listed(files[MANIFEST])) != sorted(inside):
        found.append("The manifest lists other files than the container holds.")
    return found


def _listed(manifest: bytes) -> list[str]:
    entries = parse(manifest).iter(f"{MANIFEST_SPACE}file-entry")
    paths = [entry.get(f"{MANIFEST_SPACE}full-path", "") for entry in entries]
    return [path for path in paths if path != "/"]
