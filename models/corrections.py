"""Verdicts that people corrected, as training lines without the person in them.

What a letter says is replaced where it names somebody: addresses, numbers and codes become
placeholders. Names in running text cannot be found by rule, so a person reads each line
before it joins the corpus.
"""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

from models.database import rows
from models.house import House

PLACEHOLDERS = (
    (re.compile(r"[^\s<>()\"]+@[^\s<>()\"]+"), "person@example.com"),
    (re.compile(r"https?://\S+"), "https://www.example.com"),
    (re.compile(r"\+?\d[\d ()/-]{5,}\d"), "00000000"),
    (re.compile(r"\d{4,}"), "0000"),
)


def pseudonymised(text: str) -> str:
    """The text with addresses, links, numbers and codes replaced."""
    for pattern, placeholder in PLACEHOLDERS:
        text = pattern.sub(placeholder, text)
    return text


def decoded(value: Any) -> Any:
    """A JSON column, which SQLite and PostgreSQL both give as text."""
    return json.loads(value) if isinstance(value, str | bytes) else value


async def corrections(house: House) -> AsyncIterator[dict[str, Any]]:
    """One training line a corrected letter that is still kept, by the newest verdict."""
    found = await rows(
        "SELECT m.id, m.subject_sealed, m.text_sealed, m.new_spans, m.language, c.labels,"
        " c.purposes FROM classification c JOIN message m ON m.id = c.message_id"
        " WHERE c.model = 'person' AND m.text_sealed IS NOT NULL AND c.id = (SELECT max(d.id)"
        " FROM classification d WHERE d.message_id = m.id) ORDER BY c.id"
    )
    for row in found:
        text = house.vault.open_text("text", row["text_sealed"]) or ""
        subject = house.vault.open_text("subject", row["subject_sealed"]) or ""
        spans = decoded(row["new_spans"]) or []
        yield {
            "id": f"correction-{row['id']}",
            "voice": f"correction-{row['id']}",
            "language": row["language"],
            "subject": pseudonymised(subject),
            "body": pseudonymised("\n".join(text[start:end] for start, end in spans).strip()),
            "labels": decoded(row["labels"]),
            "purposes": decoded(row["purposes"]),
        }
