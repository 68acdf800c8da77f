"""R33: what a crossover trial rests on, and that carry-over chooses nothing."""

from pathlib import Path

import pytest

from tests.line import Line, line_of
from tests.report.crossover_trial import write_crossover
from tests.report.kinds_of_trial import Tables
from tests.report.lint.evidence import UNDATED
from trialkit.report.lint.evidence import Evidence, Notice
from trialkit.report.lint.linting import RULES
from trialkit.report.lint.period_rules import periods_rest_on_the_washout
from trialkit.results.lookup import ResultIndex


def noticed(line: Line) -> list[Notice]:
    evidence = Evidence(
        protocol=line.protocol,
        results=line.results,
        index=ResultIndex(line.results),
        statements=(),
        dates=UNDATED,
    )
    return list(periods_rest_on_the_washout(evidence))


def test_a_trial_with_a_washout_and_no_carry_over_has_no_notice(tmp_path: Path) -> None:
    assert noticed(line_of(write_crossover(tmp_path / "trial"))) == []


def lasting(tables: Tables) -> None:
    """Whoever had heat first has far more in both periods."""
    first = {row["subject_id"] for row in tables["randomisation"] if row["arm"] == "AB"}
    for row in tables["assessment"]:
        if row["subject_id"] in first and row["visit"] in {"V1", "V3"}:
            row["pain_mm"] = min(100.0, round(row["pain_mm"] + 30, 1))


def test_a_marked_carry_over_asks_for_words_and_no_other_analysis(tmp_path: Path) -> None:
    found = noticed(line_of(write_crossover(tmp_path / "trial", change=lasting)))
    assert found[0].found.startswith("primary: carry-over of Pain is marked (p")
    assert "Report the planned analysis all the same" in found[0].mend


def test_a_period_without_washout_is_noted_with_its_reason(tmp_path: Path) -> None:
    folder = write_crossover(
        tmp_path / "trial",
        edit=lambda text: text.replace("washout_days = 28", 'no_washout = "Heat does not last"'),
    )
    (found,) = noticed(line_of(folder))
    assert found.found == (
        "No washout is planned before Second period, because: Heat does not last."
    )


@pytest.mark.parametrize(("method", "warned"), [("two_sample_t", True), ("crossover_means", False)])
def test_a_size_of_parallel_arms_is_warned_of(tmp_path: Path, method: str, warned: bool) -> None:
    size = f'method = "{method}"\ndifference = 5\nsd = 6\npower = 0.8\n'
    folder = write_crossover(
        tmp_path / "trial",
        edit=lambda text: text.replace("[sample_size]\n", f"[sample_size]\n{size}"),
    )
    found = noticed(line_of(folder))
    assert bool(found) is warned
    assert all("compares other people" in each.found for each in found)


def test_other_trials_are_not_looked_at_and_the_rule_stands_in_the_list(example: Line) -> None:
    assert noticed(example) == []
    (own,) = (rule for rule in RULES if rule.look is periods_rest_on_the_washout)
    assert own.id == "R33"
