"""Dossier -> one HTML page in the person's language, for a browser or the printer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from models.letters.words import LOCALES, TITLES
from models.package.dossier import Dossier
from models.package.names import name
from models.package.words import PHRASES, Phrases
from models.policy import CATEGORIES, INSPECTORATE, Aim
from models.vocabulary import ConsentState, DataCategory, Language

TEMPLATE = "page.html.j2"


@dataclass(frozen=True, slots=True)
class Processing:
    """Art. 15(1) for one category, in words; a purpose is text, basis, state of the consent."""

    category: DataCategory
    title: str
    purposes: tuple[tuple[str, str, str | None], ...]
    recipients: tuple[str, ...]
    period: str
    source: str


def page(dossier: Dossier, zone: ZoneInfo) -> str:
    """The whole page; everything in it is escaped."""
    template = _environment(dossier.scope.language, zone).get_template(TEMPLATE)
    phrases = PHRASES[dossier.scope.language]
    return template.render(
        d=dossier,
        p=phrases,
        information=information(dossier),
        inspectorate=INSPECTORATE,
        sections=_sections(dossier, phrases),
    ).strip()


def information(dossier: Dossier) -> list[Processing]:
    """What the processing register says of each category, with where the consents stand."""
    language = dossier.scope.language
    states = {one.purpose: one.state for one in dossier.consents}

    def purpose(aim: Aim) -> tuple[str, str, str | None]:
        state = states.get(aim.consent, ConsentState.UNKNOWN) if aim.consent else None
        text, basis = aim.text[language], name(aim.basis, language)
        return text, basis, name(state, language) if state else None

    return [
        Processing(
            category=category,
            title=policy.title[language],
            purposes=tuple(purpose(aim) for aim in policy.aims),
            recipients=tuple(one.text[language] for one in policy.recipients),
            period="; ".join(one.text[language] for one in policy.retention),
            source=policy.source[language],
        )
        for category in dossier.scope.categories
        if (policy := CATEGORIES[category])
    ]


def _sections(dossier: Dossier, phrases: Phrases) -> list[tuple[str, str]]:
    scope = dossier.scope
    found = []
    if scope.has_information:
        found += [
            ("information", phrases.information),
            ("consultations", phrases.consultations),
        ]
    if scope.has_copy:
        found += [
            ("person", phrases.person),
            ("consents", phrases.consents),
            ("cases", phrases.cases),
            ("letters-in", phrases.letters_in),
            ("letters-out", phrases.letters_out),
        ]
    if dossier.files:
        found.append(("files", phrases.files))
    if scope.has_portable:
        found.append(("portable", phrases.portable))
    return [*found, ("machine", phrases.machine)]


@lru_cache(maxsize=2 * len(Language))
def _environment(language: Language, zone: ZoneInfo) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        autoescape=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "day": partial(_day, language, zone),
        "last_day": lambda day: _day(language, zone, day - timedelta(days=1)),
        "moment": partial(_moment, language, zone),
        "named": partial(_named, language),
        "category": lambda category: CATEGORIES[category].title[language],
        "title_of": lambda kind: TITLES[language][kind],
        "first_upper": lambda text: text[:1].upper() + text[1:],
    }
    environment.filters.update(filters)
    return environment


def _named(language: Language, member: StrEnum) -> str:
    return name(member, language)


def _day(language: Language, zone: ZoneInfo, day: date) -> str:
    if isinstance(day, datetime):
        day = day.astimezone(zone).date()
    return format_date(day, "long", locale=LOCALES[language])


def _moment(language: Language, zone: ZoneInfo, instant: datetime) -> str:
    local = instant.astimezone(zone)
    return f"{_day(language, zone, local.date())}, {format_time(local, 'HH:mm')}"
