"""Files and access packages through the API: in, built, fetched, handed over."""

import asyncio
import base64
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import httpx
import pytest
import pyzipper

from api.ids import encode
from models.house import House
from models.tables import (
    AccessPackage,
    CaseFile,
    Client,
    ContactAddress,
    DataSubjectRequest,
    IdempotencyKey,
    JournalEntry,
    TimelineEntry,
)
from models.vocabulary import AddressKind, Assurance, RequestStatus, Role
from tests.api.desk import Door
from tests.api.seeds import Sample

BUILD = """
mutation Build($i: RequestPackageInput!) { requestPackage(input: $i) {
  package { id version language files redactions isKept by { label } request { reference } }
  request { version packages { id } timeline { nodes { kind } } }
  userErrors { code path } } }
"""
SHOW = """
mutation Show($i: PackageShowPassphraseInput!) { packageShowPassphrase(input: $i) {
  passphrase package { version shownAt } userErrors { code path } } }
"""
OVER = """
mutation Over($i: PackageHandOverInput!) { packageHandOver(input: $i) {
  package { handedOverAt handedOverBy { label } channel passphraseChannel }
  userErrors { code path } } }
"""
REMOVE = """
mutation Remove($i: RequestFileRemoveInput!) { requestFileRemove(input: $i) {
  request { version files { name } } userErrors { code path } } }
"""
FILES = """
query Files($id: ID!) { node(id: $id) { ... on DataSubjectRequest {
  files { id name category isProvided size sha256 by { label staff { name } } } } } }
"""
NAMED = {"name": "tellimus.csv", "category": "CONTENT", "provided": "true"}


@pytest.fixture
async def case(sample: Sample, house: House) -> DataSubjectRequest:
    """Mari asks for a copy; she is known at L2 and has a telephone."""
    await ContactAddress.create(
        client=sample.mari,
        kind=AddressKind.PHONE,
        value="+3725000001",
        address_index=house.vault.address_index("+3725000001"),
    )
    await DataSubjectRequest.filter(id=sample.case.id).update(assurance=Assurance.CONFIRMED)
    return await DataSubjectRequest.get(id=sample.case.id)


async def put(
    door: Door,
    request_id: int,
    content: Any = b"teenus;kogus\n",
    role: Role | None = Role.CASE_HANDLER,
    headers: dict[str, str] | None = None,
    **named: Any,
) -> httpx.Response:
    """One file into a case."""
    return await door.http.put(
        f"/requests/{encode('DataSubjectRequest', request_id)}/files",
        params=NAMED | named,
        content=content,
        headers={**door.headers(role), **(headers or {})},
    )


def build(case: DataSubjectRequest, **more: Any) -> dict[str, Any]:
    """An order of a package."""
    return {"requestId": encode("DataSubjectRequest", case.id), "version": case.version} | more


async def built(door: Door, case: DataSubjectRequest, **more: Any) -> dict[str, Any]:
    """A package that was built."""
    done = (await door.ask(BUILD, i=build(case, **more)))["requestPackage"]
    assert done["userErrors"] == []
    found: dict[str, Any] = done["package"]
    return found


async def test_a_file_comes_in_once_and_is_seen_beside_its_case(
    door: Door, case: DataSubjectRequest
) -> None:
    """201, then 200 for the same one; name, digest, category, author; journalled."""
    first, again = await put(door, case.id), await put(door, case.id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    digest = sha256(b"teenus;kogus\n").hexdigest()
    assert first.json() == {"id": encode("CaseFile", 1), "size": 13, "sha256": digest}
    seen = await door.ask(FILES, id=encode("DataSubjectRequest", case.id))
    assert seen["node"]["files"] == [
        {
            "id": first.json()["id"],
            "name": "tellimus.csv",
            "category": "CONTENT",
            "isProvided": True,
            "size": 13,
            "sha256": digest,
            "by": {"label": "Person case_handler", "staff": {"name": "Person case_handler"}},
        }
    ]
    entry = await JournalEntry.get(action="file.add")
    assert entry.call_id
    assert (await JournalEntry.all().order_by("-id").first()).targets[-1] == "CaseFile:1"  # type: ignore[union-attr]


async def test_a_file_is_fetched_as_it_came_in_and_the_journal_knows(
    door: Door, case: DataSubjectRequest
) -> None:
    """Never inline, never cached, under its own name."""
    made = (await put(door, case.id, name="võlg <1>.csv")).json()
    got = await door.http.get(f"/files/{made['id']}", headers=door.headers(Role.DPO))
    assert (got.status_code, got.content) == (200, b"teenus;kogus\n")
    assert got.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''v%C3%B5lg%20%3C1%3E.csv"
    )
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "no-store"
    read = await JournalEntry.get(action="read.file")
    assert read.targets == ["CaseFile:1", f"DataSubjectRequest:{case.id}"]


@pytest.mark.parametrize("role", [None, *Role])
async def test_files_are_for_those_who_read_letters(
    door: Door, case: DataSubjectRequest, role: Role | None
) -> None:
    """Both ways: 401 without a token, 403 with another role, and nothing changed."""
    allowed = role in (Role.CASE_HANDLER, Role.DPO)
    refusal = 401 if role is None else 403
    came = await put(door, case.id, role=role)
    assert came.status_code == (201 if allowed else refusal)
    assert await CaseFile.all().count() == int(allowed)
    await put(door, case.id)
    await built(door, case)
    for kind in ("CaseFile", "AccessPackage"):
        got = await door.http.get(f"/files/{encode(kind, 1)}", headers=door.headers(role))
        assert got.status_code == (200 if allowed else refusal)
    if not allowed:
        assert not await JournalEntry.filter(action__startswith="read.").exists()


@pytest.mark.parametrize(
    ("named", "content", "status", "word"),
    [
        ({"category": "content"}, b"x", 422, "category"),
        ({"provided": "yes"}, b"x", 422, "provided"),
        ({"name": " "}, b"x", 422, "name"),
        ({"name": "n" * 201}, b"x", 422, "name"),
        ({}, b"", 422, "empty"),
    ],
)
async def test_a_file_that_says_nothing_of_itself_is_refused_in_one_sentence(
    door: Door,
    case: DataSubjectRequest,
    named: dict[str, Any],
    content: bytes,
    status: int,
    word: str,
) -> None:
    answer = await put(door, case.id, content, **named)
    assert (answer.status_code, word in answer.text) == (status, True)
    assert answer.text.count("\n") == 1
    assert not await CaseFile.exists()


async def test_a_file_too_big_is_refused_before_it_is_read(
    door: Door, case: DataSubjectRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its announced length, and by what really comes."""

    async def pieces() -> Any:
        yield b"four"
        yield b"more"

    monkeypatch.setattr("api.uploads.FILE_MAX", 5)
    assert (await put(door, case.id, b"123456")).status_code == 413
    assert (await put(door, case.id, pieces())).status_code == 413
    assert (await put(door, case.id, b"12345")).status_code == 201


async def test_a_damaged_file_is_refused_by_its_digest(
    door: Door, case: DataSubjectRequest
) -> None:
    """RFC 9530; another algorithm is no reason to refuse."""
    said = base64.b64encode(sha256(b"whole").digest()).decode()
    headers = {"Content-Digest": f"sha-512=:AAAA:, sha-256=:{said}:"}
    assert (await put(door, case.id, b"hole", headers=headers)).status_code == 400
    assert not await CaseFile.exists()
    assert (await put(door, case.id, b"whole", headers=headers)).status_code == 201


async def test_a_file_needs_an_open_case(door: Door, case: DataSubjectRequest) -> None:
    """404 for none, 409 for a finished one."""
    assert (await put(door, 10**6)).status_code == 404
    other = await door.http.put(
        f"/requests/{encode('Client', 1)}/files",
        params=NAMED,
        content=b"x",
        headers=door.headers(Role.DPO),
    )
    assert other.status_code == 404
    await DataSubjectRequest.filter(id=case.id).update(status=RequestStatus.CLOSED)
    assert (await put(door, case.id)).status_code == 409
    assert not await CaseFile.exists()


async def test_a_removed_file_is_gone_everywhere(door: Door, case: DataSubjectRequest) -> None:
    made = (await put(door, case.id)).json()
    given = {"fileId": made["id"], "version": 9}
    stale = (await door.ask(REMOVE, i=given))["requestFileRemove"]
    assert [error["code"] for error in stale["userErrors"]] == ["STALE_VERSION"]
    done = (await door.ask(REMOVE, i=given | {"version": case.version}))["requestFileRemove"]
    assert done == {"request": {"version": case.version + 1, "files": []}, "userErrors": []}
    got = await door.http.get(f"/files/{made['id']}", headers=door.headers(Role.DPO))
    assert got.status_code == 404
    assert (await door.ask("query N($id: ID!) { node(id: $id) { id } }", id=made["id"])) == {
        "node": None
    }


async def test_a_package_goes_from_the_register_to_the_hand(
    door: Door, case: DataSubjectRequest
) -> None:
    """Built, fetched, its passphrase shown once, handed over by two roads; all on record."""
    await put(door, case.id)
    package = await built(door, case, language="EN", redact=["Jüri Õun"])
    assert (package["language"], package["files"], package["isKept"]) == ("EN", 2, True)
    assert package["by"] == {"label": "Person case_handler"}
    assert package["request"] == {"reference": "NP-2026-0002"}
    got = await door.http.get(f"/files/{package['id']}", headers=door.headers(Role.CASE_HANDLER))
    assert got.headers["content-disposition"].endswith("NP-2026-0002.zip")
    assert got.headers["content-type"] == "application/zip"
    given = {"packageId": package["id"], "version": package["version"], "idempotencyKey": "one"}
    shown = (await door.ask(SHOW, i=given))["packageShowPassphrase"]
    again = (await door.ask(SHOW, i=given))["packageShowPassphrase"]
    assert again["passphrase"] == shown["passphrase"]
    with pyzipper.AESZipFile(BytesIO(got.content)) as archive:
        archive.setpassword(shown["passphrase"].encode())
        assert b"Mari Maasikas" in archive.read("index.html")
    other = (await door.ask(SHOW, i=given | {"idempotencyKey": "two"}))["packageShowPassphrase"]
    assert other["passphrase"] is None
    assert [error["code"] for error in other["userErrors"]] == ["CONFLICT"]
    version = shown["package"]["version"]
    over = {"packageId": package["id"], "version": version, "channel": "EMAIL"}
    done = (await door.ask(OVER, i=over | {"passphraseChannel": "PHONE"}))["packageHandOver"]
    assert done["userErrors"] == []
    assert done["package"]["handedOverBy"] == {"label": "Person case_handler"}
    assert (await AccessPackage.get()).passphrase_sealed is None
    actions = [entry.action for entry in await JournalEntry.all().order_by("id")]
    assert [action for action in actions if "package" in action] == [
        "package.build", "read.package", "package.passphrase", "package.hand_over",
    ]  # fmt: skip


async def test_a_package_ordered_again_under_its_key_is_built_once(
    door: Door, case: DataSubjectRequest
) -> None:
    """The first answer, though the case has moved on; another order is a conflict."""
    first = await built(door, case, idempotencyKey="one")
    assert await built(door, case, idempotencyKey="one") == first
    other = build(case, idempotencyKey="one", language="RU")
    done = (await door.ask(BUILD, i=other))["requestPackage"]
    assert done["userErrors"] == [{"code": "CONFLICT", "path": ["input", "idempotencyKey"]}]
    assert await AccessPackage.all().count() == 1
    empty = (await door.ask(BUILD, i=build(case, idempotencyKey="")))["requestPackage"]
    assert empty["userErrors"] == [{"code": "INVALID", "path": ["input", "idempotencyKey"]}]


async def test_a_package_ordered_twice_at_once_is_built_once(
    door: Door, case: DataSubjectRequest
) -> None:
    answers = await asyncio.gather(*(built(door, case, idempotencyKey="one") for _ in range(3)))
    assert len({answer["id"] for answer in answers}) == 1
    assert await AccessPackage.all().count() == 1


async def test_a_passphrase_stands_in_no_answer_kept_for_repeats(
    door: Door, case: DataSubjectRequest, house: House
) -> None:
    package = await built(door, case)
    given = {"packageId": package["id"], "version": 1, "idempotencyKey": "one"}
    shown = (await door.ask(SHOW, i=given))["packageShowPassphrase"]["passphrase"]
    kept = str(await IdempotencyKey.all().values()) + str(await JournalEntry.all().values())
    assert shown
    assert shown not in kept
    assert shown not in str([entry.summary for entry in await TimelineEntry.all()])


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"version": 99}, "STALE_VERSION", ["input", "version"]),
        ({"requestId": encode("DataSubjectRequest", 10**6)}, "NOT_FOUND", ["input", "requestId"]),
        ({"redact": ["x"] * 51}, "INVALID", ["input", "redact"]),
        ({"redact": ["x" * 201]}, "INVALID", ["input", "redact"]),
    ],
)
async def test_a_package_is_refused_by_name_and_nothing_is_built(
    door: Door, case: DataSubjectRequest, change: dict[str, Any], code: str, path: list[str]
) -> None:
    done = (await door.ask(BUILD, i=build(case) | change))["requestPackage"]
    assert done["package"] is None
    assert done["userErrors"] == [{"code": code, "path": path}]
    assert not await AccessPackage.exists()


async def test_a_copy_at_level_one_is_refused_through_the_api(
    door: Door, case: DataSubjectRequest
) -> None:
    await DataSubjectRequest.filter(id=case.id).update(assurance=Assurance.MATCHED)
    done = (await door.ask(BUILD, i=build(case)))["requestPackage"]
    assert [error["code"] for error in done["userErrors"]] == ["IDENTITY_REQUIRED"]
    assert not await AccessPackage.exists()
    assert not await JournalEntry.filter(action="package.build").exists()


async def test_what_goes_by_the_same_road_or_an_unknown_one_is_refused(
    door: Door, case: DataSubjectRequest
) -> None:
    package = await built(door, case)
    await AccessPackage.all().update(shown_at=case.received_at)
    given = {"packageId": package["id"], "version": 1, "channel": "EMAIL"}
    for road in ("EMAIL", "POST"):
        done = (await door.ask(OVER, i=given | {"passphraseChannel": road}))["packageHandOver"]
        assert done["userErrors"] == [{"code": "INVALID", "path": ["input", "passphraseChannel"]}]
    assert (await AccessPackage.get()).handed_over_at is None


async def test_an_expired_package_is_no_longer_there(door: Door, case: DataSubjectRequest) -> None:
    """Neither by GET nor as `isKept`; the next one can be built."""
    package = await built(door, case)
    await AccessPackage.all().update(expires_at=case.received_at + timedelta(hours=1))
    got = await door.http.get(f"/files/{package['id']}", headers=door.headers(Role.DPO))
    assert got.status_code == 404
    seen = await door.ask(
        "query P($id: ID!) { node(id: $id) { ... on AccessPackage { isKept } } }", id=package["id"]
    )
    assert seen == {"node": {"isKept": False}}
    case = await DataSubjectRequest.get(id=case.id)
    assert (await built(door, case))["isKept"] is True


@pytest.mark.parametrize("key", ["%20", "AAAA", encode("Client", 1), encode("CaseFile", 10**12)])
async def test_an_id_of_nothing_is_no_file(door: Door, key: str) -> None:
    got = await door.http.get(f"/files/{key}", headers=door.headers(Role.DPO))
    assert got.status_code == 404


async def test_a_companys_case_gets_no_package(door: Door, case: DataSubjectRequest) -> None:
    """GDPR Art. 4(1): a company has no right of access."""
    firm = await Client.get(display_name="Õunaaed OÜ")
    await Client.filter(id=firm.id).update(kind="legal_person")
    await DataSubjectRequest.filter(id=case.id).update(subject_id=firm.id)
    done = (await door.ask(BUILD, i=build(case)))["requestPackage"]
    assert [error["code"] for error in done["userErrors"]] == ["INVALID"]
