"""Which words of a plan mean which summary and which value."""

import pytest

from trialkit.protocol.methods.method import Response
from trialkit.protocol.trial.summing_up import SummedUp, declared_response, summed_up


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("mean", SummedUp.MEAN),
        ("proportion", SummedUp.MEAN),
        ("Median and quartiles", SummedUp.MEDIAN),
        ("Geometric mean", SummedUp.GEOMETRIC_MEAN),
        ("geometric mean (geometric SD)", SummedUp.GEOMETRIC_MEAN),
    ],
)
def test_what_a_group_is_summed_up_by(words: str, by: SummedUp) -> None:
    assert summed_up(words) is by


def test_changes_have_no_geometric_mean() -> None:
    assert [each.of_changes for each in SummedUp] == [
        SummedUp.MEAN, SummedUp.MEDIAN, SummedUp.MEAN,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "response"),
    [
        ("change from baseline", Response.CHANGE),
        ("Final value", Response.FINAL),
        ("score", None),
        ("change and final value", None),
        ("percentage change from baseline", None),
        ("% change from baseline", None),
        ("fold change", None),
    ],
)
def test_which_value_a_metric_names(words: str, response: Response | None) -> None:
    assert declared_response(words) is response
