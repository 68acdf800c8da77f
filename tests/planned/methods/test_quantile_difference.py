"""A planned difference of medians is that of the arms, adjusted where covariates are named."""

import numpy as np
import pytest
from statsmodels.regression.quantile_regression import QuantReg

from tests.planned.hand import ARM, PAIN, Rows, task_of
from trialkit.errors import ProtocolError
from trialkit.planned.methods.quantile_difference import state_quantile_difference
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.quantile_difference import QuantileDifference
from trialkit.results.effect import Status
from trialkit.results.vocabulary import Stat


def stated(specification: QuantileDifference, pain: np.ndarray = PAIN) -> Rows:
    return Rows(state_quantile_difference(task_of(specification, pain=pain), specification))


@pytest.mark.parametrize("response", list(Response))
def test_without_covariates_it_is_the_difference_of_the_medians(response: Response) -> None:
    y = PAIN[:, 2] - (PAIN[:, 0] if response is Response.CHANGE else 0)
    rows = stated(QuantileDifference(response=response))
    for code in (1, 2):
        row = rows.row(Stat.ESTIMATE, term=f"A{code} - A0", visit="V2")
        assert row.stat == pytest.approx(np.median(y[code == ARM]) - np.median(y[ARM == 0]))
        assert row.unit == "mm"
        # of eight values in an arm all between the fourth and the fifth serve
        low = np.sort(y[code == ARM])[3] - np.sort(y[ARM == 0])[4]
        high = np.sort(y[code == ARM])[4] - np.sort(y[ARM == 0])[3]
        said = "several values serve as this quantile: the estimate is the middle from "
        assert row.note.startswith(said)
        ends = [float(each) for each in row.note.removeprefix(said).split(" to ")]
        assert ends == pytest.approx([low, high], abs=1e-4)


def test_beside_a_covariate_it_is_the_coefficient_of_the_arm() -> None:
    rows = stated(QuantileDifference(covariates=("baseline",), quantile=0.4))
    design = np.column_stack([np.ones(24), ARM == 1, ARM == 2, PAIN[:, 0]]).astype(float)
    fit = QuantReg(PAIN[:, 2], design).fit(q=0.4, max_iter=5000, p_tol=1e-9)
    for code in (1, 2):
        found = rows.value(Stat.ESTIMATE, term=f"A{code} - A0", visit="V2")
        assert found == pytest.approx(fit.params[code], abs=1e-3)


def test_limits_that_so_few_values_do_not_have_are_said_to_be_none() -> None:
    few = PAIN.copy()
    few[np.arange(24) % 8 > 1, 2] = np.nan
    rows = stated(QuantileDifference(), few)
    row = rows.row(Stat.CONF_LOW, term="A1 - A0", visit="V2")
    assert row.status is Status.NOT_ESTIMABLE
    assert "so few values have no limits at this confidence level" in row.note


@pytest.mark.parametrize("quantile", [0, 1, -0.5, 50, float("nan")])
def test_a_quantile_lies_between_0_and_1(quantile: float) -> None:
    with pytest.raises(ProtocolError, match=r"0\.5 is the median"):
        QuantileDifference(quantile=quantile)
