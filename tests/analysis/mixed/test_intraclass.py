"""Which limits a correlation can have."""

import numpy as np
import pytest

from tests.analysis.mixed.mixed_cases import MADE_UP, made_up
from trialkit.analysis.mixed.intraclass import intraclass_correlations
from trialkit.analysis.mixed.random_intercepts import random_intercepts
from trialkit.errors import AnalysisError


def test_exact_limits_are_the_default_and_profile_ones_are_near() -> None:
    fit = random_intercepts(made_up(3, clusters=30, sd=3), **MADE_UP)
    exact, profile = (fit.icc(limits=kind).iloc[0] for kind in (None, "profile"))
    assert (exact["limits"], profile["limits"]) == ("exact", "profile")
    assert exact["estimate"] == profile["estimate"]
    for name in ("conf_low", "conf_high"):
        assert exact[name] == pytest.approx(profile[name], abs=0.03)
    narrow = fit.icc(conf_level=0.5).iloc[0]
    assert exact["conf_low"] < narrow["conf_low"] < narrow["conf_high"] < exact["conf_high"]


def test_unknown_limits_and_levels_are_refused() -> None:
    fit = random_intercepts(made_up(3), **MADE_UP)
    with pytest.raises(AnalysisError, match="known are exact, profile"):
        intraclass_correlations(
            fit.model, fit.groupings, np.zeros(fit.n, dtype=int), (None,), limits="smith",
            conf_level=0.95,
        )  # fmt: skip
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        fit.icc(conf_level=95)
