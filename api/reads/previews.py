"""Letters before they are sent: the act itself, undone."""

import dataclasses

from api.acting import words
from api.call import Call
from api.ids import key_of
from api.types.acts import LetterPreview
from api.types.case_acts import LetterAbout
from api.types.problems import user_error
from api.types.scalars import EmailAddress
from models.acts.previewing import Preview, Wish, preview_letter
from models.shapes import ActRefused, Problem
from models.vocabulary import LetterKind

# field of an act, or of a wish -> argument of the preview; fields missing here have none
_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "requestId": ("requestId",),
    "clientId": ("requestId",),
    "kind": ("kind",),
    "text": ("text",),
    "explanation": ("text",),
    "reasons": ("text",),
    "extensionGround": ("about", "extensionGround"),
    "reason": ("about", "reason"),
    "amount": ("about", "amount"),
    "liftedOn": ("about", "liftedOn"),
    "answerAddress": ("about", "answerAddress"),
    "holdsData": ("about", "holdsData"),
}
_GROUNDS = {LetterKind.EXTENSION: "extensionGround", LetterKind.FEE_NOTICE: "reason"}


async def letter_preview(
    call: Call, request_id: str, kind: LetterKind, text: str | None, about: LetterAbout | None
) -> LetterPreview | None:
    """The letter the caller would send now; None without such a case."""
    key = key_of(request_id, "DataSubjectRequest")
    more = (
        {one.name: getattr(about, one.name) for one in dataclasses.fields(about)} if about else {}
    )
    try:
        wish = Wish(text=words(text, "text"), **more)
        found = await preview_letter(
            call.house, call.viewer.actor, request_id=key, kind=kind, wish=wish, now=call.now
        )
    except ActRefused as refusal:
        found = Preview(problems=refusal.problems)
    if found is None:
        return None
    call.touch("DataSubjectRequest", key)
    return LetterPreview(
        to=None if found.to is None else EmailAddress(found.to),
        subject=found.subject,
        text=found.text,
        problems=[user_error(_at_argument(problem, kind)) for problem in found.problems],
    )


def _at_argument(problem: Problem, kind: LetterKind) -> Problem:
    """The problem of an act at the argument of the preview that the act's field comes from."""
    name = problem.path[-1] if problem.path else ""
    if name == "ground":
        name = _GROUNDS.get(kind, "kind")
    return dataclasses.replace(problem, path=_ARGUMENTS.get(name, ()))
