"""The words letters are built of, per language, as data for a lawyer to read."""

from models.vocabulary import AskedPurpose, Justification, Language, Outcome, RequestType

ET, EN, RU = Language.ET, Language.EN, Language.RU

LOCALES: dict[Language, str] = {ET: "et", EN: "en_GB", RU: "ru"}

# Estonian months take their case endings on these stems: "aprillil", "aprillist".
ET_MONTHS = (
    "jaanuari",
    "veebruari",
    "märtsi",
    "aprilli",
    "mai",
    "juuni",
    "juuli",
    "augusti",
    "septembri",
    "oktoobri",
    "novembri",
    "detsembri",
)

# Whole sentences, so that one right reads as well as several.
UNDERSTOOD: dict[Language, dict[RequestType, str]] = {
    ET: {
        RequestType.INFORMATION: "Soovite teada, kas ja milliseid teie isikuandmeid me töötleme, "
        "mis eesmärgil ja mis alusel (artikli 15 lõige 1).",
        RequestType.COPY: "Soovite oma isikuandmete koopiat (artikli 15 lõige 3).",
        RequestType.RECTIFICATION: "Soovite, et parandaksime või täiendaksime teie andmeid "
        "(artikkel 16).",
        RequestType.ERASURE: "Soovite, et kustutaksime teie isikuandmed (artikkel 17).",
        RequestType.RESTRICTION: "Soovite, et piiraksime teie isikuandmete töötlemist "
        "(artikkel 18).",
        RequestType.PORTABILITY: "Soovite saada oma andmed masinloetaval kujul, et neid ise "
        "kasutada või teisele teenuseosutajale anda (artikkel 20).",
        RequestType.OBJECTION: "Esitate vastuväite oma isikuandmete töötlemisele (artikkel 21; "
        "automatiseeritud otsuse korral artikkel 22).",
        RequestType.CONSENT_WITHDRAWAL: "Võtate tagasi oma nõusoleku (artikli 7 lõige 3).",
        RequestType.COMPLAINT: "Esitate kaebuse selle kohta, kuidas me isikuandmetega ümber käime.",
        RequestType.INQUIRY: "Teil on küsimus isikuandmete kaitse kohta (artikkel 13).",
    },
    EN: {
        RequestType.INFORMATION: "You ask whether we process personal data about you and, if so, "
        "which data, for what purpose and on what legal basis (Article 15(1)).",
        RequestType.COPY: "You ask for a copy of your personal data (Article 15(3)).",
        RequestType.RECTIFICATION: "You ask us to correct or complete your data (Article 16).",
        RequestType.ERASURE: "You ask us to erase your personal data (Article 17).",
        RequestType.RESTRICTION: "You ask us to restrict the processing of your personal data "
        "(Article 18).",
        RequestType.PORTABILITY: "You ask for your data in a machine-readable form, for your own "
        "use or for another provider (Article 20).",
        RequestType.OBJECTION: "You object to the processing of your personal data (Article 21; "
        "for automated decisions, Article 22).",
        RequestType.CONSENT_WITHDRAWAL: "You withdraw your consent (Article 7(3)).",
        RequestType.COMPLAINT: "You complain about the way we handle personal data.",
        RequestType.INQUIRY: "You have a question about the protection of personal data "
        "(Article 13).",
    },
    RU: {
        RequestType.INFORMATION: "Вы хотите узнать, обрабатываем ли мы Ваши персональные данные, "
        "какие именно, с какой целью и на каком основании (пункт 1 статьи 15).",
        RequestType.COPY: "Вы просите предоставить копию Ваших персональных данных "
        "(пункт 3 статьи 15).",
        RequestType.RECTIFICATION: "Вы просите исправить или дополнить Ваши данные (статья 16).",
        RequestType.ERASURE: "Вы просите удалить Ваши персональные данные (статья 17).",
        RequestType.RESTRICTION: "Вы просите ограничить обработку Ваших персональных данных "
        "(статья 18).",
        RequestType.PORTABILITY: "Вы просите предоставить Ваши данные в машиночитаемом виде – "
        "для себя или для передачи другому поставщику услуг (статья 20).",
        RequestType.OBJECTION: "Вы возражаете против обработки Ваших персональных данных "
        "(статья 21; в случае автоматизированного решения – статья 22).",
        RequestType.CONSENT_WITHDRAWAL: "Вы отзываете своё согласие (пункт 3 статьи 7).",
        RequestType.COMPLAINT: "Вы жалуетесь на то, как мы обращаемся с персональными данными.",
        RequestType.INQUIRY: "У Вас есть вопрос о защите персональных данных (статья 13).",
    },
}

WITHDRAWN_FOR: dict[Language, str] = {
    ET: "Võtate tagasi oma nõusoleku {purposes} (artikli 7 lõige 3).",
    EN: "You withdraw your consent to {purposes} (Article 7(3)).",
    RU: "Вы отзываете своё согласие на {purposes} (пункт 3 статьи 7).",
}

# "may have": the letter must not confirm that there was a consent.
WITHDRAWN_ALL: dict[Language, str] = {
    ET: "Võtate tagasi kõik nõusolekud, mille võite olla meile andnud (artikli 7 lõige 3).",
    EN: "You withdraw every consent you may have given us (Article 7(3)).",
    RU: "Вы отзываете все согласия, которые могли нам дать (пункт 3 статьи 7).",
}

MARKETING_OBJECTION: dict[Language, str] = {
    ET: "Esitate vastuväite oma isikuandmete kasutamisele otseturunduseks "
    "(artikli 21 lõiked 2 ja 3).",
    EN: "You object to the use of your personal data for direct marketing (Article 21(2) and (3)).",
    RU: "Вы возражаете против использования Ваших персональных данных для прямого маркетинга "
    "(пункты 2 и 3 статьи 21).",
}

# After "nõusoleku", "consent to", "согласие на".
CONSENT_TO: dict[Language, dict[AskedPurpose, str]] = {
    ET: {
        AskedPurpose.MARKETING: "otseturunduseks",
        AskedPurpose.SURVEYS: "rahulolu-uuringuteks",
        AskedPurpose.ANALYTICS: "analüütikaks",
        AskedPurpose.COOKIES: "küpsiste kasutamiseks",
    },
    EN: {
        AskedPurpose.MARKETING: "direct marketing",
        AskedPurpose.SURVEYS: "satisfaction surveys",
        AskedPurpose.ANALYTICS: "analytics",
        AskedPurpose.COOKIES: "the use of cookies",
    },
    RU: {
        AskedPurpose.MARKETING: "прямой маркетинг",
        AskedPurpose.SURVEYS: "опросы удовлетворённости",
        AskedPurpose.ANALYTICS: "аналитику",
        AskedPurpose.COOKIES: "использование файлов cookie",
    },
}

# A heading, with the article where there is one.
TITLES: dict[Language, dict[RequestType, str]] = {
    ET: {
        RequestType.INFORMATION: "Teave andmete töötlemise kohta (IKÜM artikli 15 lõige 1)",
        RequestType.COPY: "Isikuandmete koopia (IKÜM artikli 15 lõige 3)",
        RequestType.RECTIFICATION: "Andmete parandamine (IKÜM artikkel 16)",
        RequestType.ERASURE: "Andmete kustutamine (IKÜM artikkel 17)",
        RequestType.RESTRICTION: "Andmete töötlemise piiramine (IKÜM artikkel 18)",
        RequestType.PORTABILITY: "Andmete ülekandmine (IKÜM artikkel 20)",
        RequestType.OBJECTION: "Vastuväide andmete töötlemisele (IKÜM artikkel 21)",
        RequestType.CONSENT_WITHDRAWAL: "Nõusoleku tagasivõtmine (IKÜM artikli 7 lõige 3)",
        RequestType.COMPLAINT: "Kaebus",
        RequestType.INQUIRY: "Küsimus (IKÜM artikkel 13)",
    },
    EN: {
        RequestType.INFORMATION: "Information about the processing (Article 15(1) GDPR)",
        RequestType.COPY: "Copy of your personal data (Article 15(3) GDPR)",
        RequestType.RECTIFICATION: "Correction of your data (Article 16 GDPR)",
        RequestType.ERASURE: "Erasure of your data (Article 17 GDPR)",
        RequestType.RESTRICTION: "Restriction of processing (Article 18 GDPR)",
        RequestType.PORTABILITY: "Data portability (Article 20 GDPR)",
        RequestType.OBJECTION: "Objection to processing (Article 21 GDPR)",
        RequestType.CONSENT_WITHDRAWAL: "Withdrawal of consent (Article 7(3) GDPR)",
        RequestType.COMPLAINT: "Complaint",
        RequestType.INQUIRY: "Question (Article 13 GDPR)",
    },
    RU: {
        RequestType.INFORMATION: "Сведения об обработке данных (пункт 1 статьи 15 GDPR)",
        RequestType.COPY: "Копия персональных данных (пункт 3 статьи 15 GDPR)",
        RequestType.RECTIFICATION: "Исправление данных (статья 16 GDPR)",
        RequestType.ERASURE: "Удаление данных (статья 17 GDPR)",
        RequestType.RESTRICTION: "Ограничение обработки данных (статья 18 GDPR)",
        RequestType.PORTABILITY: "Переносимость данных (статья 20 GDPR)",
        RequestType.OBJECTION: "Возражение против обработки данных (статья 21 GDPR)",
        RequestType.CONSENT_WITHDRAWAL: "Отзыв согласия (пункт 3 статьи 7 GDPR)",
        RequestType.COMPLAINT: "Жалоба",
        RequestType.INQUIRY: "Вопрос (статья 13 GDPR)",
    },
}

# After "Reason:", without a full stop.
REASONS: dict[Language, dict[Justification, str]] = {
    ET: {
        Justification.COMPLEXITY_OF_PROCESS: "taotlus on keerukas",
        Justification.HIGH_VOLUME_OF_PROCESSES: "taotlusi on palju",
        Justification.IDENTITY_VERIFICATION_REQUIRED: "peame enne veenduma, et taotluse "
        "esitasite teie",
        Justification.INFORMATION_REQUIRED: "vajame taotluse täitmiseks lisateavet",
        Justification.IDENTITY_VERIFICATION_FAILURE: "me ei saanud veenduda, et taotluse "
        "esitasite teie",
        Justification.LEGAL_OBLIGATION_IMPAIRED: "seadus kohustab meid neid andmeid säilitama",
        Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED: "vajame neid andmeid õigusnõude koostamiseks, "
        "esitamiseks või kaitsmiseks",
        Justification.CONTRACT_PERFORMANCE_NECESSITY: "vajame neid andmeid teiega sõlmitud "
        "lepingu täitmiseks",
        Justification.THIRD_PARTY_RIGHTS_IMPAIRED: "taotluse täitmine kahjustaks teiste inimeste "
        "õigusi",
        Justification.PROCESS_EXCESSIVE: "taotlus on ülemäärane",
        Justification.PROCESS_UNFOUNDED: "taotlus on selgelt põhjendamatu",
        Justification.FULFILMENT_IMPOSSIBLE: "taotlust ei ole võimalik täita",
        Justification.LEGITIMATE_INTEREST_OVERRIDE: "meil on andmete töötlemiseks mõjuv "
        "õiguspärane põhjus, mis kaalub üles teie huvid, õigused ja vabadused",
        Justification.NOT_REQUIRED_JUSTIFICATION: "selle õiguse kasutamise tingimused ei ole "
        "täidetud",
    },
    EN: {
        Justification.COMPLEXITY_OF_PROCESS: "the request is complex",
        Justification.HIGH_VOLUME_OF_PROCESSES: "there are many requests",
        Justification.IDENTITY_VERIFICATION_REQUIRED: "we must first be sure that the request "
        "comes from you",
        Justification.INFORMATION_REQUIRED: "we need more information to act on the request",
        Justification.IDENTITY_VERIFICATION_FAILURE: "we could not make sure that the request "
        "comes from you",
        Justification.LEGAL_OBLIGATION_IMPAIRED: "the law obliges us to keep these data",
        Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED: "we need these data to establish, exercise or "
        "defend a legal claim",
        Justification.CONTRACT_PERFORMANCE_NECESSITY: "we need these data to perform the contract "
        "with you",
        Justification.THIRD_PARTY_RIGHTS_IMPAIRED: "acting on the request would harm the rights of "
        "other people",
        Justification.PROCESS_EXCESSIVE: "the request is excessive",
        Justification.PROCESS_UNFOUNDED: "the request is manifestly unfounded",
        Justification.FULFILMENT_IMPOSSIBLE: "it is not possible to act on the request",
        Justification.LEGITIMATE_INTEREST_OVERRIDE: "we have compelling legitimate grounds for the "
        "processing which override your interests, rights and freedoms",
        Justification.NOT_REQUIRED_JUSTIFICATION: "the conditions of this right are not met",
    },
    RU: {
        Justification.COMPLEXITY_OF_PROCESS: "запрос сложен",
        Justification.HIGH_VOLUME_OF_PROCESSES: "запросов много",
        Justification.IDENTITY_VERIFICATION_REQUIRED: "сначала мы должны убедиться, что запрос "
        "исходит от Вас",
        Justification.INFORMATION_REQUIRED: "для выполнения запроса нам нужны дополнительные "
        "сведения",
        Justification.IDENTITY_VERIFICATION_FAILURE: "мы не смогли убедиться, что запрос исходит "
        "от Вас",
        Justification.LEGAL_OBLIGATION_IMPAIRED: "закон обязывает нас хранить эти данные",
        Justification.LEGAL_CLAIM_DEFENCE_IMPAIRED: "эти данные нужны нам для обоснования, "
        "предъявления или защиты правовых требований",
        Justification.CONTRACT_PERFORMANCE_NECESSITY: "эти данные нужны нам для исполнения "
        "договора с Вами",
        Justification.THIRD_PARTY_RIGHTS_IMPAIRED: "выполнение запроса нарушило бы права других "
        "людей",
        Justification.PROCESS_EXCESSIVE: "запрос чрезмерен",
        Justification.PROCESS_UNFOUNDED: "запрос явно необоснован",
        Justification.FULFILMENT_IMPOSSIBLE: "запрос невозможно выполнить",
        Justification.LEGITIMATE_INTEREST_OVERRIDE: "у нас есть веские законные основания для "
        "обработки, которые перевешивают Ваши интересы, права и свободы",
        Justification.NOT_REQUIRED_JUSTIFICATION: "условия, при которых действует это право, не "
        "выполнены",
    },
}

# How one right ended, where the letter does not say it in its own block.
OUTCOMES: dict[Language, dict[Outcome, str]] = {
    ET: {
        Outcome.GRANTED: "Taotlus on täidetud.",
        Outcome.PARTLY_GRANTED: "Taotlus on täidetud osaliselt.",
        Outcome.REFUSED: "Me ei saa seda taotlust täita.",
        Outcome.NOT_HELD: "Meil ei ole teie kohta andmeid, mida see taotlus puudutab.",
        Outcome.WITHDRAWN_BY_SUBJECT: "Loobusite sellest taotlusest.",
    },
    EN: {
        Outcome.GRANTED: "We have done what you asked.",
        Outcome.PARTLY_GRANTED: "We have done part of what you asked.",
        Outcome.REFUSED: "We cannot do what you asked.",
        Outcome.NOT_HELD: "We hold no data about you that this request concerns.",
        Outcome.WITHDRAWN_BY_SUBJECT: "You withdrew this request.",
    },
    RU: {
        Outcome.GRANTED: "Запрос выполнен.",
        Outcome.PARTLY_GRANTED: "Запрос выполнен частично.",
        Outcome.REFUSED: "Мы не можем выполнить этот запрос.",
        Outcome.NOT_HELD: "У нас нет данных о Вас, которых касается этот запрос.",
        Outcome.WITHDRAWN_BY_SUBJECT: "Вы отказались от этого запроса.",
    },
}

# A title for the subject line, and what to do.
