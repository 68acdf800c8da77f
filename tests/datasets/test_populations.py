"""Who is in a population, and for what reason not, where some of it is not known."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.datasets.small import small_protocol
from trialkit.datasets.model import Population
from trialkit.datasets.populations import split_populations
from trialkit.protocol.trial.people import Grouping, PopulationRule
from trialkit.results.answers import Unknown

RULE = PopulationRule(code="x", label="X", definition="")
NO_SESSIONS = pd.DataFrame(
    {"subject_id": [], "prescribed": [], "attended": [], "unknown": []}
).astype({"subject_id": "str", "prescribed": "Int64", "attended": "Int64", "unknown": "Int64"})


def person(
    *,
    received: str | None = "A",
    same: bool | None = True,
    receipt: str | None = None,
    completed: bool | None = True,
    completion: str | None = None,
) -> pd.DataFrame:
    arms = pd.CategoricalDtype(["P", "A", "B"], ordered=True)
    return pd.DataFrame(
        {
            "subject_id": ["S1"],
            "arm": pd.Series(["A"], dtype=arms),
            "randomised": [True],
            "arm_received": pd.Series([received], dtype=arms),
            "received_intervention": pd.array([same], dtype="boolean"),
            "received_intervention_unknown": pd.Series([receipt], dtype="str"),
            "completed": pd.array([completed], dtype="boolean"),
            "completed_unknown": pd.Series([completion], dtype="str"),
        }
    )


def split(
    rule: PopulationRule, people: pd.DataFrame, attendance: pd.DataFrame = NO_SESSIONS
) -> Population:
    return split_populations(replace(small_protocol(), populations=(rule,)), people, attendance)[0]


def verdict(
    rule: PopulationRule, people: pd.DataFrame, attendance: pd.DataFrame = NO_SESSIONS
) -> str:
    """The arm in which S1 is, or why S1 is not."""
    found = split(rule, people, attendance)
    assert len(found.members) + len(found.excluded) == 1
    return str(
        found.members["arm"].iloc[0] if len(found.members) else found.excluded["reason"].iloc[0]
    )


BY_RECEIPT = replace(RULE, group_by=Grouping.RECEIVED)
ANY, ALLOCATED = replace(RULE, received_any=True), replace(RULE, received_allocated=True)
NOTHING = {"received": None, "same": False}
OPEN = {"received": None, "same": None}


@pytest.mark.parametrize(
    ("rule", "who", "expected"),
    [
        (BY_RECEIPT, {}, "A"),
        (BY_RECEIPT, {"received": "B", "same": False}, "B"),
        (BY_RECEIPT, NOTHING, "received no intervention"),
        (BY_RECEIPT, OPEN | {"receipt": Unknown.NOT_RECORDED}, "arm received not recorded"),
        (BY_RECEIPT, OPEN | {"receipt": Unknown.NOT_ASKED}, "arm received not asked"),
        (BY_RECEIPT, OPEN | {"receipt": Unknown.TO_COME}, "A"),
        (BY_RECEIPT, OPEN | {"receipt": Unknown.NOT_COLLECTED}, "A"),
        (ANY, NOTHING, "received no intervention"),
        (ANY, {"received": "B", "same": False}, "A"),
        (ANY, OPEN | {"receipt": Unknown.NOT_RECORDED}, "arm received not recorded"),
        (ALLOCATED, {"received": "B", "same": False}, "did not receive the allocated intervention"),
        (ALLOCATED, NOTHING, "did not receive the allocated intervention"),
        (ALLOCATED, OPEN | {"receipt": Unknown.NOT_RECORDED}, "arm received not recorded"),
        (RULE, OPEN | {"receipt": Unknown.NOT_RECORDED}, "A"),
    ],
)
def test_what_was_received_decides_where_it_is_known(
    rule: PopulationRule, who: dict[str, object], expected: str
) -> None:
    assert verdict(rule, person(**who)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("completed", "completion", "expected"),
    [
        (True, None, "A"),
        (False, None, "did not complete the study"),
        (None, Unknown.NOT_RECORDED, "completion not recorded"),
        (None, Unknown.TO_COME, "completion still to come at the data cut"),
        (None, Unknown.NOT_ASKED, "completion not asked"),
        (None, Unknown.NOT_COLLECTED, "completion not collected"),
    ],
)
def test_who_is_not_known_to_have_completed_has_not(
    completed: bool | None, completion: str | None, expected: str
) -> None:
    people = person(completed=completed, completion=completion)
    assert verdict(replace(RULE, completed=True), people) == expected


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.sampled_from([50, 75, 100]))
def test_sessions_that_nobody_knows_decide_where_they_cannot_change_it(
    attended: int, missed: int, unknown: int, least: int
) -> None:
    attendance = pd.DataFrame(
        {
            "subject_id": ["S1"],
            "prescribed": [attended + missed],
            "attended": [attended],
            "unknown": [unknown],
        }
    ).astype({"prescribed": "Int64", "attended": "Int64", "unknown": "Int64"})
    found = verdict(replace(RULE, minimum_attendance_percent=least), person(), attendance)
    planned = attended + missed + unknown
    possible = {100 * came >= least * planned for came in range(attended, attended + unknown + 1)}
    if planned == 0 or possible == {False}:
        assert found == f"attended less than {least} % of sessions"
    else:
        assert found == ("A" if possible == {True} else "attendance not recorded")


def test_attendance_of_which_no_form_asks_is_in_no_arm() -> None:
    nobody = pd.DataFrame({"subject_id": ["S1"], "prescribed": pd.array([6], dtype="Int64")})
    nobody = nobody.assign(
        attended=pd.array([None], dtype="Int64"), unknown=pd.array([None], dtype="Int64")
    )
    rule = replace(RULE, minimum_attendance_percent=50)
    assert verdict(rule, person(), nobody) == "attendance not collected"
