"""One page of a noun's whole list: two statements at the most, the second only for a count."""

from typing import Any

from api.call import Call
from api.paging import Window, page
from api.reads.levels import Shape, connect, read
from api.reads.request_filters import Conditions
from api.selection import Chosen
from models.database import rows


async def listed_page(
    call: Call,
    shape: Shape,
    columns: str,
    table: str,
    found: Conditions,
    asked: Window,
    chosen: Chosen,
) -> Any:
    """Rows of `table` (SQL with its alias) that meet `found`, as the connection of `shape`."""
    keyset, place = asked.condition()
    which = f"{found.joined} AND {keyset}{asked.order.sql}"
    is_counted = chosen.of(shape.connection_name).has("totalCount")
    got, ahead = await read(
        call,
        f"SELECT {columns} FROM {table} WHERE {which} LIMIT ?",
        [*found.values, *place, asked.limit],
        *shape.inside(chosen),
        is_all=not is_counted and len(shape.nodes(chosen)) <= 1,
    )
    total = None
    if is_counted:
        counted = await rows(
            f"SELECT count(*) AS n FROM {table} WHERE {found.joined}", found.values
        )
        total = counted[0]["n"]
    made = await connect(call, shape, [page(got, asked)], asked, chosen, [total], ahead)
    return made[0]
