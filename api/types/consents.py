"""Consents: purposes, the ledger, and what it says now."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.access import CLIENTS, LETTERS, SUPPRESSIONS, Requires
from api.types.base import Level, Node, loaded, plain
from api.types.people import Actor
from api.types.register import PolicyVersion
from api.types.scalars import EmailAddress
from models.vocabulary import (
    AskedPurpose,
    ConsentEventKind,
    ConsentMethod,
    ConsentState,
    Language,
    LawfulBasis,
    Purpose,
)

if TYPE_CHECKING:
    from api.types.clients import Client
    from api.types.letters import Message


@strawberry.type(description="A purpose that rests on consent (policy clause 5.2).")
class ConsentPurpose(Level, Node):
    """A purpose with a ledger."""

    code: Purpose = plain("Which purpose it is.")
    lawful_basis: LawfulBasis = plain("The basis it rests on.")
    is_active: bool = plain("Whether consent for it is still asked for.")

    @strawberry.field(description="What people call it.")  # type: ignore[untyped-decorator]
    def title(
        self,
        language: Annotated[Language, strawberry.argument(description="Language of the title.")],
    ) -> str:
        """Title in one of our languages."""
        return str(self.row[f"title_{language.value}"])


@strawberry.type(
    description="One line of an append-only ledger.", directives=[Requires(any_of=list(CLIENTS))]
)
class ConsentEvent(Level, Node):
    """A line of the consent ledger (ISO/IEC TS 27560)."""

    kind: ConsentEventKind = plain("What happened.")
    at: datetime = plain("When it happened.")
    effective_at: datetime = plain("From when it counts.")
    expires_on: date | None = plain("Last day of a consent given for a time; null without one.")
    actor: Actor = loaded("Who recorded it.")
    method: ConsentMethod = plain("How the person told us.")
    policy_version: PolicyVersion | None = loaded(
        "The policy the person saw; null if nobody recorded it."
    )
    language: Language | None = plain("Language the person saw it in; null if unknown.")
    evidence: Annotated["Message", strawberry.lazy("api.types.letters")] | None = loaded(
        "The letter it rests on; null when it was none.", LETTERS
    )
    note: str | None = loaded("A note; null if there is none.", LETTERS)


@strawberry.type(
    description="Current state, folded from the ledger; never written directly.",
    directives=[Requires(any_of=list(CLIENTS))],
)
class Consent(Level, Node):
    """What the ledger says now about one client and purpose."""

    client: Annotated["Client", strawberry.lazy("api.types.clients")] = loaded("Whose it is.")
    purpose: ConsentPurpose = loaded("What it is about.")
    state: ConsentState = plain("What the ledger says now.")
    since: datetime | None = plain("Since when; null when nothing is known.")
    expires_on: date | None = plain("Last day of a consent that stands; null without one.")
    events: list[ConsentEvent] = loaded("The ledger, the oldest line first.")


@strawberry.type(
    description="An address that must not be written to.",
    directives=[Requires(any_of=list(SUPPRESSIONS))],
)
class Suppression:
    """A promise not to write."""

    address: EmailAddress = plain("The address as it was asked about.")
    purposes: list[AskedPurpose] = plain("For what it must not be written to.")
    since: datetime = plain("Since when, the earliest.")
