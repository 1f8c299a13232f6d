"""May the one automatic letter go out? A table of signals (RFC 3834), and nothing but the table.

The case is kept whatever the answer: "silent" and "hold" are about our letter only.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot import reports
from mailbot.headers import OwnMail, aligned, domain_of, without_comments
from models.shapes import Letter, Screening
from models.vocabulary import Answer, AuthResult, AutomaticKind, ReadingFlag

LATE = timedelta(hours=72)

MACHINE_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-fc-machinegenerated",
    "x-ms-exchange-generated-message-source",
)
LOOP_HEADERS = ("x-loop", "x-otrs-loop", "x-rt-loop-prevention")
BULK_WORDS = frozenset({"bulk", "list", "junk", "auto_reply"})
SUPPRESSED = frozenset({"oof", "autoreply", "all"})
JUNK_FOLDERS = frozenset(
    {"junk", "spam", "junk e-mail", "junk email", "bulk mail", "bulk", "rämpspost", "rämps"}
    | {"спам", "нежелательная почта"}
)
FOLDER_SEPARATOR = re.compile(r"[/.\\]")
DAEMON_LOCAL = re.compile(r"(?:mailer-daemon|postmaster|owner-.*|.*-owner)@", re.IGNORECASE)
NO_REPLY_LOCAL = re.compile(
    r"(?:.*[._-])?(?:no[._-]?reply|do[._-]?not[._-]?reply|dont[._-]?reply|never[._-]?reply|"
    r"ei[._-]?vasta\w*|mitte[._-]?vasta\w*|[äa]ra[._-]?vasta\w*|nobody|bounces?)(?:[._+-].*)?@"
    r"|.*-request@",
    re.IGNORECASE,
)
# Only at the start, and only as the whole subject or before a mark: a person may well
# complain about an automatic answer in a subject of their own.
AWAY_SUBJECT = re.compile(
    r"\W*(?:automaatvastus|automaatne (?:vastus|teade)|automaatteade|kontorist (?:väljas|ära|eemal)"
    r"|(?:olen|viibin) (?:puhkusel|kontorist (?:väljas|eemal)|lähetuses)|puhkusel(?: viibimine)?"
    r"|out[- ]of[- ](?:the[- ])?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response)"
    r"|(?:i am |i'm )?(?:away from|out of) (?:the |my )?office|vacation (?:reply|response|notice)"
    r"|on (?:vacation|annual leave|holiday)|absence notice"
    r"|авто(?:матический )?[- ]?ответ|автоматическое уведомление"
    r"|(?:я )?(?:временно )?(?:отсутствую|в отпуске|вне офиса)(?: на рабочем месте| в офисе)?"
    r"|нет на рабочем месте)"
    r"(?:\s+(?:kuni|alates|until|till|from|до|с|по|\d[\d.\-–/ ]*)\b.*"
    r"|\s*(?:[:;,.!()\[\]\-–—/|].*)?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One letter and how it came."""

    letter: Letter
    own: OwnMail
    folder: str
    received_at: datetime
    now: datetime
    acknowledge_unauthenticated: bool
    late: timedelta
    in_junk: bool


@dataclass(frozen=True, slots=True)
class Signal:
    """One row of the table; `kind` when it shows that a machine wrote the letter."""

    code: str
    answer: Answer
    met: Callable[[Sighting], bool]
    kind: AutomaticKind | None = None


def screen(
    letter: Letter,
    *,
    own: OwnMail,
    folder: str,
    received_at: datetime,
    now: datetime,
    acknowledge_unauthenticated: bool = False,
    late: timedelta = LATE,
    in_junk: bool = False,
) -> Screening:
    """What the table says; `reasons` are the codes of all signals met, the gravest first."""
    seen = Sighting(
        letter, own, folder, received_at, now, acknowledge_unauthenticated, late, in_junk
    )
    met = [signal for signal in SIGNALS if signal.met(seen)]
    kinds = {signal.kind for signal in met}
    return Screening(
        answer=met[0].answer if met else Answer.SEND,
        reasons=tuple(signal.code for signal in met),
        automatic=next((kind for kind in KINDS_BY_WEIGHT if kind in kinds), None),
    )


def _sender(seen: Sighting) -> str:
    return seen.letter.from_address or ""


def _header(seen: Sighting, name: str) -> list[str]:
    return [without_comments(v).strip().lower() for v in seen.letter.header_values(name)]


def _has_header(seen: Sighting, *names: str) -> bool:
    return any(key in names for key, _ in seen.letter.headers)


def _is_own_id(seen: Sighting) -> bool:
    return seen.letter.message_id is not None and reports.is_own_id(
        seen.letter.message_id, seen.own
    )


def _is_own_address(seen: Sighting) -> bool:
    return any(seen.own.is_own(address) for address in seen.letter.from_addresses)


def _content_type(seen: Sighting) -> str:
    return next(iter(_header(seen, "content-type")), "")


def _is_report(seen: Sighting) -> bool:
    return _content_type(seen).startswith("multipart/report")


def _is_delivery_report(seen: Sighting) -> bool:
    """By form (RFC 3464), by its sender, or by its subject and some sign of a machine."""
    if _is_report(seen):
        return "delivery-status" in _content_type(seen)
    if reports.DAEMON.match(_sender(seen)):
        return True
    machine = (
        _has_null_path(seen)
        or _is_auto_submitted(seen)
        or reports.MACHINE_SENDER.match(_sender(seen)) is not None
    )
    return machine and _has_bounce_subject(seen)


def _has_null_path(seen: Sighting) -> bool:
    return reports.has_null_path(seen.letter.headers)


def _has_bounce_subject(seen: Sighting) -> bool:
    return reports.SUBJECT.match(seen.letter.subject) is not None


def _is_auto_submitted(seen: Sighting) -> bool:
    """Any token but `no` (RFC 3834 section 5)."""
    return any(value.split(";")[0].strip() != "no" for value in _header(seen, "auto-submitted"))


def _sender_unclear(seen: Sighting) -> bool:
    return seen.letter.from_address is None or len(seen.letter.header_values("from")) != 1


def _is_listed(seen: Sighting) -> bool:
    return any(key.startswith("list-") for key, _ in seen.letter.headers)


def _is_bulk(seen: Sighting) -> bool:
    return any(value in BULK_WORDS for value in _header(seen, "precedence"))


def _is_suppressed(seen: Sighting) -> bool:
    values = _header(seen, "x-auto-response-suppress")
    return any(word.strip() in SUPPRESSED for value in values for word in re.split("[,; ]", value))


def _answers_elsewhere(seen: Sighting) -> bool:
    domain = domain_of(_sender(seen))
    return bool(domain) and any(
        not aligned(domain_of(address), domain) for address in seen.letter.reply_to
    )


def _in_junk(seen: Sighting) -> bool:
    if seen.in_junk:  # marked by the server, RFC 6154
        return True
    leaf = FOLDER_SEPARATOR.split(seen.folder)[-1]
    return leaf.strip().lower() in JUNK_FOLDERS


def _is_unproven(seen: Sighting) -> bool:
    return not seen.letter.authentication.proven and not seen.acknowledge_unauthenticated


def _is_late(seen: Sighting) -> bool:
    at = seen.received_at
    if seen.letter.own_received_at is not None:
        at = min(at, seen.letter.own_received_at)
    return seen.now - at > seen.late


KINDS_BY_WEIGHT = (
    AutomaticKind.OWN,
    AutomaticKind.DELIVERY_REPORT,
    AutomaticKind.AUTO_REPLY,
    AutomaticKind.LIST,
    AutomaticKind.BULK,
)

# Silent rows stand first: the first one met gives the answer.
SIGNALS: tuple[Signal, ...] = (
    Signal("own_message", Answer.SILENT, _is_own_id, AutomaticKind.OWN),
    Signal("own_address", Answer.SILENT, _is_own_address, AutomaticKind.OWN),
    Signal("delivery_report", Answer.SILENT, _is_delivery_report, AutomaticKind.DELIVERY_REPORT),
    Signal("report", Answer.SILENT, _is_report, AutomaticKind.AUTO_REPLY),
    Signal("null_return_path", Answer.SILENT, _has_null_path, AutomaticKind.AUTO_REPLY),
    Signal("auto_submitted", Answer.SILENT, _is_auto_submitted, AutomaticKind.AUTO_REPLY),
    Signal(
        "machine_header",
        Answer.SILENT,
        lambda seen: _has_header(seen, *MACHINE_HEADERS),
        AutomaticKind.AUTO_REPLY,
    ),
    Signal("bounce_subject", Answer.SILENT, _has_bounce_subject, AutomaticKind.AUTO_REPLY),
    Signal(
        "away_subject",
        Answer.SILENT,
        lambda seen: AWAY_SUBJECT.match(seen.letter.subject[:300]) is not None,
        AutomaticKind.AUTO_REPLY,
    ),
    Signal("machine_sender", Answer.SILENT, lambda seen: bool(DAEMON_LOCAL.match(_sender(seen)))),
    Signal("sender_unclear", Answer.SILENT, _sender_unclear),
    Signal("list_header", Answer.HOLD, _is_listed, AutomaticKind.LIST),
    Signal(
        "feedback_id",
        Answer.HOLD,
        lambda seen: _has_header(seen, "feedback-id", "x-feedback-id"),
        AutomaticKind.BULK,
    ),
    Signal("precedence", Answer.HOLD, _is_bulk, AutomaticKind.BULK),
    Signal("response_suppressed", Answer.HOLD, _is_suppressed),
    Signal("loop_header", Answer.HOLD, lambda seen: _has_header(seen, *LOOP_HEADERS)),
    Signal("no_reply_sender", Answer.HOLD, lambda seen: bool(NO_REPLY_LOCAL.match(_sender(seen)))),
    Signal("foreign_reply_to", Answer.HOLD, _answers_elsewhere),
    Signal("junk_folder", Answer.HOLD, _in_junk),
    Signal(
        "dmarc_fail",
        Answer.HOLD,
        lambda seen: seen.letter.authentication.dmarc is AuthResult.FAIL,
    ),
    Signal("no_proof", Answer.HOLD, _is_unproven),
    Signal(
        "header_unreadable",
        Answer.HOLD,
        lambda seen: ReadingFlag.HEADER_UNREADABLE in seen.letter.flags,
    ),
    Signal("stale", Answer.HOLD, _is_late),
)
