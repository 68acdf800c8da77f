"""What an analysis says in words is in the words of the trial, and in none of a program."""

from pathlib import Path

import pytest

from tests.planned.hand import ARM, PAIN, Rows, task_of
from tests.report.kinds_of_trial import KINDS, write_trial
from trialkit.planned.methods.margin_comparison import MARGIN_COMPARISON, state_margin_comparison
from trialkit.planned.methods.methods import card_of
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.results.vocabulary import Stat
from trialkit.steps.analysing import analyse
from trialkit.steps.opening import open_trial
from trialkit.steps.validating import validate


def test_without_a_model_means_are_compared_as_they_are() -> None:
    own = MarginComparison(method=Method.NON_INFERIORITY, margin=9, response=Response.FINAL)
    rows = Rows(state_margin_comparison(task_of(own), own))
    found = rows.values((Stat.ESTIMATE, Stat.MARGIN), term="A2 - A0", visit="V2")
    assert found == pytest.approx([PAIN[ARM == 2, 2].mean() - PAIN[ARM == 0, 2].mean(), 9])


def notes_of(kind: str, folder: Path) -> set[str]:
    trial = open_trial(write_trial(folder / "trial", KINDS[kind]))
    rows = analyse(validate(trial)).results.rows
    return {row.note for row in rows if row.analysis_id == "primary" and row.note}


@pytest.mark.slow
def test_a_conclusion_names_arms_test_and_margin_as_a_reader_knows_them(tmp_path: Path) -> None:
    trial = open_trial(write_trial(tmp_path / "other", KINDS["non-inferiority"]))
    assert card_of(trial.protocol.plan.analyses[0].specification) is MARGIN_COMPARISON
    assert notes_of("non-inferiority", tmp_path) == {
        "Training is non-inferior to Usual care: the whole interval excludes being worse by the "  # noqa: ISC004
        "margin (Welch's t test, margin 8 mm)"
    }


@pytest.mark.slow
def test_levels_without_an_order_are_told_without_an_instruction_for_python(
    tmp_path: Path,
) -> None:
    (note,) = notes_of("eight sites, stratified", tmp_path)
    assert note.startswith("not estimable: nobody stated the order of the levels of Clinic")
    assert note.endswith(", as the choices of its item in a form do")
