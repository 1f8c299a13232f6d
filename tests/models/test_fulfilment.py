"""Which right makes which work, in which system: the tables, right by right."""

import pytest

from models.fulfilment import DOES, RightState, instruction, makes, may_narrow, places, told_of
from models.policy import CATEGORIES
from models.vocabulary import DataCategory, Outcome, RequestType, TaskKind

SYSTEMS = {system for category in CATEGORIES.values() for system in category.systems}
GRANTED, NOT_HELD, REFUSED = Outcome.GRANTED, Outcome.NOT_HELD, Outcome.REFUSED


def kinds(*rights: RightState) -> set[TaskKind]:
    """What is to be done somewhere."""
    return {kind for kind, _ in places(rights)}


def test_no_system_stands_under_two_categories() -> None:
    named = [system for category in CATEGORIES.values() for system in category.systems]
    assert len(named) == len(SYSTEMS)


@pytest.mark.parametrize(
    ("kind", "work"),
    [
        (RequestType.INFORMATION, TaskKind.SEARCH),
        (RequestType.COPY, TaskKind.SEARCH),
        (RequestType.PORTABILITY, TaskKind.EXPORT),
        (RequestType.RECTIFICATION, TaskKind.CORRECT),
        (RequestType.RESTRICTION, TaskKind.RESTRICT),
    ],
)
@pytest.mark.parametrize("outcome", [GRANTED, Outcome.PARTLY_GRANTED])
def test_a_granted_right_is_worked_off_in_every_system(
    kind: RequestType, work: TaskKind, outcome: Outcome
) -> None:
    found = places([RightState(kind, outcome)])
    assert set(found) == {(work, system) for system in SYSTEMS}
    assert found[work, "help desk"] is DataCategory.COMMUNICATION


@pytest.mark.parametrize("kind", [RequestType.RECTIFICATION, RequestType.RESTRICTION])
def test_what_is_narrowed_is_worked_off_and_told_only_there(kind: RequestType) -> None:
    narrow = RightState(kind, GRANTED, narrowed=frozenset({DataCategory.PAYMENT}))
    found = places([narrow])
    assert {system for _, system in found} == set(CATEGORIES[DataCategory.PAYMENT].systems)
    assert set(found.values()) == {DataCategory.PAYMENT}
    assert told_of([narrow]) == {DataCategory.PAYMENT}


def test_only_a_granted_rectification_or_restriction_is_narrowed() -> None:
    about = [DataCategory.CLIENT]
    for kind in RequestType:
        for outcome in Outcome:
            may = kind in (RequestType.RECTIFICATION, RequestType.RESTRICTION) and (
                outcome in (GRANTED, Outcome.PARTLY_GRANTED)
            )
            problem = may_narrow(kind, outcome, about)
            assert (problem is None) is may
            assert problem is None or problem.path == ("input", "categories")
            assert may_narrow(kind, outcome, ()) is None


@pytest.mark.parametrize("kind", RequestType)
def test_before_a_decision_only_searching_begins_and_only_for_who_is_proven(
    kind: RequestType,
) -> None:
    early = {
        RequestType.INFORMATION: {TaskKind.SEARCH},
        RequestType.COPY: {TaskKind.SEARCH},
        RequestType.PORTABILITY: {TaskKind.EXPORT},
    }
    assert kinds(RightState(kind, is_proven=True)) == early.get(kind, set())
    assert kinds(RightState(kind)) == set()


@pytest.mark.parametrize("kind", RequestType)
@pytest.mark.parametrize("outcome", [REFUSED, Outcome.WITHDRAWN_BY_SUBJECT])
def test_what_is_refused_or_taken_back_makes_no_work(kind: RequestType, outcome: Outcome) -> None:
    assert not places([RightState(kind, outcome, is_proven=True)])
    assert not told_of([RightState(kind, outcome)])


@pytest.mark.parametrize("kind", RequestType)
def test_nothing_is_not_held_before_somebody_looked(kind: RequestType) -> None:
    asks_for_data = kind not in (
        RequestType.OBJECTION, RequestType.CONSENT_WITHDRAWAL, RequestType.COMPLAINT,
        RequestType.INQUIRY,
    )  # fmt: skip
    assert kinds(RightState(kind, NOT_HELD)) == ({TaskKind.SEARCH} if asks_for_data else set())


def test_an_erasure_clears_the_systems_of_what_is_erased() -> None:
    erased = frozenset({DataCategory.SATISFACTION})
    right = RightState(RequestType.ERASURE, erased=erased)
    assert set(places([right])) == {
        (TaskKind.ERASE, "survey tool"),
        (TaskKind.ERASE, "service usage statistics"),
    }
    assert told_of([right]) == erased


def test_two_rights_that_need_the_same_search_need_it_once() -> None:
    one, two = (RightState(kind, GRANTED) for kind in (RequestType.INFORMATION, RequestType.COPY))
    assert places([one, two]) == places([one])


@pytest.mark.parametrize("kind", RequestType)
@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_whatever_a_right_asks_for_is_a_task_of_that_right(
    kind: RequestType, outcome: Outcome | None
) -> None:
    right = RightState(kind, outcome, is_proven=True, erased=frozenset(DataCategory))
    assert kinds(right) <= makes(kind, outcome)
    assert (TaskKind.NOTIFY_RECIPIENT in makes(kind)) or not told_of([RightState(kind, GRANTED)])


def test_every_kind_of_task_stands_for_some_right_and_searching_for_access_alone() -> None:
    assert set().union(*(makes(kind) for kind in RequestType)) == set(TaskKind)
    searched = [kind for kind in RequestType if TaskKind.SEARCH in makes(kind)]
    assert searched == [RequestType.INFORMATION, RequestType.COPY]
    assert makes(RequestType.COMPLAINT, NOT_HELD) == frozenset()


@pytest.mark.parametrize("kind", [RequestType.RECTIFICATION, RequestType.RESTRICTION])
def test_recipients_of_anything_are_told_of_a_correction_or_restriction(kind: RequestType) -> None:
    assert told_of([RightState(kind, GRANTED)]) == set(DataCategory)
    assert not told_of([RightState(kind)])


@pytest.mark.parametrize("kind", TaskKind)
def test_every_task_is_one_sentence(kind: TaskKind) -> None:
    assert kind in DOES
    sentence = instruction(kind, "help desk", DataCategory.COMMUNICATION, {})
    assert sentence.endswith(".")
    assert "{" not in sentence
