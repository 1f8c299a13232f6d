"""Other ways to objects that stand in tests.api.authority: who sees what of them there."""

from api.ids import encode
from tests.api.authority import CASES, CLIENTS, HANDLERS, A, D, Place

_PRIVATE = dict.fromkeys(("email", "role", "trainedOn"), HANDLERS | A)
_WORDS = dict.fromkeys(
    ("messageId", "from", "subject", "text", "newText", "attachments", "signature"), HANDLERS
)
# as tests.api.seeds writes them
_OF_CASE, _TRIAGE, _IGNORED, _QUARANTINED = (encode("Message", number) for number in (1, 2, 3, 4))


def _by_id(key: str, kind: str) -> str:
    return f'node(id: "{key}") {{ ... on {kind} {{ % }} }}'


BYWAYS: list[tuple[str, Place]] = [
    (
        "Staff",
        Place("staff { % }", HANDLERS | A, "id name isActive version", {"assigned": HANDLERS}),
    ),
    (
        "Staff",
        Place(_by_id(encode("Staff", 1), "Staff"), CASES | A, "", {"assigned": CASES, **_PRIVATE}),
    ),
    (
        "Actor",
        Place(
            'clientByExternalId(externalId: "C-1") { consents { events { actor { % } } } }',
            CLIENTS,
            "kind label",
            {"staff": CASES},
        ),
    ),
    ("Message", Place(_by_id(_OF_CASE, "Message"), CASES, "", _WORDS)),
    ("Message", Place(_by_id(_TRIAGE, "Message"), HANDLERS, "")),
    ("Message", Place(_by_id(_IGNORED, "Message"), D, "")),
    ("Message", Place(_by_id(_QUARANTINED, "Message"), HANDLERS, "")),
]
