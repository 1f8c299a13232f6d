"""What an alarm to staff says, per language: its title and its text."""

from models.letters.facts import StaffAlarm
from models.vocabulary import Language

ALARMS: dict[Language, dict[StaffAlarm, tuple[str, str]]] = {
    Language.ET: {
        StaffAlarm.POSSIBLE_BREACH: (
            "võimalik andmeleke",
            (
                "Saabus kiri, milles võidakse teatada andmelekkest või andmete lubamatust "
                "avaldamisest. Lugege see kohe läbi ja otsustage, kas rikkumisest tuleb teatada "
                "(IKÜM artikkel 33)."
            ),
        ),
        StaffAlarm.AUTHORITY_LETTER: (
            "kiri ametiasutuselt",
            (
                "Saabus kiri, mis näib tulevat järelevalveasutuselt, kohtult või politseilt. "
                "Automaatset vastust sellele ei saadetud. Lugege see kohe läbi."
            ),
        ),
        StaffAlarm.BREAKER: (
            "automaatkirjad on peatatud",
            (
                "Ühe tunni jooksul oli automaatkirju rohkem kui lubatud. Järgmised kirjad ootavad "
                "töötaja otsust; kontrollige, kas meile saadab kirju mõni robot."
            ),
        ),
        StaffAlarm.UNDELIVERED: (
            "kiri ei jõudnud kohale",
            (
                "Meie kirja ei õnnestunud kätte toimetada või ei ole selle saatus teada. Tähtaeg "
                "kulgeb edasi. Otsustage, kas saata kiri uuesti või muul viisil."
            ),
        ),
        StaffAlarm.QUARANTINE: (
            "kirja ei õnnestunud lugeda",
            (
                "Ühte kirja ei õnnestunud kolmel katsel lugeda. See on karantiinis ja tähtaeg võib "
                "juba kulgeda. Avage kiri postkastis."
            ),
        ),
        StaffAlarm.DUE: (
            "tähtaeg läheneb",
            (
                "Juhtumile tuleb vastata hiljemalt tähtpäeval. Vastamise aega saab pikendada "
                "ainult enne tähtpäeva, üks kord ja põhjendatult (IKÜM artikli 12 lõige 3)."
            ),
        ),
        StaffAlarm.OUTAGE: (
            "postkasti ei jälgitud",
            (
                "Vahepeal ei olnud postkastiga ühendust. Kirju, mis sel ajal kustutati, me ei näe. "
                "Kontrollige, kas midagi läks kaduma."
            ),
        ),
    },
    Language.EN: {
        StaffAlarm.POSSIBLE_BREACH: (
            "possible data breach",
            (
                "A letter has arrived that may report a leak or an unlawful disclosure. Read it "
                "now and decide whether the breach must be notified (Article 33 GDPR)."
            ),
        ),
        StaffAlarm.AUTHORITY_LETTER: (
            "letter from an authority",
            (
                "A letter has arrived that seems to come from the supervisory authority, a court "
                "or the police. No automatic answer was sent. Read it now."
            ),
        ),
        StaffAlarm.BREAKER: (
            "automatic letters are held",
            (
                "There were more automatic letters within an hour than allowed. The next ones wait "
                "for a person; check whether a machine is writing to us."
            ),
        ),
        StaffAlarm.UNDELIVERED: (
            "a letter did not arrive",
            (
                "One of our letters could not be delivered, or nobody knows what became of it. The "
                "deadline keeps running. Decide whether to send it again or in another way."
            ),
        ),
        StaffAlarm.QUARANTINE: (
            "a letter could not be read",
            (
                "Three attempts to read a letter failed. It is in quarantine, and a deadline may "
                "already be running. Open the letter in the mailbox."
            ),
        ),
        StaffAlarm.DUE: (
            "the due date is near",
            (
                "The case must be answered by the due date. The time can be extended only before "
                "that date, once and with reasons (Article 12(3) GDPR)."
            ),
        ),
        StaffAlarm.OUTAGE: (
            "the mailbox was not watched",
            (
                "There was no connection to the mailbox for a time. Letters deleted meanwhile "
                "cannot be seen. Check whether anything was lost."
            ),
        ),
    },
    Language.RU: {
        StaffAlarm.POSSIBLE_BREACH: (
            "возможная утечка данных",
            (
                "Пришло письмо, в котором, возможно, сообщают об утечке или незаконном раскрытии "
                "данных. Прочитайте его немедленно и решите, нужно ли уведомлять о нарушении "
                "(статья 33 GDPR)."
            ),
        ),
        StaffAlarm.AUTHORITY_LETTER: (
            "письмо от государственного органа",
            (
                "Пришло письмо, по-видимому, от надзорного органа, суда или полиции. "
                "Автоматический ответ на него не отправлен. Прочитайте его немедленно."
            ),
        ),
        StaffAlarm.BREAKER: (
            "автоматические письма остановлены",
            (
                "За час набралось больше автоматических писем, чем разрешено. Следующие ждут "
                "решения сотрудника; проверьте, не пишет ли нам робот."
            ),
        ),
        StaffAlarm.UNDELIVERED: (
            "письмо не дошло",
            (
                "Наше письмо не удалось доставить, или его судьба неизвестна. Срок продолжает "
                "идти. Решите, отправить ли письмо снова или другим способом."
            ),
        ),
        StaffAlarm.QUARANTINE: (
            "письмо не удалось прочитать",
            (
                "Письмо не удалось прочитать с трёх попыток. Оно в карантине, а срок, возможно, "
                "уже идёт. Откройте письмо в почтовом ящике."
            ),
        ),
        StaffAlarm.DUE: (
            "приближается срок ответа",
            (
                "На обращение нужно ответить не позднее указанной даты. Продлить срок можно только "
                "до этой даты, один раз и с обоснованием (пункт 3 статьи 12 GDPR)."
            ),
        ),
        StaffAlarm.OUTAGE: (
            "почтовый ящик не отслеживался",
            (
                "Какое-то время не было связи с почтовым ящиком. Писем, удалённых за это время, мы "
                "не видим. Проверьте, не пропало ли что-нибудь."
            ),
        ),
    },
}
