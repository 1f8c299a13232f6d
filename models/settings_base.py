"""How every room reads its settings: environment first, then `.env`, secrets also from files.

Failure semantics: whatever is wrong becomes one SettingsProblem that names the setting and
the fix, a line each, and never repeats a value, since values may be passwords.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from dotenv.parser import parse_stream
from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

ENV_FILE = Path(".env")
FILE_SUFFIX = "_FILE"
PLAIN_WORDS = {
    "missing": "is missing",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "float_parsing": "must be a number",
    "bool_parsing": "must be 1 or 0",
    "datetime_from_date_parsing": "must be an instant like 2026-03-05T22:30Z",
    "datetime_parsing": "must be an instant like 2026-03-05T22:30Z",
    "timezone_aware": "must be an instant with a time zone, like 2026-03-05T22:30Z",
    "date_from_datetime_parsing": "must be a date like 2026-03-05",
    "date_parsing": "must be a date like 2026-03-05",
}


class SettingsProblem(Exception):
    """Settings that cannot be used; the text says which and what to do, without any value."""


class DeskSettings(BaseSettings):
    """Base of the settings classes: a field `mail_address` is the setting MAIL_ADDRESS."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, validate_default=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given: `load` gathers, so a demo can bring an environment of its own."""
        return (init_settings,)

    @classmethod
    def load(
        cls, environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE
    ) -> Self:
        """Settings of `environ` (default: the process's own), then of `env_file`, then defaults.

        `NAME_FILE` names a file that holds the value of NAME; an empty value counts as unset.
        Raises SettingsProblem.
        """
        names = list(cls.model_fields)
        own = os.environ if environ is None else environ
        given = _wanted(_from_file(env_file), names) | _wanted(own, names)
        try:
            return cls(**given)
        except ValidationError as problem:
            # `from None`: the chained error would carry the values
            raise SettingsProblem(cls._sentences(problem)) from None

    @classmethod
    def listing(cls) -> list[tuple[str, str, str]]:
        """Every setting as (NAME, default, meaning), for the manual."""
        return [
            (name.upper(), _shown(field.get_default(call_default_factory=True)), _meaning(field))
            for name, field in cls.model_fields.items()
        ]

    @classmethod
    def _sentences(cls, problem: ValidationError) -> str:
        return "\n".join(
            _sentence(error, cls.model_fields)
            for error in problem.errors(include_url=False, include_input=False)
        )


def _wanted(source: Mapping[str, str], names: list[str]) -> dict[str, Any]:
    upper = {name.upper(): value for name, value in source.items() if value}
    wanted = {}
    for field in names:
        name = field.upper()
        path = upper.get(name + FILE_SUFFIX)
        if name in upper and path:
            raise SettingsProblem(f"{name} and {name}{FILE_SUFFIX} are both set: keep one of them.")
        if path:
            wanted[field] = _secret(name + FILE_SUFFIX, Path(path))
        elif name in upper:
            wanted[field] = upper[name]
    return wanted


def _secret(name: str, path: Path) -> str:
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as problem:
        reason = type(problem).__name__
        raise SettingsProblem(f"{name} names a file that cannot be read ({reason}).") from None
    if not value:
        raise SettingsProblem(f"{name} names an empty file: write the secret into it.")
    return value


def _from_file(path: Path | None) -> dict[str, str]:
    if path is None or not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8") as stream:
            bindings = list(parse_stream(stream))
    except (OSError, ValueError) as problem:
        reason = type(problem).__name__
        raise SettingsProblem(f"{path.name} cannot be read as UTF-8 text ({reason}).") from None
    for binding in bindings:
        # python-dotenv itself would only log this and go on with half the settings
        if binding.error or (binding.key and binding.value is None):
            raise SettingsProblem(
                f"{path.name}, line {_line(binding)}: not a setting. Write NAME=value, "
                "with quotes round a value that holds spaces or #."
            )
    return {binding.key: binding.value for binding in bindings if binding.key and binding.value}


def _line(binding: Any) -> int:
    """The parser counts blank lines before a binding as part of it."""
    text = binding.original.string
    return int(binding.original.line + text[: len(text) - len(text.lstrip())].count("\n"))


def _sentence(error: Any, fields: Mapping[str, Any]) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    field = str(error["loc"][0]) if error["loc"] else ""
    words = PLAIN_WORDS.get(error["type"]) or error["msg"].replace(
        "Input should be", "must be"
    ).rstrip(".")
    meaning = _meaning(fields.get(field))
    return f"{field.upper()} {words}" + (f" ({meaning})." if meaning else ".")


def _meaning(field: Any) -> str:
    return str(getattr(field, "description", None) or "")


def _shown(default: Any) -> str:
    return "" if default is None or repr(default) == "PydanticUndefined" else str(default)
