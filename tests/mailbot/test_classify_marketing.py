"""Objections to direct marketing are told from other objections, in three languages."""

import pytest

from mailbot.classify import classify
from models.vocabulary import RequestType


@pytest.mark.parametrize(
    "text",
    [
        "I object to the processing of my personal data for direct marketing.",
        "I object to your sales calls under Article 21.",
        "Every week another newsletter arrives. I object to this use of my data.",
        "Esitan vastuväite oma isikuandmete töötlemisele otseturunduse eesmärgil.",
        "Keelan oma andmete kasutamise reklaami saatmiseks.",
        "Возражаю против обработки моих данных для прямого маркетинга.",
        "Возражаю против использования моих данных для рекламных рассылок.",
    ],
)
def test_an_objection_to_marketing_is_known_as_such(text: str) -> None:
    verdict = classify("", text, [(0, len(text))])
    assert RequestType.OBJECTION in verdict.labels
    assert verdict.marketing_objection


@pytest.mark.parametrize(
    "text",
    [
        "I object to profiling under Article 21 GDPR.",
        "I object to the profiling. You may keep sending the newsletter.",
        "I want a human to review the automated decision you made about me.",
        "Vaidlustan andmete töötlemise õigustatud huvi alusel.",
        "Возражаю против профилирования по статье 21.",
        "Please unsubscribe me from your newsletter.",
        "",
    ],
)
def test_any_other_letter_is_not_an_objection_to_marketing(text: str) -> None:
    assert not classify("", text, [(0, len(text))]).marketing_objection
