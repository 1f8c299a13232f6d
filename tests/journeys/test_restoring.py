"""Yesterday's backup is put back with the commands an operator runs: nothing is done twice."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from models.personal import PSEUDONYM
from models.tables import Client, DataSubjectRequest, OutboundMail
from models.vocabulary import DeliveryState
from tests.processes import Ended, run, settings
from tests.registers import in_use
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.postgres import Postgres, database_name
from tests.servers.smtp import SmtpServer

LONG_GONE = {
    "external_id": "C-1",
    "kind": "natural_person",
    "display_name": "Endine Klient",
    "relationship_ended_on": "2015-01-31",
}
Return = Callable[[], None]


def letter(sender: str) -> bytes:
    """A request; the mailbox's own server says nothing about its sender."""
    head = f"From: {sender}\r\nMessage-ID: <{uuid4().hex}@example.com>\r\nSubject: x\r\n\r\n"
    return f"{head}Please delete my account and all my data.\r\n".encode()


def backed_up(url: str, postgres: Postgres) -> Return:
    """Takes a copy of a register nobody has open; what is returned puts it back."""
    if not url.startswith("sqlite"):
        copy = postgres.create_database(database_name(url))
        return lambda: postgres.put_back(url, copy)
    path = Path(url.removeprefix("sqlite://"))
    kept = shutil.copy(path, path.with_name("yesterday.sqlite3"))

    def put_back() -> None:
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        shutil.copy(kept, path)

    return put_back


async def test_after_a_restored_backup_who_was_erased_stays_erased_and_nobody_is_answered_twice(
    register_url: str, postgres: Postgres, dovecot: Dovecot, smtp: SmtpServer, tmp_path: Path
) -> None:
    """And no case number is given out twice."""
    user = f"r{uuid4().hex[:12]}"
    environ = settings(
        register_url,
        f"imap://{user}:{PASSWORD}@127.0.0.1:{dovecot.port}/INBOX",
        f"smtp://127.0.0.1:{smtp.port}",
        START_AT="2026-01-01T00:00Z",
        ACKNOWLEDGE_UNAUTHENTICATED="1",
        ERASURE_LOG=str(tmp_path / "erasure.log"),
    )

    async def operator(*words: str) -> Ended:
        ended = await run(*words, environ=environ)
        assert ended.code == 0, ended.err
        return ended

    file = tmp_path / "clients.jsonl"
    file.write_text(json.dumps(LONG_GONE), encoding="utf-8")
    await operator("models", "import", str(file))
    put_back = backed_up(register_url, postgres)

    dovecot.fill(user, [letter("anna@example.com")])
    await operator("mailbot", "watch", "--once")  # answers Anna, erases whose time is up
    assert len(smtp.sent_to("anna@example.com")) == 1
    async with in_use(register_url):
        forgotten = (await DataSubjectRequest.get()).reference
        assert (await Client.get()).display_name == PSEUDONYM

    put_back()
    async with in_use(register_url):
        assert (await Client.get()).display_name == "Endine Klient"
    told = await operator("models", "restored")
    assert told.out.startswith("1 clients erased again, 0 letters wait for a person.")

    later = datetime.now(UTC) + timedelta(seconds=2)  # receipt has whole seconds
    dovecot.fill(user, [letter("boris@example.com")], later)
    await operator("mailbot", "watch", "--once")
    assert len(smtp.sent_to("anna@example.com")) == 1
    assert len(smtp.sent_to("boris@example.com")) == 1
    again = await operator("models", "import", str(file))
    assert "1 left out: they were erased." in again.err
    async with in_use(register_url):
        client = await Client.get()
        assert (client.display_name, client.external_id) == (PSEUDONYM, None)
        numbers = {case.reference for case in await DataSubjectRequest.all()}
        assert len(numbers) == 2
        assert forgotten not in numbers
        assert await OutboundMail.filter(state=DeliveryState.HELD).count() == 1
    await operator("models", "check")
