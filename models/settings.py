"""Settings of the house: database, keys, the controller's facts, the legal time zone."""

import re
from datetime import date
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from models.house import House
from models.letters.facts import Controller
from models.retention import Keep, Record, keeping
from models.sealed import SealProblem, Vault, parse_keys
from models.settings_base import DeskSettings, SettingsProblem

ADDRESS = re.compile(r"[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\]+\.[^@\s<>\"(),:;\[\]\\]+")


class HouseSettings(DeskSettings):
    """What the register and its letters need; README lists every setting."""

    database_url: SecretStr = Field(
        SecretStr("sqlite://var/netpro.sqlite3"), description="sqlite://… or postgres://…"
    )
    data_key: SecretStr | None = Field(
        None, description="keys that encrypt the register, base64url, newest first: new,old"
    )
    secret_key: SecretStr | None = Field(
        None, description="keys of our Message-IDs, base64url, newest first: new,old"
    )
    mail_address: str = Field("info@netpro.ee", description="the published privacy address")
    bounce_address: str | None = Field(
        None, description="envelope sender, MAIL_ADDRESS if unset; x+@… is tagged"
    )
    controller_name: str | None = Field(None, description="the controller's legal name")
    controller_registry_code: str | None = Field(None, description="its registry code")
    controller_address: str | None = Field(None, description="its postal address")
    controller_phone: str | None = Field(None, description="its telephone number")
    controller_contact: str | None = Field(None, description="the contact for data protection")
    policy_valid_from: date | None = Field(None, description="date of the policy in force")
    dpo_address: str | None = Field(None, description="where alarms and digests go")
    tz_law: str = Field("Europe/Tallinn", description="time zone of the legal clock")
    acknowledge: str = Field("on", description="automatic letters: on, hold or off")
    ladder_sender_per_day: int = Field(5, ge=1, description="new cases a sender, 24 h")
    ladder_domain_per_hour: int = Field(20, ge=1, description="automatic letters a domain, 1 h")
    ladder_total_per_hour: int = Field(300, ge=1, description="automatic letters in all, 1 h")
    erasure_log: Path = Field(Path("var/erasure.log"), description="erasures, beside backups")
    keep_client_years: int = Field(2, ge=1, description="clients after the relationship ended")
    keep_case_years: int = Field(3, ge=1, description="cases with their letters, from closing")
    keep_other_days: int = Field(14, ge=1, description="letters that are no requests")
    keep_triaged_days: int = Field(14, ge=1, description="the same, when a person said so")
    keep_quarantine_days: int = Field(30, ge=1, description="letters that cannot be read")
    keep_package_days: int = Field(14, ge=1, description="access packages")
    keep_answers_days: int = Field(7, ge=1, description="answers to repeated API calls")
    keep_journal_years: int = Field(3, ge=1, description="the journal, then sealed batches go")
    keep_staff_letters_days: int = Field(90, ge=1, description="reminders and alarms to staff")
    log_format: Literal["console", "json"] = Field("console", description="console or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug, info, warning or error"
    )

    @field_validator("tz_law")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("TZ_LAW must be a time zone name such as Europe/Tallinn.") from None
        return value

    @field_validator("mail_address", "bounce_address", "dpo_address")
    @classmethod
    def _address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and not ADDRESS.fullmatch(value):
            name = str(info.field_name).upper()
            raise ValueError(f"{name} must be one bare mail address like info@example.com.")
        return value.lower() if value else value

    @field_validator("acknowledge")
    @classmethod
    def _acknowledge_word(cls, value: str) -> str:
        if value not in {"on", "hold", "off"}:
            raise ValueError("ACKNOWLEDGE must be on, hold or off.")
        return value

    def vault(self) -> Vault:
        """Keys ready for use; SettingsProblem when one is missing."""
        for name, value in (("DATA_KEY", self.data_key), ("SECRET_KEY", self.secret_key)):
            if value is None:
                raise SettingsProblem(
                    f"{name} is missing: nothing is stored unencrypted. Make one with "
                    "`python -m models key` and keep it where backups do not lie."
                )
        assert self.data_key is not None
        assert self.secret_key is not None
        try:
            return Vault(
                parse_keys(self.data_key.get_secret_value(), "DATA_KEY"),
                parse_keys(self.secret_key.get_secret_value(), "SECRET_KEY"),
            )
        except SealProblem as problem:
            raise SettingsProblem(str(problem)) from None

    def controller(self) -> Controller:
        """The controller's facts for the letters; SettingsProblem names the first missing one."""
        facts = {
            "name": self.controller_name,
            "registry_code": self.controller_registry_code,
            "address": self.controller_address,
            "phone": self.controller_phone,
            "contact": self.controller_contact,
        }
        for name, value in facts.items():
            if not value:
                raise SettingsProblem(
                    f"CONTROLLER_{name.upper()} is missing: letters cannot be written without it."
                )
        filled = {name: value or "" for name, value in facts.items()}
        return Controller(**filled, dpo_address=self.dpo_address or None)

    def house(self) -> House:
        """Everything acts and letters need; SettingsProblem says what is missing."""
        return House(
            vault=self.vault(),
            controller=self.controller(),
            zone=ZoneInfo(self.tz_law),
            mail_address=self.mail_address,
            bounce_address=self.bounce_address or self.mail_address,
            acknowledge=self.acknowledge,
            ladder_sender_per_day=self.ladder_sender_per_day,
            ladder_domain_per_hour=self.ladder_domain_per_hour,
            ladder_total_per_hour=self.ladder_total_per_hour,
            erasure_log=self.erasure_log,
            keep=self.keep(),
        )

    def keep(self) -> dict[Record, Keep]:
        """How long what is kept."""
        return keeping(
            {
                Record.CLIENT: self.keep_client_years,
                Record.CASE: self.keep_case_years,
                Record.LETTER_OTHER: self.keep_other_days,
                Record.TRIAGE_OTHER: self.keep_triaged_days,
                Record.QUARANTINE: self.keep_quarantine_days,
                Record.PACKAGE: self.keep_package_days,
                Record.ANSWER: self.keep_answers_days,
                Record.JOURNAL: self.keep_journal_years,
                Record.STAFF_LETTER: self.keep_staff_letters_days,
            }
        )
