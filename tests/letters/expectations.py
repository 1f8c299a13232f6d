"""What reading and screening must make of every .eml file in this folder."""

from dataclasses import dataclass, field

from models.vocabulary import Answer, AutomaticKind, ReadingFlag

SEND, HOLD, SILENT = Answer.SEND, Answer.HOLD, Answer.SILENT
REPORT, REPLY = AutomaticKind.DELIVERY_REPORT, AutomaticKind.AUTO_REPLY
OURS = "<ack.0123456789abcdef0123456789abcdef@netpro.ee>"


@dataclass(frozen=True, slots=True)
class Expected:
    """`says` must be in the new words, `not_says` must not; `flags` are exactly these."""

    answer: Answer
    why: str = ""
    automatic: AutomaticKind | None = None
    says: str = ""
    not_says: str = ""
    subject: str = ""
    flags: frozenset[ReadingFlag] = frozenset()
    more: dict[str, object] = field(default_factory=dict)


def flags(*names: str) -> frozenset[ReadingFlag]:
    return frozenset(ReadingFlag(name) for name in names)


def bounced(*ids: str) -> dict[str, object]:
    return {"bounced_message_ids": ids}


ERASE = "kustutage minu andmed"

EXPECTED: dict[str, Expected] = {
    # ordinary requests
    "erasure_et": Expected(SEND, says="kõik minu isikuandmed", not_says="Metsa Puit"),
    "copy_en": Expected(SEND, says="2. Tell me who received it", not_says="confidential"),
    "withdrawal_ru": Expected(SEND, says="Отзываю согласие", not_says="удалить"),
    "auto_submitted_no": Expected(SEND, says="kustutage minu konto"),
    "formal_head": Expected(SEND, says="Saatja: Mari Mets"),
    # machines
    "dsn_failed": Expected(SILENT, "delivery_report", REPORT, more=bounced(OURS)),
    "dsn_unknown_case": Expected(
        SILENT, "delivery_report", REPORT, more=bounced("<somebody.elses.1@netpro.ee>")
    ),
    "dsn_delayed": Expected(SILENT, "delivery_report", REPORT, more=bounced()),
    "bounce_et": Expected(SILENT, "bounce_subject", REPORT, more=bounced(OURS)),
    "bounce_ru": Expected(
        SILENT,
        "bounce_subject",
        REPORT,
        subject="Недоставленное сообщение",
        more=bounced(OURS),
    ),
    "away_headers": Expected(SILENT, "auto_submitted", REPLY, more={"in_reply_to": (OURS,)}),
    "away_without_headers_et": Expected(SILENT, "away_subject", REPLY),
    "away_koi8r": Expected(
        SILENT, "away_subject", REPLY, says="Я в отпуске", subject="Автоответ: Ваше обращение"
    ),
    "auto_notified": Expected(SILENT, "auto_submitted", REPLY),
    "read_receipt": Expected(SILENT, "report", REPLY, more=bounced()),
    "newsletter": Expected(
        HOLD, "list_header", AutomaticKind.LIST, says="Spring offers", not_says="Delete my data"
    ),
    "google_group": Expected(
        HOLD, "list_header", AutomaticKind.LIST, says="erase my personal data", not_says="Groups"
    ),
    "own_acknowledgement_back": Expected(SILENT, "own_message", AutomaticKind.OWN),
    "own_address": Expected(SILENT, "own_address", AutomaticKind.OWN, says=ERASE),
    "robot_echo": Expected(HOLD, "loop_header", not_says="erase your personal data"),
    # doubtful senders
    "foreign_reply_to": Expected(HOLD, "foreign_reply_to", says="koopia"),
    "dmarc_fail": Expected(HOLD, "no_proof", says=ERASE),
    "forged_lower_results": Expected(HOLD, "no_proof", says=ERASE),
    "foreign_results": Expected(HOLD, "no_proof", says=ERASE),
    "unaligned_pass": Expected(HOLD, "no_proof", says=ERASE),
    "no_reply_sender": Expected(HOLD, "no_reply_sender"),
    "precedence_second": Expected(HOLD, "precedence", AutomaticKind.BULK, says=ERASE),
    "suppress_list": Expected(HOLD, "response_suppressed", says=ERASE),
    "suppress_receipts_only": Expected(SEND, says=ERASE),
    # ids
    "same_id_first": Expected(SEND, says=ERASE, more={"message_id": "<korduv.1@klient.example>"}),
    "same_id_second": Expected(
        SEND, says="koopia", more={"message_id": "<korduv.1@klient.example>"}
    ),
    "no_message_id": Expected(SEND, says=ERASE, more={"message_id": None}),
    "folded_message_id": Expected(
        SEND, says=ERASE, more={"message_id": "<volditud.1@klient.example>"}
    ),
    "unparsable_ids": Expected(
        SEND,
        says=ERASE,
        more={
            "message_id": None,
            "in_reply_to": (),
            "references": ("<hea.1@klient.example>",),
        },
    ),
    # From
    "from_quote_only": Expected(
        SILENT, "sender_unclear", says=ERASE, flags=flags("header_unreadable")
    ),
    "from_empty_group": Expected(
        SILENT, "sender_unclear", says=ERASE, flags=flags("header_unreadable")
    ),
    "from_missing": Expected(SILENT, "sender_unclear", says=ERASE),
    "from_two": Expected(SILENT, "sender_unclear", says=ERASE),
    "from_twice": Expected(SILENT, "sender_unclear", says=ERASE),
    "bcc_injection": Expected(SEND, says=ERASE, subject="Kustutamine Bcc: ohver@teine.example"),
    # charsets
    "koi8r_8bit": Expected(SEND, says="персональные данные", subject="Удаление данных"),
    "koi8r_unlabelled": Expected(
        SEND, says="Прошу удалить мои данные.", subject="Запрос", flags=flags("charset_guessed")
    ),
    "windows1257_8bit": Expected(SEND, says="Ülo Žukov, Põltsamaa", subject="Küsimus žürii kohta"),
    "ascii_label_over_cp1251": Expected(
        SEND, says="прислать копию", subject="Копия данных", flags=flags("charset_wrong")
    ),
    "utf8_label_over_cp1257": Expected(
        SEND, says="võtke mu nõusolek", subject="Nõusolek", flags=flags("charset_wrong")
    ),
    "latin1_label_over_cp1251": Expected(
        SEND, says="Прошу удалить", subject="Удаление", flags=flags("charset_wrong")
    ),
    "unknown_charset": Expected(
        SEND, says="mu ülejäänud andmed", subject="Ülejääk", flags=flags("charset_guessed")
    ),
    "broken_utf8": Expected(SEND, says="kõik mu ülejäänud", flags=flags("charset_lossy")),
    # HTML
    "html_only": Expected(SEND, says="Palun kustutage minu andmed.", not_says="color"),
    "html_gmail_reply": Expected(SEND, says=ERASE, not_says="piirame"),
    "html_outlook_reply": Expected(SEND, says="parandage minu aadress", not_says="kustutamist"),
    "html_interleaved": Expected(
        SEND, says="lõpetage uudiskirjade saatmine", not_says="tohime saata"
    ),
    "html_differs": Expected(SEND, says="minu kasutajakonto", flags=flags("html_differs")),
    # quotes
    "only_quote": Expected(SEND, not_says="kustutage", flags=flags("only_quote")),
    "interleaved": Expected(SEND, says="Ei, palun kustutage kõik.", not_says="säilitada"),
    "outlook_et": Expected(SEND, says="turunduses", not_says="kustutame"),
    # forwards and attachments
    "forward_rfc822": Expected(
        SEND, says="Palun tegelege.", not_says="Kustutage", flags=flags("forwarded_message")
    ),
    "p7m": Expected(SEND, flags=flags("attachment_unread", "signed_container")),
    "attached_text": Expected(SEND, says="vt manus", flags=flags("attachment_unread")),
    # dates
    "date_2050": Expected(SEND, says=ERASE),
    "date_overflow": Expected(SEND, says=ERASE, more={"own_received_at": None}),
    "date_none": Expected(SEND, says=ERASE, more={"own_received_at": None}),
    "raising_headers": Expected(SEND, says=ERASE),
}
