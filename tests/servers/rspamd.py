"""A real rspamd on loopback, with its own rules and nothing that asks the network.

Look-ups of names go to a port nobody listens on: what needs DNS (SPF, DKIM, DMARC, lists of
addresses) is switched off, what stays are the rules about the letter itself.
"""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.dovecot import free_ports

OFF = (
    "rbl", "fuzzy_check", "asn", "dkim", "spf", "dmarc", "arc", "neural", "phishing", "greylist",
    "ratelimit", "replies", "history_redis", "bayes_expiry", "url_redirector", "hfilter",
)  # fmt: skip
ACCOUNT = "_rspamd"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Points of a filter, how many make spam, and the rules that gave or took some."""

    score: float
    required: float
    symbols: dict[str, float]


class Rspamd:
    """One server; `judge` asks it about a letter."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port, other = free_ports(2)
        self._process: subprocess.Popen[bytes] | None = None
        folder = root / "conf" / "override.d"
        folder.mkdir(parents=True)
        lines = {
            "worker-normal.inc": f'bind_socket = "127.0.0.1:{self.port}"; count = 1;',
            "options.inc": 'dns { nameserver = ["127.0.0.1:9:10"]; timeout = 0.05; }',
            "logging.inc": f'type = "file"; filename = "{root}/log";',
        }
        idle = f'enabled = false; bind_socket = "127.0.0.1:{other}";'
        lines |= {f"worker-{name}.inc": idle for name in ("controller", "proxy", "fuzzy")}
        lines |= {f"{name}.conf": "enabled = false;" for name in OFF}
        for name, text in lines.items():
            (folder / name).write_text(text + "\n")
        shutil.chown(root, ACCOUNT)

    def start(self) -> None:
        """Starts and waits until it answers. Raises RuntimeError with what it logged."""
        places = {"LOCAL_CONFDIR": self.root / "conf"}
        places |= dict.fromkeys(("DBDIR", "RUNDIR", "LOGDIR"), self.root)
        words = [f"--var={name}={place}" for name, place in places.items()]
        self._process = subprocess.Popen(
            [str(program()), "-f", "-u", ACCOUNT, "-g", ACCOUNT, *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ping", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        log = self.root / "log"
        raise RuntimeError(log.read_text() if log.exists() else "rspamd did not start")

    def stop(self) -> None:
        """Ends it with its children."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def judge(self, raw: bytes, *, sender: str, to: str) -> Judgement:
        """What it thinks of a letter that came from outside, from a host with a name."""
        heads = {"IP": "192.0.2.25", "Hostname": "mail.netpro.ee", "Helo": "mail.netpro.ee"}
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/checkv2", raw, heads | {"From": sender, "Rcpt": to}
        )
        with urllib.request.urlopen(asked, timeout=60) as answer:
            found = json.load(answer)
        symbols = {name: float(one["score"]) for name, one in found["symbols"].items()}
        return Judgement(float(found["score"]), float(found["required_score"]), symbols)


def program() -> str | None:
    """Where rspamd is installed, or None."""
    return shutil.which("rspamd")


@contextmanager
def running() -> Iterator[Rspamd]:
    """A server of one's own, gone afterwards."""
    root = Path(tempfile.mkdtemp(prefix="rspamd-"))
    server = Rspamd(root)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)
