"""The results as files: what each column of a row and each point holds, with the label in each."""

import csv
import io
import json
from dataclasses import replace
from math import inf
from types import SimpleNamespace

import pytest

from trialkit.outputs.results_files import results_files
from trialkit.results.results import Results
from trialkit.results.series import Point, Series, SeriesKind

LABEL = "Made up"


def analysed(rows, series=(), synthetic=LABEL):
    """Results as a run has them; of the trial its name and the label alone are asked for."""
    trial = SimpleNamespace(id="T-1", synthetic=synthetic)
    protocol = SimpleNamespace(trial=trial)
    return SimpleNamespace(
        validated=SimpleNamespace(trial=SimpleNamespace(protocol=protocol)),
        results=Results(rows=tuple(rows), series=tuple(series)),
    )


@pytest.fixture(scope="module")
def rows(three_arms):
    first, second = three_arms.results.rows[:2]
    return (
        replace(first, stat=0.1 + 0.2, note="one, two", visit="W6"),
        replace(second, stat=inf, note="", outcome="=pain"),
    )


SERIES = (
    Series(
        kind=SeriesKind.MEANS,
        analysis_id="main",
        outcome="pain",
        points=(
            Point(arm="A", visit="BL", y=50.25, low=40.0, high=60.5, n=7),
            Point(arm="P", visit="W6", x=0.0, y=-3.0, label="refused"),
        ),
    ),
    Series(kind=SeriesKind.CHANGES, analysis_id="other", outcome="grip", points=(Point(x=1.0),)),
)


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_table_has_a_row_a_statistic_in_full_precision_with_the_label(rows):
    files = results_files(analysed(rows))
    written = table(files["results.csv"])

    assert list(files) == ["results.csv", "results.json", "series.csv"]
    assert [row["result_id"] for row in written] == [row.result_id for row in rows]
    assert [row["stat"] for row in written] == ["0.30000000000000004", "inf"]
    assert [row["note"] for row in written] == ["one, two; Made up", "Made up"]
    assert (written[0]["visit"], written[1]["outcome"]) == ("W6", "'=pain")
    for name in ("analysis_id", "arm", "contrast", "stat_name", "population", "method"):
        if name in written[0]:
            assert [row[name] for row in written] == [str(getattr(row, name)) for row in rows]


def test_the_document_has_the_trial_and_a_line_for_each_row(rows):
    content = results_files(analysed(rows, SERIES))["results.json"].decode()
    document = json.loads(content)

    assert list(document)[:2] == ["trial", "synthetic"]
    assert (document["trial"], document["synthetic"]) == ("T-1", LABEL)
    assert [row["stat"] for row in document["results"]] == [0.30000000000000004, "inf"]
    # the label stands once in the document and not in its rows
    assert [row["note"] for row in document["results"]] == ["one, two", ""]
    assert [each["analysis_id"] for each in document["series"]] == ["main", "other"]
    lines = content.splitlines()
    assert lines[0] == "{"
    assert lines[-1] == "}"
    assert sum(line.startswith('{"result_id"') for line in lines) == len(rows) + len(SERIES)


def test_each_point_is_a_row_with_the_name_of_its_series(rows):
    content = results_files(analysed(rows, SERIES))["series.csv"]

    assert content.decode().splitlines() == [
        "result_id,kind,analysis_id,outcome,arm,visit,x,y,low,high,label,n,note",
        "main/pain/series/means,means,main,pain,A,BL,,50.25,40.0,60.5,,7,Made up",
        "main/pain/series/means,means,main,pain,P,W6,0.0,-3.0,,,refused,,Made up",
        "other/grip/series/changes,changes,other,grip,,,1.0,,,,,,Made up",
    ]


def test_real_data_have_no_label(rows):
    files = results_files(analysed(rows, SERIES, synthetic=""))

    assert [row["note"] for row in table(files["results.csv"])] == ["one, two", ""]
    assert {row["note"] for row in table(files["series.csv"])} == {""}
