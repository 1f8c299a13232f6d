"""A real Postfix on loopback that hands every letter to a Dovecot by LMTP.

It lives in a folder of its own and never touches the machine's mail: other folders for queue
and configuration, one listener, no way out but LMTP to loopback. Postfix must start as root.
"""

import os
import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

from tests.servers.dovecot import free_ports

MAIN = Template("""\
compatibility_level = 3.6
queue_directory = $root/queue
data_directory = $root/data
maillog_file = $root/log/mail.log
maillog_file_prefixes = $root
myhostname = mx.netpro.ee
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
alias_maps =
virtual_mailbox_domains = example.com
virtual_transport = lmtp:inet:127.0.0.1:$lmtp
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
disable_dns_lookups = yes
smtp_host_lookup = native
lmtp_host_lookup = native
""")
MASTER = Template("""\
127.0.0.1:$port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
postlog unix-dgram n - n - 1 postlogd
""")


class Postfix:
    """One server; `port` takes letters to anybody at example.com."""

    def __init__(self, root: Path, lmtp_port: int) -> None:
        self.root = root
        (self.port,) = free_ports(1)
        for name in ("conf", "queue", "data", "log"):
            (root / name).mkdir()
        shutil.chown(root / "data", "postfix")
        (root / "conf" / "main.cf").write_text(MAIN.substitute(root=root, lmtp=lmtp_port))
        (root / "conf" / "master.cf").write_text(MASTER.substitute(port=self.port))

    def start(self) -> None:
        """Starts and waits until it greets. Raises RuntimeError with what it logged."""
        self._tell("start")
        for _ in range(200):
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"Postfix did not start: {self.log()[-2000:]}")

    def stop(self) -> None:
        """Ends every process of this server."""
        self._tell("stop")

    def log(self) -> str:
        """Everything it said."""
        path = self.root / "log" / "mail.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _tell(self, word: str) -> None:
        told = [str(program()), "-c", str(self.root / "conf"), word]
        subprocess.run(told, capture_output=True, check=False, timeout=60)


def program() -> str | None:
    """Where Postfix is installed, or None; only root can start it."""
    return shutil.which("postfix", path="/usr/sbin") if os.getuid() == 0 else None


@contextmanager
def running(lmtp_port: int) -> Iterator[Postfix]:
    """A server of one's own, gone afterwards."""
    root = Path(tempfile.mkdtemp(prefix="postfix-"))
    root.chmod(0o755)
    server = Postfix(root, lmtp_port)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)
