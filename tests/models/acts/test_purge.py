"""What has been kept long enough goes, row by row with its reason; what must stay stays."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.acts import purge as module
from models.acts.clients import ClientRecord, ContractRecord, upsert_client
from models.acts.due import Due
from models.acts.purge import plan, purge
from models.acts.seals import head, proof_of_cut, seal, verify
from models.checking import check
from models.house import House
from models.personal import PERSONAL, emptied
from models.retention import Record
from models.shapes import SYSTEM
from models.tables import (
    AccessPackage,
    Attachment,
    Classification,
    Client,
    ContactAddress,
    DataSubjectRequest,
    FulfilmentTask,
    IdempotencyKey,
    JournalEntry,
    JournalSeal,
    Message,
    OutboundMail,
    RawLetter,
    RequestItem,
    Sighting,
    TimelineEntry,
)
from models.vocabulary import (
    ClientKind,
    Fate,
    Language,
    LetterKind,
    RequestStatus,
    RequestType,
    Role,
)
from tests.letters_for_acts import letter, received, stored, verdict
from tests.models.acts.desk import a_case, a_client, again, post_goes, staff
from tests.registers import NOW
from tests.registers import house as sample_house

pytestmark = pytest.mark.usefixtures("register")
DAY = timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with an erasure log of its own."""
    return sample_house(erasure_log=tmp_path / "erasure.log")


def of(found: list[Due], record: Record) -> list[Due]:
    """The rows of one kind."""
    return [one for one in found if one.record is record]


async def left_of(table: Any, name: str, key: int) -> dict[str, Any]:
    """Personal columns of a row that still hold something an erasure should have emptied."""
    row = (await table.filter(id=key).values())[0]
    return {
        column: row[column]
        for column, value in emptied(name).items()
        if column in row and row[column] != value
    }


async def test_a_letter_judged_other_loses_its_words_after_fourteen_days_and_keeps_its_verdict(
    house: House,
) -> None:
    came = await received(house, verdict(), letter("poe@example.com"))
    key = came.result.message_id
    assert key is not None
    assert await purge(house, now=NOW + 14 * DAY) == []
    gone = await purge(house, now=NOW + 15 * DAY)
    assert [(one.record, one.id) for one in gone] == [(Record.LETTER_OTHER, key)]
    assert "kept 14 days" in str(gone[0])
    message = await Message.get(id=key).prefetch_related("raw_letter")
    assert await left_of(Message, "message", key) == {}
    assert (message.raw_letter.sealed, message.fate) == (None, Fate.IGNORED)
    assert message.content_index
    assert (await Classification.get(message_id=key)).decision == "ignore"
    assert await purge(house, now=NOW + 16 * DAY) == []


async def test_a_dry_run_explains_and_changes_nothing(house: House) -> None:
    await received(house, verdict(), letter("poe@example.com"))
    found = await plan(house, NOW + 20 * DAY)
    rule = "the verdict 2026-03-05, kept 14 days (Art. 5(1)(e)), until 2026-03-19"
    assert [str(one) for one in found] == [f"letter_other {found[0].id}: {rule}"]
    assert await Message.filter(text_sealed__not_isnull=True).count() == 1


async def test_a_letter_that_waits_for_a_person_stays(house: House) -> None:
    await received(house, verdict(RequestType.ERASURE, decision="triage"))  # type: ignore[arg-type]
    assert await plan(house, NOW + 4000 * DAY) == []


async def test_a_quarantined_letter_loses_its_bytes_after_thirty_days(house: House) -> None:
    kept = await stored(house)
    await Sighting.filter(id=kept.sighting_id).update(fate=Fate.QUARANTINED, seen_at=NOW)
    assert await purge(house, now=NOW + 30 * DAY) == []
    assert of(await purge(house, now=NOW + 31 * DAY), Record.QUARANTINE)
    assert (await RawLetter.get(id=kept.raw_letter_id)).sealed is None


async def closed_case(house: House) -> DataSubjectRequest:
    """A case closed on the day it came, with letters, tasks for nobody yet."""
    await a_client(house)
    case = await a_case(house, RequestType.ERASURE)
    await post_goes(house, NOW)
    await RequestItem.filter(request_id=case.id).update(status="decided", outcome="granted")
    await DataSubjectRequest.filter(id=case.id).update(
        status=RequestStatus.CLOSED, closed_at=NOW, closed_on=house.today(NOW), outcome="granted"
    )
    return await again(case)


async def test_a_case_loses_its_words_three_years_after_closing_and_keeps_its_number(
    house: House,
) -> None:
    case = await closed_case(house)
    assert await purge(house, now=NOW.replace(year=2029)) == []
    gone = await purge(house, now=NOW.replace(year=2029) + DAY)
    assert of(gone, Record.CASE)
    case = await again(case)
    assert (case.reference, case.subject_id) == ("NP-2026-0001", None)
    assert case.erased_at is not None
    mail = await OutboundMail.get(request_id=case.id)
    message = await Message.get(request_id=case.id)
    for table, name, key in (
        (DataSubjectRequest, "request", case.id),
        (OutboundMail, "outbound_mail", mail.id),
        (Message, "message", message.id),
    ):
        assert await left_of(table, name, key) == {}
    assert not await TimelineEntry.filter(detail_sealed__not_isnull=True).exists()
    assert (await check(house.vault))[1] == []


async def test_each_letter_of_a_case_that_goes_is_a_task_for_people(house: House) -> None:
    case = await closed_case(house)
    await purge(house, now=NOW.replace(year=2029) + DAY)
    task = await FulfilmentTask.get(request_id=case.id)
    detail = house.vault.open_json("task", task.detail_sealed)
    assert (detail["folders"], detail["messageId"]) == (["INBOX"], "<1@example.com>")


@pytest.mark.parametrize(
    ("change", "why"),
    [({"legal_hold": True}, "legal hold"), ({"status": RequestStatus.IN_PROGRESS}, "")],
)
async def test_a_case_on_hold_or_at_work_stays(
    house: House, change: dict[str, Any], why: str
) -> None:
    case = await closed_case(house)
    await DataSubjectRequest.filter(id=case.id).update(**change)
    found = of(await purge(house, now=NOW.replace(year=2035)), Record.CASE)
    assert [one.stays for one in found] == ([why] if why else [])
    assert (await again(case)).erased_at is None
    assert await Message.filter(request_id=case.id, text_sealed__not_isnull=True).exists()


@pytest.mark.parametrize("change", [{"legal_hold": True}, {"status": RequestStatus.IN_PROGRESS}])
async def test_a_case_reopened_or_held_after_the_plan_stays(
    house: House, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    case, planned = await closed_case(house), module.plan

    async def plan(*given: Any) -> list[Due]:
        found = await planned(*given)
        await DataSubjectRequest.filter(id=case.id).update(**change)
        return found

    monkeypatch.setattr(module, "plan", plan)
    await purge(house, now=NOW.replace(year=2035))
    assert (await again(case)).erased_at is None
    assert await Message.filter(request_id=case.id, text_sealed__not_isnull=True).exists()


async def ended_client(house: House, **more: Any) -> int:
    """A client whose relationship ended on the day."""
    record = ClientRecord(
        external_id="K-1",
        kind=ClientKind.NATURAL_PERSON,
        display_name="Mari Maasikas",
        language=Language.ET,
        relationship_ended_on=NOW.date(),
        **more,
    )
    made = await upsert_client(house, SYSTEM, record=record, now=NOW)
    assert made.client_id is not None
    return made.client_id


async def test_a_client_goes_two_years_after_the_relationship_and_the_log_knows(
    house: House,
) -> None:
    key = await ended_client(house)
    assert await purge(house, now=NOW.replace(year=2028)) == []
    assert of(await purge(house, now=NOW.replace(year=2028) + DAY), Record.CLIENT)
    assert await left_of(Client, "client", key) == {}
    assert (await Client.get(id=key)).erased_at is not None
    assert not await ContactAddress.exists()
    log = house.erasure_log.read_text()
    assert f'"client_id": {key}' in log
    assert "Mari" not in log
    assert "K-1" not in log


async def test_a_client_with_a_running_contract_or_a_restriction_or_an_open_case_stays(
    house: House,
) -> None:
    later = NOW.replace(year=2029)
    key = await ended_client(house, contracts=[ContractRecord("L-1", date(2020, 1, 1))])
    stays = [one.stays for one in await plan(house, later)]
    case = await a_case(house, RequestType.ERASURE)
    await DataSubjectRequest.filter(id=case.id).update(subject_id=key)
    stays += [one.stays for one in of(await plan(house, later), Record.CLIENT)]
    await Client.filter(id=key).update(restricted_since=NOW)
    stays += [one.stays for one in of(await plan(house, later), Record.CLIENT)]
    assert stays == ["a contract runs", "a case is open", "processing is restricted (Art. 18)"]


async def test_packages_and_answers_go_by_their_own_time(house: House) -> None:
    case = await closed_case(house)
    await AccessPackage.create(
        request_id=case.id, language=Language.ET, size=1, sha256="x", files=0, redactions=0,
        content_sealed=b"x", passphrase_sealed=b"x", built_at=NOW, expires_at=NOW + 14 * DAY,
        by_label="x",
    )  # fmt: skip
    await IdempotencyKey.create(caller="x", key="k", input_digest="d", answer={}, at=NOW)
    gone = await purge(house, now=NOW + 8 * DAY)
    assert [one.record for one in gone] == [Record.ANSWER]
    gone = await purge(house, now=NOW + 15 * DAY)
    assert [one.record for one in gone] == [Record.PACKAGE]
    assert await AccessPackage.filter(content_sealed=None, passphrase_sealed=None).exists()


async def test_the_journal_is_cut_at_a_seal_and_the_rest_of_the_chain_still_holds(
    house: House,
) -> None:
    await a_client(house)
    await seal(house.vault)
    await JournalSeal.all().update(sealed_at=NOW)
    old = await JournalEntry.all().count()
    await a_client(house, key="k2")
    await seal(house.vault)
    known = await head()
    gone = await purge(house, now=NOW.replace(year=2029) + DAY)
    assert [one.id for one in of(gone, Record.JOURNAL)] == [1]
    assert await JournalEntry.filter(id__lte=old).count() == 0
    await seal(house.vault)
    assert await verify(house.vault, known) == []
    cut = await JournalEntry.get(action="journal.cut")
    proof = proof_of_cut(house.vault, 1)
    assert cut.detail == {"seal": 1, "entry": old, "proof": proof}
    assert of(await purge(house, now=NOW.replace(year=2029) + DAY), Record.JOURNAL) == []


async def test_a_beginning_cut_off_by_hand_is_missed(house: House) -> None:
    for key in ("k1", "k2"):
        await a_client(house, key=key)
        await seal(house.vault)
    first = await JournalSeal.get(number=1)
    await JournalEntry.filter(id__lte=first.last_entry_id).delete()
    await first.delete()
    assert "journal seal 1 is missing" in await verify(house.vault)


async def test_a_journal_that_was_tampered_with_is_evidence_and_stays(house: House) -> None:
    await a_client(house)
    await seal(house.vault)
    await JournalSeal.all().update(sealed_at=NOW)
    first = await JournalEntry.all().first()
    assert first is not None
    await JournalEntry.filter(id=first.id).update(action="nothing")
    found = of(await purge(house, now=NOW.replace(year=2030)), Record.JOURNAL)
    assert found[0].stays is not None
    assert "was changed" in found[0].stays
    assert await JournalEntry.filter(id=first.id).exists()


async def test_what_purge_does_is_journalled_without_names(house: House) -> None:
    key = await ended_client(house)
    await purge(house, now=NOW.replace(year=2028) + DAY)
    entry = await JournalEntry.get(action="purge.client")
    assert (entry.targets, entry.detail) == ([f"Client:{key}"], {"count": 1})


async def test_files_of_a_purged_letter_go_as_rows(house: House) -> None:
    came = await received(house, verdict(), letter("poe@example.com"))
    await Attachment.create(
        message_id=came.result.message_id, name_sealed=b"x", media_type="x", size=1, sha256="x"
    )
    await purge(house, now=NOW + 15 * DAY)
    assert not await Attachment.exists()
    assert "attachment" in PERSONAL


async def test_a_letter_to_staff_goes_after_ninety_days_and_is_not_written_again(
    house: House,
) -> None:
    await staff(house, Role.DPO)
    await a_client(house)
    await a_case(house, RequestType.ERASURE, possible_breach=True)
    assert await post_goes(house, NOW) == 2
    alarm = OutboundMail.filter(kind=LetterKind.STAFF_ALARM)
    assert of(await purge(house, now=NOW + 90 * DAY), Record.STAFF_LETTER) == []
    assert of(await purge(house, now=NOW + 91 * DAY), Record.STAFF_LETTER)
    gone = await alarm.get()
    assert (gone.raw_sealed, gone.to_sealed, gone.text_sealed) == (None, None, None)
    assert gone.message_id
    assert await purge(house, now=NOW + 92 * DAY) == []
    acknowledged = await OutboundMail.get(kind=LetterKind.ACKNOWLEDGEMENT)
    assert acknowledged.raw_sealed is not None


async def test_a_letter_to_staff_that_still_waits_stays(house: House) -> None:
    await staff(house, Role.DPO)
    await a_case(house, RequestType.ERASURE, possible_breach=True)
    (kept,) = of(await purge(house, now=NOW + 91 * DAY), Record.STAFF_LETTER)
    assert kept.stays == "it still waits"
