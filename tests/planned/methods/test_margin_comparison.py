"""What an analysis says in words is in the words of the trial, and in none of a program."""

from pathlib import Path

import pytest

from tests.report.kinds_of_trial import KINDS, write_trial
from trialkit.planned.methods.margin_comparison import MARGIN_COMPARISON
from trialkit.planned.methods.methods import card_of
from trialkit.steps.analysing import analyse
from trialkit.steps.opening import open_trial
from trialkit.steps.validating import validate


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
