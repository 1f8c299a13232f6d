"""Every setting of the mail side, read once at the start and refused early when wrong.

Failure semantics: a SettingsProblem names the setting and the fix and never shows a URL,
since URLs carry passwords.
"""

import shlex
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from mailbot.accounts import MEGABYTE, ImapSettings, SmtpSettings, parse_imap, parse_smtp
from models.settings import ADDRESS
from models.settings_base import DeskSettings, SettingsProblem

__all__ = ["ImapSettings", "MailSettings", "SettingsProblem", "SmtpSettings"]


TAGGED_MAX = 64 - len("ack.") - 32  # RFC 5321 section 4.5.3.1.1, and the digits of our ids


def _names(value: object) -> object:
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return value


Names = Annotated[tuple[str, ...], BeforeValidator(_names)]


class MailSettings(DeskSettings):
    """The mail settings; `imap` and `smtp` give the two accounts ready to use."""

    imap_url: SecretStr | None = Field(
        None, description="imaps://user:password@host:993/INBOX; imap:// for loopback only"
    )
    smtp_url: SecretStr | None = Field(
        None, description="smtps://…, or smtp://…:587 with STARTTLS; plain on loopback only"
    )
    mail_token_command: SecretStr | None = Field(
        None, description="prints an OAuth 2 token (XOAUTH2), for URLs with a user and no password"
    )
    mail_ca_file: Path | None = Field(
        None, description="PEM file of the authority that signed the mail servers' certificates"
    )
    trust_anchors: Path | None = Field(
        None, description="folder of CA certificates (PEM) that vouch for signatures"
    )
    mail_address: str = Field("info@netpro.ee", description="the address people write to")
    bounce_address: str = Field(
        "",
        description="envelope sender, where bounces go; empty = MAIL_ADDRESS; bounces+@example.com"
        " gives each letter a tag of its own",
    )
    mail_folders: Names = Field(
        (), description="folders to watch, comma between; empty = all but Sent, Drafts, Trash, All"
    )
    sent_folder: str | None = Field(None, description="folder that gets a copy of each letter")
    start_at: AwareDatetime | None = Field(
        None, description="letters received earlier are never answered; empty = first contact"
    )
    authserv_id: str | None = Field(
        None, description="the id your own server writes into Authentication-Results"
    )
    acknowledge: Literal["on", "hold", "off"] = Field(
        "on", description="on, hold (every letter waits for a person) or off"
    )
    acknowledge_unauthenticated: bool = Field(
        False, description="1 = answer although nothing proves who wrote"
    )
    mark_requests: bool = Field(
        False, description="1 = letters of cases get the keyword $NetproRequest in the mailbox"
    )
    imap_watch_seconds: float = Field(
        120, ge=1, le=3600, description="how often all folders are compared with the ledger"
    )
    imap_idle_seconds: float = Field(
        300, ge=5, le=1500, description="how long one IDLE lasts before it is renewed"
    )
    imap_timeout_seconds: float = Field(
        30, ge=1, le=600, description="longest wait for one IMAP answer"
    )
    smtp_timeout_seconds: float = Field(
        60, ge=1, le=600, description="longest wait for one SMTP answer"
    )
    letter_cap_bytes: int = Field(
        25 * MEGABYTE, ge=65_536, description="of a bigger letter only the beginning is read"
    )
    batch_bytes: int = Field(
        8 * MEGABYTE, ge=65_536, description="most bytes of letters fetched at once"
    )
    late_hours: int = Field(
        72, ge=1, description="an older letter's acknowledgement waits for a person"
    )
    read_seconds: float = Field(10, ge=1, le=300, description="processor time for one letter")
    retry_days: int = Field(3, ge=1, le=30, description="how long a deferred letter is tried again")

    @field_validator("imap_url", "smtp_url")
    @classmethod
    def _account(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is not None:
            parse = parse_imap if info.field_name == "imap_url" else parse_smtp
            parse(value.get_secret_value())
        return value

    @field_validator("mail_address", "bounce_address")
    @classmethod
    def _address(cls, value: str, info: ValidationInfo) -> str:
        name = str(info.field_name).upper()
        if value and not ADDRESS.fullmatch(value):
            raise ValueError(f"{name} must be one bare mail address like info@example.com.")
        if value.partition("@")[0].endswith("+") and len(value.partition("@")[0]) > TAGGED_MAX:
            raise ValueError(f"{name} leaves no room for a tag: at most {TAGGED_MAX} before the @.")
        return value.lower()

    @field_validator("start_at")
    @classmethod
    def _utc(cls, value: datetime | None) -> datetime | None:
        return value.astimezone(UTC) if value else None

    @field_validator("mail_ca_file")
    @classmethod
    def _exists(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("MAIL_CA_FILE names no file: give the path of a PEM file.")
        return value

    @field_validator("mail_token_command")
    @classmethod
    def _words(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            shlex.split(value.get_secret_value() if value else "")
        except ValueError:
            raise ValueError("MAIL_TOKEN_COMMAND has a quote that does not end.") from None
        return value

    @model_validator(mode="after")
    def _how_to_log_in(self) -> Self:
        accounts = (
            ("IMAP_URL", self.imap_url, parse_imap),
            ("SMTP_URL", self.smtp_url, parse_smtp),
        )
        for name, url, parse in accounts:
            account = parse(url.get_secret_value()) if url else None
            if account and account.user and not (account.password or self.token_command):
                raise ValueError(
                    f"{name} has a user and no password: write {name[:4].lower()}s://"
                    "user:password@host, or set MAIL_TOKEN_COMMAND."
                )
        return self

    @model_validator(mode="after")
    def _who_may_be_answered(self) -> Self:
        if self.acknowledge == "on" and not (self.authserv_id or self.acknowledge_unauthenticated):
            raise ValueError(
                "AUTHSERV_ID is missing: set it to the id your own mail server writes into "
                "Authentication-Results, or set ACKNOWLEDGE=hold (a person releases each letter), "
                "or ACKNOWLEDGE_UNAUTHENTICATED=1 to answer anybody."
            )
        return self

    @property
    def envelope_sender(self) -> str:
        """BOUNCE_ADDRESS, or MAIL_ADDRESS when there is none."""
        return self.bounce_address or self.mail_address

    @property
    def token_command(self) -> tuple[str, ...]:
        """MAIL_TOKEN_COMMAND as words; empty without one. No shell reads it."""
        command = self.mail_token_command
        return tuple(shlex.split(command.get_secret_value())) if command else ()

    @property
    def imap(self) -> ImapSettings:
        """The mailbox to watch. Raises SettingsProblem without IMAP_URL."""
        if self.imap_url is None:
            raise SettingsProblem(
                "IMAP_URL is missing: set it to imaps://user:password@host:993/INBOX."
            )
        return replace(
            parse_imap(self.imap_url.get_secret_value()),
            ca_file=self.mail_ca_file,
            timeout=self.imap_timeout_seconds,
            idle_renewal=self.imap_idle_seconds,
            letter_cap=self.letter_cap_bytes,
            batch_bytes=self.batch_bytes,
            token_command=self.token_command,
        )

    @property
    def smtp(self) -> SmtpSettings:
        """The server letters go out through. Raises SettingsProblem without SMTP_URL."""
        if self.smtp_url is None:
            raise SettingsProblem(
                "SMTP_URL is missing: set it to smtp://user:password@host:587, which uses STARTTLS."
            )
        return replace(
            parse_smtp(self.smtp_url.get_secret_value()),
            ca_file=self.mail_ca_file,
            timeout=self.smtp_timeout_seconds,
            token_command=self.token_command,
        )
