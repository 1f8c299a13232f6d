"""Clients of others, from npm: installed once into var/, run where Node is there."""

import asyncio
import functools
import hashlib
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.absent import left_out
from tests.processes import ROOT, kill

SCRIPTS = Path(__file__).parent / "node"
NODE_MIN = 20
PATIENCE = 20
OURS = ("EUSAGE", "EINTEGRITY", "EJSONPARSE")  # npm's words for a lock file that is wrong


@functools.cache
def missing() -> str | None:
    """Why the clients cannot run here: one sentence, or None when they can."""
    if not shutil.which("node") or not shutil.which("npm"):
        return f"Node and npm are not installed (apt install npm; Node {NODE_MIN} or later)"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.lstrip("v").split(".")[0]) < NODE_MIN:
        return f"Node {version.stdout.strip()} is too old: npm install --global node@{NODE_MIN}"
    return None if _folder().exists() else _install()


def packages() -> Path:
    """The folder of the installed packages, with our scripts beside them."""
    for name in SCRIPTS.glob("*.mjs"):
        shutil.copy(name, _folder())
    return _folder()


def _folder() -> Path:
    lock = (SCRIPTS / "package-lock.json").read_bytes()
    return ROOT / "var" / f"node-{hashlib.sha256(lock).hexdigest()[:12]}"


def _install() -> str | None:
    """A registry that cannot be reached is named; a wrong lock file is a failure."""
    making = _folder().with_name(f"{_folder().name}-making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(SCRIPTS / name, making)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    command += ["--fetch-retries=1", "--fetch-timeout=60000"]
    done = subprocess.run(command, cwd=making, capture_output=True, text=True, check=False)
    if done.returncode:
        assert not any(word in done.stderr for word in OURS), done.stderr
        return "npm cannot reach its registry: the clients of others cannot be installed"
    making.rename(_folder())
    return None


def needed() -> None:
    """Names what is missing."""
    reason = missing()
    if reason:
        left_out(reason)


class NodeClient:
    """A running script that writes JSON lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def next(self) -> Any:
        """The next line; an error when none comes in time."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = await self._process.stdout.readline()
        assert line, "the client has ended"
        return json.loads(line)

    async def event(self) -> str:
        """Summary of the next event, whatever became of the connection before it."""
        while True:
            line = await self.next()
            if "summary" in line:
                return str(line["summary"])
            assert "connected" in line or "closed" in line, line

    async def silent(self, seconds: float) -> None:
        """Nothing is told meanwhile."""
        assert self._process.stdout is not None
        reading = asyncio.ensure_future(self._process.stdout.readline())
        done, _ = await asyncio.wait([reading], timeout=seconds)
        assert not done, done.pop().result()
        reading.cancel()


@asynccontextmanager
async def running(script: str, *words: str) -> AsyncIterator[NodeClient]:
    """`node script words` beside the installed packages."""
    process = await asyncio.create_subprocess_exec(
        "node",
        script,
        *words,
        cwd=packages(),
        stdout=asyncio.subprocess.PIPE,
        limit=2**22,
        start_new_session=True,
    )
    try:
        yield NodeClient(process)
    finally:
        kill(process)
        await process.wait()
