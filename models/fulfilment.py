"""Tasks in words: one sentence that says to a colleague what is to be done. Pure."""

from collections.abc import Mapping
from typing import Any

from models.vocabulary import DataCategory, TaskKind

DOES: dict[TaskKind, str] = {
    TaskKind.SEARCH: "Search {system} for the person's data{what}.",
    TaskKind.EXPORT: "Export the person's data{what} from {system} and add the file to the case.",
    TaskKind.CORRECT: "Correct the person's data{what} in {system}.",
    TaskKind.ERASE: "Erase the person's data{what} in {system}, but for what is to be kept.",
    TaskKind.RESTRICT: "Mark the person's data{what} in {system} as restricted: keep, do not use.",
    TaskKind.NOTIFY_RECIPIENT: "Tell {system} what was done (GDPR Art. 19).",
    TaskKind.DELETE_IN_MAILBOX: "Delete in {folders} the letter with Message-ID {id}{when}.",
}


def instruction(
    kind: TaskKind, system: str, category: DataCategory | None, detail: Mapping[str, Any]
) -> str:
    """The sentence; `detail` names a letter: folders, messageId, receivedAt (UTC, ISO 8601)."""
    folders = [f"“{name}”" for name in detail.get("folders", ())]
    received_at = detail.get("receivedAt", "")
    return DOES[kind].format(
        system=system,
        what=f" ({category.value})" if category else "",
        folders=" and ".join(folders) or "the mailbox",
        id=detail.get("messageId") or "(none)",
        when=f", received at {received_at}" if received_at else "",
    )
