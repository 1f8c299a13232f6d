"""Whatever staff, post and time do to a case in any order, the lifecycle and the ledger hold."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from models import lifecycle
from models.acts import assigning, closing, deciding, extending, questions, replying
from models.acts.consents import ConsentRecord, record_consent
from models.checking import check
from models.consents import ConsentFact, Standing, fold, may_follow
from models.house import House
from models.shapes import Actor, ActRefused, Problem
from models.tables import (
    Client,
    ConsentEvent,
    DataSubjectRequest,
    Extension,
    FulfilmentTask,
    JournalEntry,
    OutboundMail,
    RequestItem,
)
from models.vocabulary import (
    ConsentEventKind,
    ConsentMethod,
    ConsentState,
    DeliveryState,
    ErrorCode,
    ExtensionGround,
    ItemStatus,
    Outcome,
    Purpose,
    RequestAction,
    RequestStatus,
    RequestType,
    Role,
)
from tests.models.acts.desk import a_case, a_client, do_tasks, post_goes, staff
from tests.registers import NOW, Registers, in_use
from tests.registers import house as sample_house

KINDS = (RequestType.ERASURE, RequestType.INFORMATION, RequestType.INQUIRY)
STATE_AFTER = {
    ConsentEventKind.GIVEN: ConsentState.GIVEN,
    ConsentEventKind.RENEWED: ConsentState.GIVEN,
    ConsentEventKind.REFUSED: ConsentState.REFUSED,
    ConsentEventKind.WITHDRAWN: ConsentState.WITHDRAWN,
    ConsentEventKind.EXPIRED: ConsentState.EXPIRED,
}
# what the acts themselves refuse, besides the table
GUARDED = frozenset(ErrorCode) - {ErrorCode.ILLEGAL_TRANSITION, ErrorCode.STALE_VERSION}

Act = Callable[..., Awaitable[Any]]


class Case(RuleBasedStateMachine):
    """One case of one client, on one register."""

    new_url: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.house: House = sample_house()
        self.now: datetime = NOW
        self.told: dict[Purpose, ConsentState] = {}
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.do(self.stack.enter_async_context(in_use(type(self).new_url())))

    def do(self, work: Any) -> Any:
        """Runs to its end."""

        async def run() -> Any:
            return await work

        return self.runner.run(run())

    def teardown(self) -> None:
        """At the end `models check` has nothing to say either."""
        findings = self.do(check(self.house.vault))[1]
        self.do(self.stack.aclose())
        self.runner.close()
        assert findings == []

    @initialize()
    def a_letter_comes(self) -> None:
        self.client = self.do(a_client(self.house))
        self.actor: Actor = self.do(staff(self.house, Role.DPO))
        self.id: int = self.do(a_case(self.house, *KINDS)).id

    @property
    def case(self) -> DataSubjectRequest:
        """As it stands."""
        found: DataSubjectRequest = self.do(DataSubjectRequest.get(id=self.id))
        return found

    def act(self, action: RequestAction, act: Act, **given: Any) -> None:
        """Does what the table allows, and nothing where anything refuses."""
        case, before = self.case, self.do(self.traces())
        expected = lifecycle.step(case.status, action, self.actor.roles)
        try:
            self.do(
                act(
                    self.house, self.actor, request_id=self.id, version=case.version,
                    now=self.now, **given,
                )
            )  # fmt: skip
        except ActRefused as refusal:
            (problem,) = refusal.problems
            code = ErrorCode.ILLEGAL_TRANSITION
            assert problem.code in GUARDED if not isinstance(expected, Problem) else True
            assert problem.code is code if isinstance(expected, Problem) else True
            assert self.do(self.traces()) == before
            return
        assert not isinstance(expected, Problem)
        after = self.do(self.traces())
        assert after[0] == before[0] + 1  # one journal row an act
        assert after[1] - before[1] in (0, 1)  # at most one letter
        assert self.case.version > case.version
        assert self.case.status is expected

    async def traces(self) -> tuple[int, int]:
        """Journal rows and letters of ours."""
        return await JournalEntry.all().count(), await OutboundMail.all().count()

    @rule(days=st.integers(0, 20))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(state=st.sampled_from([DeliveryState.SENT, DeliveryState.SENT, DeliveryState.FAILED]))
    def the_post_goes(self, state: DeliveryState) -> None:
        self.do(post_goes(self.house, self.now, state))

    @rule(words=st.sampled_from(["Kes kirjutas?", " "]), ground=st.sampled_from(
        [questions.IDENTITY, questions.CLARIFICATION]))  # fmt: skip
    def a_question_is_asked(self, words: str, ground: Any) -> None:
        action = {
            questions.IDENTITY: RequestAction.ASK_IDENTITY,
            questions.CLARIFICATION: RequestAction.ASK_CLARIFICATION,
        }[ground]
        self.act(action, questions.ask, ground=ground, text=words)

    @rule()
    def the_answer_came(self) -> None:
        self.act(RequestAction.RESUME, questions.resume)

    @rule()
    def the_person_is_reminded(self) -> None:
        self.act(RequestAction.REMIND, questions.remind)

    @rule()
    def the_time_is_extended(self) -> None:
        given = {"ground": ExtensionGround.COMPLEXITY, "explanation": "Palju süsteeme."}
        self.act(RequestAction.EXTEND, extending.extend_deadline, **given)

    @rule(kind=st.sampled_from(KINDS), outcome=st.sampled_from(Outcome))
    def a_right_is_decided(self, kind: RequestType, outcome: Outcome) -> None:
        given = {"kind": kind, "outcome": outcome, "answer": "Tehtud."}
        self.act(RequestAction.DECIDE, deciding.decide_item, **given)

    @rule()
    def people_do_their_work(self) -> None:
        self.do(do_tasks(self.house, self.actor, self.case, self.now))
        assert not self.do(FulfilmentTask.filter(request_id=self.id, done_at=None).exists())

    @rule()
    def the_case_is_closed(self) -> None:
        self.act(RequestAction.CLOSE, closing.close_case)

    @rule()
    def the_request_is_taken_back(self) -> None:
        self.act(RequestAction.WITHDRAW, closing.withdraw_case, note="Helistas.")

    @rule()
    def the_case_is_opened_again(self) -> None:
        self.act(RequestAction.REOPEN, closing.reopen_case, reason="Viga.")

    @rule()
    def a_letter_is_written(self) -> None:
        self.act(RequestAction.REPLY, replying.reply, text="Tere.", holds_data=True)

    @rule()
    def somebody_takes_it(self) -> None:
        self.act(RequestAction.ASSIGN, assigning.assign, staff_id=self.actor.staff_id)

    @rule(purpose=st.sampled_from(Purpose), kind=st.sampled_from(sorted(STATE_AFTER)))
    def the_person_speaks_of_a_consent(self, purpose: Purpose, kind: ConsentEventKind) -> None:
        self.now += timedelta(seconds=1)
        client: Client = self.do(Client.get(id=self.client))
        record = ConsentRecord(purpose, kind, ConsentMethod.FORM, self.now)
        act = record_consent(
            self.house, self.actor, client_id=client.id, version=client.version,
            record=record, now=self.now,
        )  # fmt: skip
        if not may_follow(self.told.get(purpose, ConsentState.UNKNOWN), kind):
            with pytest.raises(ActRefused):
                self.do(act)
            return
        self.do(act)
        self.told[purpose] = STATE_AFTER[kind]

    @invariant()
    def the_clock_never_shrinks_and_is_extended_at_most_once(self) -> None:
        if not hasattr(self, "id"):
            return
        case = self.case
        assert case.due_on is not None
        assert case.unsuspended_due_on is not None
        assert case.due_on >= case.unsuspended_due_on
        assert case.suspended_days >= 0
        assert self.do(Extension.filter(request_id=self.id).count()) <= 1

    @invariant()
    def a_closed_case_has_its_outcome_and_no_open_right(self) -> None:
        if not hasattr(self, "id"):
            return
        case, items = self.case, self.do(RequestItem.filter(request_id=self.id))
        is_closed = case.status is RequestStatus.CLOSED
        assert (case.outcome is not None) is is_closed
        assert (case.closed_on is not None) is is_closed
        assert not is_closed or all(item.status is not ItemStatus.OPEN for item in items)
        left = self.do(FulfilmentTask.filter(request_id=self.id, done_at=None).count())
        assert not (is_closed and left)

    @invariant()
    def the_ledger_folds_to_what_the_person_said_last(self) -> None:
        if self.told:
            standing = self.do(self.ledger())
            assert {purpose: one.state for purpose, one in standing.items()} == self.told

    async def ledger(self) -> dict[Purpose, Standing]:
        """The client's consents as the register folds them."""
        events = await ConsentEvent.filter(client_id=self.client).prefetch_related("purpose")
        return fold(
            ConsentFact(one.purpose.code, one.kind, one.at, one.effective_at, one.id)
            for one in events
        )


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_no_order_of_acts_breaks_the_law(
    registers: Registers, tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    def fresh() -> str:
        folder: Path = tmp_path_factory.mktemp("machine")
        return registers.sqlite(folder) if kind == "sqlite" else registers.postgres()

    machine = type("Bound", (Case,), {"new_url": staticmethod(fresh)})
    bounds = settings(
        max_examples=4,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=bounds)
