"""Cases from the letter to a lawful close, by mail and over the API, on real servers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.vocabulary import Role
from tests.containers import container
from tests.journeys.office import ERASE, Office, acknowledged, all_ticked_off, goes_out, grants

pytestmark = pytest.mark.asyncio(loop_scope="module")
CODE = "36805280109"


async def hands_over_a_package(office: Office, reference: str) -> None:
    """Built, its passphrase shown, both given face to face."""
    case = await office.case(reference)
    on_case = {"requestId": case["id"], "version": case["version"]}
    built = await office.act("requestPackage", "package { id version }", on_case)
    assert built["userErrors"] == []
    package = {"packageId": built["package"]["id"], "version": built["package"]["version"]}
    shown = await office.act(
        "packageShowPassphrase", "passphrase", package | {"idempotencyKey": "p"}
    )
    assert shown["passphrase"]
    given = package | {
        "version": package["version"] + 1,
        "channel": "IN_PERSON",
        "passphraseChannel": "IN_PERSON",
    }
    assert (await office.act("packageHandOver", "package { id }", given))["userErrors"] == []


async def test_full_access_after_the_challenge_was_answered(office: Office) -> None:
    mari = "mari@kask.example"
    await office.client("Mari Kask", mari)
    ack = await acknowledged(
        office, mari, "Andmete väljavõte",
        "Tere!\n\nSoovin teada, milliseid minu isikuandmeid te töötlete, ja palun ka koopiat"
        " kõigist minu kohta hoitavatest andmetest.\n\nMari Kask",
    )  # fmt: skip
    assert "artikli 15 lõige 3" in ack.text
    reference = ack.reference
    await grants_too_early(office, reference)
    await office.on(reference, "requestAskIdentity", text="Koopia anname ainult Teile endale.")
    asked = await office.mail_to(mari)
    await office.case_that(reference, lambda case: case["status"] == "AWAITING_IDENTITY")
    office.write(
        mari, f"Re: {asked.subject}", "Kinnitan, et taotluse esitasin mina.", answers=asked
    )
    case = await office.case_that(reference, lambda case: case["status"] == "IN_PROGRESS")
    assert case["identity"]["assurance"] == "CONFIRMED"
    await hands_over_a_package(office, reference)
    await grants(office, reference, "INFORMATION", "COPY")
    assert await all_ticked_off(office, reference)
    await office.on(reference, "requestClose")
    answer = await office.mail_to(mari)
    for words in (
        "Jah, me töötleme teie isikuandmeid",
        "eraldi failina",
        "Andmekaitse Inspektsioon",
    ):
        assert words.casefold() in answer.text.casefold()
    closed = await office.case(reference)
    assert (closed["status"], closed["outcome"]) == ("CLOSED", "GRANTED")
    assert closed["deadline"]["state"] == "MET"


async def grants_too_early(office: Office, reference: str) -> None:
    """A copy to somebody who is only matched is refused (law 3)."""
    given: dict[str, Any] = {"type": "COPY", "outcome": "GRANTED", "refused": "IDENTITY_REQUIRED"}
    await office.on(reference, "requestDecideItem", **given)


async def test_rectification_with_a_signed_container_is_answered_to_the_address_on_file(
    office: Office,
) -> None:
    identifier = {"scheme": "EE_PERSONAL_CODE", "code": CODE}
    await office.client("Mari Maasikas", "maasikas@file.example", identifier=identifier)
    words = "Palun parandage minu isikuandmetes vale telefoninumber, õige on +372 5550 1234."
    signed = container({"avaldus.txt": words.encode()}, at=datetime.now(UTC) - timedelta(minutes=5))
    ack = await acknowledged(
        office, "uus@elsewhere.example", "Avaldus",
        "Tere! Saadan digiallkirjastatud avalduse: palun parandage minu isikuandmetes vale"
        " telefoninumber. Mari Maasikas", attached=("avaldus.asice", signed),
    )  # fmt: skip
    case = await office.case(ack.reference)
    assert (case["types"], case["identity"]["assurance"]) == (["RECTIFICATION"], "SIGNED")
    assert case["subject"]["displayName"] == "Mari Maasikas"
    await grants(office, ack.reference, "RECTIFICATION", answer="Parandasime telefoninumbri.")
    assert await all_ticked_off(office, ack.reference)
    await office.on(ack.reference, "requestClose")
    answer = await office.mail_to("maasikas@file.example")
    assert "Parandasime telefoninumbri." in answer.text


async def test_a_marketing_objection_from_an_unknown_address_holds_and_closes_at_once(
    office: Office,
) -> None:
    stranger = "keegi@stranger.example"
    ack = await acknowledged(
        office, stranger, "Ei soovi reklaami",
        "Esitan vastuväite oma andmete kasutamisele otseturunduseks. Ärge enam saatke mulle"
        " reklaami.",
    )  # fmt: skip
    case = await office.case_that(ack.reference, lambda case: case["status"] == "CLOSED")
    assert {item["status"] for item in case["items"]} == {"EFFECTIVE"}
    query = "query S($a: [EmailAddress!]!) { isSuppressed(addresses: $a) { purposes } }"
    found = await office.ask(query, Role.INTEGRATION, a=[stranger])
    assert found["isSuppressed"] == [{"purposes": ["MARKETING"]}]


async def test_one_of_three_consents_is_withdrawn_and_two_stand(office: Office) -> None:
    address = "kolm@consents.example"
    client = await office.client("Kolm Nõusolekut", address)
    for version, purpose in enumerate(("MARKETING", "SURVEYS", "ANALYTICS"), 1):
        given = {"clientId": client, "version": version, "purpose": purpose, "kind": "GIVEN"}
        at = (datetime.now(UTC) - timedelta(days=30)).isoformat()
        more = {"method": "FORM", "at": at}
        await office.act("consentRecord", "client { version }", given | more, Role.INTEGRATION)
    ack = await acknowledged(
        office, address, "Nõusoleku tagasivõtmine",
        "Tere! Võtan tagasi oma nõusoleku saada turunduskirju. Palun ärge saatke mulle enam"
        " uudiskirja.",
    )  # fmt: skip
    await office.case_that(ack.reference, lambda case: case["status"] == "CLOSED")
    query = (
        "query C($id: ID!) { node(id: $id) { ... on Client { consents"
        " { purpose { code } state } } } }"
    )
    found = await office.ask(query, id=client)
    states = {one["purpose"]["code"]: one["state"] for one in found["node"]["consents"]}
    assert states["MARKETING"] == "WITHDRAWN"
    assert (states["SURVEYS"], states["ANALYTICS"]) == ("GIVEN", "GIVEN")


RENAME = (
    "Tere! Palun parandage minu nimi oma andmebaasis: õige on Mari Kask-Tamm, endine nimi"
    " Mari Kask on vale."
)
MORE_TIME: dict[str, Any] = {
    "ground": "COMPLEXITY",
    "explanation": "Andmeid tuleb otsida vanadest süsteemidest.",
}


async def test_an_extension_in_time_counts_once_its_letter_went_out(office: Office) -> None:
    address = "pikk@extended.example"
    await office.client("Pikk Asi", address)
    ack = await acknowledged(office, address, "Andmete kustutamine", ERASE)
    before = (await office.case(ack.reference))["deadline"]["dueOn"]
    await office.on(ack.reference, "requestExtendDeadline", **MORE_TIME)
    notice = await office.mail_to(address)
    assert MORE_TIME["explanation"] in notice.text
    await goes_out(office, ack.reference, "EXTENSION")
    deadline = (await office.case(ack.reference))["deadline"]
    assert deadline["dueOn"] == deadline["extension"]["until"] > before
    assert deadline["extension"]["isPending"] is False
    await office.on(ack.reference, "requestExtendDeadline", refused="ALREADY_EXTENDED", **MORE_TIME)
    await office.on(ack.reference, "requestWithdraw", note="Helistas ja loobus.")
    assert "Loobusite" in (await office.mail_to(address)).text


async def test_a_late_extension_is_refused_a_late_answer_is_sent_and_missed(office: Office) -> None:
    address = "hilja@late.example"
    await office.client("Hilja Vastatud", address)
    ack = await acknowledged(
        office, address, "Palun parandage", RENAME,
        received_at=datetime.now(UTC) - timedelta(days=60),
    )  # fmt: skip
    assert (await office.case(ack.reference))["deadline"]["state"] == "OVERDUE"
    await office.on(ack.reference, "requestExtendDeadline", refused="TOO_LATE", **MORE_TIME)
    await grants(office, ack.reference, "RECTIFICATION", answer="Parandasime nime.")
    assert await all_ticked_off(office, ack.reference)
    await office.on(ack.reference, "requestClose")
    assert "Parandasime nime." in (await office.mail_to(address)).text
    case = await office.case(ack.reference)
    assert (case["status"], case["deadline"]["state"]) == ("CLOSED", "MISSED")


async def test_an_identity_that_is_never_proven_ends_in_a_reasoned_refusal(office: Office) -> None:
    john = "john@unknown.example"
    ack = await acknowledged(
        office, john, "Copy of my data",
        "Hello,\n\nplease send me a copy of all personal data you hold about me (Article 15"
        " GDPR).\n\nJohn Smith",
    )  # fmt: skip
    await office.on(ack.reference, "requestAskIdentity", text="We do not know this address.")
    assert "We do not know this address." in (await office.mail_to(john)).text
    await goes_out(office, ack.reference, "IDENTITY_CHECK")
    await office.on(ack.reference, "requestRemind")
    await office.mail_to(john)
    refusal: dict[str, Any] = {
        "reason": "IDENTITY_VERIFICATION_FAILURE",
        "explanation": "You did not confirm that the request is yours.",
    }
    await office.on(ack.reference, "requestRefuse", role=Role.DPO, **refusal)
    answer = await office.mail_to(john)
    for words in (refusal["explanation"], "Data Protection Inspectorate", "court"):
        assert words in answer.text
    case = await office.case(ack.reference)
    assert (case["status"], case["outcome"]) == ("CLOSED", "REFUSED")


async def test_a_lawyer_without_a_mandate_is_asked_and_then_refused(office: Office) -> None:
    lawyer = "advokat@law.example"
    ack = await acknowledged(
        office, lawyer, "Запрос от адвоката",
        "Здравствуйте!\n\nЯ адвокат Пётр Иванов и представляю интересы своего клиента. Прошу"
        " предоставить копию всех персональных данных моего клиента, которые вы"
        " обрабатываете.\n\nС уважением,\nПётр Иванов",
    )  # fmt: skip
    case = await office.case(ack.reference)
    assert case["language"] == "RU"
    doubt = "Вы не приложили доверенность, поэтому мы не знаем, вправе ли Вы представлять клиента."
    await office.on(ack.reference, "requestAskIdentity", text=doubt)
    assert doubt in (await office.mail_to(lawyer)).text
    why = "Доверенность мы не получили, поэтому передать данные другого лица не можем."
    refusal: dict[str, Any] = {"reason": "IDENTITY_VERIFICATION_FAILURE", "explanation": why}
    await office.on(ack.reference, "requestRefuse", role=Role.DPO, **refusal)
    assert why in (await office.mail_to(lawyer)).text
    assert (await office.case(ack.reference))["outcome"] == "REFUSED"


async def test_a_company_s_letter_with_a_person_s_request_becomes_two_cases(office: Office) -> None:
    address = "ann@kaev.example"
    firm: dict[str, Any] = {
        "kind": "LEGAL_PERSON",
        "identifier": {"scheme": "EE_REGISTRY_CODE", "code": "12345678"},
        "representatives": [
            {"name": "Ann Kaev", "addresses": [{"kind": "EMAIL", "value": address}]}
        ],
    }
    await office.client("Kaev OÜ", **firm)
    ann = await office.client("Ann Kaev", "ann@home.example")
    ack = await acknowledged(
        office, address, "Andmed",
        "Tere!\n\nOlen Kaev OÜ juhatuse liige. Võtame tagasi nõusoleku saata meie ettevõttele"
        " turunduskirju. Samuti palun koopiat minu enda isikuandmetest, mida te minu kohta"
        " hoiate.\n\nAnn Kaev",
    )  # fmt: skip
    case = await office.case(ack.reference)
    assert case["subject"]["displayName"] == "Kaev OÜ"
    hers = [kind for kind in case["types"] if kind != "CONSENT_WITHDRAWAL"]
    split: dict[str, Any] = {
        "labels": hers,
        "isShared": False,
        "clientId": ann,
        "reason": "Küsib enda andmeid.",
    }
    made = await office.on(ack.reference, "requestSplit", **split)
    own = made["reference"]
    assert own != ack.reference
    checked: dict[str, Any] = {
        "method": "IN_PERSON",
        "note": "Näitas kontoris ID-kaarti; koopiat ei tehtud.",
    }
    await office.on(own, "requestVerifyIdentity", **checked)
    await hands_over_a_package(office, own)
    await grants(office, own, *hers)
    assert await all_ticked_off(office, own)
    await office.on(own, "requestClose")
    assert own in (await office.mail_to("ann@home.example")).subject
    await office.on(ack.reference, "requestClose")
    assert ack.reference in (await office.mail_to(address)).subject
    for reference in (own, ack.reference):
        assert (await office.case(reference))["status"] == "CLOSED"


async def test_an_oral_request_on_a_sunday_is_answered_on_paper_by_its_own_clock(
    office: Office,
) -> None:
    client = await office.client("Suuline Palve", "suuline@oral.example")
    now = datetime.now(UTC)
    sunday = (now - timedelta(days=now.isoweekday())).replace(hour=9)
    given = {
        "channel": "PHONE",
        "receivedAt": sunday.isoformat(),
        "labels": ["RECTIFICATION"],
        "text": "Helistas pühapäeval ja palus aadressi parandada.",
        "clientId": client,
        "language": "ET",
    }
    made = await office.act("requestCreate", "request { reference }", given)
    reference = made["request"]["reference"]
    case = await office.case(reference)
    assert case["deadline"]["receivedOn"] == sunday.date().isoformat()
    called: dict[str, Any] = {
        "method": "CALL_BACK",
        "note": "Helistasime tagasi numbril, mis on kirjas.",
    }
    await office.on(reference, "requestVerifyIdentity", **called)
    await grants(office, reference, "RECTIFICATION", answer="Parandasime aadressi.")
    assert await all_ticked_off(office, reference)
    await office.on(reference, "requestClose", handedOver=True)
    case = await office.case(reference)
    assert (case["status"], case["deadline"]["state"]) == ("CLOSED", "MET")
    assert case["outbound"] == []
