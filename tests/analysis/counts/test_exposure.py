"""Counts with the time at risk, as they are read."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.counts.exposure import read_counts
from trialkit.errors import AnalysisError

FRAME = pd.DataFrame({"arm": list("AABB"), "y": [1, 0, 2, 0], "t": [1.0, 0.0, 2.5, 4.0]})


def test_times_are_those_of_the_rows_used() -> None:
    rows, time = read_counts(
        FRAME, outcome="y", arm="arm", reference="A", exposure="t", covariates=(), categories=(),
        subject=None, order=None,
    )  # fmt: skip
    assert time.tolist() == [1.0, 2.5, 4.0]
    assert rows.outcome.tolist() == [1, 2, 0]
    assert rows.kept.tolist() == [True, False, True, True]
    assert rows.excluded["reason"].tolist() == ["t is 0: never at risk"]


def test_without_an_exposure_all_have_one() -> None:
    rows, time = read_counts(
        FRAME, outcome="y", arm="arm", reference="A", exposure=None, covariates=(), categories=(),
        subject=None, order=None,
    )  # fmt: skip
    assert time.tolist() == [1, 1, 1, 1]
    assert rows.arm.levels == ("A", "B")


@pytest.mark.parametrize("count", [-1.0, 0.5])
def test_what_is_no_count_is_named(count: float) -> None:
    with pytest.raises(AnalysisError, match=rf"got {count:g}"):
        read_counts(
            FRAME.assign(y=[1, count, 0, np.nan]), outcome="y", arm="arm", reference="A",
            exposure="t", covariates=(), categories=(), subject=None, order=None,
        )  # fmt: skip
