"""What of a protocol is its plan."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.conftest import EXAMPLE, THREE_ARMS
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.locks.written_plan import (
    ANALYSES,
    EVENTS,
    Written,
    plan_sha256,
    refuse_no_plan,
    rests_on,
    written_plan,
)
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked

PROTOCOLS = {path.name: load_protocol(path) for path in (EXAMPLE, THREE_ARMS)}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_plan_is_plain_json_and_has_the_shape_that_is_read_again(name: str) -> None:
    written = written_plan(PROTOCOLS[name])

    again = json.loads(canonical(written))

    assert again == written
    refuse_no_plan(again)
    assert set(written[ANALYSES]) == {each.id for each in PROTOCOLS[name].plan.analyses}


def test_how_numbers_are_printed_is_no_part_of_it_and_what_is_analysed_is() -> None:
    protocol = PROTOCOLS[EXAMPLE.name]
    first, *others = protocol.outcomes

    printed = replace(protocol, outcomes=(replace(first, digits=first.digits + 1), *others))
    other = replace(protocol, outcomes=(replace(first, time_point="other"), *others))
    registered = replace(protocol, trial=replace(protocol.trial, title="Another title"))

    sha = plan_sha256(written_plan(protocol))
    assert plan_sha256(written_plan(printed)) == sha == plan_sha256(written_plan(registered))
    assert plan_sha256(written_plan(other)) != sha


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_analysis_rests_on_what_it_names(name: str) -> None:
    protocol = PROTOCOLS[name]
    written = written_plan(protocol)
    for each in protocol.plan.analyses:
        own = rests_on(written, each.id)
        assert own is not None
        assert set(own["outcomes"]) == set(each.outcomes)
        assert own["analysis"]["method"] == each.specification.method.value
        assert all(own["outcomes"].values())
        assert own["populations"][each.population]
        assert own["families"].keys() == ({each.family} if each.family else set())
    assert rests_on(written, "none of these") is None


def test_a_family_that_is_tested_in_a_sequence_knows_the_order() -> None:
    protocol = next(each for each in PROTOCOLS.values() if each.plan.families)
    back = replace(protocol.plan, analyses=tuple(reversed(protocol.plan.analyses)))
    turned = written_plan(replace(protocol, plan=back))

    before = written_plan(protocol)["families"]

    assert {code: sorted(each["tested"]) for code, each in before.items()} == {
        code: sorted(each["tested"]) for code, each in turned["families"].items()
    }
    assert turned["families"] != before or all(len(each["tested"]) < 2 for each in before.values())


@pytest.mark.parametrize(
    "harm",
    [
        lambda plan: plan.pop("plan"),
        lambda plan: plan.update(analyses=[]),
        lambda plan: plan["outcomes"].update(x=3),
        lambda plan: next(iter(plan["analyses"].values())).update(outcomes=None),
        lambda plan: next(iter(plan["analyses"].values())).update(outcomes=[["x"]]),
        lambda plan: next(iter(plan["analyses"].values())).pop("population"),
        lambda plan: next(iter(plan["analyses"].values())).update(family=["x"]),
    ],
    ids=range(7),
)
def test_what_has_another_shape_is_refused(harm: Callable[[Written], object]) -> None:
    plan = json.loads(canonical(written_plan(PROTOCOLS[EXAMPLE.name])))
    harm(plan)
    with pytest.raises(ValueError, match=r"plan|outcomes"):
        refuse_no_plan(plan)


def test_recorded_intercurrent_events_are_part_of_it_and_of_the_analyses_whose_estimand_names_them() -> (
    None
):
    protocol = PROTOCOLS[THREE_ARMS.name]
    first, *others = protocol.estimands
    (event,) = first.intercurrent_events
    stopped = IntercurrentEventAsked(code="stopped", label="Stopped", date="end.day")
    named = replace(first, intercurrent_events=(replace(event, event="stopped"),))

    bare = written_plan(protocol)
    written = written_plan(
        replace(protocol, intercurrent_events=(stopped,), estimands=(named, *others))
    )

    assert EVENTS not in bare  # as every plan that was locked before there were any
    refuse_no_plan(bare)
    refuse_no_plan(written)
    assert written[EVENTS] == {"stopped": {"label": "Stopped", "date": "end.day"}}
    for each in protocol.plan.analyses:
        own = rests_on(written, each.id)
        assert own is not None
        assert own.get(EVENTS, {}) == (written[EVENTS] if each.estimand == first.code else {})
    with pytest.raises(ValueError, match="intercurrent_events"):
        refuse_no_plan(bare | {EVENTS: []})
