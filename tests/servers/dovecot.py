"""A real Dovecot, rootless, on high ports of loopback, with any number of mailboxes.

Every user name exists; the password is PASSWORD. Each test takes a user of its own, so
one server serves a whole run. Mail comes in by LMTP (`deliver`) or, in bulk, straight
into the Maildir (`fill`).
"""

import grp
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from string import Template

from tests.servers.certificates import write_certificates

PASSWORD = "letmein"
ODD_USER = "odd user õ"
ODD_PASSWORD = 'pass "word" \\ õ ж'
NOBODY = 65534
CONFIGS = Path(__file__).parent  # 2.4 speaks another language than 2.3


class Dovecot:
    """One server. `port` is plain IMAP, `tls_port` IMAP over TLS, `ca_file` its authority."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port, self.tls_port, self.lmtp_port = free_ports(3)
        self.ca_file = root / "ca.pem"
        self._process: subprocess.Popen[bytes] | None = None
        self._account = pwd.getpwuid(os.getuid() or NOBODY)
        self._write()

    def _write(self) -> None:
        for name in ("run", "state", "mail"):
            (self.root / name).mkdir()
        write_certificates(self.root)
        odd = f"{ODD_USER}:{{PLAIN}}{ODD_PASSWORD}\n"
        (self.root / "odd-users").write_text(odd, encoding="utf-8")
        config = Template(_config()).substitute(
            root=self.root,
            user=self._account.pw_name,
            group=grp_name(self._account.pw_gid),
            uid=self._account.pw_uid,
            gid=self._account.pw_gid,
            password=PASSWORD,
            imap_port=self.port,
            imaps_port=self.tls_port,
            lmtp_port=self.lmtp_port,
        )
        (self.root / "dovecot.conf").write_text(config, encoding="utf-8")
        for path in [self.root, *self.root.iterdir()]:
            self._give_away(path)

    def _give_away(self, path: Path) -> None:
        if os.getuid() == 0:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def start(self) -> None:
        """Start and wait until IMAP answers. Raises RuntimeError with the server's log."""
        root = os.getuid() == 0
        self._process = subprocess.Popen(
            [str(program()), "-F", "-c", str(self.root / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            # a child keeps the pipe open, so nothing may be read from here
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            # Dovecot's login processes refuse to run as root
            user=NOBODY if root else None,
            group=NOBODY if root else None,
            extra_groups=[] if root else None,
        )
        for _ in range(200):
            if greets(self.port):
                return
            time.sleep(0.05)
        self.kill()
        log = self.root / "log"
        raise RuntimeError(log.read_text() if log.exists() else "Dovecot did not start")

    def stop(self) -> None:
        """Clean stop; clients get a BYE."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None

    def kill(self) -> None:
        """As if the power went: every process of the server, at once."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(5)
        (self.root / "run" / "master.pid").unlink(missing_ok=True)
        self._process = None

    def freeze(self) -> None:
        """Sockets stay open and nobody answers (a half-open connection)."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Undo `freeze`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        for pid in descendants(self._process.pid):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def deliver(self, user: str, raw: bytes) -> None:
        """One letter through LMTP into the INBOX of `user`, as a mail server would."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as client:
            client.sendmail("writer@example.com", [f"{user}@example.com"], raw)

    def fill(
        self,
        user: str,
        raws: Iterable[bytes],
        received_at: datetime | None = None,
        folder: str = "",
    ) -> None:
        """Many letters at once, straight into a Maildir; `folder` in modified UTF-7, "" = INBOX."""
        home = self.root / "mail" / user.lower()
        place = home / f".{folder}" if folder else home
        for path in (home, place, place / "cur", place / "new", place / "tmp"):
            path.mkdir(exist_ok=True)
            self._give_away(path)
        instant = received_at.timestamp() if received_at else time.time()
        start = len(list((place / "new").iterdir())) + len(list((place / "cur").iterdir()))
        for number, raw in enumerate(raws, start):
            path = place / "new" / f"{int(instant)}.{number:06d}.test"
            path.write_bytes(raw)
            os.utime(path, (instant, instant))
            self._give_away(path)


def _config() -> str:
    told = subprocess.run([str(program()), "--version"], capture_output=True, text=True, check=True)
    is_new = tuple(map(int, told.stdout.split(".")[:2])) >= (2, 4)
    return (CONFIGS / f"dovecot-{'2.4' if is_new else '2.3'}.conf").read_text(encoding="utf-8")


def free_ports(count: int) -> list[int]:
    """Ports of loopback nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(server.getsockname()[1]) for server in sockets]
    for server in sockets:
        server.close()
    return ports


def greets(port: int) -> bool:
    """True when an IMAP greeting comes."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as client:
            return client.recv(4) == b"* OK"
    except OSError:
        return False


def descendants(pid: int) -> list[int]:
    """The process and all its children, grandchildren …"""
    found = [pid]
    for parent in found:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        if children.exists():
            found += [int(child) for child in children.read_text().split()]
    return found


def grp_name(gid: int) -> str:
    """Name of a group by number."""
    return grp.getgrgid(gid).gr_name


def program() -> str | None:
    """Where Dovecot is installed, or None."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextmanager
def running() -> Iterator[Dovecot]:
    """A server of one's own, gone afterwards."""
    # not pytest's tmp_path: the server runs without rights and must be able to reach it
    root = Path(tempfile.mkdtemp(prefix="dovecot-"))
    root.chmod(0o755)
    server = Dovecot(root)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(root, ignore_errors=True)
