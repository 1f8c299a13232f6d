"""Files of a case and access packages; their content goes by GET /files/{id}."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.access import LETTERS, Requires
from api.types.acts import AFTER, ERRORS, KEY, VERSION
from api.types.base import Level, Node, loaded, plain
from api.types.people import Actor
from api.types.problems import UserError
from models.vocabulary import Channel, DataCategory, Language

if TYPE_CHECKING:
    from api.types.requests import DataSubjectRequest

_SEEN_BY = [Requires(any_of=list(LETTERS))]


@strawberry.type(
    description="A file a colleague added to a case; content by GET /files/{id}.",
    directives=_SEEN_BY,
)
class CaseFile(Level, Node):
    """What another system holds about the person (GDPR Art. 15, 20)."""

    name: str = plain("Its name, as the person will read it.")
    category: DataCategory = plain("The data category it belongs to (policy clause 3).")
    is_provided: bool = plain("The person gave us what is in it, so it may be ported (Art. 20).")
    size: int = plain("Bytes.")
    sha256: str = strawberry.field(name="sha256", description="Digest of its content.")
    added_at: datetime = plain("When it was added.")
    by: Actor = loaded("Who added it.")
    request: Annotated["DataSubjectRequest", strawberry.lazy("api.types.requests")] = loaded(
        "The case."
    )


@strawberry.type(
    description="An access package: one AES-256 ZIP, by GET /files/{id} until it expires.",
    directives=_SEEN_BY,
)
class AccessPackage(Level, Node):
    """What became of it stays on record; content and passphrase go."""

    language: Language = plain("Language of its page.")
    size: int = plain("Bytes of the ZIP.")
    sha256: str = strawberry.field(name="sha256", description="Digest of the ZIP.")
    files: int = plain("Files in it besides the page and the JSON.")
    redactions: int = plain("Places where another person's data was taken out.")
    built_at: datetime = plain("When it was built.")
    by: Actor = loaded("Who built it.")
    expires_at: datetime = plain("When its content goes by itself.")
    is_kept: bool = plain("Its content can be fetched now.")
    shown_at: datetime | None = plain("When its passphrase was shown; null until then.")
    channel: Channel | None = plain("By which road it went; null until then.")
    passphrase_channel: Channel | None = plain(
        "By which road the passphrase went; null until then."
    )
    handed_over_at: datetime | None = plain("When the person had both; null until then.")
    handed_over_by: Actor | None = loaded("Who handed it over; null until then.")
    version: int = plain("Optimistic lock; send it back in mutations.")
    request: Annotated["DataSubjectRequest", strawberry.lazy("api.types.requests")] = loaded(
        "The case."
    )


@strawberry.input(description="How an access package is to be made.")
class RequestPackageInput:
    """Package."""

    request_id: strawberry.ID = strawberry.field(description="The case.")
    version: int = strawberry.field(description=VERSION)
    language: Language | None = strawberry.field(
        description="Language of its page; null = the one of the case.", default=None
    )
    categories: list[DataCategory] = strawberry.field(
        description="Data categories it explains; empty = all.", default_factory=list
    )
    redact: list[str] = strawberry.field(
        description="Names of other people to take out, at most 50 (Art. 15(4)). Codes,"
        " addresses and telephone numbers are found by themselves.",
        default_factory=list,
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A file to take out of a case.")
class RequestFileRemoveInput:
    """File."""

    file_id: strawberry.ID = strawberry.field(description="The file.")
    version: int = strawberry.field(description=f"{VERSION} The case's.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.input(description="A passphrase to show, once.")
class PackageShowPassphraseInput:
    """Passphrase."""

    package_id: strawberry.ID = strawberry.field(description="The package.")
    version: int = strawberry.field(description=VERSION)
    idempotency_key: str = strawberry.field(
        description="Only the same key sees the passphrase again. Required."
    )


@strawberry.input(description="How the person got package and passphrase.")
class PackageHandOverInput:
    """Two roads that are on file and differ."""

    package_id: strawberry.ID = strawberry.field(description="The package.")
    version: int = strawberry.field(description=VERSION)
    channel: Channel = strawberry.field(description="The package: EMAIL, POST or IN_PERSON.")
    passphrase_channel: Channel = strawberry.field(
        description="The passphrase: another road; IN_PERSON may serve for both."
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


_CASE = "The case after the act; null when nothing was done."


@strawberry.type(description="Answer of requestPackage and packageHandOver.")
class PackagePayload(Level):
    """Payload."""

    package: AccessPackage | None = loaded(AFTER)
    request: Annotated["DataSubjectRequest", strawberry.lazy("api.types.requests")] | None = loaded(
        _CASE
    )
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of packageShowPassphrase.")
class PassphrasePayload(Level):
    """Payload."""

    passphrase: str | None = plain("Opens the package; null when nothing was done.")
    package: AccessPackage | None = loaded(AFTER)
    user_errors: list[UserError] = plain(ERRORS)


@strawberry.type(description="Answer of requestFileRemove.")
class RequestFileRemovePayload(Level):
    """Payload."""

    request: Annotated["DataSubjectRequest", strawberry.lazy("api.types.requests")] | None = loaded(
        _CASE
    )
    user_errors: list[UserError] = plain(ERRORS)
