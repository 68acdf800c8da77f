"""Options alone: each is read, and what it names is there."""

import pytest

from tests.protocol.test_plan_consistency import extra, plan
from trialkit.protocol.option_consistency import complain_of_options
from trialkit.protocol.tables.definitions import Complaints

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
