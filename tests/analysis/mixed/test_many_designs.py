"""Small random designs, a third of them singular, against lme4, lmerTest and pbkrtest: many_designs.R."""

import numpy as np
import pandas as pd
import pytest

from tests.analysis.mixed.mixed_cases import frame
from tests.conftest import few_at_once
from trialkit.analysis.mixed.random_intercepts import random_intercepts

GROUPINGS = {"one": ["cluster"], "crossed": ["cluster", "site"]}


def _expected() -> pd.DataFrame:
    return frame("mixed/many_designs_expected")


@pytest.mark.parametrize("design", few_at_once(range(40), 6))
def test_a_design_is_that_of_lme4(design: int) -> None:
    data = frame("mixed/many_designs").query("design == @design")
    for wanted in _expected().query("design == @design").to_dict("records"):
        options = {
            "outcome": "y", "arm": "arm", "reference": "C", "covariates": ["x"],
            "cluster": GROUPINGS[wanted["model"]],
        }  # fmt: skip
        satterthwaite = random_intercepts(data, inference="satterthwaite", **options)
        kenward_roger = random_intercepts(data, **options)
        assert satterthwaite.log_likelihood == pytest.approx(wanted["log_likelihood"], abs=1e-9)
        assert bool(satterthwaite.note) == bool(wanted["singular"])
        one, other = (each.contrasts().iloc[0] for each in (satterthwaite, kenward_roger))
        found = [one["estimate"], one["se"], one["df"], other["se"], other["df"]]
        columns = ("estimate", "se", "df", "kr_se", "kr_df")
        # lme4 stops at about 1e-6 of the variances: 4e-6 of one that has 0.65 degrees of freedom
        np.testing.assert_allclose(found, [wanted[name] for name in columns], rtol=5e-6)


def test_a_third_of_them_are_singular() -> None:
    assert 0.2 < _expected()["singular"].mean() < 0.5
