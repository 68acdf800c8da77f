"""Groupings of rows, read from columns."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.mixed.groupings import read_groupings, refuse_unidentified
from trialkit.errors import AnalysisError

FRAME = pd.DataFrame(
    {"site": ["a", "a", "b", "b", None], "therapist": [1, 2, 1, 1, 1], "arm": list("CECEC")}
)


def test_therapists_numbered_anew_in_each_site_are_told_apart() -> None:
    site, therapist = read_groupings(FRAME, ["site", "therapist"], nested=True)
    assert therapist.levels == ("a / 1", "a / 2", "b / 1")
    assert therapist.codes.tolist() == [0, 1, 2, 2, -1]
    assert therapist.is_within(site)
    assert not site.is_within(therapist)
    assert therapist.sizes.tolist() == [1, 1, 2]


def test_crossed_ones_are_taken_as_they_are() -> None:
    site, therapist = read_groupings(FRAME, ["site", "therapist"], nested=False)
    assert therapist.levels == (1, 2)
    assert not therapist.is_within(site)
    kept = therapist.only(np.array([True, False, True, False, False]))
    assert (kept.levels, kept.codes.tolist()) == ((1,), [0, 0])


def test_a_grouping_that_the_fixed_effects_explain_is_refused() -> None:
    basis = np.linalg.qr(np.column_stack([np.ones(4), [0.0, 0, 1, 1]]))[0]
    (site,) = read_groupings(FRAME, "site", nested=False)
    used = site.only(np.array([True, True, True, True, False]))
    with pytest.raises(
        AnalysisError, match="explain all differences between the 2 levels of 'site'"
    ):
        refuse_unidentified((used,), basis)
    refuse_unidentified((used,), basis[:, :1])
    with pytest.raises(AnalysisError, match="cluster must name a column"):
        read_groupings(FRAME, [], nested=False)
