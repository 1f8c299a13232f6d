"""Rows every register starts with: the purposes of policy clause 5.2."""

from models.tables import ConsentPurpose
from models.vocabulary import LawfulBasis, Purpose

PURPOSES = {
    Purpose.MARKETING: (
        "Müügiedendus- ja turundusteated",
        "Sales promotion and marketing messages",
        "Рекламные и маркетинговые сообщения",
    ),
    Purpose.SURVEYS: (
        "Rahulolu-uuringud",
        "Customer satisfaction surveys",
        "Опросы удовлетворённости",
    ),
    Purpose.ANALYTICS: (
        "Turuanalüüsid ja statistika",
        "Market analysis and statistics",
        "Анализ рынка и статистика",
    ),
    Purpose.COOKIES: ("Küpsised veebilehel", "Cookies on the website", "Файлы cookie на сайте"),
}


async def seed() -> None:
    """Writes what is missing; changes nothing that is there."""
    for code, (et, en, ru) in PURPOSES.items():
        await ConsentPurpose.get_or_create(
            {
                "title_et": et,
                "title_en": en,
                "title_ru": ru,
                "lawful_basis": LawfulBasis.CONSENT,
            },
            code=code,
        )
