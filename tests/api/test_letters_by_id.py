"""A letter by its id is seen by whoever may see the list it stands in, and by nobody else."""

import pytest

from api.ids import encode
from models.house import House
from models.tables import Attachment, TimelineEntry
from models.vocabulary import ActorKind, DeliveryState, Fate, Role, TimelineKind
from tests.api.authority import CASES, HANDLERS, D, Roles
from tests.api.desk import Door
from tests.api.seeds import NOW, Sample, make_letter, make_outbound


@pytest.mark.parametrize("role", list(Role))
async def test_originals_and_files_of_letters_are_handed_out_as_their_lists_are(
    door: Door, sample: Sample, house: House, role: Role
) -> None:
    letters = {
        sample.letter: HANDLERS,
        sample.triage: HANDLERS,
        sample.quarantined: HANDLERS,
        sample.ignored: D,
        await make_letter(house, 9, Fate.IGNORED, request=sample.case): HANDLERS,
    }
    for letter, allowed in letters.items():
        file = await Attachment.create(
            message=letter, media_type="text/plain", size=1, sha256="0" * 64,
            name_sealed=house.vault.seal_text("attachment-name", "a.txt"),
            content_sealed=house.vault.seal("attachment", b"x"),
        )  # fmt: skip
        original = f"/messages/{encode('Message', letter.id)}.eml"
        for path in (original, f"/files/{encode('Attachment', file.id)}"):
            got = await door.http.get(path, headers=door.headers(role))
            assert got.status_code == (200 if role in allowed else 403), (letter.fate, path)


@pytest.mark.parametrize("role", list(Role))
async def test_what_belongs_to_no_case_is_seen_by_id_as_in_its_list(
    door: Door, sample: Sample, house: House, role: Role
) -> None:
    line = await TimelineEntry.create(
        message=sample.triage, kind=TimelineKind.CLASSIFIED, at=NOW, actor_kind=ActorKind.BOT,
        actor_label="mailbot", summary="Waits for a person.",
    )  # fmt: skip
    to_staff = await make_outbound(house, 9, DeliveryState.HELD, None)
    automatic = await make_letter(house, 9, Fate.AUTOMATIC)
    found: dict[str, Roles] = {
        encode("Message", sample.ignored.id): D,
        encode("Message", sample.letter.id): CASES,
        encode("Message", automatic.id): HANDLERS,
        encode("OutboundMail", to_staff.id): HANDLERS,
        encode("OutboundMail", sample.held.id): CASES,
        encode("TimelineEntry", line.id): HANDLERS,
        encode("TimelineEntry", sample.entry.id): CASES,
    }
    query = "query Some($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    answer = (await door.post(query, role, ids=list(found))).json()
    seen = [one["id"] if one else None for one in answer["data"]["nodes"]]
    assert seen == [key if role in allowed else None for key, allowed in found.items()]
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    assert codes == ["FORBIDDEN"] * seen.count(None)
