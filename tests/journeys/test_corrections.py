"""A wrong verdict, from the mailbox to the colleague who corrects it to the training line."""

import json
from typing import Any
from uuid import uuid4

from api.app import build_app
from api.ids import encode
from api.settings import ApiSettings
from models.house import House
from models.tables import Classification, DataSubjectRequest, Message
from models.vocabulary import Role
from tests.api.desk import Door
from tests.api.seeds import make_client, seed_people
from tests.processes import run, settings
from tests.registers import in_use
from tests.servers.dovecot import PASSWORD, Dovecot

LETTER = (
    b"From: mari.maasikas@example.com\r\nSubject: Palve\r\nMessage-ID: <one@example.com>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Tere! Palun kustutage minu andmed, kood 36805280109.\r\nLugupidamisega Mari Maasikas\r\n"
)
CORRECT = """
mutation Correct($i: RequestCorrectClassificationInput!) {
  requestCorrectClassification(input: $i) { request { types
    classification { types model correctedBy { name } }
    messages { nodes { verdicts { types model correctedAt } } } }
    userErrors { code message } } }
"""


async def corrected(house: House) -> dict[str, Any]:
    """What the API says after a colleague corrected the only case."""
    app = build_app(house, ApiSettings())
    tokens = await seed_people(house)
    case = await DataSubjectRequest.get()
    client = await make_client(house, "Mari Maasikas", "mari@example.com")
    await DataSubjectRequest.all().update(subject_id=client.id)
    given = {
        "requestId": encode("DataSubjectRequest", case.id),
        "version": case.version,
        "labels": ["RESTRICTION"],
        "reason": "Inimene soovib piiramist.",
        "idempotencyKey": "one",
    }
    async with app.router.lifespan_context(app), Door.over(app, tokens) as door:
        found: dict[str, Any] = await door.ask(CORRECT, Role.CASE_HANDLER, i=given)
    return found["requestCorrectClassification"]  # type: ignore[no-any-return]


async def test_a_corrected_verdict_stays_beside_the_old_one_and_becomes_a_training_line(
    register_url: str, dovecot: Dovecot, house: House
) -> None:
    """Mail in by the bot, corrected by API, out by `mailbot corrections`; nobody is named."""
    user = f"c{uuid4().hex[:12]}"
    dovecot.fill(user, [LETTER])
    environ = settings(
        register_url,
        f"imap://{user}:{PASSWORD}@127.0.0.1:{dovecot.port}/INBOX",
        "smtp://127.0.0.1:1",
        START_AT="2026-01-01T00:00Z",
        ACKNOWLEDGE="off",
    )
    assert (await run("mailbot", "watch", "--once", environ=environ)).code == 0
    async with in_use(register_url):
        before = await Classification.get()
        done = await corrected(house)
        message = await Message.get()
    assert done["userErrors"] == []
    assert done["request"]["types"] == ["RESTRICTION"]
    assert done["request"]["classification"]["correctedBy"] == {"name": "Person case_handler"}
    old, new = done["request"]["messages"]["nodes"][0]["verdicts"]
    assert (old["types"], old["model"], old["correctedAt"]) == (["ERASURE"], before.model, None)
    assert (new["types"], new["model"]) == (["RESTRICTION"], "person")
    printed = await run("mailbot", "corrections", environ=environ)
    assert printed.code == 0
    (line,) = [json.loads(one) for one in printed.out.splitlines()]
    assert line == {
        "id": f"correction-{message.id}",
        "voice": f"correction-{message.id}",
        "language": "et",
        "subject": "Palve",
        "body": "Tere! Palun kustutage minu andmed, kood 0000.\nLugupidamisega Nimi Nimi",
        "labels": ["restriction"],
        "purposes": [],
    }
