"""What a case says about itself: clock and identity."""

from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from api.call import Call
from api.reads.levels import computed, fill, level, put
from api.reads.notes import note
from api.reads.people import actor_named, put_colleague
from api.reads.rows import Row, day, day_or_none, instant, instant_or_none
from api.selection import Chosen
from api.types.base import view
from api.types.requests import Deadline, Extension, Identity
from models import deadlines
from models.database import rows
from models.vocabulary import (
    Assurance,
    ExtensionGround,
    IdentityMethod,
)


@computed("DataSubjectRequest", "deadline")
async def _deadline(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    today = call.today
    put(parents, chosen, lambda parent: _clock(parent.row, today))
    made = [found for parent in parents if (found := parent.children[chosen.key])]
    await fill(call, "Deadline", made, chosen.of("Deadline"))


Deadline.COLUMNS = {
    "received_on": lambda row: day(row["received_on"]),
    "nominal_on": lambda row: day(row["nominal_on"] or row["due_on"]),
    "due_on": lambda row: day(row["due_on"]),
    "internal_target_on": lambda row: day(row["internal_target_on"]),
    "suspended_days": itemgetter("suspended_days"),
    "unsuspended_due_on": lambda row: day(row["unsuspended_due_on"] or row["due_on"]),
    "days_left": lambda row: deadlines.days_left(day(row["due_on"]), row["today"]),
    "state": lambda row: deadlines.state(
        day(row["due_on"]), row["today"], day_or_none(row["closed_on"])
    ),
}


def _clock(row: Row, today: date) -> Deadline | None:
    return None if row["due_on"] is None else view(Deadline, {**row, "today": today})


@computed("Message", "deadline")
async def _message_deadline(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda parent: _message_clock(call, parent.row))
    made = [found for parent in parents if (found := parent.children[chosen.key])]
    await fill(call, "Deadline", made, chosen.of("Deadline"))


def _message_clock(call: Call, row: Row) -> Deadline:
    clock = deadlines.clock(instant(row["received_at"]), call.house.zone)
    found = {
        "received_at": row["received_at"],
        "received_on": clock.received_on,
        "nominal_on": clock.nominal_on,
        "due_on": row["due_on"],
        "internal_target_on": clock.internal_target_on,
        "unsuspended_due_on": None,
        "closed_on": None,
        "suspended_days": 0,
        "today": call.today,
        "id": None,
    }
    return view(Deadline, found)


@computed("Deadline", "basis")
async def _basis(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda clock: _rule(call, clock.row))


def _rule(call: Call, row: Row) -> str:
    basis = deadlines.clock(instant(row["received_at"]), call.house.zone).basis
    days = row["suspended_days"]
    span = "1 day" if days == 1 else f"{days} days"
    paused = f" The clock stood still for {span} (GDPR Art. 12(6), Recital 63)."
    return basis + (paused if days else "")


@level("Deadline", "extension")
async def _extension(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    ids = [found for parent in parents if (found := parent.row["id"]) is not None]
    got = await rows(
        "SELECT request_id, until, ground, explanation_sealed, notified_on, by_label, by_staff_id"
        " FROM extension WHERE request_id IN ??",
        [ids],
    )
    made = {row["request_id"]: _extended(row) for row in got}
    put(parents, chosen, lambda clock: made.get(clock.row["id"]))
    await fill(call, "Extension", list(made.values()), chosen.of("Extension"))


def _extended(row: Row) -> Extension:
    made = Extension(
        until=day(row["until"]),
        is_pending=row["notified_on"] is None,
        ground=ExtensionGround(row["ground"]),
        notified_on=day_or_none(row["notified_on"]),
    )
    made.row = row
    return made


note("Extension", "explanation", "explanation_sealed")
computed("Extension", "by")(put_colleague)


@computed("DataSubjectRequest", "identity")
async def _identity(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda parent: _known(parent.row))
    made = [parent.children[chosen.key] for parent in parents]
    await fill(call, "Identity", made, chosen.of("Identity"))


def _known(row: Row) -> Identity:
    method = row["identity_method"]
    made = Identity(
        assurance=Assurance(row["assurance"]),
        method=IdentityMethod(method) if method else None,
        needed=Assurance(row["identity_needed"]),
        verified_at=instant_or_none(row["identity_verified_at"]),
        by=actor_named(row["identity_by"]) if row["identity_by"] else None,
    )
    made.row = row
    return made


@computed("Identity", "evidence")
async def _evidence(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    vault = call.house.vault
    put(
        parents,
        chosen,
        lambda one: vault.open_json("note", one.row["identity_evidence_sealed"]) or [],
    )


note("Identity", "note", "identity_note_sealed")
