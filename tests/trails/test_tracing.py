"""Every result leads to the cells that it rests on: from them alone it can be computed again."""

from dataclasses import replace
from functools import cache

import pytest

from tests.line import Line
from tests.report.factorial_trial import factorial_line
from tests.trails.follower import Follower
from trialkit.errors import AnalysisError
from trialkit.results.lookup import Shelf
from trialkit.results.vocabulary import Stat
from trialkit.schemas.forms.identifying import MASKED, unmasked
from trialkit.trails.cells import COLUMNS
from trialkit.trails.tracing import DEVIATIONS_HAVE_NONE


def test_every_cell_stands_in_its_file_on_its_line(example: Line) -> None:
    followed = Follower(example)
    trail = followed(followed.rows("primary", Stat.ESTIMATE)[0].result_id)
    assert list(trail.cells.columns) == ["subject_id", "arm", *COLUMNS[1:]]
    lines = (example.folder / "data" / "pain.csv").read_text(encoding="utf-8").splitlines()
    heads = lines[0].split(",")
    for cell in trail.cells.itertuples():
        found = dict(zip(heads, lines[cell.line - 1].split(","), strict=True))
        assert (found["subject_id"], found["visit"]) == (cell.subject_id, cell.visit)
        assert found[cell.item] == cell.entered
        assert cell.file == "data/pain.csv"


@cache
def _one_of_each(line: Line) -> list[str]:
    """The first result of each analysis, outcome and statistic that is a row or a series."""
    rows: dict[tuple[str, ...], str] = {}
    for row in line.results.rows:
        rows.setdefault(
            (row.analysis_id, row.outcome[:1], row.term.partition(":")[0]), row.result_id
        )
    return [*rows.values(), *(each.result_id for each in line.results.series)]


@pytest.mark.further
def test_every_result_has_cells_or_says_why_not(followed: Follower) -> None:
    for name in _one_of_each(followed.line):
        trail = followed(name)
        assert bool(trail.without) is (len(trail.cells) == 0), name


def test_deviations_have_no_cell_and_say_so(followed: Follower) -> None:
    row = next(each for each in followed.line.results.rows if each.analysis_id == Shelf.DEVIATIONS)
    trail = followed(row.result_id)
    assert (trail.without, len(trail.cells)) == (DEVIATIONS_HAVE_NONE, 0)


def test_what_is_followed_is_named_as_the_results_name_it(example: Line) -> None:
    followed = Follower(example)
    name = followed.rows("primary", Stat.ESTIMATE)[0].result_id
    with pytest.raises(AnalysisError, match=r"no result has the id .*did you mean .*estimate'"):
        followed(name.replace("estimate", "estimat"))


def test_an_answer_that_names_a_person_is_masked(example: Line) -> None:
    """Whoever may see it has forms in which nothing is marked."""
    form = example.schemas.form("pain")
    items = tuple(replace(item, identifier=item.id == "vas_mm") for item in form.items)
    forms = tuple(
        replace(each, items=items) if each.id == "pain" else each for each in example.schemas.forms
    )
    marked = replace(example, schemas=replace(example.schemas, forms=forms))
    name = Follower(example).rows("primary", Stat.ESTIMATE)[0].result_id
    assert set(Follower(marked)(name).cells["entered"].str.startswith(MASKED)) == {True}
    open_ = Follower(replace(marked, schemas=unmasked(marked.schemas)))
    assert (
        open_(name).cells["entered"].tolist() == Follower(example)(name).cells["entered"].tolist()
    )


@pytest.mark.slow
def test_every_result_of_a_factorial_trial_has_cells_or_says_why_not() -> None:
    followed = Follower(factorial_line())
    for row in followed.line.results.rows[::7]:
        trail = followed(row.result_id)
        assert len(trail.cells) or trail.without
