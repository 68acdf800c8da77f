"""R32: interactions of a factorial trial that nobody planned to estimate, or that are marked."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.line import Line, line_of
from tests.report.factorial_trial import KIND, factorial_line, write_factorial
from tests.report.kinds_of_trial import Tables
from tests.report.lint.evidence import UNDATED
from trialkit.report.content.finding import LintSeverity
from trialkit.report.lint.evidence import Evidence, Notice
from trialkit.report.lint.factor_rules import interactions_passed_over
from trialkit.report.lint.linting import RULES
from trialkit.results.lookup import ResultIndex

Trial = Callable[..., Line]


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    def make(change: Callable[[Tables], object] = lambda _: None, **written: str) -> Line:
        kind = replace(KIND, change=change)
        return line_of(write_factorial(tmp_path / "trial", kind=kind, **written))

    return make


def noticed(line: Line) -> list[Notice]:
    index = ResultIndex(line.results)
    evidence = Evidence(
        protocol=line.protocol,
        results=line.results,
        index=index,
        statements=(),
        dates=UNDATED,
    )
    return list(interactions_passed_over(evidence))


def together(tables: Tables) -> None:
    """Both interventions together do far more than one of them."""
    own = {row["subject_id"] for row in tables["randomisation"] if row["arm"] == "BOTH"}
    for row in tables["assessment"]:
        if row["subject_id"] in own and row["visit"] == "V1":
            row["pain_mm"] = round(row["pain_mm"] - 20, 1)


def test_a_small_interaction_is_no_notice() -> None:
    assert noticed(factorial_line()) == []


@pytest.mark.slow
def test_a_marked_interaction_asks_for_the_effects_inside_the_table(trial: Trial) -> None:
    (found,) = noticed(trial(together))
    assert found.severity is LintSeverity.WARNING
    assert found.found.startswith(
        "primary: interaction of Exercise and Education on Pain is marked (p"
    )
    assert "where the other factor is held" in found.mend


@pytest.mark.slow
def test_arms_compared_one_by_one_pass_the_interaction_over(trial: Trial) -> None:
    (found,) = noticed(trial(primary='method = "ancova"\ncovariates = ["baseline"]'))
    assert found.severity is LintSeverity.ERROR
    assert "estimates the effects of exercise and education or their interaction" in found.found


def test_a_trial_without_factors_is_not_looked_at(example: Line) -> None:
    assert noticed(example) == []


def test_the_rule_stands_in_the_list() -> None:
    (own,) = (rule for rule in RULES if rule.look is interactions_passed_over)
    assert own.id == "R32"
