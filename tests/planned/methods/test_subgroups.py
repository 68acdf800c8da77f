"""The rows of subgroups: the effect in all of them is of their own model, and asks no question."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.conftest import Line
from tests.planned.test_carrying_out import results_of
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.results.vocabulary import Stat

BY = "demographics.sex"


def test_the_effect_in_all_is_of_the_same_rows_without_the_interaction(example: Line) -> None:
    outcome = next(each for each in example.protocol.outcomes if not each.kind.is_proportion)
    specification = Subgroups(by=BY, covariates=("baseline",), response=Response.FINAL)
    results = results_of(example, specification, outcome.code)
    arm, reference = example.protocol.experimental[0].code, example.protocol.reference.code
    found = results.find(analysis_id="more", term=f"{arm} - {reference}", visit=outcome.time_point)
    rows = example.datasets.measurements
    mine = rows[(rows["outcome"] == outcome.code) & (rows["visit"] == outcome.time_point)]
    known = example.datasets.characteristics
    sexes = known[known["characteristic"] == BY].set_index("subject_id")["category"]
    whole = mine.assign(sex=mine["subject_id"].map(sexes)).dropna(subset=["value", "baseline"])
    sex = pd.get_dummies(whole["sex"].astype("str"), drop_first=True, dtype=float).to_numpy()
    design = np.column_stack(
        [np.ones(len(whole)), whole["arm"] == arm, whole["baseline"].astype(float), sex]
    )
    fit = sm.OLS(whole["value"].to_numpy(dtype=float), design.astype(float)).fit()
    low, high = fit.conf_int()[1]
    assert found.value(Stat.ESTIMATE) == pytest.approx(fit.params[1], rel=1e-9)
    assert found.value(Stat.CONF_LOW) == pytest.approx(low, rel=1e-9)
    assert found.value(Stat.CONF_HIGH) == pytest.approx(high, rel=1e-9)
    assert Stat.P_VALUE not in found
