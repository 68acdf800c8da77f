"""Options alone: each is read, and what it names is there."""

import pytest

from tests.protocol.test_plan_consistency import extra, plan
from trialkit.protocol.option_consistency import complain_of_options
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.tables.raw_tables import Table

VISITS = [{"code": "BL", "baseline": True}, {"code": "W6"}, {"code": "W12"}]


@pytest.mark.parametrize(
    ("options", "key", "found"),
    [
        ({"covariates": ["demo.weight"]}, "covariates", "'demo.weight'"),
        (
            {"method": "responders"},
            "improved_by",
            "nothing, and no minimal_important_change of outcome 'sleep'",
        ),
        (
            {"method": "subgroups", "by": "demo.age", "cut_points": []},
            "cut_points",
            "an empty list",
        ),
        ({"method": "mmrm", "visits": ["BL", "W6"]}, "visits", "'BL'"),
        ({"method": "mmrm", "visits": ["W6", "W6"]}, "visits", "a visit twice"),
        (
            {"method": "subgroups", "by": "demo.sex", "interval": "newcombe"},
            "interval",
            "'newcombe' for means alone",
        ),
    ],
)
def test_an_option_without_use_is_found(options: dict[str, object], key: str, found: str) -> None:
    complaints = Complaints("protocol.toml")
    complain_of_options(plan(extra(**options), visits=VISITS), complaints)
    assert [(each.key, each.found) for each in complaints.all()] == [(key, found)]


@pytest.mark.parametrize(
    ("then", "found"),
    [
        ({"outcome": "pain"}, ""),
        ({"outcome": "pain", "more_than": 5}, ""),
        ({"outcome": "cured"}, ""),
        ({"outcome": "slep"}, "'slep'"),
        ({"outcome": "sleep"}, "'sleep'"),
        ({"outcome": "cured", "more_than": 1}, "more_than of the binary outcome 'cured'"),
        ({"outcome": "falls"}, "'falls', an outcome of type count"),
    ],
)
def test_what_decides_between_tied_pairs_is_another_outcome(
    then: dict[str, object], found: str
) -> None:
    raw = plan(extra(method="win_ratio", then=[then]))
    raw = {**raw, "outcomes": [*rows_of(raw), {"code": "falls", "type": "count"}]}
    complaints = Complaints("protocol.toml")
    complain_of_options(raw, complaints)
    assert [each.found for each in complaints.all()] == ([found] if found else [])


def rows_of(raw: Table) -> list[object]:
    outcomes = raw["outcomes"]
    assert isinstance(outcomes, list)
    return outcomes
