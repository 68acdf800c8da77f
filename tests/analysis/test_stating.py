"""What a planned analysis states: counts whole, halves as halves, and nothing left out in silence."""

import pytest

from trialkit.planned.task.stating import Statement, state_hedges
from trialkit.results.vocabulary import Stat

ABOUT = Statement(analysis_id="a", method="welch_t", outcome="pain", note="by the pooled SD")


@pytest.mark.parametrize(("value", "stated"), [(12.0, "12"), (12.5, "12.5")])
def test_half_a_session_is_not_cut(value: float, stated: str) -> None:
    assert str(ABOUT.state(Stat.ATTENDED, value).stat) == stated
    assert str(ABOUT.state(Stat.PRESCRIBED, value).stat) == stated


def test_participants_are_whole() -> None:
    assert str(ABOUT.state(Stat.N, 12.0).stat) == "12"


def test_a_blank_standardised_difference_is_stated_with_its_reason() -> None:
    blank = dict.fromkeys(["hedges_g", "hedges_g_conf_low", "hedges_g_conf_high"], float("nan"))
    (row,) = state_hedges(ABOUT, blank | {"note": "no Hedges g: the SD is 0"})
    assert row.stat_name is Stat.HEDGES_G
    assert row.stat is None
    assert row.note == "no Hedges g: the SD is 0"


def test_a_method_without_standardised_difference_states_none() -> None:
    assert list(state_hedges(ABOUT, {})) == []


def test_a_standardised_difference_keeps_what_it_is_standardised_by() -> None:
    row = {"hedges_g": 0.5, "hedges_g_conf_low": 0.1, "hedges_g_conf_high": 0.9, "note": ""}
    assert {each.note for each in state_hedges(ABOUT, row)} == {"by the pooled SD"}
    assert len(list(state_hedges(ABOUT, row))) == 3
