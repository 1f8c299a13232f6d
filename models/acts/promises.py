"""A promise not to write to somebody ends only by a later consent that a colleague confirms.

Who objected or withdrew may change their mind (Art. 7(1)): the proof is ours, so it is never
done by a letter, an import or another system, and only for addresses the client alone has.
"""

from datetime import datetime

from models.acts.standing import check
from models.acts.work import Work
from models.consents import left_of, may_lift
from models.database import rows
from models.guards import refuse
from models.tables import Suppression
from models.vocabulary import ActorKind, AskedPurpose, ConsentEventKind, ErrorCode, Purpose

# addresses on file that are the client's own, and nobody else's
_OWN = (
    "SELECT DISTINCT a.address_index FROM contact_address a WHERE a.client_id = ?"
    " AND a.kind = 'email' AND a.representative_id IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM contact_address o WHERE o.address_index = a.address_index"
    " AND (o.client_id <> a.client_id OR o.representative_id IS NOT NULL))"
)


async def lift(
    work: Work, client_id: int, purpose: Purpose, kind: ConsentEventKind, at: datetime, note: str
) -> int:
    """Ends older promises for one purpose; returns how many addresses may be written to again.

    ActRefused: FORBIDDEN (not a colleague), INVALID (no consent), REASON_REQUIRED (how it can
    be shown), CONFLICT (no older promise stands for an address the client alone has).
    """
    check(may_lift(kind, note, is_staff=work.actor.kind is ActorKind.STAFF))
    own = [str(row["address_index"]) for row in await rows(_OWN, [client_id])]
    standing = await Suppression.filter(
        address_index__in=own,
        purpose__in=[AskedPurpose(purpose), AskedPurpose.ALL],
        since__lt=at,
    )
    if not standing:
        message = "No promise older than this consent stands for an address of the client alone."
        check(refuse(ErrorCode.CONFLICT, message, "liftsSuppression"))
    for promise in standing:
        await _narrow(promise, purpose)
    return len({promise.address_index for promise in standing})


async def _narrow(promise: Suppression, purpose: Purpose) -> None:
    """The promise without this purpose: what else was promised stays, since when it was."""
    rest = [
        Suppression(
            address_index=promise.address_index,
            purpose=one,
            since=promise.since,
            source=promise.source,
        )
        for one in left_of(promise.purpose, purpose)
    ]
    await Suppression.bulk_create(rest, ignore_conflicts=True)
    await promise.delete()
