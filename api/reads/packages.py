"""Files of cases and access packages."""

from collections.abc import Callable, Sequence
from typing import Any

from api.call import Call
from api.ids import encode
from api.reads.levels import attach, computed, fill, level, put, row_ids
from api.reads.people import actor_named
from api.reads.requests import KIND, requests_by_id
from api.reads.rows import Row, grouped, instant, instant_or_none
from api.selection import Chosen, Selected
from api.types.packages import AccessPackage, CaseFile
from api.types.people import Actor
from models.database import rows
from models.vocabulary import ActorKind, Channel, DataCategory, Language

_FILE = (
    "SELECT id, request_id, name_sealed, category, is_provided, size, sha256, added_at, by_label,"
    " by_staff_id FROM case_file WHERE removed_at IS NULL AND "
)
_PACKAGE = (
    "SELECT id, request_id, language, size, sha256, files, redactions, built_at, expires_at,"
    " content_sealed IS NOT NULL AS has_content, by_label, by_staff_id, shown_at, channel,"
    " passphrase_channel, handed_over_at, handed_over_by, version FROM access_package WHERE "
)
Make = Callable[[Call, Row], Any]


def _file(call: Call, row: Row) -> CaseFile:
    call.touch("CaseFile", row["id"])
    made = CaseFile(
        id=encode("CaseFile", row["id"]),
        name=call.house.vault.open_text("file-name", row["name_sealed"]) or "",
        category=DataCategory(row["category"]),
        is_provided=bool(row["is_provided"]),
        size=row["size"],
        sha256=row["sha256"],
        added_at=instant(row["added_at"]),
    )
    made.row = row
    return made


def _package(call: Call, row: Row) -> AccessPackage:
    expires_at = instant(row["expires_at"])
    made = AccessPackage(
        id=encode("AccessPackage", row["id"]),
        language=Language(row["language"]),
        size=row["size"],
        sha256=row["sha256"],
        files=row["files"],
        redactions=row["redactions"],
        built_at=instant(row["built_at"]),
        expires_at=expires_at,
        is_kept=bool(row["has_content"]) and call.now < expires_at,
        shown_at=instant_or_none(row["shown_at"]),
        channel=_road(row["channel"]),
        passphrase_channel=_road(row["passphrase_channel"]),
        handed_over_at=instant_or_none(row["handed_over_at"]),
        version=row["version"],
    )
    made.row = row
    return made


def _road(value: str | None) -> Channel | None:
    return Channel(value) if value else None


async def files_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Files by row number; removed ones are not found."""
    return await _by_id(call, "CaseFile", _FILE, _file, ids, selected)


async def packages_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Packages by row number."""
    return await _by_id(call, "AccessPackage", _PACKAGE, _package, ids, selected)


async def _by_id(
    call: Call, kind: str, sql: str, make: Make, ids: Sequence[int], selected: Selected
) -> dict[int, Any]:
    made = {row["id"]: make(call, row) for row in await rows(f"{sql} id IN ??", [ids])}
    await fill(call, kind, list(made.values()), selected)
    return made


@level(KIND, "files")
async def _files(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await _of_cases(call, parents, chosen, "CaseFile", _FILE, _file)


@level(KIND, "packages")
async def _packages(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await _of_cases(call, parents, chosen, "AccessPackage", _PACKAGE, _package)


async def _of_cases(
    call: Call, parents: Sequence[Any], chosen: Chosen, kind: str, sql: str, make: Make
) -> None:
    got = await rows(f"{sql} request_id IN ?? ORDER BY request_id, id", [row_ids(parents)])
    groups = {
        key: [make(call, row) for row in found] for key, found in grouped(got, "request_id").items()
    }
    put(parents, chosen, lambda parent: groups.get(parent.row["id"], []))
    made = [one for found in groups.values() for one in found]
    await fill(call, kind, made, chosen.of(kind))


@computed("CaseFile", "by")
@computed("AccessPackage", "by")
async def _by(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda parent: _author(parent.row))
    actors = [parent.children[chosen.key] for parent in parents]
    await fill(call, "Actor", actors, chosen.of("Actor"))


def _author(row: Row) -> Actor:
    made = Actor(kind=ActorKind.STAFF, label=row["by_label"])
    made.row = {"staff_id": row["by_staff_id"]}
    return made


@computed("AccessPackage", "handedOverBy")
async def _handed_over_by(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(
        parents,
        chosen,
        lambda parent: (
            actor_named(parent.row["handed_over_by"]) if parent.row["handed_over_by"] else None
        ),
    )
    actors = [found for parent in parents if (found := parent.children[chosen.key])]
    await fill(call, "Actor", actors, chosen.of("Actor"))


@level("CaseFile", "request")
@level("AccessPackage", "request")
async def _request(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(
        call, parents, chosen, KIND, lambda parent: parent.row["request_id"], requests_by_id
    )
