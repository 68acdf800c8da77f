"""What counts people or rows leads to whom, and to the rows, it counts."""

from dataclasses import replace

import pandas as pd

from tests.line import Line
from tests.report.rows import result
from tests.trails.follower import Follower
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.results.harms import EventFact
from trialkit.results.intercurrent import EventCount, Treated, treated_term
from trialkit.results.lookup import Before, Shelf
from trialkit.results.vocabulary import Stat
from trialkit.trails.of_counts import event_of
from trialkit.trails.way_back import NOBODY_HAS_A_ROW


def test_events_are_the_rows_of_their_form(followed: Follower) -> None:
    terms = followed.rows(Shelf.HARMS, Stat.N_EVENTS)
    named = [each for each in terms if each.arm]
    named = [each for each in named if each.term.startswith((Before.EVENT, Before.SERIOUS))]
    assert named
    for row in named:
        cells = followed(row.result_id).cells
        assert cells[["file", "line"]].drop_duplicates().shape[0] == row.stat, row.result_id


def test_the_cells_of_a_count_are_those_of_its_arm(example: Line) -> None:
    followed = Follower(example)
    for shelf in (Shelf.FLOW, Shelf.ADHERENCE, Shelf.POPULATIONS):
        row = next(each for each in example.results.rows if each.analysis_id == shelf and each.arm)
        cells = followed(row.result_id).cells
        assert set(cells["arm"]) == {row.arm}
        assert isinstance(cells, pd.DataFrame)


def test_a_count_of_people_has_as_many_in_it(followed: Follower) -> None:
    """Of populations and who is outside, and of missing values."""
    wanted = (
        (Shelf.POPULATIONS, Stat.N), (Shelf.POPULATIONS, Stat.N_EXCLUDED),
        (Shelf.MISSING, Stat.N_MISSING), (Shelf.MISSING, Stat.N),
        (Shelf.MISSING, Stat.N_NOT_APPLICABLE), (Shelf.MISSING, Stat.N_NOT_DUE),
    )  # fmt: skip
    for shelf, stat in wanted:
        rows = [each for each in followed.rows(shelf, stat) if each.arm]
        for row in rows[:: max(1, len(rows) // 6)]:
            assert len(followed(row.result_id).used) == row.stat, row.result_id


def test_an_event_that_nobody_had_has_no_cell_and_everybody_in_it(followed: Follower) -> None:
    rows = [
        each
        for each in followed.rows(Shelf.HARMS, Stat.N_EVENTS)
        if each.arm and each.stat == 0 and each.term.startswith(Before.EVENT)
    ]
    assert rows
    trail = followed(rows[0].result_id)
    assert (len(trail.cells), trail.without) == (0, NOBODY_HAS_A_ROW)
    assert trail.used


def test_a_flag_is_counted_in_the_rows_that_say_it(followed: Follower) -> None:
    for row in followed.rows(Shelf.HARMS, Stat.N_EVENTS):
        if row.arm and row.term == EventFact.RELATED.term:
            cells = followed(row.result_id).cells
            assert cells[["file", "line"]].drop_duplicates().shape[0] == row.stat


def test_a_row_counts_the_event_that_its_term_names(example: Line) -> None:
    """Of values treated after an event the analysis is named before it."""
    stopped = IntercurrentEventAsked(code="stopped", label="Stopped")
    protocol = replace(example.protocol, intercurrent_events=(stopped,))
    had, before = EventCount.ANY.of("stopped"), EventCount.NO_VISIT.of("stopped")
    kept = treated_term("primary", "stopped", Treated.KEPT)
    for term, outcome in ((had, ""), (before, ""), (kept, "pain")):
        assert event_of(result(Stat.N, 1, term=term, outcome=outcome), protocol) is stopped
    assert event_of(result(Stat.N, 1, term="surgery", outcome=""), protocol) is None
