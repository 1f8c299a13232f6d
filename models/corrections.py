"""Verdicts that people corrected, as training lines without the person in them.

What a letter says is replaced where it names somebody: addresses, numbers, codes, and the
names the register knows the writer by become placeholders. Other names in running text
cannot be found by rule, so a person reads each line before it joins the corpus.
"""

import re
from collections.abc import AsyncIterator, Collection
from typing import Any

from models.database import decoded, rows
from models.house import House
from models.package.redaction import Own, redact

PLACEHOLDERS = (
    (re.compile(r"[^\s<>()\"]+@[^\s<>()\"]+"), "person@example.com"),
    (re.compile(r"https?://\S+"), "https://www.example.com"),
    (re.compile(r"\+?\d[\d ()/-]{5,}\d"), "00000000"),
    (re.compile(r"\d{4,}"), "0000"),
)
NAME = "Nimi"
NAME_MIN = 3  # letters of a word that is looked for as a name
_LOCAL_NAME = re.compile(r"[^\W\d_]+([._-][^\W\d_]+)+")


def pseudonymised(text: str, names: Collection[str] = ()) -> str:
    """The text with addresses, links, numbers, codes and these names, in any case, replaced."""
    for pattern, placeholder in PLACEHOLDERS:
        text = pattern.sub(placeholder, text)
    return redact(text, Own(emails=("person@example.com",)), list(names), NAME).text


def names_of(display_name: str | None, address: str | None) -> list[str]:
    """Words a writer may sign with: of the client's name, and of first.last@ in the address."""
    words = re.findall(r"[^\W\d_]+", display_name or "")
    local = (address or "").partition("@")[0]
    if _LOCAL_NAME.fullmatch(local):
        words += re.split(r"[._-]", local)
    return [word for word in dict.fromkeys(words) if len(word) >= NAME_MIN]


async def corrections(house: House) -> AsyncIterator[dict[str, Any]]:
    """One training line a corrected letter that is still kept, by the newest verdict."""
    found = await rows(
        "SELECT m.id, m.subject_sealed, m.text_sealed, m.header_sealed, m.new_spans, m.language,"
        " c.labels, c.purposes, p.display_name FROM classification c"
        " JOIN message m ON m.id = c.message_id"
        " LEFT JOIN request r ON r.id = m.request_id LEFT JOIN client p ON p.id = r.subject_id"
        " WHERE c.model = 'person' AND m.text_sealed IS NOT NULL AND c.id = (SELECT max(d.id)"
        " FROM classification d WHERE d.message_id = m.id) ORDER BY c.id"
    )
    for row in found:
        yield _line(house, row)


def _line(house: House, row: dict[str, Any]) -> dict[str, Any]:
    text = house.vault.open_text("text", row["text_sealed"]) or ""
    subject = house.vault.open_text("subject", row["subject_sealed"]) or ""
    header = house.vault.open_json("header", row["header_sealed"]) or {}
    names = names_of(row["display_name"], header.get("from"))
    spans = decoded(row["new_spans"]) or []
    own_words = "\n".join(text[start:end] for start, end in spans).strip()
    return {
        "id": f"correction-{row['id']}",
        "voice": f"correction-{row['id']}",
        "language": row["language"],
        "subject": pseudonymised(subject, names),
        "body": pseudonymised(own_words, names),
        "labels": decoded(row["labels"]),
        "purposes": decoded(row["purposes"]),
    }
