"""Letters that share a commit hold rows of several cases; nobody's act is ended for them."""

import asyncio

import asyncpg
import pytest

from models.acts.mailbox import Stored
from models.acts.receive import receive, receive_all
from models.house import House
from models.shapes import Reading
from models.tables import OutboundMail
from models.vocabulary import Fate, RequestType
from tests.letters_for_acts import letter, reading, received, stored, verdict
from tests.registers import Registers, in_use

TOUCH = "UPDATE request SET updated_at = now() WHERE id = $1"
LOOK = "SELECT id FROM sighting WHERE uid = 11 FOR UPDATE"
WAITING = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)"


async def _a_case_and_its_follow_up(
    house: House, number: int
) -> tuple[int | None, tuple[Stored, Reading]]:
    """The case's row number, and a stored letter that joins it."""
    first = letter(f"writer{number}@example.com", message_id=f"<{number}@example.com>")
    came = await received(house, verdict(RequestType.ERASURE), first, uid=number)
    mail = await OutboundMail.get(request_id=came.result.request_id)
    reply = letter(
        f"writer{number}@example.com",
        message_id=f"<again{number}@example.com>",
        in_reply_to=(mail.message_id,),
    )
    kept = await stored(house, 10 + number)
    return came.result.request_id, (kept, reading(reply, verdict(RequestType.COPY)))


async def test_a_colleague_who_holds_two_cases_in_another_order_goes_first(
    registers: Registers, house: House
) -> None:
    url = registers.postgres()
    async with in_use(url), asyncio.timeout(30):
        one, first = await _a_case_and_its_follow_up(house, 1)
        two, second = await _a_case_and_its_follow_up(house, 2)
        colleague = await asyncpg.connect(url.replace("postgres://", "postgresql://", 1))
        try:
            async with colleague.transaction():
                # as if it had waited before the letters did: its turn to look comes first
                await colleague.execute("SET LOCAL deadlock_timeout = '700ms'")
                await colleague.execute(TOUCH, two)
                together = asyncio.create_task(receive_all(house, [first, second]))
                while not await colleague.fetchval(WAITING):
                    pass
                await colleague.execute(TOUCH, one)
            with pytest.raises(Exception, match="lock timeout"):
                await together
        finally:
            await colleague.close()
        assert [(await receive(house, *each)).fate for each in (first, second)] == [
            Fate.FOLLOW_UP
        ] * 2


async def test_a_letter_that_postgresql_ended_for_a_colleague_s_act_is_received_once_more(
    registers: Registers, house: House
) -> None:
    url = registers.postgres()
    async with in_use(url), asyncio.timeout(30):
        case, reply = await _a_case_and_its_follow_up(house, 1)
        colleague = await asyncpg.connect(url.replace("postgres://", "postgresql://", 1))
        try:
            async with colleague.transaction():
                await colleague.execute("SET LOCAL deadlock_timeout = '30s'")
                await colleague.execute(TOUCH, case)
                alone = asyncio.create_task(receive(house, *reply))
                while not await colleague.fetchval(WAITING):
                    pass
                # a row the letter holds; whoever began to wait first looks first
                await colleague.execute(LOOK)
        finally:
            await colleague.close()
        assert (await alone).fate is Fate.FOLLOW_UP
