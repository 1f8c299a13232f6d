"""The words letters are built of, per language, as data for a lawyer to read."""

from models.vocabulary import AskedPurpose, Language, RequestType

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
        "automaatse otsuse korral artikkel 22).",
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
