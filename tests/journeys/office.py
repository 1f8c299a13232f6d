"""A whole office on real servers: mailbox, SMTP, the bot and the API as processes of their own.

A journey writes letters into the mailbox, reads what comes back by SMTP, and works its case
over HTTP like a dashboard; it never looks into the register.
"""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives.serialization import Encoding

from models.vocabulary import Role
from tests.api.seeds import seed_people
from tests.authorities import service
from tests.drill.desk import Desk
from tests.mixture import AUTHSERV_ID
from tests.processes import kill, start
from tests.registers import house, in_use
from tests.servers.dovecot import Dovecot, free_ports
from tests.servers.smtp import SmtpServer

ERASE = "Tere! Palun kustutage minu konto ja kõik minu isikuandmed."
PATIENCE = 120.0  # seconds a busy machine may take for what a quiet one does at once
CASE = """query Case($reference: String!) { requestByReference(reference: $reference) {
  id reference version status outcome channel types language actingFor allowedActions
  subject { id displayName } duplicateOf { reference } breachDecideBy
  items { type status outcome effectiveAt }
  deadline { receivedOn dueOn unsuspendedDueOn state suspendedDays extension { isPending until } }
  identity { assurance needed }
  messages { nodes { id version from } }
  outbound { kind delivery { state } }
  timeline { nodes { kind summary } } } }"""
WORK = """query Work($reference: String!) { requestByReference(reference: $reference) {
  tasks { id kind system doneAt } } }"""
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter of ours as it came out of SMTP."""

    subject: str
    text: str
    message_id: str

    @property
    def reference(self) -> str:
        """The case number in its subject."""
        return self.subject.partition("[")[2].partition("]")[0]


@dataclass
class Office:
    """One running desk, and what each reader has read of it."""

    desk: Desk
    http: httpx.AsyncClient
    tokens: dict[Role, str]
    _read: Counter[str] = field(default_factory=Counter)

    def write(
        self,
        sender: str,
        subject: str,
        body: str,
        *,
        answers: Mail | None = None,
        received_at: datetime | None = None,
        attached: tuple[str, bytes] | None = None,
    ) -> None:
        """A letter of a proven sender arrives, now or at a moment of the past."""
        letter = EmailMessage(policy=policy.SMTP)
        domain = sender.rpartition("@")[2]
        letter["Authentication-Results"] = f"{AUTHSERV_ID}; dmarc=pass header.from={domain}"
        letter["From"], letter["To"], letter["Subject"] = sender, "info@netpro.ee", subject
        letter["Message-ID"] = f"<journey.{next(_numbers)}@{domain}>"
        if answers is not None:
            letter["In-Reply-To"] = answers.message_id
        letter.set_content(body)
        if attached is not None:
            name, content = attached
            letter.add_attachment(
                content, maintype="application", subtype="vnd.etsi.asic-e+zip", filename=name
            )
        self.desk.dovecot.fill(self.desk.user, [letter.as_bytes()], received_at)

    async def mail_to(self, address: str) -> Mail:
        """The next letter of ours to this address that was not read yet."""
        place = self._read[address]
        await until(lambda: len(self.desk.sink.sent_to(address)) > place, f"a letter to {address}")
        self._read[address] += 1
        raw = self.desk.sink.sent_to(address)[place].content
        found = message_from_bytes(raw, policy=policy.default)
        text = cast(EmailMessage, found.get_body()).get_content()
        return Mail(str(found["Subject"]), text, str(found["Message-ID"]))

    async def ask(self, query: str, role: Role = Role.CASE_HANDLER, **variables: Any) -> Any:
        """`data` of one operation over HTTP."""
        answer = await self.http.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {self.tokens[role]}"},
        )
        found = answer.json()
        assert not found.get("errors"), found
        return found["data"]

    async def act(
        self, name: str, says: str, given: dict[str, Any], role: Role = Role.CASE_HANDLER
    ) -> Any:
        """Answer of one mutation; its errors are the caller's to look at."""
        kind = name[0].upper() + name[1:]
        query = (
            f"mutation Act($input: {kind}Input!) {{ {name}(input: $input) {{ {says}"
            " userErrors { code path message } } }"
        )
        return (await self.ask(query, role, input=given))[name]

    async def case(self, reference: str) -> Any:
        """The case as a dashboard sees it."""
        return (await self.ask(CASE, reference=reference))["requestByReference"]

    async def case_that(self, reference: str, condition: Callable[[Any], bool]) -> Any:
        """The case, once it is so."""
        found: Any = None

        async def is_so() -> bool:
            nonlocal found
            found = await self.case(reference)
            return condition(found)

        await until_so(is_so, f"the case {reference}: {found}")
        return found

    async def on(
        self,
        reference: str,
        name: str,
        *,
        role: Role = Role.CASE_HANDLER,
        refused: str | None = None,
        **given: Any,
    ) -> Any:
        """One act on the case as it stands, or its refusal with this code; the answer.

        Read again when the bot was faster, as a dashboard would.
        """
        codes = ["STALE_VERSION"]
        while codes == ["STALE_VERSION"]:
            case = await self.case(reference)
            whole = {"requestId": case["id"], "version": case["version"], **given}
            whole["idempotencyKey"] = uuid4().hex
            done = await self.act(name, "request { id reference status }", whole, role)
            codes = [error["code"] for error in done["userErrors"]]
        assert codes == ([refused] if refused else []), done["userErrors"]
        return done["request"]

    async def client(self, name: str, *addresses: str, **more: Any) -> str:
        """A client of the customer system; returns its id."""
        given = {
            "externalId": uuid4().hex[:12],
            "kind": "NATURAL_PERSON",
            "displayName": name,
            "addresses": [{"kind": "EMAIL", "value": one} for one in addresses],
            **more,
        }
        done = await self.act("clientUpsert", "client { id }", given, Role.INTEGRATION)
        return str(done["client"]["id"])


async def until(condition: Callable[[], bool], what: str) -> None:
    """Waits for what a process does by itself."""

    async def is_so() -> bool:
        return condition()

    await until_so(is_so, what)


async def until_so(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """The same for what has to be asked for."""
    end = time.monotonic() + PATIENCE
    while not await condition():
        assert time.monotonic() < end, f"in {PATIENCE:.0f} s there was not: {what}"
        await asyncio.sleep(0.1)


def _anchors(folder: Path) -> str:
    for number, one in enumerate(service().anchors):
        (folder / f"{number}.pem").write_bytes(one.public_bytes(Encoding.PEM))
    return str(folder)


@asynccontextmanager
async def open_office(
    dovecot: Dovecot, sink: SmtpServer, url: str, folder: Path
) -> AsyncIterator[Office]:
    """Everything started; stopped at the end whatever happened."""
    (port,) = free_ports(1)
    long_ago = (datetime.now(UTC) - timedelta(days=200)).isoformat(timespec="seconds")
    more = {
        "LATE_HOURS": "100000",
        "PORT": str(port),
        "LADDER_SENDER_PER_DAY": "100",
        "LADDER_DOMAIN_PER_HOUR": "1000",
        "TRUST_ANCHORS": _anchors(folder),
    }
    desk = Desk(dovecot, f"o{uuid4().hex[:12]}", sink, url, start_at=long_ago, more=more)
    async with in_use(url):
        tokens = await seed_people(house())
    processes = [
        await start("mailbot", "watch", environ=desk.environ),
        await start("api", "serve", environ=desk.environ),
    ]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            await until_so(lambda: _answers(http), "the API")
            yield Office(desk, http, tokens)
    finally:
        for process in processes:
            kill(process)
            await process.communicate()


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/healthz")).status_code == 200
    except httpx.TransportError:
        return False


async def acknowledged(office: Office, sender: str, subject: str, body: str, **more: Any) -> Mail:
    """The acknowledgement of a letter."""
    office.write(sender, subject, body, **more)
    return await office.mail_to(sender)


async def goes_out(office: Office, reference: str, kind: str) -> None:
    """The bot has heard from the mail server that our letter was taken."""

    def is_sent(case: Any) -> bool:
        return any(
            one["kind"] == kind and one["delivery"]["state"] == "SENT" for one in case["outbound"]
        )

    await office.case_that(reference, is_sent)


async def grants(office: Office, reference: str, *kinds: str, answer: str = "") -> None:
    """These rights are granted, one after the other."""
    for kind in kinds:
        given: dict[str, Any] = {"type": kind, "outcome": "GRANTED", "answer": answer}
        await office.on(reference, "requestDecideItem", **given)


async def all_ticked_off(office: Office, reference: str) -> int:
    """Every task of the case is done; how many there were."""
    found = (await office.ask(WORK, reference=reference))["requestByReference"]
    ids = [one["id"] for one in found["tasks"] if one["doneAt"] is None]
    for first in range(0, len(ids), 50):
        part = ids[first : first + 50]
        await office.on(reference, "requestCompleteTasks", taskIds=part, note="Tehtud.")
    return len(ids)
