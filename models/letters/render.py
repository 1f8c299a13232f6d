"""Facts in, letter out: subject and plain text, pure and the same for the same facts.

Templates are files beside this module, one per letter and language. They are read once,
run in Jinja's sandbox, and an unknown name in one is an error.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency
from babel.units import format_unit
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from models.deadlines import TALLINN
from models.letters import words
from models.letters.alarm_words import ALARMS
from models.letters.facts import (
    AcknowledgementFacts,
    AskedRight,
    CaseFacts,
    ClarificationFacts,
    ClosingFacts,
    Controller,
    ExtensionFacts,
    Facts,
    FeeNoticeFacts,
    IdentityCheckFacts,
    RefusalFacts,
    ReminderFacts,
    ReplyFacts,
    RestrictionLiftedFacts,
    StaffAlarmFacts,
    StaffDigestFacts,
    require,
)
from models.personal_code import find_codes
from models.policy import CATEGORIES, INSPECTORATE
from models.rights import RIGHTS, is_settled_on_receipt
from models.vocabulary import AskedPurpose, Language, LetterKind, RequestType

__all__ = ["Controller", "RenderedLetter", "render", "short_reference"]

FOLDER = Path(__file__).parent
FACTS_OF: dict[LetterKind, type[Facts]] = {
    LetterKind.ACKNOWLEDGEMENT: AcknowledgementFacts,
    LetterKind.IDENTITY_CHECK: IdentityCheckFacts,
    LetterKind.CLARIFICATION: ClarificationFacts,
    LetterKind.EXTENSION: ExtensionFacts,
    LetterKind.FEE_NOTICE: FeeNoticeFacts,
    LetterKind.CLOSING: ClosingFacts,
    LetterKind.REFUSAL: RefusalFacts,
    LetterKind.REPLY: ReplyFacts,
    LetterKind.REMINDER: ReminderFacts,
    LetterKind.RESTRICTION_LIFTED: RestrictionLiftedFacts,
    LetterKind.STAFF_DIGEST: StaffDigestFacts,
    LetterKind.STAFF_ALARM: StaffAlarmFacts,
}

_SHORT_REFERENCE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9/._-]{3,30}")
_PERSONAL_CODE_LENGTH = re.compile(r"(?<!\d)\d{11}(?!\d)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"[\xa0\u2007\u202f]")  # Babel's; a search for the date must find it
_BELOW = "In English below. По-русски ниже."
_BETWEEN = "\n\n* * *\n\n"


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter without its envelope; `languages` in the order they stand in the text."""

    subject: str
    text: str
    languages: tuple[Language, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What took effect on receipt, in the terms the letter uses."""

    withdrawal: bool
    objection: bool
    marketing: bool
    surveys: bool
    analytics: bool
    cookies: bool

    def __bool__(self) -> bool:
        return self.withdrawal or self.objection


def render(kind: LetterKind, language: Language | None, facts: Facts) -> RenderedLetter:
    """The letter in `language`, or in all three below each other when it is None (unsure).

    ValueError names the field the law demands and `facts` lack (Art. 12, 13(1)(a), 18(3)).
    """
    if not isinstance(facts, FACTS_OF[kind]):
        raise ValueError(f"a letter of kind {kind} needs {FACTS_OF[kind].__name__}")
    require(facts)
    languages = (language,) if language is not None else tuple(Language)
    parts = [_one(kind, each, facts) for each in languages]
    subject = " / ".join(subject for subject, _ in parts)
    if isinstance(facts, CaseFacts):
        subject = f"[{facts.reference}] {subject}"
    text = _BETWEEN.join(body for _, body in parts)
    if language is None:
        text = f"{_BELOW}\n\n{text}"
    return RenderedLetter(subject, text, languages)


def broken_templates() -> list[str]:
    """Names of letters that are missing or cannot be read as templates; empty when all is well."""
    broken = []
    for language in Language:
        for kind in FACTS_OF:
            name = f"{kind}.{language}.txt"
            try:
                _environment(language).get_template(name)
            except TemplateError:
                broken.append(name)
    return broken


def short_reference(reference: str | None) -> str | None:
    """The writer's own reference when it is a short token with a digit, and no code of a person."""
    if reference is None or not _SHORT_REFERENCE.fullmatch(reference):
        return None
    if find_codes(reference) or _PERSONAL_CODE_LENGTH.search(reference):
        return None
    return reference


def _one(kind: LetterKind, language: Language, facts: Facts) -> tuple[str, str]:
    template = _environment(language).get_template(f"{kind}.{language}.txt")
    whole = _clean(template.render(facts=facts, inspectorate=INSPECTORATE))
    subject, _, body = whole.partition("\n")
    return subject.removeprefix("Subject:").strip(), _tidy(body)


def _tidy(body: str) -> str:
    lines = "\n".join(line.rstrip() for line in body.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _clean(text: str) -> str:
    """Without control and direction characters; plain spaces, line ends as LF."""
    return _CONTROL.sub("", _SPACE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")))


@lru_cache(maxsize=len(Language))
def _environment(language: Language) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
        autoescape=False,  # plain text, never HTML
    )
    filters: dict[str, Callable[..., Any]] = {
        "day": partial(_day, language),
        "on": partial(_in_case, language, "l"),
        "since": partial(_in_case, language, "st"),
        "until": partial(_in_case, language, "ni"),
        "moment": partial(_moment, language),
        "euros": partial(_euros, language),
        "listed": partial(_listed, language),
        "understood": partial(_understood, language),
        "names_articles": _names_articles,
        "effect": _effect,
        "days": partial(_days, language),
        "title": lambda right: words.TITLES[language][right[0]],
        "reason": lambda reason: words.REASONS[language][reason],
        "outcome": lambda outcome: words.OUTCOMES[language][outcome],
        "category": lambda category: CATEGORIES[category].title[language],
        "alarm_title": lambda alarm: ALARMS[language][alarm][0],
        "alarm_text": lambda alarm: ALARMS[language][alarm][1],
        "short_reference": short_reference,
    }
    environment.filters.update(filters)
    return environment


@lru_cache(maxsize=1000)
def _day(language: Language, day: date) -> str:
    return format_date(day, "long", locale=words.LOCALES[language])


def _in_case(language: Language, ending: str, day: date) -> str:
    """A date inside a sentence; Estonian puts the month into a case."""
    if language is not Language.ET:
        return _day(language, day)
    return f"{day.day}. {words.ET_MONTHS[day.month - 1]}{ending} {day.year}"


def _moment(language: Language, instant: datetime) -> str:
    local = instant.astimezone(TALLINN)
    return f"{_day(language, local.date())}, {format_time(local, 'HH:mm')}"


def _euros(language: Language, amount: Any) -> str:
    return format_currency(amount, "EUR", locale=words.LOCALES[language])


def _days(language: Language, count: int) -> str:
    if language is Language.ET:  # the locale says "ööpäev", a day and a night
        return f"{count} päev" if count == 1 else f"{count} päeva"
    return format_unit(count, "duration-day", "long", locale=words.LOCALES[language])


def _listed(language: Language, items: Iterable[str]) -> str:
    return format_list(list(items), locale=words.LOCALES[language])


def _understood(language: Language, right: AskedRight) -> str:
    kind, purposes = right
    if kind is RequestType.OBJECTION and is_settled_on_receipt(kind, purposes):
        return words.MARKETING_OBJECTION[language]
    if kind is not RequestType.CONSENT_WITHDRAWAL or not purposes:
        return words.UNDERSTOOD[language][kind]
    if AskedPurpose.ALL in purposes:
        return words.WITHDRAWN_ALL[language]
    named = [words.CONSENT_TO[language][purpose] for purpose in dict.fromkeys(purposes)]
    return words.WITHDRAWN_FOR[language].format(purposes=_listed(language, named))


def _names_articles(rights: Iterable[AskedRight]) -> bool:
    return any(RIGHTS[kind].articles for kind, _ in rights)


def _effect(effective: Iterable[AskedRight]) -> Effect:
    withdrawn: set[AskedPurpose] = set()
    kinds = set()
    for kind, purposes in effective:
        kinds.add(kind)
        if kind is RequestType.CONSENT_WITHDRAWAL:
            withdrawn.update(AskedPurpose if AskedPurpose.ALL in purposes else purposes)
    objection = RequestType.OBJECTION in kinds
    return Effect(
        withdrawal=RequestType.CONSENT_WITHDRAWAL in kinds,
        objection=objection,
        marketing=objection or AskedPurpose.MARKETING in withdrawn,
        surveys=AskedPurpose.SURVEYS in withdrawn,
        analytics=AskedPurpose.ANALYTICS in withdrawn,
        cookies=AskedPurpose.COOKIES in withdrawn,
    )
