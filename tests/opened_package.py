"""An access package as the person opens it, for the tests of packages and files."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import pyzipper
from jsonschema import Draft202012Validator

from models.acts.packages import Order, pack, show_passphrase
from models.house import House
from models.shapes import Actor, ActRefused, ActResult
from models.tables import (
    AccessPackage,
    DataSubjectRequest,
)
from models.vocabulary import (
    ErrorCode,
    RequestType,
)
from tests.access_case import STAFF, make_person, make_request
from tests.registers import NOW

LATER = NOW + timedelta(days=2)


@dataclass
class Opened:
    """A package as the person sees it."""

    row: AccessPackage
    files: dict[str, bytes]

    @property
    def page(self) -> str:
        return self.files["index.html"].decode()

    def json(self, name: str) -> dict[str, Any]:
        """One of the two JSON files, valid by the schema that lies beside it."""
        found: dict[str, Any] = json.loads(self.files[f"{name}.json"])
        schema = json.loads(self.files[f"{name}.schema.json"])
        Draft202012Validator.check_schema(schema)
        checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        assert list(checker.iter_errors(found)) == []
        return found


async def build_package(house: House, actor: Actor, **given: Any) -> ActResult:
    """Packed and written down at once."""
    return await (await pack(house, actor, **given))()


async def built(
    house: House, request: DataSubjectRequest, now: datetime = LATER, **order: Any
) -> tuple[AccessPackage, bytes, str]:
    """Built, its passphrase shown: the row, the archive, the passphrase."""
    version = (await DataSubjectRequest.get(id=request.id)).version
    made = await build_package(
        house, STAFF, request_id=request.id, version=version, order=Order(**order), now=now
    )
    assert made.package_id is not None
    passphrase = await show_passphrase(
        house, STAFF, package_id=made.package_id, version=1, key="k", now=now
    )
    row = await AccessPackage.get(id=made.package_id)
    return row, house.vault.open("package", row.content_sealed or b""), passphrase


async def opened(
    house: House, request: DataSubjectRequest, now: datetime = LATER, **order: Any
) -> Opened:
    """Built and unpacked."""
    row, content, passphrase = await built(house, request, now, **order)
    with pyzipper.AESZipFile(BytesIO(content)) as archive:
        archive.setpassword(passphrase.encode())
        return Opened(row, {name: archive.read(name) for name in archive.namelist()})


async def case(house: House, *types: RequestType, **more: Any) -> DataSubjectRequest:
    """Mari's request."""
    return await make_request(house, await make_person(house), *types, **more)


async def refused(act: Any) -> ErrorCode:
    """The code of a refusal."""
    with pytest.raises(ActRefused) as refusal:
        await act
    return refusal.value.problems[0].code
