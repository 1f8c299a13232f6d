"""Decisions of an erasure with the rules' proposals, tasks of people, disclosures."""

import json
from collections.abc import Sequence
from typing import Any

from api.call import Call
from api.ids import encode
from api.paging import Order, window
from api.reads.clients import clients_by_id
from api.reads.levels import Shape, attach, computed, fill, level, put, row_ids
from api.reads.listing import listed_page
from api.reads.notes import note
from api.reads.people import actor_named, put_actors
from api.reads.proposals import decisions_of
from api.reads.request_filters import Conditions
from api.reads.requests import KIND as CASE
from api.reads.requests import requests_by_id
from api.reads.rows import Row, grouped, instant, instant_or_none
from api.selection import Chosen, Selected
from api.types.fulfilment import (
    Disclosure,
    FulfilmentTask,
    TaskConnection,
    TaskEdge,
    TaskWhere,
)
from models.database import rows
from models.fulfilment import instruction, makes
from models.vocabulary import DataCategory, LawfulBasis, TaskKind

KIND = "FulfilmentTask"
_COLUMNS = (
    "t.id, t.request_id, t.kind, t.system, t.category, t.detail_sealed, t.created_at,"
    " t.done_at, t.is_skipped, t.done_by, t.done_by_staff_id, t.note_sealed"
)
_TASK = f"SELECT {_COLUMNS} FROM fulfilment_task t WHERE"
_DISCLOSURE = (
    "SELECT id, client_id, recipient, categories, purpose, basis, at, actor_kind, actor_label,"
    " staff_id FROM disclosure WHERE "
)
_ORDER = Order("TASK", "t.created_at", "created_at", "instant", "t.id")


def make(call: Call, row: Row) -> FulfilmentTask:
    """The view of one task; what was read stands in the journal."""
    call.touch(KIND, row["id"])
    made = FulfilmentTask(
        id=encode(KIND, row["id"]),
        kind=TaskKind(row["kind"]),
        system=row["system"],
        category=DataCategory(row["category"]) if row["category"] else None,
        created_at=instant(row["created_at"]),
        done_at=instant_or_none(row["done_at"]),
        is_skipped=bool(row["is_skipped"]),
    )
    made.row = row
    return made


SHAPE = Shape(KIND, TaskConnection, TaskEdge, make)


async def task_page(
    call: Call, chosen: Chosen, first: int | None, after: str | None, where: TaskWhere | None
) -> TaskConnection:
    """One page of tasks, the oldest first."""
    asked = window(_ORDER, first, after)
    found = Conditions()
    if where is not None and where.is_done is not None:
        found.add(f"t.done_at IS {'NOT ' if where.is_done else ''}NULL")
    if where is not None and where.system is not None:
        found.add("t.system = ?", where.system)
    made: TaskConnection = await listed_page(
        call, SHAPE, _COLUMNS, "fulfilment_task t", found, asked, chosen
    )
    return made


async def tasks_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Tasks by row number."""
    made = {row["id"]: make(call, row) for row in await rows(f"{_TASK} t.id IN ??", [ids])}
    await fill(call, KIND, list(made.values()), selected)
    return made


@level(CASE, "tasks")
async def _tasks(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    got = await rows(f"{_TASK} t.request_id IN ?? ORDER BY t.request_id, t.id", [row_ids(parents)])
    groups = {
        key: [make(call, row) for row in found] for key, found in grouped(got, "request_id").items()
    }
    put(parents, chosen, lambda parent: groups.get(parent.row["id"], []))
    made = [one for found in groups.values() for one in found]
    await fill(call, KIND, made, chosen.of(KIND))


@level("RequestItem", "tasks")
async def _of_items(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    cases = list(dict.fromkeys(item.row["request_id"] for item in parents))
    kinds = {item.row["id"]: makes(item.type, item.outcome) for item in parents}
    got = await rows(f"{_TASK} t.request_id IN ?? ORDER BY t.request_id, t.id", [cases])
    wanted = frozenset[TaskKind]().union(*kinds.values())
    tasks = grouped([row for row in got if row["kind"] in wanted], "request_id")
    groups = {
        item.row["id"]: [
            make(call, row)
            for row in tasks.get(item.row["request_id"], [])
            if row["kind"] in kinds[item.row["id"]]
        ]
        for item in parents
    }
    put(parents, chosen, lambda item: groups[item.row["id"]])
    await fill(call, KIND, [one for found in groups.values() for one in found], chosen.of(KIND))


@level(KIND, "request")
async def _request(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(call, parents, chosen, CASE, lambda task: task.row["request_id"], requests_by_id)


@computed(KIND, "instruction")
async def _instruction(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    vault = call.house.vault

    def sentence(task: Any) -> str | None:
        if task.row["done_at"] is not None:
            return None
        detail = vault.open_json("task", task.row["detail_sealed"]) or {}
        return instruction(task.kind, task.system, task.category, detail)

    put(parents, chosen, sentence)


note(KIND, "note", "note_sealed")
note("CategoryDecision", "note", "note_sealed")


@level(KIND, "doneBy")
async def _done_by(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await _people(call, parents, chosen, "done_by", "done_by_staff_id")


@level("CategoryDecision", "decidedBy")
async def _decided_by(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await _people(call, parents, chosen, "by_label", "by_staff_id")


async def _people(
    call: Call, parents: Sequence[Any], chosen: Chosen, label: str, staff_id: str
) -> None:
    put(
        parents,
        chosen,
        lambda one: actor_named(one.row[label], one.row[staff_id]) if one.row[label] else None,
    )
    actors = [found for parent in parents if (found := parent.children[chosen.key])]
    await fill(call, "Actor", actors, chosen.of("Actor"))


@level("RequestItem", "decisions")
async def _decisions(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    groups = await decisions_of(call, [item.row for item in parents])
    put(parents, chosen, lambda item: groups.get(item.row["id"], []))
    made = [one for found in groups.values() for one in found]
    await fill(call, "CategoryDecision", made, chosen.of("CategoryDecision"))


def _disclosure(call: Call, row: Row) -> Disclosure:
    call.touch("Client", row["client_id"])
    named = row["categories"]
    made = Disclosure(
        id=encode("Disclosure", row["id"]),
        recipient=row["recipient"],
        categories=[
            DataCategory(one) for one in (json.loads(named) if isinstance(named, str) else named)
        ],
        purpose=row["purpose"],
        basis=LawfulBasis(row["basis"]),
        at=instant(row["at"]),
    )
    made.row = row
    return made


async def disclosures_by_id(call: Call, ids: Sequence[int], selected: Selected) -> dict[int, Any]:
    """Disclosures by row number."""
    got = await rows(f"{_DISCLOSURE} id IN ??", [ids])
    made = {row["id"]: _disclosure(call, row) for row in got}
    await fill(call, "Disclosure", list(made.values()), selected)
    return made


@level("Client", "disclosures")
async def _of_clients(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    got = await rows(
        f"{_DISCLOSURE} client_id IN ?? ORDER BY client_id, at, id", [row_ids(parents)]
    )
    groups = {
        key: [_disclosure(call, row) for row in found]
        for key, found in grouped(got, "client_id").items()
    }
    put(parents, chosen, lambda parent: groups.get(parent.row["id"], []))
    made = [one for found in groups.values() for one in found]
    await fill(call, "Disclosure", made, chosen.of("Disclosure"))


@level("Disclosure", "client")
async def _client(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await attach(call, parents, chosen, "Client", lambda one: one.row["client_id"], clients_by_id)


@computed("Disclosure", "recordedBy")
async def _recorded_by(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    await put_actors(call, parents, chosen)
