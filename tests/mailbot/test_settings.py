"""Every mistake in the mail settings gives one clear sentence and no password."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.settings import ImapSettings, MailSettings, SettingsProblem, SmtpSettings


def loaded(**environ: str) -> MailSettings:
    """Settings of an environment that may answer nobody by itself."""
    return MailSettings.load({"ACKNOWLEDGE": "hold", **environ}, env_file=None)


def test_the_defaults_hold_without_any_environment() -> None:
    settings = MailSettings.load({"AUTHSERV_ID": "mx.example.com"}, env_file=None)
    assert settings.acknowledge == "on"
    assert settings.mail_address == "info@netpro.ee"
    assert settings.envelope_sender == "info@netpro.ee"
    assert settings.mail_folders == ()
    assert settings.imap_watch_seconds == 120


def test_acknowledging_without_proof_of_the_sender_is_refused() -> None:
    with pytest.raises(SettingsProblem, match="AUTHSERV_ID is missing"):
        MailSettings.load({}, env_file=None)
    for given in (
        {"AUTHSERV_ID": "mx.example.com"},
        {"ACKNOWLEDGE_UNAUTHENTICATED": "1"},
        {"ACKNOWLEDGE": "hold"},
        {"ACKNOWLEDGE": "off"},
    ):
        MailSettings.load(given, env_file=None)


def test_an_imap_url_is_percent_decoded() -> None:
    url = "imaps://anna%40example.com:p%2Fw%23%3A@mail.example.com/R%C3%A4mpspost"
    account = loaded(IMAP_URL=url).imap
    assert (account.host, account.port, account.tls) == ("mail.example.com", 993, "tls")
    assert (account.user, account.password) == ("anna@example.com", "p/w#:")
    assert account.folder == "Rämpspost"


def test_plain_imap_is_for_loopback_only() -> None:
    account = loaded(IMAP_URL="imap://a:b@127.0.0.1:14143").imap
    assert (account.port, account.tls, account.folder) == (14143, "plain", "INBOX")
    assert loaded(IMAP_URL="imap://a:b@[::1]").imap.tls == "plain"
    with pytest.raises(SettingsProblem, match="use imaps://"):
        loaded(IMAP_URL="imap://a:b@127.0.0.1.example.com")


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtps://a:b@mail.example.com", 465, "tls"),
        ("smtp://a:b@mail.example.com", 587, "starttls"),
        ("smtp://mail.example.com:25", 25, "starttls"),
        ("smtp://127.0.0.1:2525", 2525, "plain"),
        ("smtps://127.0.0.1:2465", 2465, "tls"),
    ],
)
def test_smtp_is_in_the_clear_on_loopback_only(url: str, port: int, tls: str) -> None:
    account = loaded(SMTP_URL=url).smtp
    assert (account.port, account.tls) == (port, tls)


@pytest.mark.parametrize("name", ["IMAP_URL", "SMTP_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "https://anna:geheim@mail.example.com",
        "{0}s://anna:geheim#x@mail.example.com",
        "{0}s://anna:geheim/x@mail.example.com",
        "{0}s://anna:geheim?x@mail.example.com",
        "{0}s://anna:geheim@mail.example.com:99999",
        "{0}s://anna:geheim@mail.example.com:port",
        "{0}s://anna:geheim%0D%0A@mail.example.com",
        "{0}s://anna:geheim%FF@mail.example.com",
        "{0}s://anna:geheim@[bad",
        "{0}s://anna:geheim@",
        "{0}s://anna@mail.example.com",
        "anna:geheim",
    ],
)
def test_a_wrong_url_is_named_and_never_shown(name: str, url: str) -> None:
    given = url.format(name[:4].lower())
    with pytest.raises(SettingsProblem) as problem:
        loaded(**{name: given})
    text = str(problem.value)
    assert text.startswith(name)
    assert "\n" not in text
    assert "geheim" not in text
    assert "anna" not in text
    assert problem.value.__cause__ is None


def test_a_missing_account_is_asked_for_when_it_is_needed() -> None:
    with pytest.raises(SettingsProblem, match="IMAP_URL is missing"):
        _ = loaded().imap
    with pytest.raises(SettingsProblem, match="SMTP_URL is missing"):
        _ = loaded().smtp


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ACKNOWLEDGE", "perhaps", "ACKNOWLEDGE must be 'on', 'hold' or 'off'"),
        ("ACKNOWLEDGE_UNAUTHENTICATED", "perhaps", "must be 1 or 0"),
        ("MAIL_ADDRESS", "Info <info@example.com>", "one bare mail address"),
        ("BOUNCE_ADDRESS", "a@b@example.com", "one bare mail address"),
        ("BOUNCE_ADDRESS", f"{'b' * 28}+@example.com", "no room for a tag"),
        ("START_AT", "2026-03-05 10:00", "time zone"),
        ("START_AT", "yesterday", "must be an instant"),
        ("IMAP_WATCH_SECONDS", "often", "must be a number"),
        ("IMAP_IDLE_SECONDS", "1800", "less than or equal to 1500"),
        ("RETRY_DAYS", "1.5", "must be a whole number"),
        ("MAIL_CA_FILE", "/nowhere/ca.pem", "MAIL_CA_FILE names no file"),
    ],
)
def test_each_mistake_is_one_sentence_that_names_the_setting(
    name: str, value: str, words: str
) -> None:
    with pytest.raises(SettingsProblem) as problem:
        loaded(**{name: value})
    assert name in str(problem.value)
    assert words in str(problem.value)
    assert "\n" not in str(problem.value)


def test_two_mistakes_are_two_lines() -> None:
    with pytest.raises(SettingsProblem) as problem:
        loaded(ACKNOWLEDGE="x", LATE_HOURS="y")
    assert len(str(problem.value).splitlines()) == 2


def test_start_at_is_kept_in_utc() -> None:
    at = loaded(START_AT="2026-03-05T22:30+02:00").start_at
    assert at == datetime(2026, 3, 5, 20, 30, tzinfo=UTC)
    assert at is not None
    assert at.utcoffset() == UTC.utcoffset(None)


def test_folders_are_parted_by_commas() -> None:
    settings = loaded(MAIL_FOLDERS="INBOX, Kliendid vanad,Спам,")
    assert settings.mail_folders == ("INBOX", "Kliendid vanad", "Спам")


def test_the_whole_url_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "imap"
    secret.write_text("imaps://a:geheim@mail.example.com\n")
    assert loaded(IMAP_URL_FILE=str(secret)).imap.password == "geheim"


def test_passwords_are_in_no_representation(tmp_path: Path) -> None:
    settings = loaded(
        IMAP_URL="imaps://a:geheim@mail.example.com", SMTP_URL="smtps://a:geheim@mail.example.com"
    )
    shown = f"{settings!r} {settings} {settings.imap!r} {settings.smtp!r}"
    assert "geheim" not in shown
    assert isinstance(settings.imap, ImapSettings)
    assert isinstance(settings.smtp, SmtpSettings)


def test_every_setting_says_what_it_means() -> None:
    assert all(meaning for _, _, meaning in MailSettings.listing())
