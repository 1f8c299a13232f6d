"""Who may come in: staff with a training date, and bearer tokens (Art. 32, policy clause 6.2).

A token is 256 random bits, shown once; only its SHA-256 is kept. It belongs to a member
of staff, or, with the role INTEGRATION, to a machine.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from models.acts.work import Work, working
from models.house import House
from models.letters.wire import usable_address
from models.shapes import Actor, ActRefused, Problem
from models.tables import ApiToken, Staff
from models.vocabulary import ErrorCode, Role

TOKEN_BYTES = 32
DAYS_MAX = 3660


@dataclass(frozen=True, slots=True)
class StaffResult:
    """The member of staff written, and whether the row is new."""

    staff_id: int
    created: bool


@dataclass(frozen=True, slots=True)
class TokenResult:
    """The token written; `token` is shown this once."""

    token_id: int
    token: str


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


async def note_uses(uses: Mapping[str, datetime]) -> None:
    """When each token, by its digest, was last used; an earlier moment changes nothing."""
    for digest, at in uses.items():
        before = Q(used_at=None) | Q(used_at__lt=at)
        await ApiToken.filter(before, digest=digest).update(used_at=at)


def _refused(code: ErrorCode, message: str, *path: str) -> ActRefused:
    return ActRefused(Problem(code, message, ("input", *path)))


def _check_person(name: str, email: str, role: Role, trained_on: date | None, today: date) -> None:
    if not name.strip():
        raise _refused(ErrorCode.INVALID, "A member of staff has a name.", "name")
    if not usable_address(email):
        message = "This is no e-mail address: give one like name@example.com."
        raise _refused(ErrorCode.INVALID, message, "email")
    if role is Role.INTEGRATION:
        raise _refused(ErrorCode.INVALID, "INTEGRATION is the role of a machine.", "role")
    if trained_on is None:
        raise _refused(
            ErrorCode.REASON_REQUIRED,
            "No person has a role without a training date: give it (policy clause 6.2).",
            "trainedOn",
        )
    if trained_on > today:
        raise _refused(ErrorCode.INVALID, "The training date lies in the future.", "trainedOn")


async def upsert_staff(
    house: House,
    actor: Actor,
    *,
    name: str,
    email: str,
    role: Role,
    trained_on: date | None,
    staff_id: int | None = None,
    version: int | None = None,
    is_active: bool = True,
    now: datetime | None = None,
    call_id: str | None = None,
) -> StaffResult:
    """Writes a member of staff; a change of role ends the tokens of the old one.

    Raises ActRefused: NOT_FOUND, STALE_VERSION, INVALID, REASON_REQUIRED without a training
    date, CONFLICT when the address belongs to somebody else.
    """
    async with working(house, actor, "staffUpsert", now=now, call_id=call_id) as work:
        _check_person(name, email, role, trained_on, house.today(work.now))
        values: dict[str, Any] = {
            "name": name.strip(),
            "email": email.strip().lower(),
            "role": role,
            "trained_on": trained_on,
            "is_active": is_active,
        }
        other = await Staff.get_or_none(email=values["email"])
        if other is not None and other.id != staff_id:
            raise _refused(ErrorCode.CONFLICT, "This address belongs to somebody else.", "email")
        if staff_id is None:
            person = await Staff.create(**values)
        else:
            person = await _change(work, staff_id, version, values)
        work.journal("staff.upsert", [f"Staff:{person.id}"], {"role": role.value})
    return StaffResult(person.id, created=staff_id is None)


async def _change(work: Work, staff_id: int, version: int | None, values: dict[str, Any]) -> Staff:
    person = await Staff.get_or_none(id=staff_id)
    if person is None:
        raise _refused(ErrorCode.NOT_FOUND, "No such member of staff.", "staffId")
    changed = await Staff.filter(id=staff_id, version=version).update(
        **values, version=person.version + 1
    )
    if not changed:
        raise _refused(
            ErrorCode.STALE_VERSION, "Somebody changed this meanwhile: read it again.", "version"
        )
    if person.role is not values["role"] or not values["is_active"]:
        await ApiToken.filter(staff_id=staff_id, revoked_at=None).update(revoked_at=work.now)
    return person


async def create_token(
    house: House,
    actor: Actor,
    *,
    name: str,
    role: Role,
    staff_id: int | None = None,
    days: int | None = None,
    now: datetime | None = None,
    call_id: str | None = None,
) -> TokenResult:
    """A new token; `days` until it ends, None means until it is revoked.

    Raises ActRefused: INVALID when role and owner do not fit, REASON_REQUIRED without
    training, CONFLICT when the name is taken.
    """
    async with working(house, actor, "tokenCreate", now=now, call_id=call_id) as work:
        if not 1 <= len(name.strip()) <= 80:
            raise _refused(ErrorCode.INVALID, "A token has a name of 1 to 80 letters.", "name")
        if days is not None and not 1 <= days <= DAYS_MAX:
            raise _refused(ErrorCode.INVALID, f"Days are 1 to {DAYS_MAX}.", "days")
        await _check_owner(role, staff_id)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        if await ApiToken.exists(name=name.strip()):
            raise _refused(ErrorCode.CONFLICT, "A token of this name exists.", "name")
        try:
            row = await ApiToken.create(
                name=name.strip(),
                digest=token_digest(token),
                role=role,
                staff_id=staff_id,
                created_at=work.now,
                expires_at=None if days is None else work.now + timedelta(days=days),
            )
        except IntegrityError as problem:
            raise _refused(ErrorCode.CONFLICT, "A token of this name exists.", "name") from problem
        work.journal("token.create", [f"ApiToken:{row.id}"], {"role": role.value})
    return TokenResult(row.id, token)


async def _check_owner(role: Role, staff_id: int | None) -> None:
    if staff_id is None:
        if role is not Role.INTEGRATION:
            raise _refused(ErrorCode.INVALID, "Only a machine's token has no person.", "staffId")
        return
    person = await Staff.get_or_none(id=staff_id, is_active=True)
    if person is None:
        raise _refused(ErrorCode.NOT_FOUND, "No such member of staff.", "staffId")
    if person.trained_on is None:
        raise _refused(
            ErrorCode.REASON_REQUIRED,
            "No person has a role without a training date: give it (policy clause 6.2).",
            "staffId",
        )
    if person.role is not role:
        raise _refused(ErrorCode.INVALID, "The token's role is the person's role.", "role")


async def revoke_token(
    house: House,
    actor: Actor,
    *,
    name: str,
    now: datetime | None = None,
    call_id: str | None = None,
) -> int:
    """Ends a token at once; returns its id. Raises ActRefused NOT_FOUND."""
    async with working(house, actor, "tokenRevoke", now=now, call_id=call_id) as work:
        row = await ApiToken.get_or_none(name=name)
        if row is None:
            raise _refused(ErrorCode.NOT_FOUND, "No token has this name.", "name")
        await ApiToken.filter(id=row.id, revoked_at=None).update(revoked_at=work.now)
        work.journal("token.revoke", [f"ApiToken:{row.id}"])
    return row.id
