"""Acts on files and access packages of a case."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from api.access import LETTERS
from api.acting import INPUT, Act, act, few, finish, prepared, row_key
from api.call import Call
from api.types.packages import (
    PackageHandOverInput,
    PackagePayload,
    PackageShowPassphraseInput,
    PassphrasePayload,
    RequestFileRemoveInput,
    RequestFileRemovePayload,
    RequestPackageInput,
)
from models.acts import files, packages
from models.shapes import ActResult


@strawberry.type(description="Acts on files and access packages.")
class PackageMutations:
    """A part of the root of all acts; files come in by PUT /requests/{id}/files."""

    @act("Takes a file out of a case: content and name go.", LETTERS)
    async def request_file_remove(
        self,
        info: Info,
        input: Annotated[RequestFileRemoveInput, INPUT],  # noqa: A002
    ) -> RequestFileRemovePayload | None:
        """Remove."""

        async def acting(call: Call) -> ActResult:
            return await files.remove_file(
                call.house,
                call.viewer.actor,
                file_id=row_key(input.file_id, "CaseFile", "fileId"),
                version=input.version,
                call_id=call.call_id,
            )

        return await finish(info, RequestFileRemovePayload, input, acting)  # type: ignore[no-any-return]

    @act("Builds the access package of a case; an older one of it loses its content.", LETTERS)
    async def request_package(
        self,
        info: Info,
        input: Annotated[RequestPackageInput, INPUT],  # noqa: A002
    ) -> PackagePayload | None:
        """Build."""

        order = packages.Order(
            input.language, tuple(dict.fromkeys(input.categories)), tuple(input.redact)
        )

        async def acting(call: Call) -> ActResult:
            few(input.categories, "categories")
            few(input.redact, "redact")
            request_id = row_key(input.request_id, "DataSubjectRequest", "requestId")

            async def packing() -> Act:
                return await packages.pack(
                    call.house,
                    call.viewer.actor,
                    request_id=request_id,
                    version=input.version,
                    order=order,
                    call_id=call.call_id,
                )

            return await prepared(info, input, packing)

        # not once(), which would hold its transaction open while the package is packed
        return await finish(info, PackagePayload, None, acting)  # type: ignore[no-any-return]

    @act("Shows the passphrase of a package, once.", LETTERS)
    async def package_show_passphrase(
        self,
        info: Info,
        input: Annotated[PackageShowPassphraseInput, INPUT],  # noqa: A002
    ) -> PassphrasePayload | None:
        """Show."""
        shown: dict[str, str | None] = {"passphrase": None}

        async def acting(call: Call) -> ActResult:
            package_id = row_key(input.package_id, "AccessPackage", "packageId")
            shown["passphrase"] = await packages.show_passphrase(
                call.house,
                call.viewer.actor,
                package_id=package_id,
                version=input.version,
                key=input.idempotency_key,
                call_id=call.call_id,
            )
            return ActResult(package_id=package_id)

        # not once(): the act itself knows its repeats, and what it shows is kept nowhere else
        return await finish(  # type: ignore[no-any-return]
            info, PassphrasePayload, None, acting, shown=lambda _: shown
        )

    @act("Records how the person got the package and its passphrase.", LETTERS)
    async def package_hand_over(
        self,
        info: Info,
        input: Annotated[PackageHandOverInput, INPUT],  # noqa: A002
    ) -> PackagePayload | None:
        """Hand over."""

        async def acting(call: Call) -> ActResult:
            return await packages.hand_over(
                call.house,
                call.viewer.actor,
                package_id=row_key(input.package_id, "AccessPackage", "packageId"),
                version=input.version,
                channel=input.channel,
                passphrase_channel=input.passphrase_channel,
                call_id=call.call_id,
            )

        return await finish(info, PackagePayload, input, acting)  # type: ignore[no-any-return]
