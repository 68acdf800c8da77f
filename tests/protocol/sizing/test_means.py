"""What comparisons of means assume: t of arms and of pairs, and analyses of covariance."""

import pytest

from trialkit.errors import AnalysisError, ProtocolError
from trialkit.protocol.sizing.design import CovariateBalance
from trialkit.protocol.sizing.means import Ancova, AncovaF, PairedT, TwoSampleT

RIGHT = {
    TwoSampleT: {"difference": -2.0},
    PairedT: {"difference": -2.0},
    Ancova: {"difference": -2.0, "correlation": 0.5},
    AncovaF: {"f": 0.3, "groups": 2, "df_num": 1},
}
OF_T = (TwoSampleT, PairedT, Ancova)


@pytest.mark.parametrize(
    ("kinds", "wrong", "said"),
    [
        (OF_T, {"difference": 0}, "difference is 0: there is nothing to detect"),
        (OF_T, {"sd": 0}, "sd must be above 0, got 0"),
        (OF_T, {"sides": 3}, "sides must be 1 or 2, got 3"),
        (tuple(RIGHT), {"alpha": 0.5}, "alpha must lie between 0 and 0.5, got 0.5"),
        ((TwoSampleT, Ancova), {"allocation": (1,)}, "allocation must be 2 whole numbers"),
        ((PairedT, Ancova), {"correlation": 1}, "correlation must lie between -1 and 1, got 1"),
        ((PairedT, Ancova), {"correlation": -1}, "correlation must lie between -1 and 1, got -1"),
        ((Ancova,), {"covariates": 0}, "covariates must be 1 or more, got 0"),
        ((AncovaF,), {"f": 0}, "f must be above 0, got 0"),
        ((AncovaF,), {"groups": 1}, "groups must be 2 or more, got 1"),
        ((AncovaF,), {"df_num": 0}, "df_num must be 1 or more, got 0"),
        ((AncovaF,), {"covariates": -1}, "covariates must be 0 or more, got -1"),
    ],
)
def test_what_cannot_be_assumed_is_refused(kinds: tuple[type, ...], wrong: dict, said: str) -> None:
    for kind in kinds:
        with pytest.raises(ProtocolError) as error:
            kind(**RIGHT[kind] | wrong)
        assert said in str(error.value)


def test_what_can_be_assumed_is_kept_with_its_defaults() -> None:
    for kind in OF_T:
        trial = kind(**RIGHT[kind])
        assert (trial.difference, trial.sd, trial.alpha, trial.sides) == (-2, 1, 0.05, 2)
    assert PairedT(difference=1).correlation is None
    assert PairedT(difference=1, correlation=0).correlation == 0
    trial = Ancova(**RIGHT[Ancova], balance="random", covariates=3, allocation=(1, 2), sides=1)
    assert trial.balance is CovariateBalance.RANDOM
    assert (trial.covariates, trial.allocation, trial.sides) == (3, (1, 2), 1)
    assert Ancova(**RIGHT[Ancova]).balance is CovariateBalance.BALANCED
    assert AncovaF(**RIGHT[AncovaF]).covariates == 0
    with pytest.raises(AnalysisError, match="known are balanced, random"):
        Ancova(**RIGHT[Ancova], balance="chance")
