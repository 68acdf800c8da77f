"""Rows of subjects over visits, gathered by which visits a subject has."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.gee.long_rows import read_long_rows, repeated_unit
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import ResponseFamily


def test_subjects_are_gathered_by_their_visits_in_order() -> None:
    data = pd.DataFrame(
        {
            "id": list("babaccdd"),
            "visit": [2, 1, 1, 3, 1, 2, 3, 1],
            "arm": list("ECECCCEE"),
            "z": [1.0, 2, 3, 4, 5, 6, 7, 8],
        }
    )
    model: dict[str, Any] = {
        "outcome": "z", "unit": repeated_unit("id", "visit", None), "arm": "arm", "reference": "C",
        "family": ResponseFamily.GAUSSIAN, "covariates": (), "categories": (), "by_visit": False,
        "event": None, "exposure": None, "order": None,
    }  # fmt: skip
    long = read_long_rows(data, **model)
    assert long.n_subjects == 4
    assert long.visits == (1, 2, 3)
    found = {
        tuple(each.visits.tolist()): sorted(map(tuple, long.outcome[each.rows].tolist()))
        for each in long.patterns
    }
    assert found == {(0, 1): [(3.0, 1.0), (5.0, 6.0)], (0, 2): [(2.0, 4.0), (8.0, 7.0)]}
    assert np.diff(long.subject).min() >= 0


def test_rows_of_a_cluster_are_counted_off_as_they_stand() -> None:
    data = pd.DataFrame({"c": list("babaccddb"), "z": np.arange(9.0), "arm": list("ECECCCEEE")})
    long = read_long_rows(
        data, outcome="z", unit=repeated_unit(None, None, "c"), arm="arm", reference="C",
        family=ResponseFamily.GAUSSIAN, covariates=(), categories=(), by_visit=False, event=None,
        exposure=None, order=None,
    )  # fmt: skip
    assert long.visits == (1, 2, 3)
    assert (long.several, long.n_subjects) == ("clusters", 4)
    found = [tuple(rows) for each in long.patterns for rows in long.outcome[each.rows].tolist()]
    assert sorted(found) == [(0.0, 2.0, 8.0), (1.0, 3.0), (4.0, 5.0), (6.0, 7.0)]


def test_rows_belong_to_subjects_at_visits_or_to_clusters() -> None:
    for names in (
        ("id", None, None),
        (None, None, None),
        ("id", "visit", "c"),
        (None, "visit", "c"),
    ):
        with pytest.raises(AnalysisError, match="by cluster= alone"):
            repeated_unit(*names)
