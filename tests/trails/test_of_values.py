"""What is made of values leads to the values: from them alone it can be computed again."""

from pathlib import Path

import pytest

from tests.line import Line, line_of
from tests.report.factorial_trial import factorial_line
from tests.report.kinds_of_trial import KINDS, write_trial
from tests.trails.follower import Follower, entered
from trialkit.datasets.inclusion import Included, Needs
from trialkit.datasets.sources import Sources
from trialkit.planned.task import task
from trialkit.results.lookup import Shelf, Term
from trialkit.results.vocabulary import Stat
from trialkit.trails.of_values import FromValues


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


def test_a_characteristic_is_entered_at_baseline_alone(example: Line) -> None:
    row = next(each for each in Follower(example).rows(Shelf.BASELINE, Stat.MEAN) if each.arm)
    trail = FromValues(
        origin=row,
        datasets=example.datasets,
        sources=Sources(snapshot=example.snapshot, schemas=example.schemas),
        protocol=example.protocol,
    ).of_characteristic()
    assert entered(trail).mean() == pytest.approx(row.stat, rel=1e-12)
    assert set(trail.cells["visit"]) <= {"", example.protocol.baseline.code}
