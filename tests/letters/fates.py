"""What becomes of every committed letter on its whole way, and of our automatic letter to it."""

from models.vocabulary import Fate
from tests.letters.expectations import EXPECTED

REGISTERED, TRIAGE = frozenset({Fate.REGISTERED}), frozenset({Fate.TRIAGE})
AUTOMATIC, IGNORED = frozenset({Fate.AUTOMATIC}), frozenset({Fate.IGNORED})
SEEN = REGISTERED | TRIAGE  # a person or the register has it: never let go

FATES: dict[str, frozenset[Fate]] = {
    # machines write no requests of their own
    "dsn_failed": AUTOMATIC,
    "dsn_unknown_case": AUTOMATIC,
    "dsn_delayed": AUTOMATIC,
    "bounce_et": AUTOMATIC,
    "bounce_ru": AUTOMATIC,
    "away_headers": AUTOMATIC,
    "away_without_headers_et": AUTOMATIC | TRIAGE,
    "away_koi8r": AUTOMATIC,
    "read_receipt": AUTOMATIC,
    "own_acknowledgement_back": AUTOMATIC,
    # a machine may carry a person's words
    "auto_notified": TRIAGE,
    "own_address": TRIAGE,
    "robot_echo": IGNORED | TRIAGE,
    "newsletter": IGNORED | TRIAGE,
    # nothing is asked in words of their own
    "only_quote": IGNORED | TRIAGE,
    "interleaved": IGNORED | SEEN,
    # a person reads what we cannot, or what is not the writer's own
    "p7m": TRIAGE,
    "forward_rfc822": TRIAGE,
    "attached_text": SEEN,
    "html_differs": SEEN,
    "copy_en": SEEN,
    "latin1_label_over_cp1251": SEEN,
    "no_reply_sender": SEEN,
}


def fates_of(name: str) -> frozenset[Fate]:
    """Fates a letter may have: most open a case."""
    return FATES.get(name, REGISTERED)


def answer_state(name: str, fate: Fate) -> str | None:
    """State of the automatic letter once the outbox is worked off."""
    if fate is not Fate.REGISTERED:
        return None
    return {"send": "sent", "hold": "held", "silent": None}[EXPECTED[name].answer.value]
