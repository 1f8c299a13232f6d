"""How mail programs introduce quotes, signatures and footers, in the languages of our mail.

Data of `quotes`; Finnish, German and French are there because their writers answer in English.
"""

import re

CASELESS = re.IGNORECASE

# Header-like lines of a quoted head (Outlook, Gmail, Apple Mail, Yandex), by meaning.
HEADER_NAMES = {
    "from": "From|Saatja|Kellelt|От кого|От|Отправитель|Von|Lähettäjä|De",
    "sent": "Sent|Saadetud|Отправлено|Отправлен|Gesendet|Lähetetty|Envoyé",
    "date": "Date|Kuupäev|Aeg|Дата|Datum|Päivämäärä",
    "to": "To|Saaja|Adressaat|Kellele|Кому|Получатель|An|Vastaanottaja|À",
    "subject": "Subject|Teema|Тема|Betreff|Aihe|Objet",
    "other": "Cc|Bcc|Koopia|Копия|Reply-To|Importance|Tähtsus|Важность|Manused|Вложения",
}
HEADER_LINE = re.compile(
    r"\s{0,3}\*?(?:"
    + "|".join(f"(?P<{kind}>{names})" for kind, names in HEADER_NAMES.items())
    + r")\s?:\*?(?=\s|$)",
    CASELESS,
)

_ORIGINAL = (
    "original (?:e-?mail|message)|original appointment|reply message|"
    "algne (?:e-?kiri|kiri|sõnum|teade)|algteade|algse kirja|"
    "esialgne (?:kiri|sõnum)|originaal(?:kiri|sõnum|teade)|"
    "исходное (?:сообщение|письмо)|(?:оригинальное|первоначальное) (?:сообщение|письмо)|"
    "ursprüngliche nachricht|alkuperäinen viesti|message d'origine"
)
_FORWARDED = (
    "forwarded(?: message| by| email)?|edastatud (?:e-?kiri|kiri|sõnum|teade)|"
    "(?:пересылаемое|пересланное|переадресованное|перенаправленное) (?:сообщение|письмо)|"
    "weitergeleitete nachricht|välitetty viesti"
)
SEPARATOR = re.compile(
    rf"\s*[-_=*–—]{{2,}}\s*(?:{_ORIGINAL}|{_FORWARDED})\b.{{0,60}}?[-_=*–—]{{2,}}\s*:?\s*$"
    r"|\s*(?:begin forwarded message|edastatud kirja algus|edastatud kiri|algteade|algne kiri|"
    r"начало (?:переадресованного|пересылаемого) (?:сообщения|письма)|пересылаемое сообщение|"
    r"исходное сообщение|original message|forwarded message)\s*:?\s*$",
    CASELESS,
)
END_OF_FORWARD = re.compile(
    r"\s*[-_=*]{2,}\s*(?:end of (?:forwarded|original) message|"
    r"конец (?:пересылаемого|исходного) сообщения|edastatud kirja lõpp)\b.{0,20}$",
    CASELESS,
)
FORWARD = re.compile(
    rf"\s*(?:[-_=*–—]{{2,}}\s*(?:{_FORWARDED})\b|begin forwarded message|edastatud kirja algus|"
    r"edastatud kiri\s*:?\s*$|forwarded message\s*:?\s*$|пересылаемое сообщение\s*:?\s*$|"
    r"начало (?:переадресованного|пересылаемого) (?:сообщения|письма))",
    CASELESS,
)
FORWARD_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{1,30}\]\s*)*(?:fwd?|edasi|edastatud|ed|пересл|пересылка|пер|wg|vl)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*:",
    CASELESS,
)
RULE = re.compile(r"\s*[-_=*–—]{5,}\s*$")

WROTE = re.compile(
    r"\b(?:wrote|writes)\b[^:]{0,80}:\s*$|\b(?:kirjutas|kirjutasid|kirjutab|saatis)\b.{0,120}:\s*$|"
    r"(?:написал[аи]?|пишет|писал[аи]?)(?:\(а\))?(?![а-яё]).{0,100}:\s*$|"
    r"\bschrieb\b.{0,80}:\s*$|\bkirjoitti\b.{0,60}:\s*$|\ba écrit\s?:\s*$",
    CASELESS,
)
ADDRESSED = re.compile(r"<?[^<>\s]+@[^<>\s]+>?\)?\s*:\s*$")
DATED_START = re.compile(
    r"\W{0,3}(?:on\s+(?:mon|tue|wed|thu|fri|sat|sun|\d|[a-z]{3,9} \d)|kuupäeval\b|"
    r"\d{1,4}[./-]\d{1,2}[./-]\d|"
    r"(?:esmas|teisi|kolma|nelja|laupäev|pühapäev|reede)|"
    r"(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|сред|четверг|пятниц|суббот|воскресень)[а-я]*,|"
    r"\d{1,2}\.? [a-zа-яõäöü]{3,12}\.? \d{4}|am \d|le \d)",
    CASELESS,
)
TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
ASKING = re.compile(r"\b(?:please|palun|прошу|пожалуйста)\b", CASELESS)

MOBILE = re.compile(
    r"\s*(?:sent (?:from|via) (?:my [\w'’ -]{2,30}|"
    r"(?:yahoo|proton|outlook|gmail|mail for|samsung|windows|huawei|galaxy)[^.]{0,50})"
    r"|get outlook for .{2,20}|hangi outlook .{2,30}"
    r"|saadetud (?:minu|mu|outlook|samsung|nutitelefon|telefonist|windows|gmail|"
    r"iphone|ipad|android)[\w'’ .:-]{0,50}"
    r"|отправлено (?:с|из|со|через) (?:моего |мобильн|iphone|ipad|android|яндекс|samsung|"
    r"galaxy|outlook|почт|mail|устройств|телефон).{0,50}"
    r"|скачать outlook для .{2,20}|lähetetty .{2,30}puhelimesta|von meinem \w+ gesendet"
    r")\.?\s*$",
    CASELESS,
)
SIGNATURE = re.compile(r"--\s?$")
POSTSCRIPT = re.compile(r"\W{0,2}(?:p\.?\s?s\b|n\.?b\b|постскриптум|з\.ы|п\.?\s?с\b)", CASELESS)

_LEAD = r"\W{0,6}(?:(?:nb|märkus|attention|notice|note|внимание|warning)\W{1,3})?"
FOOTER = re.compile(
    _LEAD + r"(?:(?:käesolev|see|antud)(?: elektrooniline| e-posti)? "
    r"(?:e-?kiri|kiri|sõnum|e-?mail|meil|teade)\b[^\n]{0,240}?"
    r"(?:konfidents|kutsesalad|ärisalad|adressaa|ametialas|või(?:b|vad) sisaldada|"
    r"mõeldud (?:ainult|üksnes|vaid))"
    r"|(?:this|the information (?:contained )?in this|the contents? of this) "
    r"(?:e-?mail|message|communication|transmission|letter)\b[^\n]{0,240}?"
    r"(?:confidential|privileged|intended (?:only|solely|exclusively|for)|legally protected|"
    r"may contain)"
    r"|(?:(?:настоящее|данное|это) )?(?:электронное )?(?:сообщение|письмо)\b[^\n]{0,240}?"
    r"(?:конфиденциальн|предназначен|может содержать)"
    r"|(?:confidentiality|legal|privacy) (?:notice|note|disclaimer)\b|disclaimer\s*[:.]"
    r"|konfidentsiaalsus(?:teade|nõue|klausel)\b|уведомление о конфиденциальности\b)",
    CASELESS,
)
WRONG_READER = re.compile(
    r"(?:kui (?:te|sa|teie|sina)?\s?(?:ei ole|pole)\b[^.\n]{0,60}(?:adressaat|saaja)"
    r"|kui (?:te |teie )?(?:olete|saite)\b[^.\n]{0,60}(?:ekslikult|eksituse|eksikombel|kogemata)"
    r"|if you(?: are not|'re not|’re not| aren't) (?:the|an) (?:intended|named) "
    r"(?:recipient|addressee)"
    r"|if (?:you (?:have )?received|received)\b[^.\n]{0,40}\b(?:in|by) (?:error|mistake)"
    r"|not the intended recipient"
    r"|если вы не являетесь[^.\n]{0,60}(?:адресат|получател)"
    r"|если вы получили[^.\n]{0,60}(?:по ошибке|ошибочно)|при ошибочном получении"
    r"|only for the (?:addressee|intended)|предназначено только)",
    CASELESS,
)
WRONG_READER_START = re.compile(_LEAD + WRONG_READER.pattern, CASELESS)
NEWSLETTER = re.compile(
    r"\W{0,4}(?:you(?: are|'re|’re)? receiv(?:e|ed|ing) this "
    r"(?:e-?mail|message|newsletter)?\s?(?:because|as)\b"
    r"|(?:te )?(?:saite|saate) (?:selle|seda) (?:kirja|uudiskirja)\b[^\n]{0,20}\b(?:sest|kuna)\b"
    r"|вы получили это (?:письмо|сообщение),? (?:потому|так как|поскольку))",
    CASELESS,
)
LINK_ROW = re.compile(r"(?=.*\|).*(?:unsubscribe|\bloobu\b|отписаться|отозвать согласие)", CASELESS)
FIRST_PERSON = re.compile(
    r"\b(?:my|mine|i|minu|mu|mul|mind|мои|моих|моя|мой|моей|моё|меня|мне)\b", CASELESS
)
