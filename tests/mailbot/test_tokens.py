"""Logging in with a token: the challenge is answered, and no token or command is ever shown."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.accounts import ImapSettings, SmtpSettings
from mailbot.inbox import ImapLoginRefused, ImapUnreachable, Inbox
from mailbot.outbox import Outbox, SmtpUnreachable
from mailbot.settings import MailSettings, SettingsProblem
from mailbot.tokens import TokenProblem, access_token
from models.house import House
from models.vocabulary import RequestType
from tests.letters_for_acts import received, verdict
from tests.mailbot.test_inbox import plain
from tests.servers import smtp as smtp_servers
from tests.servers.imap import ScriptedImap, scripted

TOKEN = "ya29.secret-token"
SAID = b"dXNlcj1hbm5hAWF1dGg9QmVhcmVyIHlhMjkuc2VjcmV0LXRva2VuAQE="
OFFER = b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2%s\r\n{tag} OK done\r\n"
CHALLENGE = b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n"


def printing(text: str) -> tuple[str, ...]:
    """A command that prints this."""
    return (sys.executable, "-c", f"print({text!r})")


def account(server: ScriptedImap, command: tuple[str, ...] = printing(TOKEN)) -> ImapSettings:
    """The scripted server's account, by token."""
    return replace(plain(server.port), user="anna", password=None, token_command=command)


async def test_a_token_is_said_at_once_where_the_server_allows_it() -> None:
    answers = {"CAPABILITY": OFFER % b" SASL-IR", "AUTHENTICATE": b"{tag} OK welcome\r\n"}
    async with scripted(answers) as server, Inbox(account(server)) as inbox:
        assert await inbox.folder("INBOX")
    assert any(line.endswith(b"AUTHENTICATE XOAUTH2 " + SAID + b"\r\n") for line in server.said)


async def test_a_token_waits_for_the_server_to_ask() -> None:
    answers = {
        "CAPABILITY": OFFER % b"",
        "AUTHENTICATE": b"+ \r\n",
        "RESPONSE": b"{tag} OK welcome\r\n",
    }
    async with scripted(answers) as server, Inbox(account(server)) as inbox:
        assert await inbox.folder("INBOX")
    assert SAID + b"\r\n" in server.said


@pytest.mark.parametrize("more", [b"", b" SASL-IR"])
async def test_a_refused_token_s_challenge_is_answered_and_the_refusal_is_a_sentence(
    more: bytes,
) -> None:
    answers = {
        "CAPABILITY": OFFER % more,
        "AUTHENTICATE": CHALLENGE if more else b"+ \r\n",
        "RESPONSE": CHALLENGE,
        "EMPTY": b"{tag} NO [AUTHENTICATIONFAILED] token expired\r\n",
    }
    async with scripted(answers) as server:
        with pytest.raises(ImapLoginRefused, match="MAIL_TOKEN_COMMAND") as refusal:
            async with Inbox(account(server)):
                pass
    assert b"\r\n" in server.said
    assert TOKEN not in str(refusal.value)


async def test_a_server_without_xoauth2_gets_no_token() -> None:
    async with scripted() as server:
        with pytest.raises(ImapLoginRefused, match="AUTH=XOAUTH2"):
            async with Inbox(account(server)):
                pass
        assert not any(b"AUTHENTICATE" in line for line in server.said)


async def test_a_command_that_fails_means_later() -> None:
    async with scripted({"CAPABILITY": OFFER % b""}) as server:
        with pytest.raises(ImapUnreachable, match="MAIL_TOKEN_COMMAND cannot be run"):
            async with Inbox(account(server, ("/nowhere/token",))):
                pass


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise SystemExit(3)", "exit code 3"),
        ("print('two words')", "one access token and nothing else"),
        ("pass", "one access token and nothing else"),
        ("print('\\u00f5')", "one access token and nothing else"),
    ],
)
async def test_what_a_command_does_wrong_is_one_sentence(code: str, words: str) -> None:
    with pytest.raises(TokenProblem, match=words) as problem:
        await access_token((sys.executable, "-c", code))
    assert "two words" not in str(problem.value)


async def test_a_command_that_does_not_end_is_ended() -> None:
    with pytest.raises(TokenProblem, match="did not end"):
        await access_token((sys.executable, "-c", "import time; time.sleep(60)"), 0.2)


@pytest.mark.usefixtures("register")
async def test_letters_go_out_by_token_and_a_refused_one_leaves_them_waiting(house: House) -> None:
    await received(house, verdict(RequestType.ERASURE))
    async with smtp_servers.running(user="anna", token=TOKEN) as server:
        good = SmtpSettings(
            "127.0.0.1", server.port, "plain", "anna", token_command=printing(TOKEN)
        )
        async with Outbox(house, good, "info@netpro.ee", 1, 3) as outbox:
            assert await outbox.work_off() == 1
        assert len(server.letters) == 1
        bad = replace(good, token_command=printing("another"))
        async with Outbox(house, bad, "info@netpro.ee", 1, 3) as outbox:
            with pytest.raises(SmtpUnreachable, match="MAIL_TOKEN_COMMAND"):
                await outbox.connect()


def test_a_user_without_password_needs_the_command(tmp_path: Path) -> None:
    given = {"ACKNOWLEDGE": "hold", "IMAP_URL": "imaps://anna@mail.example.com"}
    with pytest.raises(SettingsProblem, match="IMAP_URL has a user and no password"):
        MailSettings.load(given, env_file=None)
    command = f"'{tmp_path}/my token' --for mail"
    settings = MailSettings.load(given | {"MAIL_TOKEN_COMMAND": command}, env_file=None)
    assert settings.imap.token_command == (f"{tmp_path}/my token", "--for", "mail")
    assert str(tmp_path) not in repr(settings) + repr(settings.imap)
    with pytest.raises(SettingsProblem, match="MAIL_TOKEN_COMMAND has a quote"):
        MailSettings.load(given | {"MAIL_TOKEN_COMMAND": "token 'x"}, env_file=None)
