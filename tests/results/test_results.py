"""Rows of results: their cells, their frame, and how they are found."""

from dataclasses import replace

import pytest

from trialkit.errors import AnalysisError
from trialkit.results.effect import Interval, IntervalKind, Scale, StandardisedBy, Status
from trialkit.results.results import COLUMNS, Result, Results
from trialkit.results.vocabulary import Stat

ROW = Result(
    result_id="main/pain",
    analysis_id="main",
    role="primary",
    family="f",
    outcome="pain",
    population="itt",
    estimand="E1",
    method="ancova",
    visit="W6",
    term="A - P",
    arm="A",
    stat_name=Stat.ESTIMATE,
    stat=-1.5,
    unit="mm",
    note="a note",
    scale=Scale.DIFFERENCE,
    interval_kind=Interval(IntervalKind.TUKEY, 3),
    standardised_by=StandardisedBy.POOLED_CHANGE,
    status=Status.ESTIMATED,
)
LESS = replace(
    ROW,
    result_id="main/n",
    stat_name=Stat.N,
    stat=None,
    scale=None,
    interval_kind=None,
    standardised_by=None,
    status=None,
)


def test_cells_are_texts_in_the_order_of_the_columns_but_for_the_number() -> None:
    assert COLUMNS == (
        "result_id", "analysis_id", "role", "family", "outcome", "population", "estimand",
        "method", "visit", "term", "arm", "stat_name", "stat", "unit", "note", "scale",
        "interval_kind", "standardised_by", "status",
    )  # fmt: skip
    assert ROW.cells() == (
        "main/pain", "main", "primary", "f", "pain", "itt", "E1", "ancova", "W6", "A - P", "A",
        "estimate", -1.5, "mm", "a note", "difference", "simultaneous Tukey of 3",
        "pooled SD of the change", "estimated",
    )  # fmt: skip
    assert LESS.cells()[11:] == ("n", None, "mm", "a note", "", "", "", "")


def test_a_frame_has_a_row_a_statistic_and_the_title_their_number() -> None:
    results = Results(rows=(ROW, LESS))
    frame = results.to_frame()
    assert results.title == "Results of the plan, 2 statistics"
    assert frame.columns.tolist() == list(COLUMNS)
    assert frame.iloc[0].tolist() == list(ROW.cells())
    assert frame["stat"].isna().tolist() == [False, True]
    assert set(frame.drop(columns="stat").dtypes.astype(str)) == {"str"}


def test_an_id_names_one_result() -> None:
    with pytest.raises(AnalysisError) as error:
        Results(rows=(ROW, LESS, replace(LESS, term="other")))
    assert str(error.value) == "two results have the id 'main/n'; ids must be unique"


@pytest.mark.parametrize("name", ["analysis_id", "outcome", "method", "visit", "term", "arm"])
def test_rows_are_found_by_everything_that_is_given(name: str) -> None:
    other = replace(ROW, result_id="other", **{name: "else"})
    results = Results(rows=(ROW, other, LESS))
    assert results.find(**{name: "else"}).rows == (other,)
    assert results.find(**{name: getattr(ROW, name)}).rows == (ROW, LESS)
    assert results.find(**{name: "nothing"}).rows == ()
    assert len(results.find()) == 3
    assert results.find(analysis_id="main", arm="else").rows == ((other,) if name == "arm" else ())


def test_a_statistic_is_the_one_row_of_its_name() -> None:
    found = Results(rows=(ROW, LESS)).find(outcome="pain")
    assert (found.row(Stat.ESTIMATE), found.value(Stat.ESTIMATE)) == (ROW, -1.5)
    assert (found.row(Stat.N), found.value(Stat.N)) == (LESS, None)
    assert (found.row(Stat.P_VALUE), found.value(Stat.P_VALUE)) == (None, None)
    assert Stat.N in found
    assert Stat.P_VALUE not in found
    twice = Results(rows=(ROW, replace(ROW, result_id="again", arm="P"))).find()
    with pytest.raises(LookupError, match="2 rows state 'estimate'; say more of which"):
        twice.row(Stat.ESTIMATE)
