"""Estonian words of the case file: the Inspectorate reads about the person, not the person."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date

from models.letters.words import ET_MONTHS
from models.package.names import name
from models.vocabulary import (
    ActorKind,
    Assurance,
    AuthResult,
    BreachOutcome,
    Channel,
    DeadlineState,
    ExtensionGround,
    IdentityMethod,
    ItemStatus,
    Justification,
    Language,
    LawfulBasis,
    LetterKind,
    Outcome,
    RequestStatus,
    TaskKind,
    TellingOutcome,
    TimelineKind,
)

# Where the words for the person would speak to the reader ("your letter"), these do not.
NAMES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    ActorKind: {
        ActorKind.STAFF: "töötaja",
        ActorKind.BOT: "postirobot",
        ActorKind.SUBJECT: "inimene ise",
        ActorKind.INTEGRATION: "teine süsteem",
        ActorKind.SYSTEM: "süsteem",
    },
    Assurance: {
        Assurance.CLAIMED: "L0: kontrollimata",
        Assurance.MATCHED: "L1: kiri tuli registris olevalt aadressilt, mille õigsust kinnitas "
        "meie postiserver",
        Assurance.CONFIRMED: "L2: kinnitatud",
        Assurance.SIGNED: "L3: kinnitatud digiallkirjaga",
    },
    BreachOutcome: {
        BreachOutcome.NOTIFIED: "rikkumisest teatati Andmekaitse Inspektsioonile",
        BreachOutcome.NOT_NOTIFIED: "rikkumisest ei teatata: oht inimeste õigustele ja "
        "vabadustele on ebatõenäoline",
        BreachOutcome.NO_BREACH: "isikuandmetega seotud rikkumist ei olnud",
    },
    Channel: {
        Channel.EMAIL: "e-kiri",
        Channel.PHONE: "telefon",
        Channel.POST: "post",
        Channel.IN_PERSON: "kohapeal",
        Channel.OTHER: "muu",
    },
    DeadlineState: {
        DeadlineState.ON_TIME: "tähtaeg kulgeb",
        DeadlineState.DUE_SOON: "tähtaeg lõpeb peagi",
        DeadlineState.OVERDUE: "tähtaeg on möödunud, vastust ei ole",
        DeadlineState.MET: "vastatud tähtajal",
        DeadlineState.MISSED: "vastatud pärast tähtaega",
    },
    ExtensionGround: {
        ExtensionGround.COMPLEXITY: "taotluse keerukus",
        ExtensionGround.NUMBER_OF_REQUESTS: "taotluste arv",
    },
    IdentityMethod: {
        IdentityMethod.KNOWN_ADDRESS: "registris olev aadress",
        IdentityMethod.ADDRESS_CHALLENGE: "vastus registris olevale aadressile saadetud küsimusele",
        IdentityMethod.CLIENT_FACTS: "kliendiandmete küsimine",
        IdentityMethod.DIGITAL_SIGNATURE: "digiallkiri",
        IdentityMethod.CALL_BACK: "tagasihelistamine",
        IdentityMethod.IN_PERSON: "kohapeal",
    },
    ItemStatus: {
        ItemStatus.OPEN: "otsustamata",
        ItemStatus.EFFECTIVE: "jõustus saabumisel",
        ItemStatus.DECIDED: "otsustatud",
    },
    Justification: {
        Justification.COMPLEXITY_OF_PROCESS: "taotluse keerukus",
        Justification.HIGH_VOLUME_OF_PROCESSES: "taotluste arv",
        Justification.IDENTITY_VERIFICATION_REQUIRED: "põhjendatud kahtlus isikusamasuses "
        "(IKÜM artikli 12 lõige 6)",
        Justification.INFORMATION_REQUIRED: "taotluse täpsustamine (IKÜM põhjendus 63)",
        Justification.IDENTITY_VERIFICATION_FAILURE: "isikusamasus jäi tuvastamata",
        Justification.LEGAL_OBLIGATION_IMPAIRED: "seadusest tulenev säilitamiskohustus",
        Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED: "õigusnõude koostamine, esitamine või "
        "kaitsmine",
        Justification.CONTRACT_PERFORMANCE_NECESSITY: "lepingu täitmine",
        Justification.THIRD_PARTY_RIGHTS_IMPAIRED: "teiste isikute õigused",
        Justification.PROCESS_EXCESSIVE: "ülemäärane taotlus",
        Justification.PROCESS_UNFOUNDED: "selgelt põhjendamatu taotlus",
        Justification.FULFILMENT_IMPOSSIBLE: "taotlust ei ole võimalik täita",
        Justification.LEGITIMATE_INTEREST_OVERRIDE: "töötlemiseks on mõjuv õiguspärane põhjus "
        "(IKÜM artikli 21 lõige 1)",
        Justification.NOT_REQUIRED_JUSTIFICATION: "õiguse kasutamise tingimused ei ole täidetud",
    },
    LawfulBasis: {
        LawfulBasis.CONSENT: "nõusolek",
        LawfulBasis.CONTRACT: "leping",
        LawfulBasis.LEGAL_OBLIGATION: "seadusest tulenev kohustus",
        LawfulBasis.LEGITIMATE_INTEREST: "õigustatud huvi",
    },
    LetterKind: {
        LetterKind.STAFF_DIGEST: "päevakokkuvõte töötajatele",
        LetterKind.STAFF_ALARM: "teade andmekaitsespetsialistile",
    },
    Outcome: {
        Outcome.GRANTED: "täidetud",
        Outcome.PARTLY_GRANTED: "osaliselt täidetud",
        Outcome.REFUSED: "keeldutud",
        Outcome.NOT_HELD: "andmeid ei ole",
        Outcome.WITHDRAWN_BY_SUBJECT: "inimene loobus taotlusest",
    },
    RequestStatus: {
        RequestStatus.NEW: "uus",
        RequestStatus.AWAITING_IDENTITY: "ootab isikusamasuse kinnitust",
        RequestStatus.AWAITING_CLARIFICATION: "ootab täpsustust",
        RequestStatus.IN_PROGRESS: "menetluses",
        RequestStatus.CLOSED: "vastatud",
        RequestStatus.MERGED: "liidetud teise juhtumiga",
        RequestStatus.NOT_A_REQUEST: "ei olnud andmekaitsetaotlus",
    },
    TaskKind: {
        TaskKind.SEARCH: "otsimine",
        TaskKind.EXPORT: "väljavõte",
        TaskKind.CORRECT: "parandamine",
        TaskKind.ERASE: "kustutamine",
        TaskKind.RESTRICT: "piiramine",
        TaskKind.NOTIFY_RECIPIENT: "andmete saaja teavitamine",
        TaskKind.DELETE_IN_MAILBOX: "kirja kustutamine postkastist",
        TaskKind.UNRESTRICT: "piirangu märke eemaldamine",
    },
    TellingOutcome: {
        TellingOutcome.TOLD: "andmesubjekte teavitati (IKÜM artikli 34 lõige 1)",
        TellingOutcome.TOLD_PUBLICLY: "rikkumisest teavitati avalikult: igaühe eraldi teavitamine "
        "oleks nõudnud ebaproportsionaalseid jõupingutusi (IKÜM artikli 34 lõike 3 punkt c)",
        TellingOutcome.NO_HIGH_RISK: "andmesubjekte ei teavitata: suur oht nende õigustele ja "
        "vabadustele ei ole tõenäoline (IKÜM artikli 34 lõige 1)",
        TellingOutcome.UNINTELLIGIBLE: "andmesubjekte ei teavitata: andmed on juurdepääsuõiguseta "
        "isikutele loetamatud (IKÜM artikli 34 lõike 3 punkt a)",
        TellingOutcome.AVERTED: "andmesubjekte ei teavitata: hilisemate meetmete tõttu ei ole suur "
        "oht enam tõenäoline (IKÜM artikli 34 lõike 3 punkt b)",
    },
    TimelineKind: {
        TimelineKind.RECEIVED: "saabumine",
        TimelineKind.CLASSIFIED: "liigitamine",
        TimelineKind.ACKNOWLEDGED: "kinnituskiri",
        TimelineKind.ASSIGNED: "määramine",
        TimelineKind.IDENTITY: "isikusamasus",
        TimelineKind.CLARIFICATION: "täpsustamine",
        TimelineKind.EXTENDED: "pikendamine",
        TimelineKind.SUSPENDED: "peatumine",
        TimelineKind.RESUMED: "jätkumine",
        TimelineKind.DECIDED: "otsus",
        TimelineKind.TASK: "ülesanne",
        TimelineKind.REPLIED: "kiri",
        TimelineKind.MERGED: "liitmine",
        TimelineKind.SPLIT: "jagamine",
        TimelineKind.RECLASSIFIED: "ümberliigitamine",
        TimelineKind.HELD: "jäi töötaja otsustada",
        TimelineKind.LEGAL_HOLD: "kustutamiskeeld",
        TimelineKind.CLOSED: "lõpetamine",
        TimelineKind.REOPENED: "taasavamine",
        TimelineKind.DELIVERY: "kättetoimetamine",
        TimelineKind.NOTE: "märkus",
        TimelineKind.EFFECT: "jõustumine",
        TimelineKind.FILE: "fail",
        TimelineKind.PACKAGE: "andmepakett",
        TimelineKind.ERASED: "kustutamine",
        TimelineKind.BREACH: "võimalik rikkumine",
    },
}


def word(member: StrEnum) -> str:
    """A member of the vocabulary; results of RFC 8601 stay as they are."""
    own = NAMES.get(type(member), {}).get(member)
    if own is not None:
        return own
    return member.value if isinstance(member, AuthResult) else name(member, Language.ET)


def day(value: date) -> str:
    """E.g. 5. märts 2026."""
    return format_date(value, "long", locale="et")


def on(value: date) -> str:
    """Inside a sentence: 5. märtsil 2026."""
    return f"{value.day}. {ET_MONTHS[value.month - 1]}l {value.year}"


def day_or_none(value: date | None) -> str | None:
    """None stays None."""
    return None if value is None else day(value)


def moment_or_none(zone: ZoneInfo, value: datetime | None) -> str | None:
    """None stays None."""
    return None if value is None else moment(zone, value)


def moment(zone: ZoneInfo, value: datetime) -> str:
    """Local time to the second: the order of things may matter."""
    return f"{value.astimezone(zone):%d.%m.%Y %H:%M:%S}"
