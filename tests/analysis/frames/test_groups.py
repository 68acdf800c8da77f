"""A participant counts once, in an arm that every table can tell from the others."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.describing.adherence import summarise_adherence
from trialkit.analysis.frames.groups import split_by_arm
from trialkit.analysis.margins.margins import (
    compare_means_with_margin,
    compare_proportions_with_margin,
)
from trialkit.analysis.means.means import compare_means
from trialkit.analysis.proportions.paired_proportions import compare_paired_proportions
from trialkit.analysis.proportions.proportion_subgroups import compare_proportions_in_subgroups
from trialkit.analysis.proportions.proportions import compare_proportions
from trialkit.analysis.proportions.responders import ImprovedBy, compare_responders
from trialkit.analysis.proportions.stratified_proportions import cochran_mantel_haenszel
from trialkit.analysis.resampling.bootstrap import bootstrap_difference
from trialkit.analysis.resampling.rerandomisation import rerandomisation_test
from trialkit.errors import AnalysisError

FRAME = pd.DataFrame(
    {
        "id": [f"P{i}" for i in range(12)],
        "arm": ["C", "E"] * 6,
        "y": [3.0, 5, 4, 8, 1, 6, 5, 9, 2, 4, 6, 7],
        "base": 10.0,
        "event": [0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0],
        "before": [1, 0] * 6,
        "site": ["a"] * 6 + ["b"] * 6,
    }
)
ARMS = {"arm": "arm", "reference": "C", "subject": "id"}
BINARY = ARMS | {"outcome": "event"}
QUESTION = {"question": "non_inferiority", "margin": 0.5, "direction": "higher"}
SITES = {"order": {"site": ["a", "b"]}}
ESTIMATORS = {
    "means": lambda frame: compare_means(frame, outcome="y", **ARMS),
    "means_margin": lambda frame: compare_means_with_margin(frame, outcome="y", **ARMS, **QUESTION),
    "proportions": lambda frame: compare_proportions(frame, **BINARY),
    "risk_margin": lambda frame: compare_proportions_with_margin(frame, **BINARY, **QUESTION),
    "strata": lambda frame: cochran_mantel_haenszel(frame, **BINARY, strata="site", **SITES),
    "subgroups": lambda frame: compare_proportions_in_subgroups(
        frame, **BINARY, subgroup="site", **SITES
    ),
    "pairs": lambda frame: compare_paired_proportions(
        frame, first="before", second="event", subject="id"
    ),
    "responders": lambda frame: compare_responders(
        frame,
        baseline="base",
        final="y",
        rule=ImprovedBy(amount=5),
        direction="lower",
        missing="non_responder",
        **ARMS,
    ),
    "bootstrap": lambda frame: bootstrap_difference(
        frame, outcome="y", replicates=100, rng=np.random.default_rng(1), **ARMS
    ),
    "rerandomisation": lambda frame: rerandomisation_test(frame, outcome="y", **ARMS),
    "adherence": lambda frame: summarise_adherence(
        frame, arm="arm", prescribed="base", attended="y", subject="id", order={"arm": ["C", "E"]}
    ),
}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_a_participant_with_two_rows_is_refused_by_name(name):
    ESTIMATORS[name](FRAME)
    twice = pd.concat([FRAME, FRAME.iloc[[4]]], ignore_index=True)
    with pytest.raises(AnalysisError, match="subject 'P4' has more than one row"):
        ESTIMATORS[name](twice)


def test_a_second_row_that_is_not_used_does_no_harm():
    more = pd.concat([FRAME, FRAME.iloc[[4]].assign(y=np.nan)], ignore_index=True)
    found = compare_means(more, outcome="y", **ARMS)
    assert found.to_frame()["n_reference"].item() == 6
    assert found.excluded.to_dict("list") == {"subject": ["P4"], "reason": ["y is missing"]}
    numbered = pd.concat([FRAME, FRAME.iloc[[4]]]).assign(id=[*range(12), 4])
    with pytest.raises(AnalysisError, match="subject 4 has more"):
        split_by_arm(numbered, outcome="y", arm="arm", reference="C", subject="id")


@pytest.mark.parametrize("size", [1e200, 1e-200])
def test_values_whose_squares_cannot_be_computed_are_refused(size):
    frame = FRAME.assign(y=FRAME["y"] * size)
    for name in ("means", "means_margin", "bootstrap", "rerandomisation"):
        with pytest.raises(AnalysisError, match="whose sums of squares cannot be computed"):
            ESTIMATORS[name](frame)


def test_a_generator_is_asked_for_wherever_chance_decides():
    for rng in (5, np.random.RandomState(5)):
        for estimator in (bootstrap_difference, rerandomisation_test):
            with pytest.raises(AnalysisError, match="rng must be a numpy Generator"):
                estimator(FRAME, outcome="y", rng=rng, **ARMS)
