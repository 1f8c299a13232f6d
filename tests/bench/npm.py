"""The peer from npm with a Node of its own: installed once into the user's cache, never in CI."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
LISTED = ("package.json", "package-lock.json", ".npmrc")
PATIENCE = 600


class PeerMissing(Exception):
    """The peer cannot run here; the message is one sentence for a person."""


def installed() -> Path:
    """Folder with the peer and its `serve.mjs`. PeerMissing says what is not there."""
    folder = _folder()
    if not folder.exists():
        _install(folder)
    shutil.copy(PEERS / "serve.mjs", folder)
    node = folder / "node_modules/.bin/node"
    if _run([str(node), "--version"], folder).returncode:
        raise PeerMissing(f"The Node of npm does not run on this machine: {node}.")
    return folder


def _folder() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    lock = (PEERS / "package-lock.json").read_bytes()
    return cache / "netpro-privacy-desk" / f"peers-{hashlib.sha256(lock).hexdigest()[:12]}"


def _install(folder: Path) -> None:
    if os.environ.get("CI"):
        raise PeerMissing("Nothing is installed from npm in CI.")
    if not shutil.which("npm") or not shutil.which("node"):
        raise PeerMissing("Node and npm are not installed: `apt install npm` brings both.")
    making = folder.with_name(f"{folder.name}-making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for name in LISTED:
        shutil.copy(PEERS / name, making)
    # the package `node` fetches the binary of this machine in its install script
    command = ["npm", "ci", "--no-audit", "--no-fund", "--fetch-retries=1"]
    done = _run(command, making)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise PeerMissing(f"npm could not install the peer: {last[0]}")
    making.rename(folder)


def _run(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return subprocess.CompletedProcess(command, 1, "", str(problem))
