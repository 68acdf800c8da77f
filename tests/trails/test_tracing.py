"""Every result leads to the cells that it rests on: from them alone it can be computed again."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.conftest import Line, few_at_once, line_of
from tests.report.factorial_trial import factorial_line
from tests.report.kinds_of_trial import KINDS, write_trial
from trialkit.datasets.inclusion import Included, Needs
from trialkit.datasets.sources import Sources
from trialkit.errors import AnalysisError
from trialkit.planned.task import task
from trialkit.results.harms import EventFact
from trialkit.results.lookup import Before, Shelf, Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat
from trialkit.schemas.forms.identifying import MASKED, unmasked
from trialkit.trails.cells import COLUMNS
from trialkit.trails.tracing import DEVIATIONS_HAVE_NONE, NOBODY_HAS_A_ROW, follow
from trialkit.trails.trail import Trail


@dataclass(frozen=True)
class Follower:
    """Follows the results of a trial of the fixtures."""

    line: Line

    def __call__(self, name: str) -> Trail:
        line = self.line
        return follow(
            name,
            line.results,
            datasets=line.datasets,
            sources=Sources(snapshot=line.snapshot, schemas=line.schemas),
            protocol=line.protocol,
        )

    def rows(self, analysis_id: str, stat: Stat) -> list[Result]:
        rows = self.line.results.rows
        return [
            each
            for each in rows
            if each.analysis_id == analysis_id and each.stat_name is stat and each.stat is not None
        ]


@pytest.fixture(scope="module", params=few_at_once(["three_arms", "example"], 1))
def followed(request: pytest.FixtureRequest) -> Follower:
    return Follower(request.getfixturevalue(request.param))


def entered(trail: Trail) -> np.ndarray:
    """The cells as numbers: decimal commas are points, yes is one."""
    texts = trail.cells["entered"].str.strip().str.replace(",", ".").str.lower()
    truths = {"yes": "1", "no": "0", "true": "1", "false": "0"}
    return texts.map(lambda text: truths.get(text, text)).astype(float).to_numpy()


def test_a_described_value_is_the_mean_of_its_cells(followed: Follower) -> None:
    for row in followed.rows(Shelf.DESCRIPTIVE, Stat.MEAN)[::7]:
        if row.term != Term.VALUE:
            continue
        trail = followed(row.result_id)
        assert entered(trail).mean() == pytest.approx(row.stat, rel=1e-12), row.result_id
        assert len(trail.used) == len(trail.cells)


def test_a_described_change_is_the_mean_of_the_differences_of_its_cells(example: Line) -> None:
    followed = Follower(example)
    rows = [each for each in followed.rows(Shelf.DESCRIPTIVE, Stat.MEAN) if each.term == "change"]
    for row in rows[::5]:
        trail = followed(row.result_id)
        wide = trail.cells.assign(number=entered(trail)).pivot_table(
            index="subject_id", columns="visit", values="number"
        )
        change = wide[row.visit] - wide[example.protocol.baseline.code]
        assert change.mean() == pytest.approx(row.stat, rel=1e-12)


def test_how_many_are_in_it_is_how_many_it_says(followed: Follower) -> None:
    """Of every analysis of the plan, and of every description."""
    planned = [each.id for each in followed.line.protocol.plan.analyses]
    for name in (*planned, Shelf.DESCRIPTIVE, Shelf.BASELINE):
        rows = [each for each in followed.rows(name, Stat.N) if each.arm and each.term == ""]
        for row in rows[:: max(1, len(rows) // 4)]:
            assert len(followed(row.result_id).used) == row.stat, row.result_id


def test_who_is_in_and_who_is_out_are_all_who_were_randomised(followed: Follower) -> None:
    """Of each analysis, by a row that is of all arms."""
    subjects = followed.line.datasets.subjects
    everybody = set(subjects.loc[subjects["randomised"], "subject_id"].astype("str"))
    for analysis in followed.line.protocol.plan.analyses:
        rows = (each for each in followed.line.results.rows if each.analysis_id == analysis.id)
        trail = followed(next(each.result_id for each in rows if not each.arm))
        if analysis.specification.compares_pairs:  # the arms of one contrast alone
            continue
        out = set(trail.left_out["subject_id"].astype("str"))
        assert out | set(trail.used) == everybody
        assert not out & set(trail.used)
        assert trail.left_out["reason"].astype("str").str.strip().ne("").all()


def test_a_difference_is_the_difference_of_its_cells(example: Line) -> None:
    """Welch's estimate is the difference of mean changes, computed here from the text entered."""
    followed = Follower(example)
    (row,) = followed.rows("primary_welch", Stat.ESTIMATE)
    trail = followed(row.result_id)
    wide = trail.cells.assign(number=entered(trail)).pivot_table(
        index=["subject_id", "arm"], columns="visit", values="number"
    )
    means = (wide["W6"] - wide["BL"]).groupby("arm").mean()
    assert means["EG"] - means["CG"] == pytest.approx(row.stat, rel=1e-12)


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


def test_events_are_the_rows_of_their_form(followed: Follower) -> None:
    terms = followed.rows(Shelf.HARMS, Stat.N_EVENTS)
    named = [each for each in terms if each.arm]
    named = [each for each in named if each.term.startswith((Before.EVENT, Before.SERIOUS))]
    assert named
    for row in named:
        cells = followed(row.result_id).cells
        assert cells[["file", "line"]].drop_duplicates().shape[0] == row.stat, row.result_id


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


def test_the_cells_of_a_count_are_those_of_its_arm(example: Line) -> None:
    followed = Follower(example)
    for shelf in (Shelf.FLOW, Shelf.ADHERENCE, Shelf.POPULATIONS):
        row = next(each for each in example.results.rows if each.analysis_id == shelf and each.arm)
        cells = followed(row.result_id).cells
        assert set(cells["arm"]) == {row.arm}
        assert isinstance(cells, pd.DataFrame)


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


def test_a_contrast_of_pairs_reads_its_two_arms_alone(three_arms: Line) -> None:
    """A model of all arms reads all of them, whichever contrast is asked for."""
    followed = Follower(three_arms)
    seen = set()
    for analysis in three_arms.protocol.plan.analyses:
        rows = (
            each
            for each in three_arms.results.rows
            if each.analysis_id == analysis.id and " - " in each.term and ":" not in each.term
        )
        row = next(rows, None)
        if row is None:
            continue
        arms = set(followed(row.result_id).cells["arm"])
        pairs = analysis.specification.compares_pairs
        seen.add(pairs)
        contrasted = set(row.term.partition(" | ")[0].split(" - "))
        assert (arms == contrasted) is pairs, row.result_id
    assert seen == {True, False}


def test_of_the_plan_the_one_analysis_alone_is_looked_at(
    example: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever follows one number does not wait for who is in all the other analyses."""
    included = task.include
    asked: list[str] = []

    def counting(needs: Needs, *rest: object, **more: object) -> Included:
        asked.append(needs.outcome)
        return included(needs, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(task, "include", counting)
    row = next(each for each in example.results.rows if each.analysis_id == "primary")
    Follower(example)(row.result_id)
    assert len(asked) == 1


@pytest.mark.parametrize(("kind", "arms"), [("classes", 2), ("classes in one arm", 1)])
def test_a_result_of_clusters_leads_to_the_cluster_of_each_participant(
    kind: str, arms: int, tmp_path: Path
) -> None:
    followed = Follower(line_of(write_trial(tmp_path / "trial", KINDS[kind])))
    primary = followed.line.protocol.plan.analyses[0].id
    trail = followed(followed.rows(primary, Stat.ESTIMATE)[-1].result_id)
    cells = trail.cells[trail.cells["item"] == "group_class"]
    assert set(cells["arm"]) == set(("TRAIN", "CARE")[:arms])
    clusters = followed.line.datasets.subjects.set_index("subject_id")["cluster"]
    assert cells["entered"].tolist() == clusters[cells["subject_id"]].tolist()
    inside = trail.cells[trail.cells["item"] == "pain_mm"]
    assert set(cells["subject_id"]) == set(
        inside.loc[inside["arm"].isin(cells["arm"]), "subject_id"]
    )


def test_a_result_of_a_level_leads_to_the_arms_that_have_it() -> None:
    followed = Follower(factorial_line())
    rows = {row.term: row for row in followed.rows("primary", Stat.N) if not row.arm}
    for term, arms in {
        "exercise = yes": ("TRAIN", "BOTH"),
        "education = no": ("CARE", "TRAIN"),
    }.items():
        trail = followed(rows[term].result_id)
        assert set(trail.cells["arm"]) == set(arms)
        assert len(trail.used) == rows[term].stat
    effect = next(
        row for row in followed.rows("primary", Stat.ESTIMATE) if row.term.startswith("exercise: ")
    )
    assert set(followed(effect.result_id).cells["arm"]) == {"CARE", "TALK", "TRAIN", "BOTH"}


@pytest.mark.slow
def test_every_result_of_a_factorial_trial_has_cells_or_says_why_not() -> None:
    followed = Follower(factorial_line())
    for row in followed.line.results.rows[::7]:
        trail = followed(row.result_id)
        assert len(trail.cells) or trail.without
