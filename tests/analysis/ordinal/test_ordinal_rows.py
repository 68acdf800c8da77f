"""Ordered outcomes as they are read."""

import numpy as np
import pandas as pd

from trialkit.analysis.ordinal.ordinal_rows import read_ordinal_rows


def test_levels_are_numbered_in_their_order_without_those_of_nobody() -> None:
    frame = pd.DataFrame({"arm": list("CCEEE"), "y": ["no", "much", "much", "no", np.nan]})
    rows, codes, levels = read_ordinal_rows(
        frame, outcome="y", arm="arm", reference="C", covariates=(), categories=(), subject=None,
        order={"y": ["no", "some", "much"]},
    )  # fmt: skip
    assert levels == ("no", "much")
    assert codes.tolist() == [0, 1, 1, 0]
    assert rows.excluded["reason"].tolist() == ["y is missing"]
