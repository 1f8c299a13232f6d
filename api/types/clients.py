"""Clients, their addresses, representatives, contracts."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.access import CASES, CLIENTS, LETTERS, Requires
from api.types.base import TOTAL, After, First, Level, Node, PageInfo, child, loaded, plain
from api.types.consents import Consent
from api.types.fulfilment import Disclosure
from api.types.inputs import RequestWhere
from api.types.people import Actor
from models.vocabulary import AddressKind, ClientKind, IdentifierScheme, Language

if TYPE_CHECKING:
    from api.types.requests import RequestConnection


@strawberry.type(description="The code that identifies a client.")
class PersonalIdentifier(Level):
    """A personal or registry code."""

    scheme: IdentifierScheme = plain("What kind of code it is.")
    masked: str = plain("The code with its middle hidden.")
    full: str | None = loaded("The whole code.", LETTERS)


@strawberry.type(description="An address on file.")
class ContactAddress:
    """A way to reach a client or its representative."""

    kind: AddressKind = plain("What kind of address it is.")
    value: str = plain("The address itself.")
    verified_at: datetime | None = plain("When it was verified; null if never.")
    is_primary: bool = plain("Whether it is the one to use.")


@strawberry.type(description="A person who acts for a client.")
class Representative(Level):
    """A representative (policy clause 3)."""

    name: str = plain("Name of the person.")
    role: str | None = plain("What the person is to the client; null if unknown.")
    addresses: list[ContactAddress] = loaded("Addresses on file for this person.")


@strawberry.type(description="Half-open: startsOn inclusive, endsOn exclusive.")
class Period:
    """A span of days."""

    starts_on: date = plain("First day.")
    ends_on: date | None = plain("The day after the last; null = still running.")


@strawberry.type(description="A contract with a client.")
class Contract:
    """A contract."""

    number: str = plain("Number of the contract.")
    period: Period = plain("While it runs, or ran.")


@strawberry.type(description="Processing is restricted (GDPR Art. 18).")
class Restriction:
    """A restriction of processing."""

    since: datetime = plain("Since when.")
    reason: str | None = plain("Why, in a colleague's words.", LETTERS)
    by: Actor = plain("Who restricted it.")


def _requests(
    root: Level,
    info: strawberry.Info,
    first: First = 25,
    after: After = None,
    where: Annotated[
        RequestWhere | None, strawberry.argument(description="Only these requests.")
    ] = None,
) -> object:
    return child(root, info)


@strawberry.type(
    description="A customer, past or present.", directives=[Requires(any_of=list(CLIENTS))]
)
class Client(Level, Node):
    """A customer."""

    external_id: str | None = plain("Its key in the customer system; null if it has none.")
    kind: ClientKind = plain("A person or a company.")
    display_name: str = plain("Name to show.")
    language: Language | None = plain("Language it prefers; null if unknown.")
    version: int = plain("Optimistic lock; send it back in mutations.")
    identifier: PersonalIdentifier | None = loaded("Its code; null when none is on file.")
    addresses: list[ContactAddress] = loaded("Addresses on file, the primary ones first.")
    representatives: list[Representative] = loaded("People who act for it.")
    contracts: list[Contract] = loaded("Contracts, the newest first.")
    consents: list[Consent] = loaded("One for every purpose that rests on consent.")
    disclosures: list[Disclosure] | None = loaded("To whom its data were given.", LETTERS)
    restriction: Restriction | None = loaded("Null while nothing is restricted.")
    erase_after: date | None = plain(
        "Clause 8.2: two years after the relationship ended; null while it lasts."
    )
    requests: Annotated["RequestConnection", strawberry.lazy("api.types.requests")] | None = loaded(
        "Requests of this client, by due date.", CASES, resolver=_requests
    )


@strawberry.type(description="One client of a page.")
class ClientEdge(Level):
    """Relay edge."""

    cursor: str = plain("Where the client stands in its list.")
    node: Client = loaded("The client.")


@strawberry.type(description="A page of clients.")
class ClientConnection(Level):
    """Relay connection."""

    edges: list[ClientEdge] = loaded("The clients with their cursors.")
    nodes: list[Client] = loaded("The clients.")
    page_info: PageInfo = loaded("Where the page stands.")
    total_count: int | None = loaded(TOTAL)
