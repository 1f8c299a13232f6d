"""`python -m mailbot demo`: mail server, bot and API together, on sample clients and letters.

Takes PORT and DEMO_DIR and nothing else from its surroundings, so it can never touch a
real system. Every start begins with a new register in DEMO_DIR.
"""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from mailbot.bot import Bot, watch
from mailbot.demo.run import converse, deliver
from mailbot.demo.samples import clients_path, letters
from mailbot.demo.server import DemoMailServer, OutsideLetter
from mailbot.settings import MailSettings
from models.acts.access import create_token, upsert_staff
from models.acts.clients import import_clients
from models.acts.mailbox import Stored
from models.acts.receive import Received
from models.database import opened
from models.house import House
from models.importing import read_clients
from models.migrate import migrate
from models.sealed import new_key
from models.settings import HouseSettings
from models.settings_base import SettingsProblem
from models.shapes import SYSTEM
from models.vocabulary import Fate, Role

LOOPBACK = "127.0.0.1"
FIRST_PORT = 8000
API_SECONDS = 90  # a busy machine imports slowly
DATABASE = "demo.sqlite3"
ADDRESSES = "demo.json"
AUTHSERV_ID = "demo.netpro.example"
COLOURS = {
    Fate.REGISTERED: "green",
    Fate.FOLLOW_UP: "green",
    Fate.TRIAGE: "yellow",
    Fate.QUARANTINED: "red",
}


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """Where the demo lives: its folder and the port of its API."""

    folder: Path
    port: int

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> "DemoPlace":
        """From PORT and DEMO_DIR. Raises SettingsProblem when PORT is no free port."""
        folder = Path(environ.get("DEMO_DIR") or "var/demo")
        asked = environ.get("PORT")
        if asked is None:
            return cls(folder, FIRST_PORT if _is_free(FIRST_PORT) else _any_port())
        if not asked.isdigit() or not 0 < int(asked) < 65536:
            raise SettingsProblem("PORT must be a whole number from 1 to 65535.")
        if not _is_free(int(asked)):
            raise SettingsProblem(
                f"PORT {asked} is taken: stop what listens there or give another."
            )
        return cls(folder, int(asked))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def environment(place: DemoPlace, server: DemoMailServer) -> dict[str, str]:
    """Every setting of the demo; the controller's facts are samples and say so."""
    return {
        "DATABASE_URL": f"sqlite://{place.folder / DATABASE}",
        "ERASURE_LOG": str(place.folder / "erasure.log"),
        "DATA_KEY": new_key(),
        "SECRET_KEY": new_key(),
        "IMAP_URL": server.imap_url,
        "SMTP_URL": server.smtp_url,
        "AUTHSERV_ID": AUTHSERV_ID,
        "START_AT": datetime.now(UTC).isoformat(),  # letters may come before the bot looks
        "CONTROLLER_NAME": "Netpro OÜ (näidis · sample)",
        "CONTROLLER_REGISTRY_CODE": "12345678",
        "CONTROLLER_ADDRESS": "Näidise 1, 10111 Tallinn (näidis · sample)",
        "CONTROLLER_PHONE": "+372 000 0000",
        "CONTROLLER_CONTACT": "info@netpro.ee",
        "DPO_ADDRESS": "dpo@netpro.example",
        "POLICY_VALID_FROM": "2024-01-01",
        "LADDER_DOMAIN_PER_HOUR": "100",
        "HOST": LOOPBACK,
        "PORT": str(place.port),
        "DEBUG": "1",
    }


async def demo(environ: Mapping[str, str] = os.environ) -> None:
    """Runs until cancelled."""
    place = DemoPlace.load(environ)
    _fresh(place.folder)
    console = Console()
    diary = Diary(console)
    async with DemoMailServer(on_outside=diary.left) as server:
        variables = environment(place, server)
        house_settings = HouseSettings.load(variables, env_file=None)
        house = house_settings.house()
        url = house_settings.database_url.get_secret_value()
        await migrate(url)
        async with opened(url), _api(variables):
            records, _ = read_clients(clients_path())
            await import_clients(house, SYSTEM, records)
            token = await _token(house)
            _write_addresses(place, server, token)
            _welcome(console, place, server, token)
            settings = MailSettings.load(variables, env_file=None)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(watch(Bot(house, settings, url, diary.came)))
                tasks.create_task(_arrive(server, console))
                tasks.create_task(converse(server))


async def _token(house: House) -> str:
    person = await upsert_staff(
        house,
        SYSTEM,
        name="Demo officer",
        email="dpo@netpro.example",
        role=Role.DPO,
        trained_on=house.today(datetime.now(UTC)),
    )
    found = await create_token(house, SYSTEM, name="demo", role=Role.DPO, staff_id=person.staff_id)
    return found.token


def _fresh(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)


@asynccontextmanager
async def _api(variables: Mapping[str, str]) -> AsyncIterator[None]:
    """The API as a process of its own, as in real life; gone within a second at the end."""
    inherited = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "api",
        "serve",
        env={**inherited, **variables, "LOG_LEVEL": "warning"},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        await _answers(int(variables["PORT"]), process)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(1):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


async def _answers(port: int, process: asyncio.subprocess.Process) -> None:
    """Until the API listens. Raises SettingsProblem when it ended, or is too slow."""
    for _ in range(API_SECONDS * 20):
        if process.returncode is not None:
            raise SettingsProblem("The API did not start: its own message stands above.")
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return
    raise SettingsProblem(f"The API did not listen within {API_SECONDS} seconds: try again.")


async def _arrive(server: DemoMailServer, console: Console) -> None:
    await asyncio.sleep(1)
    await deliver(server, letters(), 0.3)
    console.print("\n[bold]All sample letters are in.[/bold] Write one of your own now.\n")


def _write_addresses(place: DemoPlace, server: DemoMailServer, token: str) -> None:
    (place.folder / ADDRESSES).write_text(
        json.dumps({"smtp_port": server.smtp_port, "token": token}), encoding="utf-8"
    )


class Diary:
    """The running log a newcomer reads: what each letter became."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def came(self, stored: Stored, received: Received) -> None:
        """One line for a letter that was decided."""
        colour = COLOURS.get(received.fate, "dim")
        asked = ", ".join(received.labels)
        what = f"{received.result.reference or received.fate.value:<14}"
        answer = f" · answer {received.answer}" if received.answer else ""
        self._console.print(
            f"[{colour}]{what}[/] {escape(_subject(stored.raw)[:44]):<46} {asked}{answer}",
            highlight=False,
            soft_wrap=True,
        )

    def left(self, letter: OutsideLetter) -> None:
        """One line for a letter that went out."""
        subject = str(make_header(decode_header(letter.header("Subject"))))
        line = f"[blue]{'   ↳ sent':<14}[/] {escape(subject)}"
        self._console.print(line, highlight=False, soft_wrap=True)


def _subject(raw: bytes) -> str:
    try:
        return str(make_header(decode_header(message_from_bytes(raw)["Subject"] or "")))
    except (ValueError, LookupError):
        return "(unreadable subject)"


def _welcome(console: Console, place: DemoPlace, server: DemoMailServer, token: str) -> None:
    """What is running and what to try; the four addresses each alone on a line."""
    typer.echo("Netpro privacy desk: demo mail server, bot and API are running. Ctrl-C stops all.")
    typer.echo(f"GRAPHQL=http://{LOOPBACK}:{place.port}/graphql")
    typer.echo(f"IMAP={LOOPBACK}:{server.imap_port}")
    typer.echo(f"SMTP={LOOPBACK}:{server.smtp_port}")
    typer.echo(f"TOKEN={token}")
    url = f"http://{LOOPBACK}:{place.port}/graphql"
    typer.echo("\nAsk (in a second terminal):")
    for title, query in QUERIES:
        body = json.dumps({"query": query})
        typer.echo(
            f"  # {title}\n  curl -s {url} -H 'Authorization: Bearer {token}'"
            f" -H 'Content-Type: application/json' -d '{body}'"
        )
    typer.echo("\nWrite a letter of your own (Estonian, English or Russian) and watch this log:")
    typer.echo(
        '  .venv/bin/python -m mailbot send "Palun kustutage minu konto ja kõik minu andmed."'
    )
    typer.echo(f"In a browser, with the token above: http://{LOOPBACK}:{place.port}/graphiql")
    console.print("\n[bold]Letters are arriving[/bold] (held: waits until a person releases it;")
    console.print("triage: a person decides what it is; ignored, automatic: not for this desk):")


BOARD = """query Board { requests(first: 10) { totalCount nodes { reference types
 deadline { dueOn daysLeft state } internalTargetOn subject { displayName } } } }"""
CASE = """query Case { requestByReference(reference: "NP-YEAR-0001") { types
 identity { assurance needed } outbound { kind text delivery { state } }
 timeline { nodes { at kind summary } } } }"""
TRIAGE = """query Triage { triage(first: 5) { nodes { subject deadline { dueOn }
 classification { types confidence } } } }"""
QUERIES = (
    (
        "the queue, what is due first (a complaint or question has only our own target)",
        BOARD.replace("\n", ""),
    ),
    (
        "one case with our letter in full and its timeline",
        CASE.replace("\n", "").replace("YEAR", str(datetime.now(UTC).year)),
    ),
    ("letters that wait for a person", TRIAGE.replace("\n", "")),
)
