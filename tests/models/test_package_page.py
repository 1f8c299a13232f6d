"""The page of an access package answers every point of GDPR Art. 15(1), in each language."""

import re
from html import unescape

import pytest

from models.house import House
from models.policy import CATEGORIES
from models.vocabulary import Language, RequestType
from tests.opened_package import Opened, case, opened

# Point of Art. 15(1) -> words a reader finds it by: Estonian, English, Russian.
POINTS: dict[str, tuple[str, str, str]] = {
    "whether, first sentence": (
        "Jah, me töötleme teie isikuandmeid",
        "Yes, we process personal data about you",
        "Да, мы обрабатываем Ваши персональные данные",
    ),
    "(a) purposes": (
        "lepingu sõlmimine ja täitmine – leping",
        "concluding and performing the contract – contract",
        "заключение и исполнение договора – договор",
    ),
    "(c) recipients": ("Maksekeskus AS", "Maksekeskus AS", "Maksekeskus AS"),
    "(c) third countries": (
        "väljapoole Euroopa Majanduspiirkonda",
        "outside the European Economic Area",
        "за пределы Европейской экономической зоны",
    ),
    "(d) period": (
        "kaks aastat pärast selle lõppu",
        "two years after",
        "два года после",
    ),
    "(e) rectification, erasure, restriction": (
        "andmete parandamist, kustutamist või töötlemise piiramist",
        "correct or erase your data or to restrict",
        "исправить или удалить данные либо ограничить",
    ),
    "(e) objection": ("esitada töötlemisele vastuväide", "you may object", "возразить против"),
    "(f) complaint": ("info@aki.ee", "info@aki.ee", "info@aki.ee"),
    "(g) source": ("Kust andmed pärinevad", "Where they come from", "Откуда получены данные"),
    "(h) automated decisions": (
        "üksnes automaatselt",
        "by automated means alone",
        "исключительно автоматически",
    ),
    "controller": ("registrikood 12345678", "registry code 12345678", "регистровый код 12345678"),
    "consent may be withdrawn": (
        "nõusoleku saate igal ajal tagasi võtta",
        "withdraw a consent at any time",
        "согласие можно отозвать в любое время",
    ),
    "consultations": (
        "Millal ja milleks on teie andmeid vaadatud",
        "When and why your data were looked at",
        "Когда и зачем просматривали Ваши данные",
    ),
}


def text_of(found: Opened) -> str:
    """What a reader sees."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.page)))


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("right", [RequestType.INFORMATION, RequestType.COPY])
async def test_every_point_of_the_article_is_answered(
    house: House, language: Language, right: RequestType
) -> None:
    """Information alone, and with every copy (Art. 15(3))."""
    found = await opened(house, await case(house, right), language=language)
    text = text_of(found)
    order = (Language.ET, Language.EN, Language.RU)
    missing = [point for point, words in POINTS.items() if words[order.index(language)] not in text]
    assert missing == []
    for policy in CATEGORIES.values():  # (b)
        title = policy.title[language]
        assert title[:1].upper() + title[1:] in text
    told = found.json("data")["information"]["processing"]
    assert all(one["purposes"] and one["period"] and one["source"] for one in told)


@pytest.mark.usefixtures("register")
async def test_the_page_needs_nothing_from_outside_and_fits_a4(house: House) -> None:
    """No script, no address to fetch from; what it links to lies beside it."""
    found = await opened(house, await case(house, *RequestType))
    assert not re.search(r"https?://|<script|\ssrc=|@import|url\(", found.page)
    assert "@page{size:A4" in found.page
    for path in re.findall(r'href="([^#"][^"]*)"', found.page):
        assert path in found.files
    anchors = set(re.findall(r'href="#([^"]+)"', found.page))
    assert anchors
    assert anchors <= set(re.findall(r'<h2 id="([^"]+)"', found.page))
