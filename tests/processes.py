"""The bot and the commands as real processes, with an environment of their own."""

import asyncio
import os
import signal
import sys
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from mailbot.accounts import ImapSettings
from tests.mixture import AUTHSERV_ID
from tests.registers import KEY, SECRET

ROOT = Path(__file__).parent.parent


def settings(database_url: str, imap_url: str, smtp_url: str, **more: str) -> dict[str, str]:
    """A whole environment: nothing of the machine's own settings is seen."""
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url,
        "DATA_KEY": urlsafe_b64encode(KEY).decode(),
        "SECRET_KEY": urlsafe_b64encode(SECRET).decode(),
        "IMAP_URL": imap_url,
        "SMTP_URL": smtp_url,
        "AUTHSERV_ID": AUTHSERV_ID,
        "CONTROLLER_NAME": "Näidis OÜ",
        "CONTROLLER_REGISTRY_CODE": "12345678",
        "CONTROLLER_ADDRESS": "Näidise 1, 10111 Tallinn",
        "CONTROLLER_PHONE": "+372 000 0000",
        "CONTROLLER_CONTACT": "info@netpro.ee",
        "LADDER_TOTAL_PER_HOUR": "100000",
        **more,
    }


def imap_url(settings: ImapSettings) -> str:
    """The account as IMAP_URL."""
    user, password = quote(settings.user, safe=""), quote(settings.password or "", safe="")
    return f"imap://{user}:{password}@{settings.host}:{settings.port}/INBOX"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended and what it said."""

    code: int
    out: str
    err: str


async def start(
    module: str, *words: str, environ: Mapping[str, str], cwd: Path = ROOT
) -> asyncio.subprocess.Process:
    """`python -m module words`, running."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *words,
        env=dict(environ) | {"PYTHONPATH": str(ROOT)},
        cwd=cwd,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )


async def run(
    module: str,
    *words: str,
    environ: Mapping[str, str],
    given: bytes = b"",
    seconds: float = 120,
    cwd: Path = ROOT,
) -> Ended:
    """`python -m module words` to its end."""
    process = await start(module, *words, environ=environ, cwd=cwd)
    try:
        async with asyncio.timeout(seconds):
            out, err = await process.communicate(given)
    finally:
        kill(process)
    return Ended(process.returncode or 0, out.decode(), err.decode())


def kill(process: asyncio.subprocess.Process) -> None:
    """As if the power went: the process and its children at once."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)


def megabytes(pid: int) -> float:
    """Resident memory of a process and its children together; 0 when it is gone."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        said = [Path(f"/proc/{one}/status").read_text() for one in (pid, *children)]
    except OSError:
        return 0.0
    found = (line for text in said for line in text.splitlines() if line.startswith("VmRSS"))
    return sum(int(line.split()[1]) for line in found) / 1024
