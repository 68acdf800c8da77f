"""The cells behind a result as a table."""

import pandas as pd

from trialkit.disk.content import Content
from trialkit.outputs.labelling import labelled_csv
from trialkit.trails.cells import COLUMNS as OF_A_CELL
from trialkit.trails.trail import Trail

TRAIL = "trail.csv"
COLUMNS = ["result_id", "subject_id", "arm", *OF_A_CELL[1:], "left_out"]


def trail_file(trail: Trail, *, label: str) -> dict[str, Content]:
    """``trail.csv``: a row for each cell, then one for each participant, or period of one, that was left out, with the reason."""
    cells = trail.cells.reindex(columns=COLUMNS[1:], fill_value="")
    others = pd.concat([trail.left_out, trail.periods_left_out]).rename(
        columns={"reason": "left_out"}
    )
    rows = pd.concat([cells, others.reindex(columns=COLUMNS[1:], fill_value="")], ignore_index=True)
    rows.insert(0, "result_id", trail.origin.result_id)
    return {TRAIL: labelled_csv(rows.astype("str"), "left_out", label)}
