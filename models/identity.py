"""How sure we are who writes, how sure we must be, whom we may answer (Art. 11(2) and 12)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.rights import needs_of
from models.shapes import ContainerCheck
from models.vocabulary import AskedPurpose, Assurance, RequestType

LEVELS: tuple[Assurance, ...] = (
    Assurance.CLAIMED,
    Assurance.MATCHED,
    Assurance.CONFIRMED,
    Assurance.SIGNED,
)

SIGNED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WithdrawalReach:
    """What an unproven withdrawal or objection changes by itself.

    The From address is suppressed in every case. `client_id` is whose consents change,
    None when nobody's do; `needs_person` when the address is shared by several clients.
    """

    client_id: int | None
    needs_person: bool


def assurance(
    address_on_file: bool,
    proven: bool,
    answered_challenge: bool = False,
    signature_valid_over_request: bool = False,
) -> Assurance:
    """The level the evidence reaches.

    `proven`: our own server reported dmarc=pass, or aligned dkim or spf. A challenge
    counts only when it went to an address on file; a signature only over this request.
    """
    if signature_valid_over_request:
        return Assurance.SIGNED
    if answered_challenge:
        return Assurance.CONFIRMED
    return Assurance.MATCHED if address_on_file and proven else Assurance.CLAIMED


def satisfies(have: Assurance, need: Assurance) -> bool:
    """Whether `have` is at least `need`."""
    return LEVELS.index(have) >= LEVELS.index(need)


def strictest(levels: Iterable[Assurance]) -> Assurance:
    """The highest of these levels; CLAIMED when there is none."""
    return max(levels, key=LEVELS.index, default=Assurance.CLAIMED)


def needed(
    types: Iterable[RequestType],
    purposes: Collection[AskedPurpose] = (),
    *,
    doubtful: bool = False,
) -> Assurance:
    """The strictest level any of these requests needs.

    `purposes` are those of an objection among them: to direct marketing alone it needs none.
    """
    return strictest(needs_of(kind, purposes, doubtful=doubtful) for kind in types)


def withdrawal_reach(owners: Sequence[int]) -> WithdrawalReach:
    """How far an unproven withdrawal reaches; `owners` are the clients with this From address."""
    distinct = set(owners)
    if len(distinct) == 1:
        return WithdrawalReach(distinct.pop(), needs_person=False)
    return WithdrawalReach(None, needs_person=len(distinct) > 1)


def covers_request(
    check: ContainerCheck, signed: Collection[RequestType], asked: Collection[RequestType]
) -> bool:
    """Whether every signature covers all files and the files themselves ask for all of this."""
    whole = bool(check.signatures) and all(one.covers_all_files for one in check.signatures)
    return whole and bool(asked) and set(asked) <= set(signed)


def signature_shortfalls(
    check: ContainerCheck,
    signed: Collection[RequestType],
    asked: Collection[RequestType],
    received_at: datetime,
) -> tuple[str, ...]:
    """Why a signed container is no identity of level SIGNED; empty when nothing speaks against it.

    `signed` is what its files ask for by themselves, `asked` what the case asks for. Whose
    code it is, and whether the container was used before, is for the caller to see.
    """
    found = []
    if not check.accepted:
        found.append("The container was not accepted as signed.")
    if not covers_request(check, signed, asked):
        found.append("The signed files do not ask by themselves for all that the letter asks for.")
    times = [one.signed_at for one in check.signatures]
    if any(at is None or abs(received_at - at) > SIGNED_WITHIN for at in times):
        found.append("It was not shown to be signed within seven days of receipt.")
    return tuple(found)


def answer_address(
    from_address: str | None,
    addresses_on_file: Collection[str],
    address_in_signed_text: str | None = None,
) -> str | None:
    """Where an answer that holds personal data may go, or None when a person must decide.

    An address named inside the signed text, or the From address when it is on file.
    """
    if address_in_signed_text is not None:
        return address_in_signed_text
    on_file = {address.casefold() for address in addresses_on_file}
    if from_address is not None and from_address.casefold() in on_file:
        return from_address
    return None
