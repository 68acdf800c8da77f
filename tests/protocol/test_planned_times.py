"""Comparisons of times that their outcome has no use for are complaints, each with what would do."""

from pathlib import Path

import pytest

from tests.report.return_to_sport import write_return_to_sport
from trialkit.errors import ProtocolError
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.planned_times import complain_of_planned_times
from trialkit.protocol.tables.definitions import Complaints


@pytest.mark.parametrize("method", ["cumulative_incidence", "fine_gray"])
def test_a_comparison_of_incidences_needs_an_event_that_competes(
    method: str, tmp_path: Path
) -> None:
    asked = f'method = "{method}"'
    load_protocol(write_return_to_sport(tmp_path / "competing", method=asked))
    folder = write_return_to_sport(tmp_path / "alone", method=asked, competing=False)
    with pytest.raises(ProtocolError, match="with which no event competes") as raised:
        load_protocol(folder)
    assert "'competing' in [outcomes.at_risk] of 'return', or another method" in str(raised.value)


@pytest.mark.parametrize("method", ["milestone", "restricted_mean"])
def test_a_kaplan_meier_curve_is_compared_where_nothing_competes(
    method: str, tmp_path: Path
) -> None:
    asked = f'method = "{method}"'
    load_protocol(write_return_to_sport(tmp_path / "alone", method=asked, competing=False))
    folder = write_return_to_sport(tmp_path / "competing", method=asked)
    with pytest.raises(ProtocolError, match="with which other events compete") as raised:
        load_protocol(folder)
    assert "cumulative_incidence or fine_gray, or an outcome whose event is any" in str(
        raised.value
    )


@pytest.mark.parametrize(("at", "found"), [("12", ""), ("12.5", "12.5, after the horizon")])
def test_a_time_after_the_horizon_is_a_complaint(at: str, found: str, tmp_path: Path) -> None:
    asked = f'method = "milestone"\nat = {at}'
    folder = write_return_to_sport(tmp_path / "trial", method=asked, competing=False)
    if not found:
        assert load_protocol(folder).plan.analyses
        return
    with pytest.raises(ProtocolError, match=found):
        load_protocol(folder)


@pytest.mark.parametrize(
    "risk", [None, 7, {"horizon": True}, {"horizon": "12"}, {"competing": 3}, {"horizon": 10**400}]
)
def test_what_cannot_be_read_is_left_to_others(risk: object) -> None:
    complaints = Complaints("protocol.toml")
    raw = {
        "outcomes": [{"code": "x", "type": "time_to_event", "at_risk": risk}, {"code": 3}],
        "analyses": [
            {"method": "milestone", "outcomes": ["x", "y", 4], "at": 5},
            {"method": "no such"},
            {"method": 7},
        ],
    }
    complain_of_planned_times(raw, complaints)
