"""Commands of the API, run as a person runs them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from models.sealed import new_key
from tests.api.serving import free_port
from tests.registers import Registers

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "api"]


@pytest.fixture
def environment(registers: Registers, tmp_path: Path) -> dict[str, str]:
    """Everything the API needs, and nothing of the machine's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "DATABASE_URL": registers.sqlite(tmp_path),
        "DATA_KEY": new_key(),
        "SECRET_KEY": new_key(),
        "CONTROLLER_NAME": "Näidis OÜ",
        "CONTROLLER_REGISTRY_CODE": "12345678",
        "CONTROLLER_ADDRESS": "Näidise 1, Tallinn",
        "CONTROLLER_PHONE": "+372 000 0000",
        "CONTROLLER_CONTACT": "info@example.com",
        "PYTHONPATH": str(ROOT),
    }


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """One command to its end; the working directory has no `.env`."""
    folder = environment["DATABASE_URL"].removeprefix("sqlite://").rpartition("/")[0]
    return subprocess.run(
        [*COMMAND, *words], env=environment, cwd=folder, capture_output=True, text=True, timeout=60
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a command that failed for its user's mistake."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`serve`, up; (process, address)."""
    with subprocess.Popen(
        [*COMMAND, "serve"], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            yield process, line.split()[-1]
        finally:
            process.kill()


def test_the_schema_is_printed_without_any_setting() -> None:
    """On standard output, as it is published."""
    done = run({"DATABASE_URL": "sqlite:///tmp/x", "PYTHONPATH": str(ROOT)}, "schema")
    assert done.returncode == 0
    assert done.stdout == (ROOT / "api" / "schema.graphql").read_text(encoding="utf-8")


def status_in_the_end(address: str, token: str, wished: int) -> int:
    """A caller stays known for a few seconds: asks until the status is as wished, or they end."""
    status, until = 0, time.monotonic() + 15
    while status != wished and time.monotonic() < until:
        answer = httpx.post(
            address,
            json={"query": "query Who { __typename }"},
            headers={"Authorization": f"Bearer {token}"},
        )
        status = answer.status_code
        time.sleep(0.2)
    return status


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_stopped(environment: dict[str, str], how: signal.Signals) -> None:
    """A token made on the command line works; a stop is clean."""
    made = run(
        environment, "token", "create", "--name", "mari", "--role", "dpo",
        "--trained-on", "2026-01-15",
    )  # fmt: skip
    token = made.stdout.strip().splitlines()[-1]
    with serving(environment | {"PORT": str(free_port())}) as (process, address):
        answer = httpx.post(
            address,
            json={"query": "query Who { viewer { label roles staff { email trainedOn } } }"},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.json()["data"]["viewer"] == {
            "label": "mari",
            "roles": ["DPO"],
            "staff": {"email": "mari@netpro.ee", "trainedOn": "2026-01-15"},
        }
        assert run(environment, "token", "revoke", "mari").returncode == 0
        assert status_in_the_end(address, token, 401) == 401
        process.send_signal(how)
        assert process.wait(10) == 0


def test_a_taken_port_is_one_sentence(environment: dict[str, str]) -> None:
    """Which one, and why."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        sentence = refused(run(environment | {"PORT": port}, "serve"))
    assert f"PORT {port}" in sentence


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"DATA_KEY": ""}, "DATA_KEY"),
        ({"DATA_KEY": "short"}, "DATA_KEY"),
        ({"CONTROLLER_NAME": ""}, "CONTROLLER_NAME"),
        ({"PORT": "many"}, "PORT"),
        ({"CORS_ORIGINS": "*"}, "CORS_ORIGINS"),
        ({"DPO_ADDRESS": "Mari <dpo@example.com>"}, "DPO_ADDRESS must be one bare mail address"),
        ({"DATABASE_URL": "postgres://nobody:secret@127.0.0.1:1/none"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
    ],
)
def test_what_is_missing_or_wrong_is_one_sentence(
    environment: dict[str, str], change: dict[str, str], word: str
) -> None:
    """With the setting's name and never its value."""
    folder = environment["DATABASE_URL"].removeprefix("sqlite://").rpartition("/")[0]
    done = subprocess.run(
        [*COMMAND, "serve"],
        env=environment | {"PORT": str(free_port())} | change,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    sentence = refused(done)
    assert word in sentence
    assert "secret" not in sentence


def test_a_register_without_tables_says_what_to_run(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """`python -m models migrate`."""
    empty = environment | {"DATABASE_URL": f"sqlite://{tmp_path / 'empty.sqlite3'}"}
    assert "python -m models migrate" in refused(run(empty, "serve"))


def test_a_token_needs_a_trained_person_or_a_machine(environment: dict[str, str]) -> None:
    """No training date, no role; a second token of a name is refused."""
    untrained = run(environment, "token", "create", "--name", "x", "--role", "viewer")
    assert "training" in refused(untrained)
    machine = ("token", "create", "--name", "crm", "--role", "INTEGRATION", "--days", "30")
    assert run(environment, *machine).returncode == 0
    assert "exists" in refused(run(environment, *machine))
    spaced = ("token", "create", "--name", "Mari Kask", "--role", "dpo")
    trained = ("--trained-on", "2026-01-15")
    assert "give one with --email" in refused(run(environment, *spaced, *trained))
    mail = ("--email", "mari@example.com")
    assert run(environment, *spaced, *trained, *mail).returncode == 0
    assert "No token" in refused(run(environment, "token", "revoke", "nobody"))
    assert run(environment, "token", "create", "--name", "x", "--role", "king").returncode != 0
