"""What the results state of an imputation is what its model, its data sets and the pooling say."""

import numpy as np
import pytest

from tests.planned.hand import PAIN, Rows, task_of
from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.planned.imputing.imputing import (
    planned_imputation_model,
    planned_imputations,
)
from trialkit.planned.imputing.stating import (
    state_imputation_model,
    state_imputed,
    state_pooled,
)
from trialkit.protocol.methods.imputation import DrawMethod
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.repeated import CovarianceStructure
from trialkit.results.vocabulary import Stat


@pytest.mark.parametrize("draws", [DrawMethod.BAYES, DrawMethod.BOOTSTRAP])
def test_pooled_numbers_are_stated_where_they_belong(draws: DrawMethod) -> None:
    asked = MultipleImputation(draws=draws, samples=200, seed=5)
    pain = PAIN.copy()
    pain[[4, 9, 21], 2] = np.nan
    task = task_of(asked, pain=pain)
    imputations = planned_imputations(planned_imputation_model(task, asked), asked)
    pooled = pool_imputations(
        analyse_imputations(imputations, ImputedAncova(covariates=asked.analysed_covariates)),
        conf_level=task.level,
    )
    rows = Rows(state_pooled(task, pooled))
    effect = pooled.effect("V2", "difference", "A2")
    about = {"visit": "V2", "term": "A2 - A0"}
    assert rows.value(Stat.ESTIMATE, **about) == pytest.approx(effect.estimate)
    assert rows.value(Stat.P_VALUE, **about) == pytest.approx(effect.p_value)
    mean = pooled.effect("V1", "adjusted mean", "A1")
    about = {"visit": "V1", "term": "adjusted mean", "arm": "A1"}
    assert rows.value(Stat.ESTIMATE, **about) == pytest.approx(mean.estimate)
    stats = {row.stat_name for row in rows.rows}
    assert (Stat.MISSING_INFORMATION in stats) is (draws is DrawMethod.BAYES)
    counted = Rows(state_imputed(task, imputations))
    made = counted.row(Stat.N_IMPUTATIONS, term="imputed").note
    assert made == (
        "200 imputed data sets"
        if draws is DrawMethod.BAYES
        else "expected values imputed with everybody and in 200 bootstrap samples"
    )


def test_the_covariance_that_was_used_is_noted() -> None:
    asked = MultipleImputation(covariance=CovarianceStructure.AR1)
    task = task_of(asked)
    model = planned_imputation_model(task, asked)
    (row,) = state_imputation_model(task, model)
    assert (row.stat_name, row.note) == (Stat.LOG_LIKELIHOOD, "ar1 covariance")
    assert row.stat == pytest.approx(model.fit.log_likelihood)
