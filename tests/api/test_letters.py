"""Letters in and out: triage, the ignored, quarantine, the outbox, originals and files."""

from datetime import timedelta
from typing import Any

from api.ids import encode
from models.house import House
from models.personal_code import masked
from models.tables import Attachment, JournalEntry, RawLetter
from models.vocabulary import DeliveryState, Fate, Language, Role
from tests.api.desk import Door
from tests.api.seeds import NOW, Sample, make_letter, make_outbound

TRIAGE = """
query Triage($where: MessageWhere, $first: Int = 25, $after: String) {
  triage(where: $where, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { subject deadline { dueOn state basis extension { until } }
      classification { types evidence { text inSubject } } request { id } } } }
"""


async def test_triage_is_sorted_by_the_clock_that_runs_already(door: Door, house: House) -> None:
    """The oldest first, overdue ones included."""
    for number in (5, 60, 20):
        await make_letter(house, number, Fate.TRIAGE)
    await make_letter(house, 7, Fate.IGNORED)
    page = (await door.ask(TRIAGE, first=2))["triage"]
    assert [node["subject"][-2:] for node in page["nodes"]] == ["60", "20"]
    assert [node["deadline"]["state"] for node in page["nodes"]] == ["OVERDUE", "ON_TIME"]
    assert "GDPR Art. 12(3)" in page["nodes"][0]["deadline"]["basis"]
    assert page["totalCount"] == 3
    rest = (await door.ask(TRIAGE, after=page["pageInfo"]["endCursor"]))["triage"]
    assert [node["subject"][-1] for node in rest["nodes"]] == ["5"]
    assert not rest["pageInfo"]["hasNextPage"]


async def test_triage_is_filtered(door: Door, house: House) -> None:
    """By confidence, language and receipt."""
    for number, language in ((1, Language.ET), (2, Language.RU), (3, Language.RU)):
        letter = await make_letter(house, number, Fate.TRIAGE)
        letter.language, letter.confidence = language, number / 10
        await letter.save()

    async def found(**where: Any) -> str:
        nodes = (await door.ask(TRIAGE, where=where))["triage"]["nodes"]
        return "".join(sorted(node["subject"][-1] for node in nodes))

    assert await found(language="RU") == "23"
    assert await found(confidenceBelow=0.25) == "12"
    assert await found(receivedAt={"gte": (NOW - timedelta(days=2)).isoformat()}) == "12"
    assert await found(receivedAt={"lt": (NOW - timedelta(days=2)).isoformat()}) == "3"


async def test_the_ignored_can_be_sampled(door: Door, house: House) -> None:
    """Always the same ones; those already erased are not shown."""
    for number in range(1, 41):
        await make_letter(house, number, Fate.IGNORED)
    gone = await make_letter(house, 41, Fate.IGNORED)
    gone.text_sealed = None
    await gone.save()
    query = "query Q($n: Int) { ignoredMessages(first: 100, sample: $n) { nodes { id } } }"
    whole = (await door.ask(query, Role.DPO))["ignoredMessages"]["nodes"]
    part = (await door.ask(query, Role.DPO, n=25))["ignoredMessages"]["nodes"]
    assert len(whole) == 40
    assert 0 < len(part) < 40
    assert part == (await door.ask(query, Role.DPO, n=25))["ignoredMessages"]["nodes"]
    assert await door.codes(query, Role.DPO, n=0) == ["BAD_USER_INPUT"]


async def test_letters_of_ours_are_listed_by_state(
    door: Door, sample: Sample, house: House
) -> None:
    """The newest first; to staff too, who are no case."""
    await make_outbound(house, 9, DeliveryState.MAYBE_SENT, None)
    query = """query Q($where: OutboundWhere) { outboundMail(where: $where) { totalCount nodes {
      kind to subject text isAutomatic delivery { state attempts nextAttemptAt holdReasons }
      request { reference } } } }"""
    every = (await door.ask(query))["outboundMail"]
    assert [node["delivery"]["state"] for node in every["nodes"]] == ["MAYBE_SENT", "HELD", "SENT"]
    assert every["nodes"][0]["request"] is None
    assert every["nodes"][1]["to"] == "reader2@example.com"
    held = (await door.ask(query, where={"state": {"in": ["HELD"]}}))["outboundMail"]
    assert (held["totalCount"], held["nodes"][0]["text"]) == (1, "our text 2")
    none = await door.ask(query, where={"kind": ["EXTENSION"]})
    assert none["outboundMail"]["nodes"] == []


def quarantined_within(days: int) -> str:
    """What the statistics of so many days say; another span, for figures are kept a second."""
    since = NOW.date() - timedelta(days=days)
    period = f'period: {{from: "{since}", until: "{NOW.date()}"}}'
    return f"{{ statistics({period}) {{ quarantined }} }}"


async def test_quarantine_shows_what_could_not_be_read(door: Door, sample: Sample) -> None:
    """A letter without words is null where words would stand."""
    sample.quarantined.text_sealed = None
    sample.quarantined.header_sealed = None
    await sample.quarantined.save()
    query = "{ quarantine { nodes { fate text newText from subject attachments { name } } } }"
    (node,) = (await door.ask(query))["quarantine"]["nodes"]
    assert node["fate"] == "QUARANTINED"
    assert (node["text"], node["newText"], node["from"]) == (None, None, None)
    assert (await door.ask(quarantined_within(3)))["statistics"] == {"quarantined": 1}
    await RawLetter.filter(id=sample.quarantined.raw_letter_id).update(sealed=None)
    assert (await door.ask(query))["quarantine"]["nodes"] == []
    assert (await door.ask(quarantined_within(4)))["statistics"] == {"quarantined": 0}


async def test_an_original_is_handed_out_as_a_file(door: Door, sample: Sample) -> None:
    """Byte for byte, never shown by a browser, and journalled."""
    path = f"/messages/{encode('Message', sample.letter.id)}.eml"
    response = await door.http.get(path, headers=door.headers(Role.CASE_HANDLER))
    assert response.status_code == 200
    assert response.content == b"Subject: secret subject 1\r\n\r\nsecret text 1"
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
    row = await JournalEntry.get(action="read.original")
    assert row.targets == [f"Message:{sample.letter.id}"]
    await RawLetter.all().update(sealed=None)
    gone = await door.http.get(path, headers=door.headers(Role.CASE_HANDLER))
    assert gone.status_code == 404


async def test_a_file_is_handed_out_under_its_name(door: Door, sample: Sample) -> None:
    """As bytes whatever it says it is; without a token 401."""
    path = f"/files/{encode('Attachment', sample.file.id)}"
    response = await door.http.get(path, headers=door.headers(Role.DPO))
    assert response.content == b"content"
    assert response.headers["content-type"] == "application/octet-stream"
    assert "secret%20name.pdf" in response.headers["content-disposition"]
    assert await JournalEntry.filter(action="read.file").count() == 1
    assert (await door.http.get(path)).status_code == 401
    await Attachment.all().update(content_sealed=None)
    assert (await door.http.get(path, headers=door.headers(Role.DPO))).status_code == 404
    for odd in ("x", encode("Message", sample.letter.id), encode("Attachment", 10**12)):
        got = await door.http.get(f"/files/{odd}", headers=door.headers(Role.DPO))
        assert got.status_code == 404


async def test_a_signed_container_says_what_was_verified(door: Door, house: House) -> None:
    """A fact holds when it holds of every signature; the personal code is masked."""
    one = {
        "intact": True,
        "trusted": True,
        "coversAllFiles": True,
        "signer": "MAASIKAS,MARI,36805280109",
        "personalCode": "36805280109",
        "signedAt": "2026-03-05T10:00:00+00:00",
        "problems": [],
        "digest": "d",
    }
    two = one | {"trusted": False, "problems": ["No timestamp."]}
    found = {"coversRequest": True, "problems": [], "signatures": [one, two]}
    signed = await make_letter(house, 1, Fate.TRIAGE)
    signed.signature_sealed = house.vault.seal_json("signature", found)
    await signed.save()
    await make_letter(house, 2, Fate.TRIAGE)
    query = """query Signed { triage { nodes { signature { intact trusted coversRequest
      personalCodeMasked signedAt signatures problems } } } }"""
    first, second = (await door.ask(query))["triage"]["nodes"]
    checks = [node["signature"] for node in (first, second)]
    assert None in checks
    assert next(check for check in checks if check) == {
        "intact": True,
        "trusted": False,
        "coversRequest": True,
        "personalCodeMasked": masked("36805280109"),
        "signedAt": "2026-03-05T10:00:00Z",
        "signatures": 2,
        "problems": ["No timestamp."],
    }
    assert "36805280109" not in str(checks)
