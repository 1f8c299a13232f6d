"""Files that staff add to a case, on both databases."""

from typing import Any

import pytest

from models.acts.files import NewFile, add_file, remove_file
from models.house import House
from models.tables import (
    CaseFile,
    DataSubjectRequest,
    JournalEntry,
)
from models.vocabulary import (
    DataCategory,
    ErrorCode,
    RequestStatus,
    RequestType,
)
from tests.access_case import STAFF, add_files
from tests.opened_package import case, opened, refused


@pytest.mark.usefixtures("register")
async def test_a_file_is_sealed_and_the_same_one_again_is_no_second(house: House) -> None:
    request = await case(house, RequestType.COPY)
    file = NewFile("a.txt", b"words", DataCategory.CONTENT)
    first = await add_file(house, STAFF, request_id=request.id, file=file)
    again = await add_file(house, STAFF, request_id=request.id, file=file)
    assert (first.created, again.created) == (True, False)
    assert first.file_id == again.file_id
    row = await CaseFile.get()
    assert b"words" not in (row.content_sealed or b"")
    assert house.vault.open("file", row.content_sealed or b"") == b"words"
    entry = await JournalEntry.get(action="file.add")
    assert entry.targets == [f"CaseFile:{row.id}", f"DataSubjectRequest:{request.id}"]
    other = NewFile("b.txt", b"words", DataCategory.CONTENT)
    await add_file(house, STAFF, request_id=request.id, file=other)
    assert await CaseFile.all().count() == 2


@pytest.mark.usefixtures("register")
async def test_a_removed_file_leaves_neither_content_nor_name(house: House) -> None:
    request = await case(house, RequestType.COPY)
    await add_files(house, request)
    row = await CaseFile.all().order_by("id").first()
    assert row is not None
    stale = remove_file(house, STAFF, file_id=row.id, version=99)
    assert await refused(stale) is ErrorCode.STALE_VERSION
    await remove_file(house, STAFF, file_id=row.id, version=request.version)
    gone = await CaseFile.get(id=row.id)
    assert (gone.content_sealed, gone.name_sealed) == (None, None)
    again = remove_file(house, STAFF, file_id=row.id, version=request.version + 1)
    assert await refused(again) is ErrorCode.NOT_FOUND
    assert len((await opened(house, request)).json("data")["files"]) == 1


@pytest.mark.usefixtures("register")
async def test_a_file_is_refused_where_it_cannot_be(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nameless, empty, too big, too many, no case, a finished case."""
    request = await case(house, RequestType.COPY)

    async def tried(name: str = "a", content: bytes = b"x", request_id: int = request.id) -> Any:
        file = NewFile(name, content, DataCategory.CONTENT)
        return await refused(add_file(house, STAFF, request_id=request_id, file=file))

    assert await tried(name=" ") is ErrorCode.INVALID
    assert await tried(name="n" * 201) is ErrorCode.INVALID
    assert await tried(content=b"") is ErrorCode.INVALID
    assert await tried(request_id=10**6) is ErrorCode.NOT_FOUND
    monkeypatch.setattr("models.acts.files.FILE_MAX", 3)
    assert await tried(content=b"four") is ErrorCode.INVALID
    monkeypatch.setattr("models.acts.files.CASE_MAX", 5)
    await add_file(
        house, STAFF, request_id=request.id, file=NewFile("a", b"xxx", DataCategory.CONTENT)
    )
    assert await tried(content=b"yyy") is ErrorCode.INVALID
    await DataSubjectRequest.all().update(status=RequestStatus.CLOSED)
    assert await tried() is ErrorCode.ILLEGAL_TRANSITION
