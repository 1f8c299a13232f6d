"""What a person does wrong at the command line ends in one clear sentence, never a traceback."""

import json
import socket
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.processes import Ended, run, settings
from tests.registers import Registers
from tests.servers.dovecot import PASSWORD, Dovecot

CLIENT = {"external_id": "k1", "kind": "natural_person", "display_name": "Mari Maasikas"}


def said(ended: Ended) -> str:
    """What it said; fails on a traceback or success."""
    assert ended.code != 0
    assert "Traceback" not in ended.err
    return ended.err


@pytest.fixture
def environ(registers: Registers, tmp_path: Path) -> dict[str, str]:
    """Settings that are right but point at servers nobody runs."""
    return settings(
        registers.sqlite(tmp_path), "imap://u:p@127.0.0.1:1/INBOX", "smtp://127.0.0.1:1"
    )


async def test_an_unreachable_database_is_named(environ: dict[str, str]) -> None:
    environ["DATABASE_URL"] = "postgres://u:hidden@127.0.0.1:1/none"
    ended = await run("mailbot", "watch", "--once", environ=environ)
    assert "DATABASE_URL cannot be reached" in said(ended)
    assert "hidden" not in ended.err


async def test_a_database_without_tables_says_migrate(
    environ: dict[str, str], tmp_path: Path
) -> None:
    environ["DATABASE_URL"] = f"sqlite://{tmp_path}/empty.sqlite3"
    assert "python -m models migrate" in said(
        await run("mailbot", "watch", "--once", environ=environ)
    )


async def test_an_unreachable_mail_server_is_named(environ: dict[str, str]) -> None:
    assert "IMAP" in said(await run("mailbot", "watch", "--once", environ=environ))


async def test_a_wrong_imap_password_is_named_and_not_shown(
    environ: dict[str, str], own_dovecot: Dovecot
) -> None:
    environ["IMAP_URL"] = f"imap://anna:wrongword@127.0.0.1:{own_dovecot.port}/INBOX"
    ended = await run("mailbot", "watch", "--once", environ=environ)
    assert "refuses the user and password" in said(ended)
    assert "wrongword" not in ended.err


async def test_an_untrusted_certificate_is_refused(
    environ: dict[str, str], dovecot: Dovecot
) -> None:
    environ["IMAP_URL"] = f"imaps://anna:{PASSWORD}@127.0.0.1:{dovecot.tls_port}/INBOX"
    assert "certificate" in said(await run("mailbot", "watch", "--once", environ=environ))


async def test_a_smtp_server_that_is_down_leaves_the_letters_queued(
    environ: dict[str, str], dovecot: Dovecot
) -> None:
    letter = b"From: a@example.com\r\nSubject: x\r\n\r\nPlease delete my account and data.\r\n"
    dovecot.fill("smtpdown", [letter])
    environ["IMAP_URL"] = f"imap://smtpdown:{PASSWORD}@127.0.0.1:{dovecot.port}/INBOX"
    environ |= {"START_AT": "2026-01-01T00:00Z", "ACKNOWLEDGE_UNAUTHENTICATED": "1"}
    assert "letters wait in the outbox" in said(
        await run("mailbot", "watch", "--once", environ=environ)
    )
    checked = await run("models", "check", environ=environ)
    assert json.loads(checked.out)["registered"] == 1


@pytest.mark.parametrize("name", ["DATA_KEY", "SECRET_KEY", "CONTROLLER_ADDRESS", "AUTHSERV_ID"])
async def test_a_missing_setting_is_named(environ: dict[str, str], name: str) -> None:
    del environ[name]
    assert name in said(await run("mailbot", "watch", "--once", environ=environ))


async def test_a_broken_env_file_is_named_with_its_line(
    environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("MAIL_ADDRESS=info@netpro.ee\nthis is no setting\n")
    ended = await run("models", "migrate", environ=environ, cwd=tmp_path)
    assert ".env, line 2" in said(ended)


async def test_a_taken_port_is_named(environ: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environ["PORT"] = str(taken.getsockname()[1])
        assert "PORT" in said(await run("api", "serve", environ=environ))


async def test_a_bad_import_row_is_named_and_nothing_is_kept(
    environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "clients.jsonl"
    bad = CLIENT | {
        "external_id": "k2",
        "identifier": {"scheme": "ee_personal_code", "value": "36805280108"},
    }
    odd = {"external_id": "k3", "display_name": "Odd", "colour": "red"}
    file.write_text(f"{json.dumps(CLIENT)}\n{json.dumps(bad)}\n{{not json\n{json.dumps(odd)}\n")
    ended = await run("models", "import", str(file), environ=environ)
    assert "line 2, column identifier.value" in said(ended)
    assert "line 3: is not JSON" in ended.err
    assert "line 4, column colour: this name is unknown" in ended.err
    assert "line 4, column kind: is missing" in ended.err
    assert "Nothing was imported" in ended.err
    assert "36805280108" not in ended.err


async def test_good_rows_are_kept_when_asked_and_an_import_may_be_repeated(
    environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "clients.jsonl"
    file.write_text(f"{json.dumps(CLIENT)}\n{{not json\n")
    first = await run("models", "import", "--keep-good", str(file), environ=environ)
    assert "1 clients created" in first.out
    again = await run("models", "import", "--keep-good", str(file), environ=environ)
    assert "0 clients created, 1 updated" in again.out


@pytest.mark.parametrize("instant", ["2026-03-05", "2026-03-05T22:30", "yesterday"])
async def test_a_deadline_needs_an_instant_with_a_zone(
    environ: dict[str, str], instant: str
) -> None:
    ended = await run("models", "deadline", instant, environ=environ)
    assert "time zone" in said(ended)


async def test_the_deadline_command_prints_the_legal_clock(environ: dict[str, str]) -> None:
    ended = await run("models", "deadline", "2026-03-05T22:30Z", environ=environ)
    found = json.loads(ended.out)
    assert found["receivedOn"] == "2026-03-06"
    assert found["dueOn"] == "2026-04-06"
    assert found["extendedDueOn"] == "2026-06-08"


async def test_classify_reads_lines_without_database_or_network() -> None:
    lines = [
        {"id": "a", "subject": "", "body": "Palun kustutage minu konto ja kõik minu andmed."},
        {"id": "b", "subject": "Arve", "body": "Saadame teile arve nr 7. Tasuda 14 päeva jooksul."},
    ]
    given = "\n".join(json.dumps(line) for line in lines).encode()
    ended = await run("mailbot", "classify", "--jsonl", environ={"PATH": ""}, given=given)
    first, second = [json.loads(line) for line in ended.out.splitlines()]
    assert first["labels"] == ["erasure"]
    assert first["language"] == "et"
    assert second["labels"] == []
    assert second["decision"] == "ignore"


async def test_replay_answers_nobody_unless_asked(environ: dict[str, str], tmp_path: Path) -> None:
    letter = tmp_path / "old.eml"
    letter.write_bytes(
        b"From: a@example.com\r\nMessage-ID: <old@example.com>\r\nSubject: x\r\n\r\n"
        b"Please delete my account and all my data.\r\n"
    )
    words = ("replay", "--received-at", "2026-03-05T10:00Z", str(letter))
    ended = await run("mailbot", *words, environ=environ)
    assert ended.code == 0, ended.err
    assert "1 letters taken in" in ended.out
    checked = await run("models", "check", environ=environ)
    assert json.loads(checked.out)["registered"] == 1


async def test_a_case_becomes_a_folder_or_one_sentence(
    environ: dict[str, str], dovecot: Dovecot, tmp_path: Path
) -> None:
    """`models export`: an unknown case, a folder that holds something, then the whole file."""
    letter = b"From: a@example.com\r\nSubject: x\r\n\r\nPlease delete my account and data.\r\n"
    dovecot.fill("exported", [letter])
    environ["IMAP_URL"] = f"imap://exported:{PASSWORD}@127.0.0.1:{dovecot.port}/INBOX"
    environ |= {"START_AT": "2026-01-01T00:00Z", "ACKNOWLEDGE": "off"}
    assert (await run("mailbot", "watch", "--once", environ=environ)).code == 0
    year = datetime.now(ZoneInfo("Europe/Tallinn")).year
    case, folder = f"NP-{year}-0001", tmp_path / "toimik"
    unknown = await run("models", "export", "NP-1999-0001", str(folder), environ=environ)
    assert said(unknown) == "There is no case NP-1999-0001.\n"
    assert not folder.exists()
    full = await run("models", "export", case, str(tmp_path), environ=environ)
    assert said(full) == "DIR must be a new or empty folder: choose another.\n"
    done = await run("models", "export", case, str(folder), environ=environ)
    assert (done.code, done.err) == (0, "")
    assert (folder / "kirjad" / "001-saabunud.eml").read_bytes() == letter
    assert case in (folder / "index.html").read_text(encoding="utf-8")


LETTER = b"From: a@example.com\r\nSubject: x\r\n\r\nPlease delete my account and all my data.\r\n"
RECEIVED = b"Received: from a.example by mx.netpro.ee; Thu, 05 Mar 2026 10:00:00 +0200\r\n"


async def cases_after(environ: dict[str, str], *words: str) -> dict[str, int]:
    """The balance sheet after a replay that must succeed."""
    ended = await run("mailbot", "replay", *words, environ=environ)
    assert ended.code == 0, ended.err
    checked = await run("models", "check", environ=environ)
    sheet: dict[str, int] = json.loads(checked.out)
    return {fate: count for fate, count in sheet.items() if count and fate != "seen"}


async def test_a_replayed_letter_without_an_instant_of_receipt_waits_for_a_person(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """Our own topmost Received is one; an ordinary letter needs none."""
    environ["AUTHSERV_ID"] = "mx.netpro.ee"
    undated, dated, ordinary = (tmp_path / f"{name}.eml" for name in ("u", "d", "o"))
    undated.write_bytes(b"Message-ID: <u@example.com>\r\n" + LETTER)
    dated.write_bytes(RECEIVED + b"Message-ID: <d@example.com>\r\n" + LETTER)
    ordinary.write_bytes(b"From: a@example.com\r\n\r\nThe meeting is moved to Monday at ten.\r\n")
    found = await cases_after(environ, str(undated), str(dated), str(ordinary))
    assert found == {"triage": 1, "registered": 1, "ignored": 1}


async def test_the_given_instant_rules_over_the_letter_s_own_lines(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """`--received-at` is later than our own Received here, and in another year."""
    environ["AUTHSERV_ID"] = "mx.netpro.ee"
    letter = tmp_path / "l.eml"
    letter.write_bytes(RECEIVED.replace(b"2026", b"2025").replace(b"Thu", b"Wed") + LETTER)
    assert await cases_after(environ, "--received-at", "2026-01-05T10:00Z", str(letter)) == {
        "registered": 1
    }
    done = await run("models", "export", "NP-2026-0001", str(tmp_path / "t"), environ=environ)
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("no.eml",), "no.eml cannot be read"),
        ((".",), "is a folder but no Maildir"),
        (("--received-at", "2026-03-05", "no.eml"), "with a time zone"),
        (("--received-at", "9999-12-31T23:30-05:00", "no.eml"), "with a time zone"),
        (("--received-at", "2999-01-01T00:00Z", "no.eml"), "lies in the future"),
        (("--received-at", "0001-01-01T00:00Z", "no.eml"), "lies before 25 May 2018"),
        ((), "Give paths"),
        (("--from-mailbox", "no.eml"), "Give paths"),
        (("--since", "2026-01-31", "no.eml"), "Give paths"),
        (("--from-mailbox", "--since", "January"), "--since must be a day"),
    ],
)
async def test_what_cannot_be_replayed_is_one_sentence(
    environ: dict[str, str], tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    ended = await run("mailbot", "replay", *words, environ=environ, cwd=tmp_path)
    assert says in said(ended)
    assert ended.err.count("\n") == 1


async def test_an_instant_outside_the_calendar_is_one_sentence(environ: dict[str, str]) -> None:
    for instant in ("9999-12-31T23:59Z", "9999-12-10T00:00Z", "0001-01-01T00:00+05:00"):
        ended = await run("models", "deadline", instant, environ=environ)
        assert said(ended) == (
            "INSTANT must be an instant with a time zone, like 2026-03-05T22:30Z.\n"
        )


@pytest.mark.parametrize("command", ["check", "migrate"])
async def test_a_database_that_is_a_folder_is_named(
    environ: dict[str, str], tmp_path: Path, command: str
) -> None:
    environ["DATABASE_URL"] = f"sqlite://{tmp_path}"
    assert "is a folder: name a file in it" in said(await run("models", command, environ=environ))
    environ["DATABASE_URL"] = "sqlite:///dev/null/register.sqlite3"
    assert "cannot be made" in said(await run("models", command, environ=environ))


async def test_classify_gives_ids_back_and_reads_files_of_lines(tmp_path: Path) -> None:
    """A number stays a number; a byte order mark and half a surrogate pair do no harm."""
    lines = [
        {"id": 7, "subject": "Delete my data \ud83d", "body": "Please delete \ud83d my data."},
        {"body": "Tere!"},
    ]
    file = tmp_path / "lines.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + "\n\n".join(map(json.dumps, lines)).encode())
    environ = {"PATH": "", "PYTHONIOENCODING": "ascii"}
    ended = await run("mailbot", "classify", "--jsonl", str(file), environ=environ)
    assert ended.code == 0, ended.err
    first, second = [json.loads(line) for line in ended.out.splitlines()]
    assert (first["id"], first["labels"]) == (7, ["erasure"])
    assert second["id"] == "3"


@pytest.mark.parametrize(
    "line", [b"{}", b"[1]", b'{"id": 1, "subject": 5, "body": []}', b"\xff\xfe", b"[" * 100_000]
)
async def test_classify_names_the_line_that_is_no_letter(line: bytes) -> None:
    given = b'{"id": "a", "body": "x"}\n' + line + b"\n"
    ended = await run("mailbot", "classify", "--jsonl", environ={"PATH": ""}, given=given)
    assert "Line 2 is not a JSON object with id, subject and body" in said(ended)


@pytest.mark.parametrize(
    ("corpus", "says"),
    [
        (None, "c.jsonl cannot be read: No such file"),
        (b"\xff\n", "c.jsonl, line 1: not a labelled letter"),
        (b'{"id": "a"}\n', "c.jsonl, line 1: language is missing"),
        (b"[]\n", "c.jsonl, line 1: not a labelled letter"),
    ],
)
async def test_a_corpus_that_cannot_be_measured_is_one_sentence(
    tmp_path: Path, corpus: bytes | None, says: str
) -> None:
    if corpus is not None:
        (tmp_path / "c.jsonl").write_bytes(corpus)
    ended = await run("mailbot", "evaluate", "c.jsonl", environ={"PATH": ""}, cwd=tmp_path)
    assert says in said(ended)


async def test_a_row_with_too_many_values_or_a_null_character_is_named(
    environ: dict[str, str], tmp_path: Path
) -> None:
    table, lines = tmp_path / "c.csv", tmp_path / "c.jsonl"
    table.write_text("external_id,kind,display_name\nk1,natural_person,Mari,Maasikas\n")
    ended = await run("models", "import", str(table), environ=environ)
    assert "line 2: holds more values than the first line names columns" in said(ended)
    lines.write_text(json.dumps(CLIENT | {"display_name": "a\0b"}))
    ended = await run("models", "import", str(lines), environ=environ)
    assert "line 1: holds the character U+0000" in said(ended)


async def test_a_measurement_is_drawn_where_it_is_wished(tmp_path: Path) -> None:
    """Beside the corpus, or where the file is named, before or after it."""
    line = {"id": "a", "language": "en", "subject": "", "body": "Delete my data.", "labels": []}
    (tmp_path / "c.jsonl").write_text(json.dumps(line))
    ways = (("c.jsonl", "--png"), ("c.jsonl", "--png", "d.png"), ("--png", "e.png", "c.jsonl"))
    for words, name in zip(ways, ("c.png", "d.png", "e.png"), strict=True):
        ended = await run("mailbot", "evaluate", *words, environ={"PATH": ""}, cwd=tmp_path)
        assert ended.code == 0, ended.err
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG\r\n")
        assert "exact set of labels" in ended.out
    words = ("c.jsonl", "--png", "none/d.png")
    ended = await run("mailbot", "evaluate", *words, environ={"PATH": ""}, cwd=tmp_path)
    assert said(ended) == "none/d.png cannot be written: No such file or directory.\n"
