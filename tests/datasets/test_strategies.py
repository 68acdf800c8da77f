"""Each strategy makes of values after an event what it says, and of no others anything."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.datasets.stopped import ESTIMAND, PAIN, RESCUE, STOPPED, three_visits
from trialkit.datasets.measurements import BLANK, NOT_YET_DUE
from trialkit.datasets.strategies import AFTER, NOTHING_BEFORE, PERHAPS_AFTER, Strategies
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.results.intercurrent import Treated

VISITS = ("BL", "W3", "W6")
POLICY, SUPPOSED, RULE, WHILE, STRATUM = (
    Strategy.TREATMENT_POLICY, Strategy.HYPOTHETICAL, Strategy.COMPOSITE,
    Strategy.WHILE_ON_TREATMENT, Strategy.PRINCIPAL_STRATUM,
)  # fmt: skip
NAN = float("nan")


def rows_of(**values: tuple[float, ...]) -> pd.DataFrame:
    """A row a participant and visit, NaN for what was left blank."""
    rows = [
        (who, "A", "pain", visit, value, own[0], value - own[0])
        for who, own in values.items()
        for visit, value in zip(VISITS, own, strict=True)
    ]
    columns = ["subject_id", "arm", "outcome", "visit", "value", "baseline", "change"]
    frame = pd.DataFrame(rows, columns=columns)
    visit = pd.Categorical(frame["visit"], categories=VISITS, ordered=True)
    why = pd.Series(np.where(frame["value"].isna(), BLANK, None)).astype("str")
    return frame.assign(visit=visit, missing_reason=why, not_applicable=False)


def events_of(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    """Who had which event, the first visit that is affected, and the first that may be."""
    return pd.DataFrame(
        rows, columns=["subject_id", "event", "visit", "maybe_from"], dtype="object"
    )


def treated(rows, happened, *named, outcome=PAIN, worst=None):
    """The measurements as an estimand with these events has them."""
    estimand = replace(ESTIMAND, intercurrent_events=named)
    protocol = replace(three_visits(STOPPED, RESCUE), estimands=(estimand,), outcomes=(outcome,))
    own = Strategies(protocol=protocol, intercurrent=happened, worst=worst or {})
    return own.carried_out(rows, "E1", outcome)


def stopped(strategy, **more) -> IntercurrentEvent:
    return IntercurrentEvent(event="stopped", strategy=strategy, **more)


def values(found, who="S1") -> list[float]:
    own = found.measurements
    return own.loc[own["subject_id"] == who, "value"].tolist()


def same(one, other) -> bool:
    return bool(np.array_equal(one, other, equal_nan=True))


ONE = rows_of(S1=(50, 40, 30), S2=(60, 55, 50))
AT_W6, AT_W3 = events_of(("S1", "stopped", "W6", None)), events_of(("S1", "stopped", "W3", None))


@pytest.mark.parametrize(
    ("event", "happened", "expected", "reasons"),
    [
        (stopped(POLICY), AT_W3, [50, 40, 30], [None, None, None]),
        (stopped(STRATUM), AT_W3, [50, 40, 30], [None, None, None]),
        (stopped(SUPPOSED), AT_W6, [50, 40, NAN], [None, None, f"{AFTER}{STOPPED.label}"]),
        (stopped(SUPPOSED), AT_W3, [50, NAN, NAN], [None, *[f"{AFTER}{STOPPED.label}"] * 2]),
        (stopped(RULE, value="100"), AT_W6, [50, 40, 100], [None, None, None]),
        (stopped(RULE, value="worst"), AT_W3, [50, 90, 90], [None, None, None]),
        (stopped(WHILE), AT_W6, [50, 40, 40], [None, None, None]),
        (stopped(WHILE), AT_W3, [50, 50, 50], [None, None, None]),
    ],
)  # fmt: skip
def test_what_a_strategy_makes_of_the_values_after_an_event(
    event, happened, expected, reasons
) -> None:
    found = treated(ONE, happened, event, worst={"pain": 90.0})
    own = found.measurements[found.measurements["subject_id"] == "S1"]
    assert same(own["value"], np.array(expected, dtype=float))
    assert same(own["change"], np.array(expected, dtype=float) - 50)
    assert [
        *own["missing_reason"].astype(object).where(own["missing_reason"].notna(), None)
    ] == reasons
    assert values(found, "S2") == [60, 55, 50]


def test_a_composite_without_a_value_changes_none_and_says_who_ranks_worst() -> None:
    rows = rows_of(S1=(50, 40, NAN), S2=(60, 55, 50))
    found = treated(rows, AT_W3, stopped(RULE))
    assert same(found.measurements["value"], rows["value"])
    assert found.measurements["missing_reason"].dropna().tolist() == [BLANK]
    assert found.treated[["subject_id", "visit", "treated"]].to_numpy().tolist() == [
        ["S1", "W3", Treated.RANKED_WORST],
        ["S1", "W6", Treated.RANKED_WORST],
    ]
    # what an earlier event of the estimand decided no later one decides anew
    both = events_of(("S1", "rescue", "W6", None), ("S1", "stopped", "W3", None))
    rescued = IntercurrentEvent(event="rescue", strategy=SUPPOSED)
    whole = rows_of(S1=(50, 40, 30), S2=(60, 55, 50))
    first = treated(whole, both, rescued, stopped(RULE))
    assert same(values(first), [50, 40, NAN])
    assert first.treated["treated"].tolist() == [Treated.RANKED_WORST, Treated.SET_MISSING]


def test_values_that_were_missing_already_keep_their_reason_and_a_rule_fills_them() -> None:
    rows = rows_of(S1=(50, NAN, NAN), S2=(60, 40, NAN))
    happened = events_of(("S1", "stopped", "W3", None), ("S2", "stopped", "W6", None))
    supposed = treated(rows, happened, stopped(SUPPOSED))
    assert supposed.measurements["missing_reason"].dropna().tolist() == [BLANK] * 3
    assert supposed.treated.empty
    failed = treated(rows, happened, stopped(RULE, value="0"))
    assert values(failed) == [50, 0, 0]
    assert values(failed, "S2") == [60, 40, 0]
    assert failed.measurements["missing_reason"].isna().all()
    carried = treated(rows, happened, stopped(WHILE))
    assert values(carried) == [50, 50, 50]
    assert values(carried, "S2") == [60, 40, 40]


def test_without_any_value_before_the_event_there_is_none_to_stand() -> None:
    found = treated(rows_of(S1=(NAN, 40, 30)), AT_W3, stopped(WHILE))
    assert same(values(found), [NAN, NAN, NAN])
    why = found.measurements["missing_reason"]
    assert why.tolist()[1:] == [f"{NOTHING_BEFORE}{STOPPED.label}"] * 2
    assert found.treated["treated"].tolist() == [Treated.NOTHING_BEFORE] * 2


@pytest.mark.parametrize("strategy", [SUPPOSED, RULE, WHILE])
def test_a_value_that_may_lie_after_the_event_is_not_guessed(strategy) -> None:
    """Surely from week 6 on, perhaps from week 3 on."""
    happened = events_of(("S1", "stopped", "W6", "W3"))
    value = "100" if strategy is RULE else ""
    found = treated(ONE, happened, stopped(strategy, value=value))
    last = {SUPPOSED: NAN, RULE: 100.0, WHILE: NAN}[strategy]
    assert same(values(found), [50, NAN, last])
    assert found.measurements["missing_reason"].tolist()[1] == f"{PERHAPS_AFTER}{STOPPED.label}"
    kept = treated(ONE, happened, stopped(POLICY))
    assert values(kept) == [50, 40, 30]


def test_the_first_event_of_the_list_decides_that_does_not_keep_the_value() -> None:
    happened = events_of(("S1", "stopped", "W3", None), ("S1", "rescue", "W6", None))
    rescue = IntercurrentEvent(event="rescue", strategy=RULE, value="100")
    assert same(values(treated(ONE, happened, stopped(SUPPOSED), rescue)), [50, NAN, NAN])
    assert same(values(treated(ONE, happened, rescue, stopped(SUPPOSED))), [50, NAN, 100])
    found = treated(ONE, happened, stopped(POLICY), rescue)
    assert values(found) == [50, 40, 100]
    assert found.treated.values.tolist() == [
        ["S1", "W3", "stopped", Treated.KEPT], ["S1", "W6", "rescue", Treated.COUNTED_AS],
    ]  # fmt: skip


def test_under_treatment_policy_it_is_said_what_was_not_observed() -> None:
    rows = rows_of(S1=(50, 40, NAN))
    found = treated(rows, AT_W3, stopped(POLICY))
    assert found.measurements is rows
    assert found.treated["treated"].tolist() == [Treated.KEPT, Treated.NOT_OBSERVED]


def test_what_is_still_to_come_is_not_decided_before_it_comes() -> None:
    rows = rows_of(S1=(50, 40, NAN))
    rows["missing_reason"] = rows["missing_reason"].mask(rows["visit"] == "W6", NOT_YET_DUE)
    found = treated(rows, AT_W3, stopped(RULE, value="0"))
    assert same(values(found), [50, 0, NAN])
    assert found.measurements["missing_reason"].tolist()[2] == NOT_YET_DUE


@pytest.mark.parametrize(
    ("direction", "failure"), [(Direction.HIGHER, 0.0), (Direction.LOWER, 1.0)]
)
def test_of_yes_and_no_the_event_is_the_answer_that_is_not_better(direction, failure) -> None:
    outcome = replace(PAIN, type=OutcomeType.BINARY, direction=direction)
    rows = rows_of(S1=(1, 0, 1), S2=(0, 0, 0))
    for value in ("", "failure"):
        found = treated(rows, AT_W3, stopped(RULE, value=value), outcome=outcome)
        assert values(found) == [1, failure, failure]
        assert values(found, "S2") == [0, 0, 0]


def test_an_event_in_words_and_one_that_nobody_had_change_nothing() -> None:
    in_words = IntercurrentEvent(event="Stopped", strategy=SUPPOSED)
    assert treated(ONE, AT_W3, in_words).measurements is ONE
    nobody = treated(ONE, events_of(), stopped(SUPPOSED))
    assert nobody.measurements is ONE
    assert nobody.treated.empty


ANY = st.one_of(st.just(NAN), st.floats(-100, 100))
TABLE = st.lists(st.tuples(ANY, ANY, ANY), min_size=1, max_size=5)
WHEN = st.sampled_from([None, "W3", "W6"])


@settings(max_examples=examples(60), deadline=None)
@given(table=TABLE, data=st.data())
def test_invariants_of_any_table(table, data) -> None:
    rows = rows_of(**{f"S{number}": each for number, each in enumerate(table)})
    firsts = [data.draw(WHEN) for _ in table]
    happened = events_of(*((f"S{n}", "stopped", first, None) for n, first in enumerate(firsts)))
    for event in (stopped(SUPPOSED), stopped(RULE, value="7"), stopped(WHILE), stopped(POLICY)):
        found = treated(rows, happened, event).measurements
        for number, first in enumerate(firsts):
            own = rows["subject_id"] == f"S{number}"
            before = own & (True if first is None else rows["visit"] < first)
            assert same(found.loc[before, "value"], rows.loc[before, "value"])
            after = found.loc[own & ~before, "value"]
            if event.strategy is SUPPOSED:
                assert after.isna().all()
            if event.strategy is RULE:
                assert (after == 7).all()
            if event.strategy is WHILE and len(after):
                known = rows.loc[before, "value"].dropna()
                assert same(after, np.repeat(known.iloc[-1] if len(known) else NAN, len(after)))
        if event.strategy is POLICY:
            assert found is rows
        there = found["value"].notna()
        assert (found["missing_reason"].isna() == there).all()
        mixed = rows.sample(frac=1, random_state=3)
        again = treated(mixed, happened, event).measurements.loc[rows.index]
        assert same(again["value"], found["value"])
