"""Questions: parse the input, call one read, wrap."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types import Info

from api.access import (
    ADMINS,
    CASES,
    CLIENTS,
    IGNORED,
    JOURNAL,
    LETTERS,
    PEOPLE,
    SUPPRESSIONS,
    Guard,
    Roles,
)
from api.call import Call
from api.errors import bad_input
from api.reads import clients, consents, figures, letters, people, previews, register, requests
from api.reads.fulfilment import task_page
from api.reads.journal import audit_page
from api.reads.levels import fill
from api.reads.nodes import nodes_by_id
from api.reads.outbound import outbound_page
from api.reads.request_filters import Conditions, one_of, span
from api.selection import selection
from api.types.acts import LetterPreview
from api.types.base import After, First, Node
from api.types.case_acts import LetterAbout
from api.types.clients import Client, ClientConnection
from api.types.consents import ConsentPurpose, Suppression
from api.types.figures import Health, Statistics
from api.types.fulfilment import TaskConnection, TaskWhere
from api.types.inputs import (
    AuditWhere,
    ClientWhere,
    MessageWhere,
    OutboundWhere,
    PeriodInput,
    RequestOrder,
    RequestWhere,
)
from api.types.journal import AuditEntryConnection
from api.types.letters import MessageConnection, OutboundMailConnection
from api.types.people import AccessToken, Staff, Viewer
from api.types.register import PolicyVersion, ProcessingActivity, SupportedRight
from api.types.requests import DataSubjectRequest, RequestConnection
from api.types.scalars import EmailAddress
from api.types.words import Direction, RequestOrderField
from models.vocabulary import Fate, LetterKind

NODES_MAX = 100
SAMPLE_MAX = 100

Where = Annotated[RequestWhere | None, strawberry.argument(description="Only these requests.")]
By = Annotated[
    RequestOrder | None,
    strawberry.argument(description="How they are sorted; null is the default."),
]
_BY_DUE = RequestOrder(field=RequestOrderField.DUE_ON, direction=Direction.ASC)


def _question(description: str, roles: Roles | None = None) -> Callable[[Callable[..., Any]], Any]:
    guards: list[FieldExtension] = [Guard(roles)] if roles else []
    made: Callable[[Callable[..., Any]], Any] = strawberry.field(
        description=description, extensions=guards
    )
    return made


def _call(info: Info) -> Call:
    call: Call = info.context
    return call


@strawberry.type(description="Questions.")
class Query:
    """Root of all questions."""

    @_question("The caller: a person or a machine.")
    async def viewer(self, info: Info) -> Viewer:
        """Who am I."""
        call = _call(info)
        who = Viewer(label=call.viewer.label, roles=sorted(call.viewer.roles))
        who.row = {"staff_id": call.viewer.staff_id}
        await fill(call, "Viewer", [who], selection(info).of("Viewer"))
        return who

    @_question("Any object by its id; null when there is none.")
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")],  # noqa: A002
    ) -> Node | None:
        """One object."""
        found = await nodes_by_id(_call(info), [id], selection(info))
        return found[0]  # type: ignore[no-any-return]

    @_question("Objects by their ids, at most 100, in the same order.")
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their ids.")],
    ) -> list[Node | None]:
        """Many objects."""
        if len(ids) > NODES_MAX:
            raise bad_input(f"Ask for at most {NODES_MAX} ids at a time.")
        return await nodes_by_id(_call(info), ids, selection(info))

    @_question(
        "By the number printed in letters, e.g. NP-2026-0042; null when there is none.", CASES
    )
    async def request_by_reference(
        self,
        info: Info,
        reference: Annotated[str, strawberry.argument(description="The number.")],
    ) -> DataSubjectRequest | None:
        """One case."""
        selected = selection(info).of("DataSubjectRequest")
        return await requests.request_by_reference(_call(info), reference, selected)

    @_question("Requests, by due date unless asked otherwise.", CASES)
    async def requests(
        self,
        info: Info,
        first: First = 25,
        after: After = None,
        where: Where = None,
        order_by: By = _BY_DUE,
    ) -> RequestConnection | None:
        """The queue."""
        return await requests.request_page(
            _call(info), selection(info), first, after, where, order_by
        )

    @_question(
        "Letters the classifier would not place by itself; by due date, their clock is"
        " already running.",
        LETTERS,
    )
    async def triage(
        self,
        info: Info,
        first: First = 25,
        after: After = None,
        where: Annotated[
            MessageWhere | None, strawberry.argument(description="Only these letters.")
        ] = None,
    ) -> MessageConnection | None:
        """Letters that wait for a person."""
        found = _of_fate(Fate.TRIAGE)
        if where is not None:
            span(found, "m.received_at", where.received_at)
            one_of(found, "m.language", None if where.language is None else [where.language])
            if where.confidence_below is not None:
                found.add("m.confidence < ?", where.confidence_below)
        return await letters.message_page(
            _call(info), selection(info), first, after, found, letters.BY_DUE
        )

    @_question(
        "Letters judged other, kept for fourteen days so that a wrong verdict can be found.",
        IGNORED,
    )
    async def ignored_messages(
        self,
        info: Info,
        first: First = 25,
        after: After = None,
        sample: Annotated[
            int | None,
            strawberry.argument(description="About this many of each hundred, always the same."),
        ] = None,
    ) -> MessageConnection | None:
        """Letters to look through."""
        found = _of_fate(Fate.IGNORED)
        found.add("m.text_sealed IS NOT NULL")
        if sample is not None:
            if not 1 <= sample <= SAMPLE_MAX:
                raise bad_input(f"`sample` must be between 1 and {SAMPLE_MAX}.")
            # a stride prime to 100 spreads neighbours over the sample
            found.add("(m.id * 37) % 100 < ?", sample)
        return await letters.message_page(
            _call(info), selection(info), first, after, found, letters.NEWEST
        )

    @_question(
        "Letters that could not be read: a person opens the original, `GET /messages/{id}.eml`,"
        " and says by `messageClassify` what it asks for.",
        LETTERS,
    )
    async def quarantine(
        self, info: Info, first: First = 25, after: After = None
    ) -> MessageConnection | None:
        """Letters that broke the reader."""
        found = _of_fate(Fate.QUARANTINED)
        found.add(
            "EXISTS (SELECT 1 FROM raw_letter w WHERE w.id = m.raw_letter_id"
            " AND w.sealed IS NOT NULL)"
        )
        return await letters.message_page(
            _call(info), selection(info), first, after, found, letters.NEWEST
        )

    @_question("Letters of ours, the newest first.", LETTERS)
    async def outbound_mail(
        self,
        info: Info,
        first: First = 25,
        after: After = None,
        where: Annotated[
            OutboundWhere | None, strawberry.argument(description="Only these letters.")
        ] = None,
    ) -> OutboundMailConnection | None:
        """The outbox."""
        return await outbound_page(_call(info), selection(info), first, after, where)

    @_question("Work of people for all cases, the oldest first.", LETTERS)
    async def tasks(
        self,
        info: Info,
        first: First = 25,
        after: After = None,
        where: Annotated[
            TaskWhere | None, strawberry.argument(description="Only these tasks.")
        ] = None,
    ) -> TaskConnection | None:
        """What other systems still have to do."""
        return await task_page(_call(info), selection(info), first, after, where)

    @_question(
        "A letter about a case before it is sent: nothing is written; null without such a case.",
        LETTERS,
    )
    async def letter_preview(
        self,
        info: Info,
        request_id: Annotated[strawberry.ID, strawberry.argument(description="The case.")],
        kind: Annotated[LetterKind, strawberry.argument(description="Which letter.")],
        text: Annotated[
            str | None, strawberry.argument(description="The words it is to carry; null is none.")
        ] = "",
        about: Annotated[
            LetterAbout | None, strawberry.argument(description="What some letters need besides.")
        ] = None,
    ) -> LetterPreview | None:
        """The act's own letter; null when there is no such case."""
        return await previews.letter_preview(_call(info), request_id, kind, text, about)

    @_question("Everybody who works here, by name.", PEOPLE)
    async def staff(self, info: Info) -> list[Staff] | None:
        """Colleagues."""
        return await people.all_staff(_call(info), selection(info).of("Staff"))

    @_question("Tokens that have not ended, by name.", ADMINS)
    async def tokens(self, info: Info) -> list[AccessToken] | None:
        """Who may come in, and when they last did."""
        return await people.tokens(_call(info), selection(info).of("AccessToken"))

    @_question("Clients, by name.", CLIENTS)
    async def clients(
        self,
        info: Info,
        first: First = 25,
        after: After = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Start of the name, or a whole e-mail address or (for handlers) code."
            ),
        ] = None,
        where: Annotated[
            ClientWhere | None, strawberry.argument(description="Only these clients.")
        ] = None,
    ) -> ClientConnection | None:
        """Customers."""
        return await clients.client_page(_call(info), selection(info), first, after, search, where)

    @_question("The client of this key in the customer system; null when there is none.", CLIENTS)
    async def client_by_external_id(
        self,
        info: Info,
        external_id: Annotated[str, strawberry.argument(description="The key.")],
    ) -> Client | None:
        """One customer."""
        selected = selection(info).of("Client")
        return await clients.client_by_external_id(_call(info), external_id, selected)

    @_question(
        "Which of these addresses (at most 1000) must not be written to, for which"
        " purposes; for the mailing system.",
        SUPPRESSIONS,
    )
    async def is_suppressed(
        self,
        info: Info,
        addresses: Annotated[
            list[EmailAddress], strawberry.argument(description="Addresses to look up.")
        ],
    ) -> list[Suppression] | None:
        """Promises not to write."""
        return await consents.suppressions(_call(info), addresses)

    @_question("Every purpose that rests on consent.")
    async def consent_purposes(self) -> list[ConsentPurpose]:
        """Purposes."""
        return await consents.all_purposes()

    @_question("Every right we handle, with its article, clause, clock and identity level.")
    def supported_rights(self) -> list[SupportedRight]:
        """Rights."""
        return register.supported_rights()

    @_question(
        "The record of processing activities: categories, purposes, bases, recipients,"
        " retention (policy clauses 3, 5, 7, 8)."
    )
    def processing_activities(self) -> list[ProcessingActivity]:
        """Art. 30."""
        return register.processing_activities()

    @_question("Published versions of the policy, the newest first.")
    async def policy_versions(self) -> list[PolicyVersion]:
        """Policies."""
        return await register.all_policies()

    @_question("Figures: where things stand now, and what the period brought.", CASES)
    async def statistics(
        self,
        info: Info,
        period: Annotated[PeriodInput, strawberry.argument(description="At most 1100 days.")],
    ) -> Statistics | None:
        """Dashboard."""
        return await figures.statistics(_call(info), period)

    @_question("The journal, the newest line first.", JOURNAL)
    async def audit_log(
        self,
        info: Info,
        first: First = 50,
        after: After = None,
        where: Annotated[
            AuditWhere | None, strawberry.argument(description="Only these lines.")
        ] = None,
    ) -> AuditEntryConnection | None:
        """Who did and who read what."""
        return await audit_page(_call(info), selection(info), first, after, where)

    @_question("Whether the desk is well.")
    async def health(self, info: Info) -> Health:
        """Health."""
        return await figures.health(_call(info).now)


def _of_fate(fate: Fate) -> Conditions:
    found = Conditions()
    found.add("m.fate = ?", fate.value)
    return found
