"""Intervals, scales and effects that do not exist are called what the results say they are."""

from dataclasses import replace

import pytest

from tests.conftest import Line
from tests.report.factory import made_up_line, made_up_protocol
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import Alternative, Standardiser
from trialkit.protocol.methods.linear_models import ContrastAdjustment, OutcomeScale
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.report.content.tables import Table
from trialkit.report.sections.results_text import primary_headlines, primary_result
from trialkit.report.tables.additional import additional_table
from trialkit.report.tables.outcomes import outcomes_table
from trialkit.report.tables.proportions import proportions_table
from trialkit.results.lookup import ResultIndex

ADJUST = ContrastAdjustment


def line_with(
    specification: Specification, *, arms: int = 2, role: AnalysisRole = AnalysisRole.PRIMARY
) -> Line:
    """A made-up trial whose first analysis is this one."""
    trial = made_up_protocol(arms=arms)
    first, *others = trial.plan.analyses
    own = replace(first, specification=specification, role=role)
    kept = [own, *others] if role is AnalysisRole.PRIMARY else [first, replace(own, id="more")]
    return made_up_line(protocol=replace(trial, plan=replace(trial.plan, analyses=tuple(kept))))


def outcomes_of(line: Line) -> Table:
    table = outcomes_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    return table


def heads(table: Table) -> list[str]:
    return [head.text for head in table.heads]


def primary_words(line: Line) -> str:
    (headline,) = primary_headlines(line.protocol, ResultIndex(line.results))
    return "".join(getattr(run, "text", run) for run in primary_result(headline))


@pytest.mark.parametrize(
    ("adjustment", "whose"),
    [
        (ADJUST.BONFERRONI, "Bonferroni's, 2 comparisons together"),
        (ADJUST.HOLM, "Bonferroni's, 2 comparisons together"),
        (ADJUST.DUNNETT, "Dunnett's, 2 comparisons together"),
    ],
)
def test_simultaneous_intervals_go_by_that_name_in_table_and_text(
    adjustment: ContrastAdjustment, whose: str
) -> None:
    line = line_with(Ancova(adjustment=adjustment), arms=3)
    table = outcomes_of(line)
    assert "Difference (simultaneous 95% CI)" in heads(table)
    assert any(whose in note for note in table.notes)
    assert "(simultaneous 95% CI " in primary_words(line)


def test_plain_intervals_are_plain_ones() -> None:
    line = line_with(Ancova(), arms=3)
    assert "Difference (95% CI)" in heads(outcomes_of(line))
    assert "simultaneous" not in primary_words(line)


def test_a_one_sided_interval_is_called_one_sided() -> None:
    line = line_with(MeanComparison(method=Method.WELCH_T, alternative=Alternative.LESS))
    assert "Difference (one-sided 95% CI)" in heads(outcomes_of(line))
    assert "(one-sided 95% CI " in primary_words(line)


def test_ratios_stand_under_their_name_and_say_which_arm_is_over_which() -> None:
    table = outcomes_of(line_with(Ancova(scale=OutcomeScale.LOG)))
    assert "Ratio (95% CI)" in heads(table)
    assert "Difference (95% CI)" not in heads(table)
    assert any(note.startswith("Ratio: experimental over reference arm") for note in table.notes)


def test_the_note_on_g_names_the_standardiser_that_was_used() -> None:
    planned = MeanComparison(method=Method.WELCH_T, standardiser=Standardiser.REFERENCE)
    (note,) = [each for each in outcomes_of(line_with(planned)).notes if "Hedges' g" in each]
    assert "pooled" not in note
    assert "reference" in note


def test_a_ratio_among_the_additional_analyses_is_named() -> None:
    line = line_with(Ancova(scale=OutcomeScale.LOG), role=AnalysisRole.SENSITIVITY)
    table = additional_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    assert "ratio of geometric means" in table.groups[0].rows[0].head


def test_a_risk_difference_among_the_additional_analyses_is_in_percentage_points() -> None:
    trial = made_up_protocol()
    first, second = trial.plan.analyses
    more = replace(second, id="more", role=AnalysisRole.SENSITIVITY, family="")
    line = made_up_line(
        protocol=replace(trial, plan=replace(trial.plan, analyses=(first, second, more)))
    )
    table = additional_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    assert table.groups[0].rows[0].cells[2].text.endswith(") percentage points")


def test_limits_that_do_not_exist_are_not_printed() -> None:
    line = made_up_line()
    rows = line.datasets.measurements
    nobody = (rows["outcome"] == "better") & (rows["arm"] == line.protocol.reference.code)
    datasets = replace(
        line.datasets, measurements=rows.assign(value=rows["value"].mask(nobody, 0.0))
    )
    results = carry_out(line.protocol, datasets)
    table = proportions_table(line.protocol, ResultIndex(results))
    assert table is not None
    ratio = table.groups[0].rows[1].cells[3].text
    assert ratio == "\N{INFINITY} (not estimable)"
    assert any(note.startswith("Not estimable: with a zero cell") for note in table.notes)
    assert isinstance(line.protocol.plan.analyses[1].specification, ProportionComparison)
