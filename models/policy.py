"""The controller's published policy as data: what is processed, why, for whom, how long.

In our own words, with the clause of the policy or the law beside each row, so that a
lawyer can read and change it. Texts are for the person who asked (GDPR Art. 15(1)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.vocabulary import DataCategory, Language, LawfulBasis, Purpose

ET, EN, RU = Language.ET, Language.EN, Language.RU
Texts = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Authority:
    """Where a person may complain (GDPR Art. 77)."""

    name: str
    address: str
    email: str


INSPECTORATE = Authority(
    name="Andmekaitse Inspektsioon",
    address="Tatari 39, 10134 Tallinn",
    email="info@aki.ee",
)


@dataclass(frozen=True, slots=True)
class Aim:
    """A purpose of processing: its clause, its lawful basis, its consent ledger if it has one."""

    clause: str
    basis: LawfulBasis
    text: Texts
    consent: Purpose | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who may be given data, and the clause that says so."""

    clause: str
    text: Texts


class RetentionStart(StrEnum):
    """The day a period of retention runs from."""

    END_OF_FINANCIAL_YEAR = "end_of_financial_year"  # the calendar year
    EVENT = "event"  # the day itself: end of the relationship, due day of the claim


@dataclass(frozen=True, slots=True)
class Retention:
    """How long, from when, and by which law or clause."""

    source: str
    years: int
    start: RetentionStart
    text: Texts


@dataclass(frozen=True, slots=True)
class Category:
    """One of the six categories of clause 3; `systems` are where staff search for it."""

    category: DataCategory
    title: Texts
    aims: tuple[Aim, ...]
    recipients: tuple[Recipient, ...]
    retention: tuple[Retention, ...]
    source: Texts
    systems: tuple[str, ...]
    clauses: tuple[str, ...]

    @property
    def bases(self) -> tuple[LawfulBasis, ...]:
        """The lawful bases of its aims, each once."""
        return tuple(dict.fromkeys(aim.basis for aim in self.aims))


CONTRACT = Aim(
    "5.2",
    LawfulBasis.CONTRACT,
    {
        ET: "lepingu sõlmimine ja täitmine",
        EN: "concluding and performing the contract",
        RU: "заключение и исполнение договора",
    },
)
SERVICE = Aim(
    "5.2",
    LawfulBasis.CONTRACT,
    {
        ET: "teenuste osutamine ja ligipääs neile",
        EN: "providing the services and access to them",
        RU: "оказание услуг и доступ к ним",
    },
)
BILLING = Aim(
    "5.2",
    LawfulBasis.CONTRACT,
    {ET: "teenuste eest arveldamine", EN: "billing for the services", RU: "расчёты за услуги"},
)
RELATIONSHIP = Aim(
    "5.2",
    LawfulBasis.CONTRACT,
    {
        ET: "kliendisuhte hoidmine ja klienditeenindus",
        EN: "keeping up the client relationship and customer service",
        RU: "поддержание отношений с клиентом и обслуживание",
    },
)
IDENTIFICATION = Aim(
    "5.1",
    LawfulBasis.LEGAL_OBLIGATION,
    {ET: "isikusamasuse tuvastamine", EN: "verifying identity", RU: "установление личности"},
)
LEGAL_DUTY = Aim(
    "5.3",
    LawfulBasis.LEGAL_OBLIGATION,
    {
        ET: "seadusest tulenevate kohustuste täitmine",
        EN: "meeting obligations set by law",
        RU: "выполнение обязанностей, установленных законом",
    },
)
OWN_RIGHTS = Aim(
    "5.2",
    LawfulBasis.LEGITIMATE_INTEREST,
    {ET: "meie õiguste kaitsmine", EN: "protecting our rights", RU: "защита наших прав"},
)
SECURITY = Aim(
    "5.4",
    LawfulBasis.LEGITIMATE_INTEREST,
    {
        ET: "võrgu- ja infoturbe tagamine",
        EN: "network and information security",
        RU: "обеспечение сетевой и информационной безопасности",
    },
)
MARKETING = Aim(
    "5.2",
    LawfulBasis.CONSENT,
    {
        ET: "turundusteadete saatmine",
        EN: "sending marketing messages",
        RU: "отправка рекламных сообщений",
    },
    Purpose.MARKETING,
)
SURVEYS = Aim(
    "5.2",
    LawfulBasis.CONSENT,
    {ET: "rahulolu-uuringud", EN: "satisfaction surveys", RU: "опросы удовлетворённости"},
    Purpose.SURVEYS,
)
ANALYTICS = Aim(
    "5.2",
    LawfulBasis.CONSENT,
    {
        ET: "turuanalüüs",
        EN: "market analysis",
        RU: "анализ рынка",
    },
    Purpose.ANALYTICS,
)
COOKIES = Aim(
    "5.2",
    LawfulBasis.CONSENT,
    {
        ET: "veebilehe kasutuskogemuse parandamine küpsiste abil",
        EN: "improving the website with the help of cookies",
        RU: "улучшение сайта с помощью файлов cookie",
    },
    Purpose.COOKIES,
)

PAYMENT_PROVIDER = Recipient(
    "7.2",
    {
        ET: "makseteenuse osutaja Maksekeskus AS",
        EN: "the payment service provider Maksekeskus AS",
        RU: "поставщик платёжных услуг Maksekeskus AS",
    },
)
AUTHORITIES = Recipient(
    "7.1",
    {
        ET: "riigiasutused, kellele seadus meid andmeid andma kohustab (näiteks uurimisasutused, "
        "Maksu- ja Tolliamet ning Politsei- ja Piirivalveamet)",
        EN: "public authorities to which the law obliges us to give data (for example "
        "investigative bodies, the Tax and Customs Board, the Police and Border Guard Board)",
        RU: "государственные учреждения, которым мы по закону обязаны предоставлять данные "
        "(например, следственные органы, Налогово-таможенный департамент, Департамент полиции "
        "и погранохраны)",
    },
)
REGISTRIES = Recipient(
    "1",
    {
        ET: "domeenide registrid ja registreerimisteenuse vahendajad",
        EN: "domain registries and registrars",
        RU: "реестры доменов и посредники по их регистрации",
    },
)
CERT = Recipient(
    "5.4",
    {
        ET: "infoturbeintsidentidega tegelevad rühmad (CERT)",
        EN: "computer emergency response teams (CERT)",
        RU: "группы реагирования на инциденты информационной безопасности (CERT)",
    },
)

AFTER_RELATIONSHIP = Retention(
    "8.2",
    2,
    RetentionStart.EVENT,
    {
        ET: "kliendisuhte ajal ja kaks aastat pärast selle lõppu",
        EN: "during the client relationship and two years after its end",
        RU: "в течение клиентских отношений и два года после их окончания",
    },
)
ACCOUNTING = Retention(
    "RPS § 12",
    7,
    RetentionStart.END_OF_FINANCIAL_YEAR,
    {
        ET: "raamatupidamise algdokumendid seitse aastat majandusaasta lõpust",
        EN: "accounting documents for seven years from the end of the financial year",
        RU: "первичные бухгалтерские документы – семь лет с конца хозяйственного года",
    },
)
INVOICES = Retention(
    "KMS § 36",
    7,
    RetentionStart.EVENT,
    {ET: "arved seitse aastat", EN: "invoices for seven years", RU: "счета – семь лет"},
)
CLAIMS = Retention(
    "TsÜS § 146",
    3,
    RetentionStart.EVENT,
    {
        ET: "nõude aegumiseni, üldjuhul kolm aastat",
        EN: "until a claim expires, as a rule three years",
        RU: "до истечения срока исковой давности – как правило, три года",
    },
)
INTENTIONAL_CLAIMS = Retention(
    "TsÜS § 146",
    10,
    RetentionStart.EVENT,
    {
        ET: "kohustuse tahtlikust rikkumisest tuleneva nõude korral kümme aastat",
        EN: "ten years for a claim arising from an intentional breach",
        RU: "десять лет – для требования, вытекающего из умышленного нарушения обязанности",
    },
)

_YOURSELF: Texts = {
    ET: "teie ise, kui tellisite või kasutasite teenust või meiega suhtlesite",
    EN: "you, when you ordered or used a service or were in contact with us",
    RU: "Вы сами, когда заказывали услугу, пользовались ею или общались с нами",
}
_YOUR_DEVICE: Texts = {
    ET: "teie seade, kui kasutasite teenust või meie veebilehte",
    EN: "your device, when you used a service or our website",
    RU: "Ваше устройство, когда Вы пользовались услугой или нашим сайтом",
}

CATEGORIES: dict[DataCategory, Category] = {
    category.category: category
    for category in (
        Category(
            DataCategory.CLIENT,
            {
                ET: "kliendi ja tema esindaja andmed",
                EN: "data of the client and the client's representative",
                RU: "данные клиента и его представителя",
            },
            (CONTRACT, RELATIONSHIP, IDENTIFICATION, LEGAL_DUTY, MARKETING),
            (REGISTRIES, AUTHORITIES),
            (AFTER_RELATIONSHIP, ACCOUNTING),
            _YOURSELF,
            ("client register", "contracts", "domain registry accounts", "mailing lists"),
            ("3", "5.1", "5.2", "5.3", "7.1", "8.2"),
        ),
        Category(
            DataCategory.DEVICE,
            {ET: "seadmete andmed", EN: "data about devices", RU: "данные об устройствах"},
            (SERVICE, SECURITY, COOKIES, ANALYTICS),
            (CERT, AUTHORITIES),
            (AFTER_RELATIONSHIP,),
            _YOUR_DEVICE,
            ("web server logs", "login logs", "cookie and analytics tools"),
            ("3", "4", "5.2", "5.4", "7.1", "8.2"),
        ),
        Category(
            DataCategory.COMMUNICATION,
            {ET: "suhtlusandmed", EN: "communication", RU: "переписка и записи разговоров"},
            (RELATIONSHIP, OWN_RIGHTS),
            (AUTHORITIES,),
            (AFTER_RELATIONSHIP, CLAIMS),
            _YOURSELF,
            ("mailbox", "help desk", "messages", "call recordings"),
            ("3", "5.2", "7.1", "8.2"),
        ),
        Category(
            DataCategory.PAYMENT,
            {ET: "maksekäitumise andmed", EN: "payment data", RU: "данные о платежах"},
            (BILLING, LEGAL_DUTY, OWN_RIGHTS),
            (PAYMENT_PROVIDER, AUTHORITIES),
            (ACCOUNTING, INVOICES, CLAIMS, INTENTIONAL_CLAIMS),
            _YOURSELF,
            ("accounting", "payment service", "debt records"),
            ("3", "5.2", "5.3", "7.1", "7.2", "8.2"),
        ),
        Category(
            DataCategory.SATISFACTION,
            {
                ET: "kliendirahulolu andmed",
                EN: "client satisfaction data",
                RU: "данные об удовлетворённости клиента",
            },
            (SURVEYS, ANALYTICS),
            (),
            (AFTER_RELATIONSHIP,),
            _YOURSELF,
            ("survey tool", "service usage statistics"),
            ("3", "5.2", "8.2"),
        ),
        Category(
            DataCategory.CONTENT,
            {
                ET: "kliendiga seotud failid, andmebaasid ja logid",
                EN: "files, databases and logs connected with the client",
                RU: "файлы, базы данных и журналы, связанные с клиентом",
            },
            (SERVICE, SECURITY),
            (CERT, AUTHORITIES),
            (AFTER_RELATIONSHIP,),
            _YOURSELF,
            ("hosting servers", "cloud storage", "backups", "service logs"),
            ("3", "5.2", "5.4", "7.1", "8.2"),
        ),
    )
}


def keep_until(retention: Retention, day: date) -> date:
    """The last day something of `day` is kept under `retention`.

    An invoice booked in 2026 is kept under RPS § 12 until 31 December 2033.
    """
    if retention.start is RetentionStart.END_OF_FINANCIAL_YEAR:
        return date(day.year + retention.years, 12, 31)
    try:
        return day.replace(year=day.year + retention.years)
    except ValueError:  # 29 February
        return date(day.year + retention.years, 2, 28)
