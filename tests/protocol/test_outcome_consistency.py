"""A horizon is held against the day of the time point, whatever else a table holds in its place."""

import pytest

from trialkit.protocol.outcome_consistency import complain_of_outcomes
from trialkit.protocol.tables.definitions import Complaints

VISITS = [{"code": "V1", "target_day": 183}, {"code": "V2", "target_day": "x"}]


def complained(at_risk: object, time_point: object = "V1") -> list[tuple[str, str]]:
    outcome = {"type": "time_to_event", "time_point": time_point, "at_risk": at_risk}
    complaints = Complaints("protocol.toml")
    complain_of_outcomes({"visits": VISITS, "outcomes": [outcome]}, complaints)
    return [(each.key, each.expected) for each in complaints.all()]


@pytest.mark.parametrize(
    ("at_risk", "expected"),
    [
        ({"horizon": 6, "unit": "months"}, []),  # less than a day before it
        ({"horizon": 5, "unit": "months"}, ["6.012 months or more, or an earlier time_point"]),
        ({"horizon": 182}, ["183 days or more, or an earlier time_point"]),
        ({"horizon": 183}, []),
    ],
    ids=["same day", "months", "days", "equal"],
)
def test_a_horizon_ends_no_day_before_the_time_point(
    at_risk: dict[str, object], expected: list[str]
) -> None:
    assert complained(at_risk) == [("horizon", each) for each in expected]


def test_what_is_no_horizon_no_unit_and_no_time_point_is_for_others_to_complain_of() -> None:
    hostile = ("8", True, None, [8], float("nan"), float("inf"), 10**400)
    risks = [{"horizon": each} for each in hostile]
    for risk in (*risks, {"horizon": 8, "unit": "<b>"}, {"horizon": 8, "unit": 3}, [], "x", None):
        found = [key for key, _ in complained(risk)]
        assert found in ([], ["horizon"])
    assert complained({"horizon": 8}, "V2") == complained({"horizon": 8}, ["V1"]) == []
