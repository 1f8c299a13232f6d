"""The access package: built, its passphrase shown once, handed over by two roads.

The ZIP lies sealed in the register until it expires; nothing is ever mailed or linked.
Colleagues fetch it with their token, hand it over, and give the passphrase by another
road that is on file: who intercepts one of them has nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models import rights
from models.acts.cases import FINAL, touch
from models.acts.standing import stale
from models.acts.work import Work, working
from models.house import House
from models.identity import satisfies, strictest
from models.package.archive import new_passphrase
from models.package.build import ACCESS, Built, Wanted, build
from models.retention import Record
from models.shapes import Actor, ActRefused, ActResult, Problem
from models.tables import AccessPackage, Client, ContactAddress, DataSubjectRequest, RequestItem
from models.vocabulary import (
    AddressKind,
    Channel,
    ClientKind,
    DataCategory,
    ErrorCode,
    Language,
    Outcome,
    RequestType,
    TimelineKind,
)

NAMES_MAX = 50
NAME_MAX = 200
ON_FILE = {  # a road counts as known when such an address is on file
    Channel.EMAIL: AddressKind.EMAIL,
    Channel.PHONE: AddressKind.PHONE,
    Channel.POST: AddressKind.POSTAL,
}
CARRIES_A_FILE = (Channel.EMAIL, Channel.POST, Channel.IN_PERSON)


@dataclass(frozen=True, slots=True)
class Order:
    """How a package is to be made; None means the case's own language, or all categories."""

    language: Language | None = None
    categories: tuple[DataCategory, ...] = ()
    names: tuple[str, ...] = ()


async def pack(
    house: House,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    order: Order,
    now: datetime | None = None,
    call_id: str | None = None,
) -> Callable[[], Awaitable[ActResult]]:
    """Packs what the access rights of a case ask for; what it gives back writes it down.

    The register is not held up while data is read and packed; `version` sees to it that
    the case did not change meanwhile. An older package of the case loses its content.
    Raises ActRefused: NOT_FOUND, STALE_VERSION, ILLEGAL_TRANSITION on a finished case,
    IDENTITY_REQUIRED below the level the rights need, INVALID without a known person or an
    access right.
    """
    moment = now or datetime.now(UTC)
    request, client, types = await _answerable(request_id, version)
    if len(order.names) > NAMES_MAX or any(len(name) > NAME_MAX for name in order.names):
        words = f"At most {NAMES_MAX} names of at most {NAME_MAX} letters."
        raise _refused(ErrorCode.INVALID, words, "redact")
    wanted = Wanted(
        request_id=request.id,
        reference=request.reference,
        types=types,
        language=order.language or request.language or client.language or Language.ET,
        categories=order.categories or tuple(DataCategory),
        names=order.names,
    )
    passphrase = new_passphrase()
    built = await build(house, client, wanted, passphrase, moment)

    async def keep() -> ActResult:
        async with working(house, actor, "requestPackage", now=now, call_id=call_id) as work:
            await touch(work, request_id, version)
            await _retire(work, request_id)
            row = await _keep(work, wanted, built, passphrase)
            work.note(
                TimelineKind.PACKAGE,
                f"The access package was built: {', '.join(types)}.",
                request_id=request_id,
            )
            work.journal("package.build", [*_targets(row), f"Client:{client.id}"])
        return ActResult(request_id=request_id, package_id=row.id, created=True)

    return keep


async def _answerable(
    request_id: int, version: int
) -> tuple[DataSubjectRequest, Client, tuple[RequestType, ...]]:
    request = await DataSubjectRequest.get_or_none(id=request_id).prefetch_related("subject")
    if request is None:
        raise _refused(ErrorCode.NOT_FOUND, "No such case.", "requestId")
    if request.version != version:
        raise stale()
    if request.status in FINAL:
        raise _refused(
            ErrorCode.ILLEGAL_TRANSITION, "The case is finished: reopen it first.", "requestId"
        )
    types = await _granted(request_id)
    if not types:
        raise _refused(
            ErrorCode.INVALID,
            "The case asks for no information, copy or portable data that could be given.",
            "requestId",
        )
    _check_identity(request, types)
    return request, _person(request.subject), types


async def _granted(request_id: int) -> tuple[RequestType, ...]:
    """Access rights of the case that were not refused or taken back."""
    no = (Outcome.REFUSED, Outcome.NOT_HELD, Outcome.WITHDRAWN_BY_SUBJECT)
    items = await RequestItem.filter(request_id=request_id, type__in=list(ACCESS))
    return tuple(kind for kind in ACCESS for item in items
                 if item.type is kind and item.outcome not in no)  # fmt: skip


def _check_identity(request: DataSubjectRequest, types: Sequence[RequestType]) -> None:
    needed = strictest(rights.needs_of(kind) for kind in types)
    if not satisfies(request.assurance, needed):
        raise _refused(
            ErrorCode.IDENTITY_REQUIRED,
            f"These rights need an identity of level {needed.value}: verify it first.",
            "requestId",
        )


def _person(subject: Client | None) -> Client:
    if subject is None or subject.erased_at is not None:
        raise _refused(
            ErrorCode.INVALID, "Whose data it is about is not known: say so first.", "requestId"
        )
    if subject.kind is not ClientKind.NATURAL_PERSON:
        raise _refused(
            ErrorCode.INVALID,
            "A company has no right of access: answer the person who writes (GDPR Art. 4(1)).",
            "requestId",
        )
    return subject


async def _retire(work: Work, request_id: int) -> None:
    """Older packages of the case: their content goes, what became of them stays."""
    await AccessPackage.filter(request_id=request_id, removed_at=None).update(
        content_sealed=None, passphrase_sealed=None, removed_at=work.now
    )


async def _keep(work: Work, wanted: Wanted, built: Built, passphrase: str) -> AccessPackage:
    vault = work.house.vault
    return await AccessPackage.create(
        request_id=wanted.request_id,
        language=wanted.language,
        size=len(built.content),
        sha256=built.sha256,
        files=built.files,
        redactions=built.redactions,
        content_sealed=vault.seal("package", built.content),
        passphrase_sealed=vault.seal_text("passphrase", passphrase),
        built_at=work.now,
        expires_at=work.now + timedelta(days=work.house.keep[Record.PACKAGE].days),
        by_label=work.actor.label,
        by_staff_id=work.actor.staff_id,
    )


async def show_passphrase(
    house: House,
    actor: Actor,
    *,
    package_id: int,
    version: int,
    key: str,
    now: datetime | None = None,
    call_id: str | None = None,
) -> str:
    """The passphrase, once: only a repeat of the same call (`key`) sees it again.

    Raises ActRefused: NOT_FOUND, STALE_VERSION, CONFLICT when it was shown before,
    ILLEGAL_TRANSITION when the package was handed over or is gone.
    """
    mark = house.vault.index("passphrase-shown", f"{actor.label}\0{key}")
    async with working(house, actor, "packageShowPassphrase", now=now, call_id=call_id) as work:
        row = await _present(work, package_id)
        if row.shown_at is not None:
            if row.shown_key_index != mark:
                raise _refused(
                    ErrorCode.CONFLICT,
                    "The passphrase was shown before: build the package again for a new one.",
                    "packageId",
                )
            return _opened(house, row)
        await _change(row, version, shown_at=work.now, shown_key_index=mark)
        work.note(
            TimelineKind.PACKAGE,
            "The passphrase was shown to a colleague.",
            request_id=row.request_id,
        )
        work.journal("package.passphrase", _targets(row))
    return _opened(house, row)


def _opened(house: House, row: AccessPackage) -> str:
    return house.vault.open_text("passphrase", row.passphrase_sealed) or ""


async def hand_over(
    house: House,
    actor: Actor,
    *,
    package_id: int,
    version: int,
    channel: Channel,
    passphrase_channel: Channel,
    now: datetime | None = None,
    call_id: str | None = None,
) -> ActResult:
    """Records that the person has the package, and by which other road the passphrase.

    Both roads are on file and differ; face to face one meeting is enough. The sealed
    passphrase goes. Raises ActRefused: NOT_FOUND, STALE_VERSION, INVALID for the roads,
    ILLEGAL_TRANSITION when it was handed over, is gone, or nobody has the passphrase.
    """
    async with working(house, actor, "packageHandOver", now=now, call_id=call_id) as work:
        row = await _present(work, package_id)
        if row.shown_at is None:
            raise _refused(
                ErrorCode.ILLEGAL_TRANSITION,
                "Nobody has seen the passphrase yet: the person cannot have it.",
                "packageId",
            )
        request = await DataSubjectRequest.get(id=row.request_id)
        _check_roads(channel, passphrase_channel, await roads(request.subject_id))
        await _change(
            row,
            version,
            channel=channel,
            passphrase_channel=passphrase_channel,
            handed_over_at=work.now,
            handed_over_by=actor.label,
            passphrase_sealed=None,
        )
        work.note(
            TimelineKind.PACKAGE,
            f"The access package was handed over ({channel.value}),"
            f" the passphrase apart from it ({passphrase_channel.value}).",
            request_id=row.request_id,
        )
        work.journal(
            "package.hand_over",
            _targets(row),
            {"channel": channel.value, "passphrase": passphrase_channel.value},
        )
    return ActResult(request_id=row.request_id, package_id=package_id)


async def roads(client_id: int | None) -> list[Channel]:
    """Roads to the person that are on file; face to face is always one."""
    found = await ContactAddress.filter(client_id=client_id, representative_id=None)
    kinds = {address.kind for address in found}
    return [*(road for road, kind in ON_FILE.items() if kind in kinds), Channel.IN_PERSON]


def _check_roads(channel: Channel, passphrase: Channel, known: Sequence[Channel]) -> None:
    if channel not in CARRIES_A_FILE:
        raise _refused(
            ErrorCode.INVALID, "A package goes by e-mail, by post or in person.", "channel"
        )
    for road, name in ((channel, "channel"), (passphrase, "passphraseChannel")):
        if road not in known:
            raise _refused(
                ErrorCode.INVALID,
                "No such address of the person is on file: choose another road.",
                name,
            )
    if channel is passphrase and channel is not Channel.IN_PERSON:
        raise _refused(
            ErrorCode.INVALID,
            "The passphrase goes by another road than the package.",
            "passphraseChannel",
        )


async def _present(work: Work, package_id: int) -> AccessPackage:
    row = await AccessPackage.get_or_none(id=package_id)
    if row is None:
        raise _refused(ErrorCode.NOT_FOUND, "No such package.", "packageId")
    if row.handed_over_at is not None:
        raise _refused(
            ErrorCode.ILLEGAL_TRANSITION, "The package was handed over already.", "packageId"
        )
    if row.content_sealed is None or row.expires_at <= work.now:
        raise _refused(
            ErrorCode.ILLEGAL_TRANSITION,
            "The package is no longer kept: build it again.",
            "packageId",
        )
    return row


async def _change(row: AccessPackage, version: int, **changes: object) -> None:
    changed = await AccessPackage.filter(id=row.id, version=version).update(
        **changes, version=version + 1
    )
    if not changed:
        raise _refused(
            ErrorCode.STALE_VERSION, "Somebody changed this package meanwhile.", "version"
        )


def _targets(row: AccessPackage) -> list[str]:
    return [f"AccessPackage:{row.id}", f"DataSubjectRequest:{row.request_id}"]


def _refused(code: ErrorCode, message: str, *path: str) -> ActRefused:
    return ActRefused(Problem(code, message, ("input", *path)))
