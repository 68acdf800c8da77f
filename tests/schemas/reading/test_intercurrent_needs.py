"""An intercurrent event is recorded by an item that some form has, and that can say that it happened."""

from dataclasses import replace

import pytest

from tests.datasets.stopped import (
    DRUG,
    ESTIMAND,
    LOG_FORM,
    PAIN,
    RESCUE,
    STOPPED,
    STOPPED_FORM,
    UNASKED,
    three_visits,
)
from tests.miniature import Miniature, dedented
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.trial.outcomes import Combine
from trialkit.schemas.reading.intercurrent_needs import complain_of_intercurrent_events
from trialkit.schemas.reading.worst_values import worst_value


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    mine = Miniature()
    mine.forms |= {"stopped": dedented(STOPPED_FORM), "rescue": dedented(LOG_FORM)}
    return mine.schemas(tmp_path_factory.mktemp("trial")).forms


def complaints(forms, event):
    protocol = replace(Miniature().protocol, intercurrent_events=(event,))
    return [*complain_of_intercurrent_events(forms, protocol)]


@pytest.mark.parametrize(
    ("event", "key", "found", "expected"),
    [
        (replace(STOPPED, date="stoped.day"), "date", "of no form", "did you mean 'stopped'"),
        (replace(STOPPED, date="stopped.daye"), "date", "stopped.daye", "did you mean 'day'"),
        (replace(RESCUE, date="screening.age_years"), "date", "type integer", "date or date_time"),
        (replace(STOPPED, where={"wy": ("wish",)}), "where", "unknown item 'wy'", "mean 'why'"),
        (replace(STOPPED, where={"why": ("wished",)}), "where", "can never be", "mean 'wish'"),
        (replace(STOPPED, where={"why": ()}), "where", "no code", "at least one"),
        (replace(STOPPED, where={"day": ("x",)}), "where", "of type partial_date", "yes_no"),
        (replace(DRUG, codes=("maybe",)), "codes", "can never be", "yes"),
        (replace(DRUG, codes=("yes", "yes")), "codes", "twice", "once"),
        (replace(DRUG, item="pain.drag"), "item", "pain.drag", "did you mean 'drug'"),
        (
            replace(DRUG, item="screening.eligible", codes=("no",)),
            "item", "not filled in at visits", "date",
        ),
    ],
)  # fmt: skip
def test_each_is_complained_of_by_its_key(forms, event, key, found, expected) -> None:
    (only,) = complaints(forms, event)
    assert (only.file, only.key) == ("protocol.toml", key)
    assert only.table == f"intercurrent_events {event.code!r}"
    assert found in only.found
    assert expected in only.expected


@pytest.mark.parametrize("event", [STOPPED, RESCUE, DRUG, UNASKED])
def test_what_is_recorded_is_not_complained_of(forms, event) -> None:
    assert complaints(forms, event) == []


@pytest.mark.parametrize(
    ("outcome", "complained"),
    [
        (PAIN, False),
        (replace(PAIN, type=OutcomeType.BINARY), False),
        (replace(PAIN, item="side"), True),
        (replace(PAIN, form="screening", item="age_years"), False),
    ],
)
def test_the_worst_value_is_an_end_of_the_items_range(forms, outcome, complained) -> None:
    failed = IntercurrentEvent(event="drug", strategy=Strategy.COMPOSITE, value="worst")
    protocol = replace(
        three_visits(DRUG),
        outcomes=(outcome,),
        estimands=(replace(ESTIMAND, intercurrent_events=(failed,)),),
    )
    found = [*complain_of_intercurrent_events(forms, protocol)]
    assert [(each.table, each.key) for each in found] == [
        ("estimands 'E1'", "intercurrent_events")
    ] * complained
    assert worst_value(outcome, forms) == {"side": None, "age_years": 99.0}.get(outcome.item, 100)
    better = replace(outcome, direction=Direction.HIGHER)
    assert worst_value(better, forms) == {"side": None, "age_years": 18.0}.get(outcome.item, 0)


def test_of_levels_the_worst_is_the_first_or_the_last_and_a_sum_has_none(forms) -> None:
    levels = replace(PAIN, type=OutcomeType.ORDINAL, item="side")
    assert worst_value(levels, forms) == 2
    assert worst_value(replace(levels, direction=Direction.HIGHER), forms) == 1
    assert worst_value(replace(PAIN, combine=Combine.SUM), forms) is None
    assert worst_value(replace(PAIN, form="nowhere"), forms) is None


@pytest.mark.parametrize(
    ("value", "scale", "outcome"),
    [
        ("500", "from 0 to 100", PAIN),
        ("-0.5", "from 0 to 100", PAIN),
        ("100", "", PAIN),
        ("0", "", PAIN),
        ("17", "from 18 to 99", replace(PAIN, form="screening", item="age_years")),
        ("500", "", replace(PAIN, combine=Combine.SUM)),
        ("500", "", replace(PAIN, type=OutcomeType.BINARY)),
    ],
)
def test_a_number_that_the_event_is_lies_on_the_scale_of_the_item(
    forms, value, scale, outcome
) -> None:
    failed = IntercurrentEvent(event="drug", strategy=Strategy.COMPOSITE, value=value)
    protocol = replace(
        three_visits(DRUG),
        outcomes=(outcome,),
        estimands=(replace(ESTIMAND, intercurrent_events=(failed,)),),
    )
    found = [*complain_of_intercurrent_events(forms, protocol)]
    assert len(found) == bool(scale)
    for each in found:
        assert (each.table, each.key) == ("estimands 'E1'", "intercurrent_events")
        assert f"value = '{value}' of 'drug' for 'pain'" in each.found
        assert each.found.endswith(scale)
        assert each.expected == f"'worst', or a number {scale} as text"
