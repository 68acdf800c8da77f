"""Rows of subjects over visits, gathered by which visits a subject has."""

from typing import Any

import numpy as np
import pandas as pd

from trialkit.analysis.gee.long_rows import read_long_rows
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
        "outcome": "z", "subject": "id", "visit": "visit", "arm": "arm", "reference": "C",
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
