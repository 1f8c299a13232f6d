"""Clients and consents in: idempotent, versioned, and careful with a restricted client."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.acts.clients import (
    AddressRecord,
    ClientRecord,
    ContractRecord,
    RepresentativeRecord,
    import_clients,
    upsert_client,
)
from models.acts.consents import ConsentRecord, record_consent
from models.acts.effects import suppress
from models.house import House
from models.shapes import SYSTEM, Actor, ActRefused
from models.tables import (
    Client,
    ConsentEvent,
    ContactAddress,
    JournalEntry,
    PolicyVersion,
    Suppression,
)
from models.vocabulary import (
    AddressKind,
    AskedPurpose,
    ClientKind,
    ConsentEventKind,
    ConsentMethod,
    ErrorCode,
    IdentifierScheme,
    Purpose,
    RequestType,
)
from tests.letters_for_acts import received, verdict
from tests.models.acts.desk import staff
from tests.registers import NOW

pytestmark = pytest.mark.usefixtures("register")

GIVEN = ConsentRecord(
    Purpose.MARKETING,
    ConsentEventKind.GIVEN,
    ConsentMethod.FORM,
    datetime(2024, 5, 1, 9, tzinfo=UTC),
)
MARI = ClientRecord(
    external_id="k1",
    kind=ClientKind.NATURAL_PERSON,
    display_name="Mari Maasikas",
    identifier=(IdentifierScheme.EE_PERSONAL_CODE, "36805280109"),
    addresses=[AddressRecord(AddressKind.EMAIL, "mari@example.com", is_primary=True)],
    representatives=[
        RepresentativeRecord(
            "Jaan Maasikas", addresses=[AddressRecord(AddressKind.EMAIL, "jaan@example.com")]
        )
    ],
    contracts=[ContractRecord("L-1", date(2020, 1, 1))],
    consents=[GIVEN],
)


async def mari(house: House) -> Client:
    """Mari in the register."""
    await upsert_client(house, SYSTEM, record=MARI, now=NOW)
    return await Client.get()


async def test_an_import_may_be_repeated_without_doubling_anything(house: House) -> None:
    assert await import_clients(house, SYSTEM, [MARI], now=NOW) == (1, 0)
    assert await import_clients(house, SYSTEM, [MARI], now=NOW) == (0, 1)
    assert await ContactAddress.all().count() == 2
    assert await ConsentEvent.all().count() == 1


async def test_a_personal_code_is_masked_sealed_and_found(house: House) -> None:
    client = await mari(house)
    assert "5280109" not in (client.identifier_masked or "")
    assert b"36805280109" not in (client.identifier_sealed or b"")
    assert client.identifier_index == house.vault.index("identifier", "36805280109")


async def test_two_years_after_the_relationship_the_data_is_due_for_erasure(house: House) -> None:
    ended = replace(MARI, relationship_ended_on=date(2024, 2, 29))
    await upsert_client(house, SYSTEM, record=ended, now=NOW)
    assert (await Client.get()).erase_after == date(2026, 2, 28)


async def test_an_import_is_all_or_nothing(house: House) -> None:
    await mari(house)
    await Client.filter(external_id="k1").update(restricted_since=NOW)
    other = replace(MARI, external_id="k2", consents=())
    with pytest.raises(ActRefused) as refused:
        await import_clients(house, SYSTEM, [other, MARI], now=NOW)
    assert refused.value.problems[0].code is ErrorCode.RESTRICTED
    assert await Client.all().count() == 1


async def test_a_stale_version_changes_nothing(house: House) -> None:
    client = await mari(house)
    with pytest.raises(ActRefused):
        await upsert_client(
            house, SYSTEM, record=replace(MARI, display_name="X"), version=client.version + 1
        )
    assert (await Client.get()).display_name == "Mari Maasikas"


async def test_a_withdrawal_by_phone_suppresses_every_address_of_the_client(house: House) -> None:
    client = await mari(house)
    stop = replace(GIVEN, kind=ConsentEventKind.WITHDRAWN, method=ConsentMethod.PHONE, at=NOW)
    await record_consent(
        house, SYSTEM, client_id=client.id, version=client.version, record=stop, now=NOW
    )
    assert {row.purpose for row in await Suppression.all()} == {AskedPurpose.MARKETING}
    assert await Suppression.all().count() == 2
    assert await JournalEntry.filter(action="consent.record").exists()


async def test_a_restricted_client_may_stop_but_not_start(house: House) -> None:
    client = await mari(house)
    await Client.filter(id=client.id).update(restricted_since=NOW)
    with pytest.raises(ActRefused) as refused:
        await record_consent(
            house,
            SYSTEM,
            client_id=client.id,
            version=client.version,
            record=replace(GIVEN, at=NOW),
            now=NOW,
        )
    assert refused.value.problems[0].code is ErrorCode.RESTRICTED
    stop = replace(GIVEN, kind=ConsentEventKind.WITHDRAWN, at=NOW)
    await record_consent(
        house, SYSTEM, client_id=client.id, version=client.version, record=stop, now=NOW
    )
    assert await ConsentEvent.all().count() == 2


async def test_an_event_of_the_future_is_refused(house: House) -> None:
    client = await mari(house)
    later = replace(GIVEN, at=NOW + timedelta(days=1))
    with pytest.raises(ActRefused) as refused:
        await record_consent(
            house, SYSTEM, client_id=client.id, version=client.version, record=later, now=NOW
        )
    assert refused.value.problems[0].code is ErrorCode.INVALID


async def test_a_later_consent_ends_a_promise_only_when_a_colleague_says_so(house: House) -> None:
    client, actor = await mari(house), await staff(house)
    hour = timedelta(hours=1)

    async def say(by: Actor, hours: int, **more: Any) -> None:
        now = NOW + hours * hour
        await record_consent(
            house, by, client_id=client.id, version=(await Client.get()).version,
            record=replace(GIVEN, at=now, **more), now=now,
        )  # fmt: skip

    await say(actor, 0, kind=ConsentEventKind.WITHDRAWN)
    await say(SYSTEM, 1)
    assert await Suppression.all().count() == 2
    shown: dict[str, Any] = {"lifts_suppression": True, "note": "Vorm kontorist."}
    for by, more in ((SYSTEM, shown), (actor, shown | {"note": ""})):
        with pytest.raises(ActRefused):
            await say(by, 2, **more)
    with pytest.raises(ActRefused) as too_old:
        await say(actor, 0, **shown)
    assert too_old.value.problems[0].code is ErrorCode.CONFLICT
    assert await Suppression.all().count() == 2
    await say(actor, 3, **shown)
    assert await Suppression.all().count() == 1  # the representative's: not hers to give
    journal = await JournalEntry.filter(action="consent.record").order_by("-id").first()
    assert journal is not None
    assert journal.detail["promisesEnded"] == 1
    await say(actor, 4, kind=ConsentEventKind.WITHDRAWN)
    assert sorted(row.since for row in await Suppression.all()) == [NOW, NOW + 4 * hour]


async def test_a_promise_about_everything_ends_for_one_purpose_and_one_s_own_address(
    house: House,
) -> None:
    ours = AddressRecord(AddressKind.EMAIL, "kodu@example.com")
    both = replace(MARI, addresses=[*MARI.addresses, ours], representatives=())
    await upsert_client(house, SYSTEM, record=both, now=NOW)
    client, actor = await Client.get(), await staff(house)
    other = replace(both, external_id="k2", identifier=None, addresses=[ours], consents=())
    await upsert_client(house, SYSTEM, record=other, now=NOW)
    own = house.vault.address_index("mari@example.com")
    shared = house.vault.address_index("kodu@example.com")
    for one in (own, shared):
        await suppress(one, [AskedPurpose.ALL], NOW, "mail")
    now = NOW + timedelta(hours=1)
    again = replace(GIVEN, at=now, note="Vorm kontorist.", lifts_suppression=True)
    await record_consent(
        house, actor, client_id=client.id, version=client.version, record=again, now=now
    )
    left = {(row.address_index, row.purpose, row.since) for row in await Suppression.all()}
    purposes = (AskedPurpose.SURVEYS, AskedPurpose.ANALYTICS, AskedPurpose.COOKIES)
    assert left == {
        (shared, AskedPurpose.ALL, NOW),
        *((own, purpose, NOW) for purpose in purposes),
    }


async def test_a_consent_points_to_the_policy_of_its_day_in_tallinn(house: House) -> None:
    """Half past midnight there, the day before in UTC, by form and by letter."""
    for version, day in (("old", date(2026, 1, 1)), ("new", date(2026, 3, 5))):
        await PolicyVersion.create(version=version, valid_from=day, sha256="0" * 64)
    night = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
    client = await mari(house)
    given = replace(GIVEN, at=night)
    await record_consent(
        house, SYSTEM, client_id=client.id, version=client.version, record=given, now=NOW
    )
    withdrawn = verdict(RequestType.CONSENT_WITHDRAWAL, purposes=(AskedPurpose.MARKETING,))
    await received(house, withdrawn, received_at=night)
    events = await ConsentEvent.all().order_by("id").prefetch_related("policy_version")
    assert [one.policy_version and one.policy_version.version for one in events[-2:]] == [
        "new",
        "new",
    ]
