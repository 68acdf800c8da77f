"""A difference of quantiles is told by the quantile's name, and with what its limits take for granted."""

import pytest

from tests.report.words.specifications import told
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.quantile_difference import QuantileDifference
from trialkit.report.words.en.methods.quantile_difference import WORDS


def test_the_median_is_told() -> None:
    assert WORDS.describe(QuantileDifference(), told()) == (
        "quantile regression of the median of the final value (week 8); the effect is the difference "
        "between arms in it; limits and p by inverting the rank score test, which takes the spread to be "
        "the same in all arms"
    )
    assert WORDS.effect(QuantileDifference()) == "difference in the median (quantile regression)"
    assert WORDS.effect_in_text(QuantileDifference()) == "The difference between arms in the median"
    assert WORDS.short_name(QuantileDifference()) == "quantile regression, median, final value"


@pytest.mark.parametrize(
    ("quantile", "name"),
    [(0.25, "lower quartile"), (0.75, "upper quartile"), (0.9, "quantile 0.9")],
)
def test_other_quantiles_and_covariates_are_told(quantile: float, name: str) -> None:
    own = QuantileDifference(
        quantile=quantile, covariates=("demographics.age",), response=Response.CHANGE
    )
    text = WORDS.describe(own, told())
    assert f"of the {name} of the change from baseline (week 8), adjusted for age, years; " in text
    assert "between arms in it among participants of the same covariates; " in text
    assert WORDS.called(own) == f"difference in the {name}"
    assert WORDS.effect(own) == f"adjusted difference in the {name} (quantile regression)"
