import csv
from io import StringIO

import pandas as pd

from trialkit.outputs.trail_file import COLUMNS, TRAIL, trail_file
from trialkit.results.series import Series, SeriesKind
from trialkit.trails.trail import Trail

ORIGIN = Series(kind=next(iter(SeriesKind)), analysis_id="primary", outcome="vas", points=())


def rows_of(trail: Trail, label: str = "") -> list[dict[str, str]]:
    content = trail_file(trail, label=label)[TRAIL]
    assert isinstance(content, bytes)
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def test_cells_come_first_then_who_was_left_out_and_why() -> None:
    cells = pd.DataFrame(
        {"subject_id": ["001"], "arm": ["A"], "visit": ["BL"], "repeat": [""], "form": ["pain"],
         "item": ["vas"], "file": ["data/pain.csv"], "line": [2], "entered": ["=1+1"], "code": [""]}
    )  # fmt: skip
    left_out = pd.DataFrame({"subject_id": ["002"], "arm": ["B"], "reason": ["no value"]})
    trail = Trail(origin=ORIGIN, used=("001",), left_out=left_out, cells=cells)
    first, second = rows_of(trail, "Synthetic")
    assert list(first) == COLUMNS
    assert (first["subject_id"], first["line"], first["left_out"]) == ("001", "2", "Synthetic")
    assert first["entered"] == "'=1+1"  # no formula
    assert (second["subject_id"], second["entered"]) == ("002", "")
    assert second["left_out"] == "no value; Synthetic"
    assert {row["result_id"] for row in (first, second)} == {ORIGIN.result_id}


def test_a_trail_without_cells_is_a_head_alone() -> None:
    nothing = pd.DataFrame({name: [] for name in ("subject_id", "arm", "reason")})
    trail = Trail(origin=ORIGIN, used=(), left_out=nothing, cells=pd.DataFrame(), without="why")
    assert rows_of(trail) == []
