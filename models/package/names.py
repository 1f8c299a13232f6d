"""Words of the register as a person reads them: Estonian, English, Russian, side by side."""

from collections.abc import Mapping
from enum import StrEnum

from models.package.consultations import Why
from models.vocabulary import (
    ActorKind,
    AddressKind,
    AskedPurpose,
    Assurance,
    Channel,
    ConsentEventKind,
    ConsentMethod,
    ConsentState,
    DeliveryState,
    IdentifierScheme,
    ItemStatus,
    Language,
    LawfulBasis,
    LetterKind,
    Outcome,
    RequestStatus,
)

Three = tuple[str, str, str]
_ORDER = (Language.ET, Language.EN, Language.RU)

# Keyed by the enum first: members of two enums with the same value are equal.
NAMES: Mapping[type[StrEnum], Mapping[StrEnum, Three]] = {
    Language: {
        Language.ET: ("eesti", "Estonian", "эстонский"),
        Language.EN: ("inglise", "English", "английский"),
        Language.RU: ("vene", "Russian", "русский"),
    },
    AddressKind: {
        AddressKind.EMAIL: ("e-post", "e-mail", "эл. почта"),
        AddressKind.PHONE: ("telefon", "telephone", "телефон"),
        AddressKind.POSTAL: ("postiaadress", "postal address", "почтовый адрес"),
        AddressKind.USERNAME: ("kasutajanimi", "user name", "имя пользователя"),
    },
    IdentifierScheme: {
        IdentifierScheme.EE_PERSONAL_CODE: ("isikukood", "personal code", "личный код"),
        IdentifierScheme.EE_REGISTRY_CODE: ("registrikood", "registry code", "регистровый код"),
        IdentifierScheme.OTHER: ("muu kood", "other code", "другой код"),
    },
    LawfulBasis: {
        LawfulBasis.CONSENT: ("teie nõusolek", "your consent", "Ваше согласие"),
        LawfulBasis.CONTRACT: ("leping", "contract", "договор"),
        LawfulBasis.LEGAL_OBLIGATION: (
            "seadusest tulenev kohustus",
            "legal obligation",
            "обязанность по закону",
        ),
        LawfulBasis.LEGITIMATE_INTEREST: (
            "meie õigustatud huvi",
            "our legitimate interest",
            "наш законный интерес",
        ),
    },
    ConsentState: {
        ConsentState.GIVEN: ("antud", "given", "дано"),
        ConsentState.REFUSED: ("keeldutud", "refused", "отказано"),
        ConsentState.WITHDRAWN: ("tagasi võetud", "withdrawn", "отозвано"),
        ConsentState.EXPIRED: ("aegunud", "expired", "истекло"),
        ConsentState.UNKNOWN: ("ei ole antud", "not given", "не дано"),
    },
    ConsentEventKind: {
        ConsentEventKind.GIVEN: ("anti", "given", "дано"),
        ConsentEventKind.REFUSED: ("keelduti", "refused", "отказано"),
        ConsentEventKind.WITHDRAWN: ("võeti tagasi", "withdrawn", "отозвано"),
        ConsentEventKind.EXPIRED: ("aegus", "expired", "истекло"),
        ConsentEventKind.RENEWED: ("uuendati", "renewed", "продлено"),
        ConsentEventKind.INVALIDATED: (
            "tunnistati kehtetuks",
            "invalidated",
            "признано недействительным",
        ),
    },
    ConsentMethod: {
        ConsentMethod.MAIL: ("e-kirjaga", "by e-mail", "письмом"),
        ConsentMethod.FORM: ("veebivormil", "on a web form", "через форму на сайте"),
        ConsentMethod.PHONE: ("telefonitsi", "by telephone", "по телефону"),
        ConsentMethod.PAPER: ("paberil", "on paper", "на бумаге"),
        ConsentMethod.STAFF: ("töötaja kaudu", "through our staff", "через сотрудника"),
        ConsentMethod.IMPORT: (
            "kliendisüsteemist",
            "from the customer system",
            "из системы клиентов",
        ),
    },
    ActorKind: {
        ActorKind.STAFF: ("kirja pani töötaja", "recorded by our staff", "внёс сотрудник"),
        ActorKind.BOT: (
            "kirja pani postirobot",
            "recorded by the mail robot",
            "внёс почтовый робот",
        ),
        ActorKind.SUBJECT: ("teatasite ise", "you told us yourself", "сообщили Вы сами"),
        ActorKind.INTEGRATION: (
            "kirja pani teine meie süsteem",
            "recorded by another system of ours",
            "внесла другая наша система",
        ),
        ActorKind.SYSTEM: (
            "kirja pandi automaatselt",
            "recorded automatically",
            "внесено автоматически",
        ),
    },
    AskedPurpose: {
        AskedPurpose.MARKETING: ("otseturundus", "direct marketing", "прямой маркетинг"),
        AskedPurpose.SURVEYS: (
            "rahulolu-uuringud",
            "satisfaction surveys",
            "опросы удовлетворённости",
        ),
        AskedPurpose.ANALYTICS: ("analüütika", "analytics", "аналитика"),
        AskedPurpose.COOKIES: ("küpsised", "cookies", "файлы cookie"),
        AskedPurpose.ALL: (
            "kõik nõusolekul põhinev",
            "everything that rests on consent",
            "всё, что основано на согласии",
        ),
    },
    Channel: {
        Channel.EMAIL: ("e-kirjaga", "by e-mail", "по эл. почте"),
        Channel.PHONE: ("telefonitsi", "by telephone", "по телефону"),
        Channel.POST: ("postiga", "by post", "почтой"),
        Channel.IN_PERSON: ("kohapeal", "in person", "лично"),
        Channel.OTHER: ("muul viisil", "in another way", "другим способом"),
    },
    Assurance: {
        Assurance.CLAIMED: ("kontrollimata", "not checked", "не проверена"),
        Assurance.MATCHED: (
            "kiri tuli meile teada olevalt aadressilt",
            "the letter came from an address on file",
            "письмо пришло с известного нам адреса",
        ),
        Assurance.CONFIRMED: ("kinnitatud", "confirmed", "подтверждена"),
        Assurance.SIGNED: (
            "kinnitatud digiallkirjaga",
            "confirmed by a digital signature",
            "подтверждена цифровой подписью",
        ),
    },
    RequestStatus: {
        RequestStatus.NEW: ("uus", "new", "новое"),
        RequestStatus.AWAITING_IDENTITY: (
            "ootame teie isiku kinnitust",
            "waiting for you to confirm who you are",
            "ждём подтверждения личности",
        ),
        RequestStatus.AWAITING_CLARIFICATION: (
            "ootame teie täpsustust",
            "waiting for your clarification",
            "ждём Вашего уточнения",
        ),
        RequestStatus.IN_PROGRESS: ("menetluses", "in progress", "в работе"),
        RequestStatus.CLOSED: ("vastatud", "answered", "дан ответ"),
        RequestStatus.MERGED: (
            "liidetud teise juhtumiga",
            "merged with another case",
            "объединено с другим делом",
        ),
        RequestStatus.NOT_A_REQUEST: (
            "ei olnud andmekaitsetaotlus",
            "was not a data protection request",
            "не было запросом о защите данных",
        ),
    },
    ItemStatus: {
        ItemStatus.OPEN: ("otsustamata", "not decided yet", "не решено"),
        ItemStatus.EFFECTIVE: (
            "jõustus kirja saabumisel",
            "took effect on receipt",
            "вступило в силу при получении",
        ),
        ItemStatus.DECIDED: ("otsustatud", "decided", "решено"),
    },
    Outcome: {
        Outcome.GRANTED: ("täidetud", "granted", "выполнено"),
        Outcome.PARTLY_GRANTED: ("osaliselt täidetud", "partly granted", "выполнено частично"),
        Outcome.REFUSED: ("keeldutud", "refused", "отказано"),
        Outcome.NOT_HELD: ("andmeid ei ole", "no such data held", "таких данных нет"),
        Outcome.WITHDRAWN_BY_SUBJECT: (
            "loobusite taotlusest",
            "you withdrew the request",
            "Вы отказались от запроса",
        ),
    },
    LetterKind: {
        LetterKind.ACKNOWLEDGEMENT: (
            "kinnitus kättesaamise kohta",
            "acknowledgement",
            "подтверждение получения",
        ),
        LetterKind.IDENTITY_CHECK: ("isiku kontroll", "identity check", "проверка личности"),
        LetterKind.CLARIFICATION: ("täpsustav küsimus", "clarification", "уточняющий вопрос"),
        LetterKind.EXTENSION: ("tähtaja pikendamine", "extension of time", "продление срока"),
        LetterKind.FEE_NOTICE: ("teade tasu kohta", "notice of a fee", "сообщение о плате"),
        LetterKind.CLOSING: ("vastus", "answer", "ответ"),
        LetterKind.REFUSAL: ("keeldumine", "refusal", "отказ"),
        LetterKind.REPLY: ("kiri", "letter", "письмо"),
        LetterKind.REMINDER: ("meeldetuletus", "reminder", "напоминание"),
        LetterKind.RESTRICTION_LIFTED: (
            "piirangu lõpetamine",
            "end of a restriction",
            "снятие ограничения",
        ),
        LetterKind.STAFF_DIGEST: ("töötajatele", "to our staff", "сотрудникам"),
        LetterKind.STAFF_ALARM: ("töötajatele", "to our staff", "сотрудникам"),
    },
    DeliveryState: {
        DeliveryState.QUEUED: ("ootab saatmist", "waiting to be sent", "ожидает отправки"),
        DeliveryState.HELD: (
            "ootab töötaja otsust",
            "waiting for our staff",
            "ждёт решения сотрудника",
        ),
        DeliveryState.SENDING: ("saatmisel", "being sent", "отправляется"),
        DeliveryState.SENT: ("saadetud", "sent", "отправлено"),
        DeliveryState.DEFERRED: (
            "saadetakse uuesti",
            "will be sent again",
            "будет отправлено повторно",
        ),
        DeliveryState.MAYBE_SENT: (
            "kohalejõudmine ei ole teada",
            "not known whether it arrived",
            "неизвестно, дошло ли",
        ),
        DeliveryState.BOUNCED: ("tuli tagasi", "came back", "вернулось"),
        DeliveryState.FAILED: ("ei jõudnud kohale", "did not arrive", "не доставлено"),
        DeliveryState.DROPPED: ("jäeti saatmata", "not sent after all", "решено не отправлять"),
    },
    Why: {
        Why.REQUEST: (
            "teie pöördumise menetlemine",
            "handling your request",
            "рассмотрение Вашего обращения",
        ),
        Why.SERVICE: (
            "klienditeenindus ja kliendiandmete haldamine",
            "customer service and keeping client data",
            "обслуживание и ведение данных клиента",
        ),
        Why.EXCHANGE: (
            "andmevahetus meie enda süsteemide vahel",
            "exchange between our own systems",
            "обмен между нашими системами",
        ),
        Why.PACKAGE: (
            "käesoleva vastuse koostamine",
            "making this answer",
            "подготовка этого ответа",
        ),
        Why.SUPERVISION: (
            "materjalid järelevalveasutusele",
            "file for the supervisory authority",
            "материалы для надзорного органа",
        ),
    },
}


def name(member: StrEnum, language: Language) -> str:
    """A member of the vocabulary in the person's language."""
    return NAMES[type(member)][member][_ORDER.index(language)]
