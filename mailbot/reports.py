"""Delivery reports: whether a letter is one, and which of our letters it is about (RFC 3464)."""

import re

from mailbot.envelope import tagged_ids
from mailbot.headers import OwnMail, message_ids
from mailbot.parts import Fields, Part, Tree, split_header

MAX_IDS = 20
OWN_ID = re.compile(r"<(?:ack|let)\.[0-9a-f]{1,64}@([^<>@\s]{1,253})>", re.IGNORECASE)
ACTION = re.compile(rb"(?im)^action:[ \t]*([a-z]+)")
ORIGINAL_ID = re.compile(rb"(?im)^(?:x-)?original-message-id:[ \t]*(<[^<>\s]{1,400}>)")

MACHINE_SENDER = re.compile(r"(?:mailer-daemon|postmaster)@", re.IGNORECASE)
DAEMON = re.compile(r"mailer-daemon@", re.IGNORECASE)
SUBJECT = re.compile(
    r"\W*(?:undeliver(?:able|ed)\b|undelivered mail|mail delivery (?:failed|failure|system)"
    r"|delivery (?:status notification|failure|has failed|incomplete)|returned mail\b"
    r"|failure notice\b|message (?:not delivered|undeliverable)|mail system error"
    r"|non[- ]?delivery|kohaletoimetamat|kohale toimetamat|tagastatud kiri|kiri tagastat"
    r"|(?:kirja|sõnumit?|teie kirja) (?:ei saa(?:nud)?|ei õnnestunud|edastamine|kohaletoimetamine)"
    r"|edastamine ebaõnnestus|edastamise tõrge|ei õnnestunud (?:kohale|kätte) toimetada"
    r"|недостав|не доставлен|не удалось доставить|невозможно доставить"
    r"|(?:письмо|сообщение|ваше письмо|ваше сообщение) не (?:доставлен|может быть доставлен)"
    r"|ошибка доставки|возврат (?:письма|сообщения|почты)|отч[её]т о (?:недоставке|доставке))",
    re.IGNORECASE,
)
# on its way still: the server will try again and say so when it gives up
DELAY = re.compile(
    r"this is a warning message only|you do not need to resend|(?:no action is|nothing is) required"
    r"|delivery attempts will continue|will (?:continue to|keep) (?:try|retry)|still being retried"
    r"|\bwarning: (?:could not send|message \S+ delayed)|\bdelayed (?:\d+ hours|mail)\b"
    r"|kohaletoimetamine (?:viibib|hilineb)|uuesti saatma ei pea"
    r"|(?:jätkame|jätkab) (?:kohaletoimetamise )?(?:katseid|proovimist)"
    r"|задержк\w* доставки|доставка задерж|попытки (?:доставки )?(?:будут )?продолж"
    r"|повторно отправлять (?:письмо|сообщение) не нужно",
    re.IGNORECASE,
)
DELAY_WITHIN = 2000  # characters of the text; below them stands our own letter
# it speaks of a delay and has failed all the same: a bounce we miss leaves a person unanswered
FINAL = re.compile(
    r"permanent(?:ly)? (?:error|fail)|giv(?:en|ing) up\b|user unknown|unknown user|no such user"
    r"|(?<![\d.])5\.\d\.\d{1,3}(?![\d.])|\b55[0-4][ -]|püsiv viga|ei eksisteeri|loobusi"
    r"|постоянная ошибка|не существует|прекращен",
    re.IGNORECASE,
)
QUOTED = re.compile(
    r"^[> \t]*(?:return-path|received|message-id|mime-version|auto-submitted|content-type):",
    re.IGNORECASE | re.MULTILINE,
)


def is_own_id(message_id: str, own: OwnMail) -> bool:
    """Whether a Message-ID has the form of ours; anybody can write one."""
    match = OWN_ID.fullmatch(message_id)
    return match is not None and match[1].lower() == own.domain


def has_null_path(fields: Fields) -> bool:
    """An empty reverse path: nobody wants an answer (RFC 5321 section 4.5.5)."""
    return any(name == "return-path" and value.strip() == "<>" for name, value in fields)


def looks_bounced(fields: Fields, sender: str | None, subject: str) -> bool:
    """A bounce without the form of one: by its sender or its subject."""
    if sender is not None and DAEMON.match(sender):
        return True
    return SUBJECT.match(subject) is not None or (
        has_null_path(fields) and sender is not None and MACHINE_SENDER.match(sender) is not None
    )


def bounced_message_ids(tree: Tree, text: str, own: OwnMail, *, bounce: bool) -> tuple[str, ...]:
    """Ids of the letters that came back: all of a failure report, only ours of a plain bounce.

    Whatever either quotes, the address it came to may name our letter by its tag.
    """
    report = tree.content_type == "multipart/report"
    if report and not _is_failure(tree):
        return ()
    if not report and (not bounce or _is_delay(text[:DELAY_WITHIN])):
        return ()
    found: list[str] = []
    for part in tree.leaves:
        found += _ids_of(part)
    if not report:
        found = [one for one in found if is_own_id(one, own)]
    found += [match[0] for match in OWN_ID.finditer(text) if is_own_id(match[0], own)]
    found += tagged_ids(tree.fields, own)
    return tuple(dict.fromkeys(found))[:MAX_IDS]


def _is_delay(text: str) -> bool:
    """Whether a server says that it tries on, in its own words and not in those of our letter."""
    said = QUOTED.split(text, maxsplit=1)[0]
    return DELAY.search(said) is not None and FINAL.search(said) is None


def _is_failure(tree: Tree) -> bool:
    """Success, delay and relay reports and read receipts bounce nothing (RFC 3464 2.3.3)."""
    if tree.report_type == "disposition-notification":
        return False
    actions = {
        action.lower()
        for part in tree.leaves
        if part.content_type == "message/delivery-status"
        for action in ACTION.findall(part.content)
    }
    return not actions or b"failed" in actions


def _ids_of(part: Part) -> list[str]:
    if part.content_type == "message/delivery-status":
        return [found.decode("ascii", "replace") for found in ORIGINAL_ID.findall(part.content)]
    if part.content_type in ("message/rfc822", "message/global", "text/rfc822-headers"):
        content = part.content
        fields, _, _ = split_header(content, 0, len(content))
        return list(message_ids(fields, "message-id"))
    return []
