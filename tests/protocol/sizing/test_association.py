"""What a correlation, a table and a linear model assume."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.association import ChiSquare, Correlation, LinearModelF
from trialkit.protocol.sizing.design import CorrelationPower

RIGHT = {
    Correlation: {"correlation": -0.3},
    ChiSquare: {"w": 0.3, "df": 1},
    LinearModelF: {"f_squared": 0.15, "tested": 2},
}


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        (Correlation, {"correlation": 0}, "correlation is 0: there is nothing to detect"),
        (Correlation, {"correlation": 1}, "correlation must lie between -1 and 1, got 1"),
        (Correlation, {"correlation": -1}, "correlation must lie between -1 and 1, got -1"),
        (Correlation, {"sides": 3}, "sides must be 1 or 2, got 3"),
        (Correlation, {"alpha": 0.5}, "alpha must lie between 0 and 0.5, got 0.5"),
        (ChiSquare, {"w": 0}, "w must be above 0, got 0"),
        (ChiSquare, {"df": 0}, "df must be 1 or more, got 0"),
        (ChiSquare, {"alpha": 0}, "alpha must lie between 0 and 0.5, got 0"),
        (LinearModelF, {"f_squared": 0}, "f_squared must be above 0, got 0"),
        (LinearModelF, {"tested": 0}, "tested must be 1 or more, got 0"),
        (LinearModelF, {"predictors": 1}, "predictors must be 2 or more, got 1"),
        (LinearModelF, {"alpha": 0.5}, "alpha must lie between 0 and 0.5, got 0.5"),
    ],
)
def test_what_cannot_be_assumed_is_refused(kind: type, wrong: dict, said: str) -> None:
    with pytest.raises(ProtocolError) as error:
        kind(**RIGHT[kind] | wrong)
    assert said in str(error.value)


def test_what_can_be_assumed_is_kept_with_its_defaults() -> None:
    correlation = Correlation(correlation=-0.3)
    assert (correlation.test, correlation.alpha, correlation.sides) == (
        CorrelationPower.EXACT,
        0.05,
        2,
    )
    assert Correlation(correlation=0.3, test="fisher_z", sides=1).test is CorrelationPower.FISHER_Z
    assert ChiSquare(w=0.3, df=1).alpha == 0.05
    model = LinearModelF(f_squared=0.15, tested=2)
    assert (model.predictors, model.alpha) == (None, 0.05)
    assert LinearModelF(f_squared=0.15, tested=2, predictors=2).predictors == 2
