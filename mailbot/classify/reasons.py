"""Why a person looks at a letter first, in a few words."""

from mailbot.classify.decide import CLIENT_SITE, FOREIGN_LAW
from mailbot.classify.model import load
from mailbot.classify.reading import own_sentences, read_sentences
from models.shapes import Letter, Verdict
from models.vocabulary import ReadingFlag

_UNCLEAR = "perhaps a request, but no right stands out"


def why_seen(letter: Letter, verdict: Verdict) -> str:
    """The rule that sent the letter to a person, or that its likelihood lies between."""
    if verdict.urgent:
        return "urgent: an authority writes"
    if verdict.passed_on:
        return "a bare note passes on a letter that asks for something"
    if ReadingFlag.SIGNED_CONTAINER in letter.flags:
        return "a signed container is attached"
    if ReadingFlag.FORWARDED_MESSAGE in letter.flags:
        return "a letter is attached to it"
    return _by_its_words(letter, verdict)


def _by_its_words(letter: Letter, verdict: Verdict) -> str:
    own = own_sentences(letter.subject, letter.text, letter.new_spans)
    read = read_sentences(load().scorer, own)
    if CLIENT_SITE in read.cues:
        return "it may concern the site of a client"
    if verdict.withdraws_request:
        asks = "asks another" if verdict.labels else "may ask another"
        return f"takes one request back and {asks}"
    if verdict.labels:
        return "between the two thresholds: perhaps a request, perhaps none"
    if ReadingFlag.ATTACHMENT_UNREAD in letter.flags:
        return "an attachment could not be read"
    if FOREIGN_LAW in read.cues:
        return "another language that names the law"
    return "tells of a leak" if verdict.possible_breach else _UNCLEAR
