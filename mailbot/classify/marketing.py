"""Does an objection concern direct marketing? Then it is absolute (GDPR Art. 21(2)-(3)).

Careful rather than clever: the sentence that objects must name the marketing, or name nothing
else while the sentence beside it does.
"""

import re
from collections.abc import Sequence

from mailbot.classify.scoring import Reading
from models.vocabulary import RequestType

_MARKETING = re.compile(
    r"^(?:(?:direct|e|tele|email)?marketing\w*|newsletters?|promo|promos|promotion\w*|advert\w*"
    r"|ads|offers?|mailings?|mailshots?|leaflets?|brochures?|spam\w*|webinar\w*|upsell\w*"
    r"|(?:otse|e)?turundus\w*|reklaam\w*|uudiskir\w*|(?:soodus|eri|muugi)?pakkumi\w*"
    r"|muugikon\w*|telefonimuu\w*|telemuu\w*|kampaania\w*|spamm\w*"
    r"|(?:теле|директ)?маркетинг\w*|реклам\w*|рассыл\w*|(?:спец)?предложени\w*|акци[яийю]\w*"
    r"|спам\w*|промо\w*|reklam\w*|rassyl\w*|rassil\w*)$"
)
_SALES_WORDS = "sales selling cold muugi muua pakkuda продаж продажи продажах prodazh"
_SALES = frozenset(_SALES_WORDS.split())
_CALLS = re.compile(r"^(?:call\w*|phon\w*|ring\w*|telefon\w*|helista\w*|kone\w*|звон\w*|zvon\w*)$")
_ELSE = re.compile(
    r"^(?:profil\w*|scor\w*|segment\w*|legitimate|automated|decision\w*|survey\w*|statisti\w*"
    r"|profiil\w*|oigustatud|automaat\w*|otsus\w*|kusitlus\w*"
    r"|профил\w*|скоринг\w*|законн\w*|автоматич\w*|решени\w*|опрос\w*)$"
)
_KEPT = re.compile(
    r"^(?:keep|fine|okay|ok|continue|except|welcome|jat\w*|voib|voite|sobi\w*|peale"
    r"|остав\w*|можно|кроме|устраива\w*)$"
)


def concerns_marketing(readings: Sequence[Reading], labels: Sequence[RequestType]) -> bool:
    """True when the letter objects, and what it objects to is marketing."""
    if RequestType.OBJECTION not in labels:
        return False
    return any(_objects(readings, place) for place in range(len(readings)))


def _objects(readings: Sequence[Reading], place: int) -> bool:
    if RequestType.OBJECTION.value not in readings[place].names("labels"):
        return False
    forms = readings[place].sentence.forms
    if any(_KEPT.match(form) for form in forms):
        return False
    if _named(forms):
        return True
    beside = readings[max(0, place - 1) : place + 2]
    return not any(_ELSE.match(form) for form in forms) and any(
        _named(reading.sentence.forms) for reading in beside
    )


def _named(forms: Sequence[str]) -> bool:
    if any(_MARKETING.match(form) for form in forms):
        return True
    return not _SALES.isdisjoint(forms) and any(_CALLS.match(form) for form in forms)
