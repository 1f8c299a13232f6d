"""What the letter asks for, and what its signed files ask for by themselves."""

from dataclasses import replace

import pytest

from mailbot.understanding import understand
from models.shapes import ContainerCheck, Letter
from models.vocabulary import Decision, ReadingFlag, RequestType
from tests.letters_for_acts import letter

ACCEPTED = ContainerCheck((), accepted=True, digest="0" * 64)
REFUSED = ContainerCheck((), accepted=False, digest="0" * 64)
ERASURE = "Palun kustutage kõik minu andmed."
COVER = "Tere! Saadan manuses digiallkirjastatud avalduse. Lugupidamisega Mari Kask"


def signed(text: str, check: ContainerCheck, body: str = COVER, *flags: ReadingFlag) -> Letter:
    return replace(
        letter(text=body, subject="Avaldus"),
        signature=check,
        signed_texts=(text,),
        flags=frozenset({ReadingFlag.SIGNED_CONTAINER, *flags}),
    )


def test_the_text_of_an_accepted_container_is_the_writers_own() -> None:
    verdict, labels = understand(signed(ERASURE, ACCEPTED))
    assert verdict.labels == labels == (RequestType.ERASURE,)
    assert verdict.decision is Decision.REGISTER


def test_what_the_letter_asks_beside_it_is_kept_apart() -> None:
    body = "Palun saatke mulle koopia kõigist minu isikuandmetest, mis teil on."
    verdict, labels = understand(signed(ERASURE, ACCEPTED, body))
    assert labels == (RequestType.ERASURE,)
    assert set(verdict.labels) > set(labels)


@pytest.mark.parametrize(
    ("check", "flags"),
    [(REFUSED, ()), (ACCEPTED, (ReadingFlag.FORWARDED_MESSAGE,))],
)
def test_a_refused_or_forwarded_container_goes_to_a_person(
    check: ContainerCheck, flags: tuple[ReadingFlag, ...]
) -> None:
    verdict, _ = understand(signed(ERASURE, check, COVER, *flags))
    assert verdict.decision is Decision.TRIAGE


def test_a_signed_file_that_asks_for_nothing_earns_no_label() -> None:
    _, labels = understand(signed("Tere, ilusat päeva!", ACCEPTED, ERASURE))
    assert labels == ()
    assert understand(letter(text=ERASURE))[1] == ()
