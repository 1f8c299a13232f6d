"""Containers are unpacked within limits, and must hold what their manifest lists."""

import io
import zipfile

import pytest

from mailbot import asic
from tests.containers import SIGNATURE, container, members, packed, unpacked

WHOLE = container()


def refusal(content: bytes) -> str:
    with pytest.raises(asic.NotReadable) as caught:
        asic.read(content)
    return str(caught.value)


def with_members(**changes: bytes) -> bytes:
    return packed({**unpacked(WHOLE), **changes})


def test_data_files_and_signatures_are_told_apart() -> None:
    found = asic.read(WHOLE)
    assert list(found.files) == ["avaldus.txt"]
    assert list(found.signatures) == [SIGNATURE]
    assert found.problems == ()


def test_a_container_is_known_by_its_first_bytes() -> None:
    assert asic.is_zipped_container(WHOLE)
    assert not asic.is_zipped_container(packed({"a.txt": b"a"}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (with_members(mimetype=b"application/vnd.etsi.asic-s+zip"), "ASiC-E"),
        (with_members(**{"lisa.txt": b"x"}), "manifest lists other files"),
        (packed({**members({"a.txt": b"a"})}), "no signature"),
        (packed({**members({}), SIGNATURE: b"<x/>"}), "no data file"),
        (packed({"mimetype": b"x", "a.txt": b"a"}), "no manifest"),
    ],
)
def test_what_is_wrong_with_the_whole_is_said(content: bytes, words: str) -> None:
    assert any(words in problem for problem in asic.read(content).problems)


def test_two_files_of_one_name_are_refused() -> None:
    held = io.BytesIO(WHOLE)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(held, "a") as box:
        box.writestr("avaldus.txt", "teine")
    assert "two files of one name" in refusal(held.getvalue())


def test_a_zip_bomb_is_not_unpacked() -> None:
    assert "zip bomb" in refusal(with_members(**{"lisa.txt": b"\0" * 10_000_000}))
    assert "too many members" in refusal(packed({f"{n}.txt": b"" for n in range(600)}))


def test_too_much_in_all_is_not_unpacked() -> None:
    inside = {f"{n}.bin": bytes(range(256)) * 3_000 for n in range(30)}
    assert "too big" in refusal(packed({**unpacked(WHOLE), **inside}))


def test_too_many_signatures_are_not_checked() -> None:
    inside = {f"META-INF/signatures{n}.xml": b"<x/>" for n in range(30)}
    assert "too many signatures" in refusal(packed({**unpacked(WHOLE), **inside}))


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ATTLIST a Id CDATA "S0">]><a/>',
        b"<a>",
        b"",
        b"<a/>" + b" " * asic.MAX_XML,
        b"<a " + b" ".join(b'xmlns:n%d="urn:%d"' % (n, n) for n in range(400)) + b"/>",
        b"<a " + b" ".join(b'n%d="%d"' % (n, n) for n in range(60)) + b"/>",
        '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"),
    ],
)
def test_xml_with_entities_or_too_much_of_it_is_refused(data: bytes) -> None:
    with pytest.raises(asic.NotReadable):
        asic.parse(data)


def test_xml_that_reaches_for_files_is_refused() -> None:
    with pytest.raises(asic.NotReadable):
        asic.parse(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>')
