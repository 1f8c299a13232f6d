"""Which purposes a withdrawal names: `all` stands alone, a newsletter is marketing."""

from collections.abc import Sequence

from mailbot.classify.scoring import Reading
from models.vocabulary import AskedPurpose, RequestType

_ORDER = tuple(AskedPurpose)
_ENOUGH = 1.0


def purposes_of(readings: Sequence[Reading]) -> tuple[AskedPurpose, ...]:
    """Purposes of a letter that withdraws consent, in the order of the vocabulary.

    Sentences that speak of withdrawing come first; when they name nothing, the whole
    letter is asked; when that is silent too, it is marketing: the list we run.
    """
    withdrawing = [reading for reading in readings if _withdraws(reading)]
    named = _named(withdrawing) or _named(readings)
    if AskedPurpose.ALL in named and not _narrowed(named):
        return (AskedPurpose.ALL,)
    kept = [purpose for purpose in _ORDER if purpose in named and purpose is not AskedPurpose.ALL]
    return tuple(kept) or (AskedPurpose.MARKETING,)


def _withdraws(reading: Reading) -> bool:
    return reading.scores.get(RequestType.CONSENT_WITHDRAWAL, 0.0) >= _ENOUGH


def _named(readings: Sequence[Reading]) -> dict[AskedPurpose, float]:
    named: dict[AskedPurpose, float] = {}
    for reading in readings:
        for hit in reading.hits:
            if hit.phrase.kind == "purposes":
                purpose = AskedPurpose(hit.phrase.name)
                named[purpose] = max(named.get(purpose, 0.0), hit.phrase.weight)
    return {purpose: weight for purpose, weight in named.items() if weight >= 0.5}


def _narrowed(named: dict[AskedPurpose, float]) -> bool:
    """ "All" said weakly beside a named purpose ("all newsletters") means that purpose."""
    return len(named) > 1 and named[AskedPurpose.ALL] < 1.0
