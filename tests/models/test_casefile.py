"""The case file for the Inspectorate: whole, readable, journalled, on both databases."""

import hashlib
import json
import re
import stat
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html as lxml_html

from models.acts.breaches import decide_breach
from models.acts.cases import add_note
from models.acts.closing import close_case
from models.acts.deciding import decide_item
from models.acts.extending import extend_deadline
from models.acts.files import NewFile, add_file
from models.acts.identifying import verify_identity
from models.acts.questions import answered, ask
from models.acts.registers import Transfer, record_disclosure
from models.acts.seals import seal
from models.acts.telling import decide_telling
from models.acts.work import working
from models.casefile.case import basis
from models.casefile.export import export_case
from models.casefile.words import NAMES, word
from models.deadlines import clock
from models.house import House
from models.shapes import SYSTEM, Actor, ActRefused
from models.tables import (
    CategoryDecision,
    Client,
    DataSubjectRequest,
    FulfilmentTask,
    JournalEntry,
    Message,
    OutboundMail,
    RawLetter,
    RequestItem,
    TimelineEntry,
)
from models.vocabulary import (
    AddressKind,
    AskedPurpose,
    AuthResult,
    BreachOutcome,
    ConsentEventKind,
    ConsentMethod,
    DataCategory,
    DeliveryState,
    ErrorCode,
    ExtensionGround,
    IdentityMethod,
    Justification,
    LawfulBasis,
    LetterKind,
    Outcome,
    RequestType,
    Role,
    TaskKind,
    TellingOutcome,
)
from tests.models.acts.desk import MARI, a_case, a_client, again, do_tasks, post_goes, staff
from tests.registers import NOW

ASKED = NOW + timedelta(days=1)
ANSWERED = NOW + timedelta(days=4)
CLOSED = NOW + timedelta(days=20)


async def story(house: House) -> DataSubjectRequest:
    """Rectification and erasure: a doubt, an extension, a file, a partial refusal, an answer."""
    await a_client(house)
    actor = await staff(house)
    case = await a_case(house, RequestType.RECTIFICATION, RequestType.ERASURE)
    await post_goes(house, NOW)
    case = await again(case)
    await ask(
        house, actor, request_id=case.id, version=case.version,
        ground=Justification.IDENTITY_VERIFICATION_REQUIRED,
        text="Palun kinnitage, et <kirjutasite> ise.", now=ASKED,
    )  # fmt: skip
    await post_goes(house, ASKED)
    async with working(house, SYSTEM, "test", now=ANSWERED) as work:
        assert await answered(work, await again(case), ANSWERED)
    case = await again(case)
    await extend_deadline(
        house, actor, request_id=case.id, version=case.version,
        ground=ExtensionGround.COMPLEXITY, explanation="Andmed on mitmes süsteemis.", now=ANSWERED,
    )  # fmt: skip
    await post_goes(house, ANSWERED)
    file = NewFile("arved.csv", b"arve;summa\n", DataCategory.PAYMENT)
    await add_file(house, actor, request_id=case.id, file=file, now=ANSWERED)
    case = await again(case)
    await verify_identity(
        house, actor, request_id=case.id, version=case.version, method=IdentityMethod.CALL_BACK,
        note="Helistasin tagasi.", now=ANSWERED,
    )  # fmt: skip
    await _finish(house, await staff(house, Role.DPO), await again(case))
    return await again(case)


async def _finish(house: House, actor: Actor, case: DataSubjectRequest) -> None:
    await add_note(
        house, actor, request_id=case.id, version=case.version, text="Helistasin raamatupidajale.",
        now=CLOSED,
    )  # fmt: skip
    for kind, more in (
        (RequestType.RECTIFICATION, {"outcome": Outcome.GRANTED}),
        (
            RequestType.ERASURE,
            {
                "outcome": Outcome.REFUSED,
                "reason": Justification.LEGAL_OBLIGATION_IMPAIRED,
                "explanation": "Arveid hoiame seitse aastat (RPS § 12).",
            },
        ),
    ):
        case = await again(case)
        await decide_item(
            house, actor, request_id=case.id, version=case.version, kind=kind, now=CLOSED,
            answer="Tehtud.", **more,
        )  # fmt: skip
    case = await do_tasks(house, actor, case, CLOSED)
    await close_case(house, actor, request_id=case.id, version=case.version, now=CLOSED)
    await post_goes(house, CLOSED)


class Read:
    """A case file as the Inspectorate's official opens it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.html = (folder / "index.html").read_text(encoding="utf-8")
        self.page = lxml_html.document_fromstring(self.html)
        self.text = re.sub(r"\s+", " ", self.page.text_content())
        self.journal = json.loads((folder / "logi.json").read_text(encoding="utf-8"))

    def facts(self, section: str) -> dict[str, str]:
        """Labels and values below one heading; of repeated labels the last."""
        found: dict[str, str] = {}
        wanted = False
        for one in self.page.body:
            wanted = one.get("id") == section if one.tag == "h2" else wanted
            if wanted and one.tag == "table":
                for row in one.iter("tr"):
                    cells = [cell.text_content() for cell in row]
                    found[cells[0]] = cells[-1]
        return found

    @property
    def links(self) -> list[str]:
        """Files the page leads to."""
        found = [unquote(one) for one in self.page.xpath("//a/@href")]
        return [one for one in found if not one.startswith("#")]


async def exported(house: House, case: DataSubjectRequest, folder: Path) -> Read:
    """The case in a new folder, read back."""
    await export_case(house, SYSTEM, case.reference.lower(), folder, now=CLOSED + timedelta(days=1))
    return Read(folder)


@pytest.mark.usefixtures("register")
async def test_the_page_tells_the_whole_case_with_its_reasons(house: House, tmp_path: Path) -> None:
    """Who, what, on which clock and why, decided how, by whom."""
    case = await story(house)
    found = await exported(house, case, tmp_path / "toimik")
    assert found.facts("juhtum")["Olek"] == "vastatud"
    assert MARI in found.facts("juhtum")["Aadressid registris"]
    dates = found.facts("tahtajad")
    assert dates["Vastata hiljemalt"] == "8. juuni 2026"
    assert dates["Olek"] == "vastatud tähtajal"
    assert dates["Alus"] == "taotluse keerukus"
    assert "1182/71" in found.text
    assert "Tähtaeg oli peatatud (päevi)3" in found.text
    assert "põhjendatud kahtlus isikusamasuses" in found.text
    assert "Andmed on mitmes süsteemis." in found.text
    decisions = found.facts("otsused")
    assert decisions["Tulemus"] == "keeldutud"
    assert decisions["Põhjus"] == "seadusest tulenev säilitamiskohustus"
    assert decisions["Põhjendus"] == "Arveid hoiame seitse aastat (RPS § 12)."
    assert decisions["Otsustas"] == "Person dpo"
    assert "Helistasin raamatupidajale." in found.text
    assert "None" not in found.text


@pytest.mark.usefixtures("register")
async def test_the_folder_opens_without_us(house: House, tmp_path: Path) -> None:
    """Every link leads to a file, nothing comes from outside, the digests fit."""
    found = await exported(house, await story(house), tmp_path / "toimik")
    assert all((found.folder / path).is_file() for path in found.links)
    assert not re.search(r"https?://|<script|\ssrc=", found.html)
    assert "&lt;kirjutasite&gt;" in found.html
    here = {
        str(path.relative_to(found.folder)) for path in found.folder.rglob("*") if path.is_file()
    }
    summed = {}
    for line in (found.folder / "SHA256SUMS").read_text().splitlines():
        digest, path = line.split("  ")
        summed[path] = digest
    assert set(summed) == here - {"SHA256SUMS"}
    for path, digest in summed.items():
        assert hashlib.sha256((found.folder / path).read_bytes()).hexdigest() == digest
    for each in found.folder.rglob("*"):
        assert stat.S_IMODE(each.stat().st_mode) & 0o077 == 0


@pytest.mark.usefixtures("register")
async def test_letters_lie_there_as_they_came_and_went(house: House, tmp_path: Path) -> None:
    """Byte for byte, in the order of time, readable by any mail program."""
    case = await story(house)
    found = await exported(house, case, tmp_path / "toimik")
    letters = sorted((found.folder / "kirjad").iterdir())
    ours = await OutboundMail.filter(request_id=case.id).order_by("id")
    assert len(letters) == len(ours) + 1
    assert letters[0].name == "001-saabunud.eml"
    raw = await RawLetter.get()
    assert letters[0].read_bytes() == house.vault.open("raw", raw.sealed or b"")
    for path, mail in zip(letters[1:], ours, strict=True):
        assert path.read_bytes() == house.vault.open("out-raw", mail.raw_sealed or b"")
        read = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert read["To"] == MARI
        assert case.reference in read["Subject"]
    assert (found.folder / "failid" / "001.csv").read_bytes() == b"arve;summa\n"


@pytest.mark.usefixtures("register")
async def test_the_file_tells_what_was_done_and_who_was_told(house: House, tmp_path: Path) -> None:
    """Decisions by category, tasks by system, transfers."""
    case = await story(house)
    erasure = await RequestItem.get(request_id=case.id, type=RequestType.ERASURE)
    await CategoryDecision.create(
        item=erasure, category=DataCategory.PAYMENT, outcome=Outcome.REFUSED,
        basis=LawfulBasis.LEGAL_OBLIGATION, reason=Justification.LEGAL_OBLIGATION_IMPAIRED,
        keep_until=date(2033, 12, 31), decided_at=CLOSED, by_label="Kati Karu",
    )  # fmt: skip
    await FulfilmentTask.create(
        request=case, kind=TaskKind.NOTIFY_RECIPIENT, system="Maksekeskus AS", created_at=CLOSED,
        done_at=CLOSED, done_by="Kati Karu",
        note_sealed=house.vault.seal_text("note", "Kiri saadetud."),
    )  # fmt: skip
    client = await Client.get(id=case.subject_id)
    transfer = Transfer(
        "Maksekeskus AS", [DataCategory.PAYMENT], "arve tasumine", LawfulBasis.CONTRACT, NOW
    )
    await record_disclosure(
        house, SYSTEM, client_id=client.id, version=client.version, transfer=transfer, now=NOW
    )
    text = (await exported(house, case, tmp_path / "toimik")).text
    assert "Säilitame kuni31. detsember 2033" in re.sub(r"\s*\n\s*", "", text)
    assert "andmete saaja teavitamine: Maksekeskus AS" in text
    assert "Kiri saadetud." in text
    assert "Edastatud: Maksekeskus AS" in text


@pytest.mark.usefixtures("register")
async def test_a_letter_no_longer_kept_leaves_its_digest(house: House, tmp_path: Path) -> None:
    case = await story(house)
    await RawLetter.all().update(sealed=None)
    await Message.all().update(text_sealed=None)
    found = await exported(house, case, tmp_path / "toimik")
    message = await Message.get()
    assert "ei ole enam alles, räsi jääb" in found.text
    assert message.sha256 in found.text
    assert not list((found.folder / "kirjad").glob("*-saabunud.eml"))


@pytest.mark.usefixtures("register")
async def test_the_export_is_journalled_and_sealed_before_it_is_read_out(
    house: House, tmp_path: Path
) -> None:
    """The extract ends with the export itself; each row names the seal that covers it."""
    case = await story(house)
    other = await a_case(house, RequestType.COPY, sender="other@example.com", uid=9)
    found = await exported(house, case, tmp_path / "toimik")
    last = found.journal["entries"][-1]
    assert last["action"] == "case.export"
    assert found.journal["findings"] == []
    assert all(entry["seal"] for entry in found.journal["entries"])
    assert {seal["number"] for seal in found.journal["seals"]} == {
        entry["seal"] for entry in found.journal["entries"]
    }
    targets = {target for entry in found.journal["entries"] for target in entry["targets"]}
    assert f"DataSubjectRequest:{case.id}" in targets
    assert f"DataSubjectRequest:{other.id}" not in targets
    assert other.reference not in found.html
    row = await JournalEntry.get(action="case.export")
    assert f"Client:{case.subject_id}" in row.targets
    entry = await TimelineEntry.filter(request_id=case.id).order_by("-id").first()
    assert entry is not None
    assert "supervisory authority" in entry.summary


@pytest.mark.usefixtures("register")
async def test_a_tampered_journal_is_said_on_the_page(house: House, tmp_path: Path) -> None:
    case = await story(house)
    await seal(house.vault)
    row = await JournalEntry.filter(action="request.close").first()
    assert row is not None
    await JournalEntry.filter(id=row.id).update(actor_label="nobody")
    done = await export_case(house, SYSTEM, case.reference, tmp_path / "toimik")
    assert done.findings == (f"journal seal 1: entry {row.id} was changed",)
    assert f"EI OLE TERVE: journal seal 1: entry {row.id} was changed" in Read(done.path).text


@pytest.mark.usefixtures("register")
async def test_what_cannot_be_exported_changes_nothing(house: House, tmp_path: Path) -> None:
    """No such case; a folder that holds something."""
    case = await story(house)
    before = await JournalEntry.all().count()
    with pytest.raises(ActRefused) as refusal:
        await export_case(house, SYSTEM, "NP-1999-0001", tmp_path / "none")
    assert refusal.value.problems[0].code is ErrorCode.NOT_FOUND
    assert not (tmp_path / "none").exists()
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        await export_case(house, SYSTEM, case.reference, tmp_path)
    assert await JournalEntry.all().count() == before


@pytest.mark.usefixtures("register")
async def test_a_fresh_case_of_nobody_known_can_be_exported(house: House, tmp_path: Path) -> None:
    """A complaint has no statutory clock."""
    case = await a_case(house, RequestType.COMPLAINT, sender="who@example.com", proven=False)
    found = await exported(house, case, tmp_path / "toimik")
    assert "keda taotlus puudutab, ei ole teada" in found.text
    assert "seadus tähtaega ei määra" in found.facts("tahtajad")["Alus"]
    assert found.page.xpath("//h2[@id='nousolekud' or @id='failid']") == []


@pytest.mark.parametrize(
    ("received", "words"),
    [
        (
            datetime(2026, 3, 4, 10, tzinfo=UTC),
            (
                "Saabus 4. märtsil 2026; üks kuu lõpeb 4. aprillil 2026 (IKÜM artikli 12 lõige 3),"
                " see on puhkepäev. Tähtaeg lõpeb järgmisel tööpäeval, 6. aprillil 2026"
                " (määruse (EMÜ, Euratom) nr 1182/71 artikli 3 lõige 4)."
            ),
        ),
        (
            datetime(2026, 3, 6, 10, tzinfo=UTC),
            (
                "Saabus 6. märtsil 2026; üks kuu lõpeb 6. aprillil 2026 (IKÜM artikli 12 lõige 3),"
                " see on tööpäev."
            ),
        ),
    ],
)
def test_the_basis_names_day_and_rule(received: datetime, words: str) -> None:
    assert basis(clock(received)) == words


@pytest.mark.parametrize(
    "kind",
    [*NAMES, AddressKind, AskedPurpose, AuthResult, ConsentEventKind, ConsentMethod, DeliveryState],
)
def test_every_word_the_page_may_need_stands_in_estonian(kind: type[StrEnum]) -> None:
    """A new member of an enum needs its word too."""
    own = NAMES.get(kind, {})
    assert kind is LetterKind or set(own) in (set(kind), set())
    assert all(word(member) for member in kind)


@pytest.mark.usefixtures("register")
async def test_the_file_tells_of_the_seventy_two_hours_and_what_was_decided(
    house: House, tmp_path: Path
) -> None:
    case = await a_case(house, RequestType.COMPLAINT, possible_breach=True)
    open_still = await exported(house, case, tmp_path / "enne")
    assert open_still.facts("rikkumine")["Otsus"] == "ei ole veel"
    await decide_breach(
        house, await staff(house, Role.DPO), request_id=case.id, version=case.version,
        outcome=BreachOutcome.NOTIFIED, explanation="Loend läks valele aadressile.",
        notified_at=NOW + timedelta(hours=73), delay_reasons="Logid saime hiljem.",
        now=NOW + timedelta(hours=74),
    )  # fmt: skip
    found = await exported(house, case, tmp_path / "pärast")
    facts = found.facts("rikkumine")
    assert facts["Tulemus"] == "rikkumisest teatati Andmekaitse Inspektsioonile"
    assert facts["Hilinemine"] == "jah, pärast 72 tunni möödumist"
    assert facts["Hilinemise põhjused"] == "Logid saime hiljem."
    assert "Loend läks valele aadressile." in found.text
    assert facts["Andmesubjektide teavitamine (IKÜM artikkel 34)"] == "ei ole veel otsustatud"
    await decide_telling(
        house, await staff(house, Role.DPO), request_id=case.id, version=case.version + 1,
        outcome=TellingOutcome.NO_HIGH_RISK, explanation="Loendis olid ainult ettevõtted.",
        now=NOW + timedelta(hours=75),
    )  # fmt: skip
    last = await exported(house, case, tmp_path / "lõpuks")
    assert last.facts("rikkumine")["Tulemus"].startswith("andmesubjekte ei teavitata: suur oht")
    assert "ei ole veel otsustatud" not in last.text
    assert "Loendis olid ainult ettevõtted." in last.text
