"""Intervals, scales and effects that do not exist are called what the results say they are."""

from dataclasses import replace

import pytest

from tests.conftest import few_at_once
from tests.line import Line
from tests.report.factory import made_up_datasets, made_up_line, made_up_protocol
from tests.report.rows import index_of, result, statistics
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import Alternative, IntervalMethod, Standardiser
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment, OutcomeScale
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.report.content.tables import Table
from trialkit.report.sections.results_text import primary_headlines, primary_result
from trialkit.report.tables.additional import additional_table
from trialkit.report.tables.headlines import headlines
from trialkit.report.tables.intervals import (
    interval_notes,
    is_estimable,
    kind_lead,
    otherwise,
    promised,
)
from trialkit.report.tables.outcomes import outcomes_table
from trialkit.report.tables.proportions import proportions_table
from trialkit.results.effect import ONE_SIDED, POINTWISE, Interval, IntervalKind, Status
from trialkit.results.lookup import ResultIndex, Statistics
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

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
    words = primary_words(line)
    assert "(simultaneous 95% CI " in words
    assert f"; {whose})" in words


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
    trial = made_up_protocol()
    by_logs = ProportionComparison(interval=IntervalMethod.NEWCOMBE)
    first, second = trial.plan.analyses
    plan = replace(trial.plan, analyses=(first, replace(second, specification=by_logs)))
    line = made_up_line(protocol=replace(trial, plan=plan))
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
    assert any(note.startswith("A zero cell") for note in table.noted())
    assert isinstance(line.protocol.plan.analyses[1].specification, ProportionComparison)


@pytest.mark.parametrize("role", [AnalysisRole.PRIMARY, AnalysisRole.SENSITIVITY])
def test_a_shift_that_ties_leave_without_limits_is_told_as_who_has_the_higher_value(
    role: AnalysisRole,
) -> None:
    """Of 40 each, on a scale of three: the shift is 0.0 (0.0 to 0.0), and p is below 0.001."""
    ranks = MeanComparison(method=Method.MANN_WHITNEY, response=Response.FINAL)
    line = line_with(ranks, role=role)
    rows = made_up_datasets(line.protocol, per_arm=40).measurements
    pain = rows["outcome"] == "pain"
    turn = rows.groupby(["arm", "visit", "outcome"], observed=True).cumcount()
    treated = rows["arm"] == "A1"
    values = (turn % 10 < 5).where(treated, turn % 10 < 1).astype(float)
    datasets = replace(
        made_up_datasets(line.protocol, per_arm=40),
        measurements=rows.assign(value=rows["value"].mask(pain, values)),
    )
    results = carry_out(line.protocol, datasets)
    index = ResultIndex(results)
    if role is AnalysisRole.PRIMARY:
        (headline,) = primary_headlines(line.protocol, index)
        words = "".join(getattr(run, "text", run) for run in primary_result(headline))
        assert "that a participant of the experimental arm has the higher value" in words
        assert "ties counted half, was 0.70 (95% CI 0.6" in words
        assert "0.0 (" not in words
        table = outcomes_table(line.protocol, index)
        assert table is not None
        assert "Probability of superiority (95% CI)" in heads(table)
        assert table.groups[0].rows[1].cells[5].text.startswith("0.70 (0.6")
        assert any("Brunner and Munzel's limits" in note for note in table.notes)
    else:
        table = additional_table(line.protocol, index)
        assert table is not None
        (row,) = table.groups[0].rows
        assert "Brunner and Munzel's limits" in row.head
        assert row.cells[2].text.startswith("0.70 (0.6")
        assert row.cells[4].text == "<0.001"


# the functions themselves, on rows made by hand


def limits(
    interval: Interval | None, *, level: float = 0.95, status: Status = Status.ESTIMATED
) -> Statistics:
    numbers = {Stat.ESTIMATE: 2.0, Stat.CONF_LOW: 1.0, Stat.CONF_HIGH: 3.0, Stat.CONF_LEVEL: level}
    return statistics(numbers, interval_kind=interval, status=status)


DUNNETT = Interval(IntervalKind.DUNNETT, 2)
NO_LIMITS = statistics({Stat.ESTIMATE: 2.0, Stat.P_VALUE: 0.02})


@pytest.mark.parametrize(
    ("kind", "lead"),
    [
        (IntervalKind.POINTWISE, ""),
        (IntervalKind.EXACT, ""),
        (IntervalKind.ONE_SIDED, "one-sided "),
        (IntervalKind.BONFERRONI, "simultaneous "),
        (IntervalKind.DUNNETT, "simultaneous "),
        (IntervalKind.TUKEY, "simultaneous "),
    ],
)
def test_only_intervals_that_are_not_plain_have_a_word_before_their_level(
    kind: IntervalKind, lead: str
) -> None:
    assert kind_lead(Interval(kind)) == lead
    assert kind_lead(None) == ""
    assert promised([limits(Interval(kind), level=0.9)], 0.9) == f"{lead}90% CI"


def test_a_head_names_a_kind_only_if_all_intervals_under_it_are_of_that_kind() -> None:
    assert promised([limits(DUNNETT), NO_LIMITS, limits(DUNNETT)], 0.95) == "simultaneous 95% CI"
    assert promised([limits(DUNNETT), limits(POINTWISE)], 0.95) == "95% CI"
    assert promised([], 0.975) == "97.5% CI"


def test_an_interval_is_named_in_its_cell_only_where_the_head_says_another() -> None:
    assert otherwise(limits(DUNNETT), "simultaneous 95% CI") == ""
    assert otherwise(limits(DUNNETT), "95% CI") == " [simultaneous 95% CI]"
    assert otherwise(limits(POINTWISE, level=0.9), "95% CI") == " [90% CI]"
    assert otherwise(limits(DUNNETT), "") == ""
    assert otherwise(NO_LIMITS, "95% CI") == ""
    unlevelled = statistics({Stat.CONF_LOW: 1.0}, interval_kind=DUNNETT)
    assert otherwise(unlevelled, "95% CI") == ""


def test_an_effect_is_estimable_unless_it_or_its_limits_are_said_not_to_be() -> None:
    gone = Status.NOT_ESTIMABLE
    assert is_estimable(limits(POINTWISE))
    assert is_estimable({})
    assert is_estimable(statistics({Stat.HEDGES_G: 1.0}, status=gone))
    assert not is_estimable(limits(POINTWISE, status=gone))
    assert not is_estimable(statistics({Stat.ESTIMATE: None}, status=gone))
    assert not is_estimable(statistics({Stat.CONF_LOW: None}, status=gone))
    assert not is_estimable(statistics({Stat.ESTIMATE: None}, status=Status.NOT_DUE))


def test_the_notes_name_the_outcomes_of_each_kind_once() -> None:
    """Of two outcomes and two arms, each with an interval of its own kind."""
    trial = made_up_protocol(arms=3)
    first, second = trial.plan.analyses
    welch = MeanComparison(method=Method.WELCH_T)
    own = replace(first, specification=welch)
    other = replace(second, outcomes=("better",), specification=welch)
    protocol = replace(trial, plan=replace(trial.plan, analyses=(own, other)))
    tukey = Interval(IntervalKind.TUKEY, 3)

    def effects(analysis: str, outcome: str, arm: str, kind: Interval, p: Interval) -> list[Result]:
        place = {"analysis_id": analysis, "outcome": outcome, "term": f"{arm} - A0",
                 "visit": "V1", "method": "welch_t"}  # fmt: skip
        return [
            result(Stat.CONF_LOW, 1.0, interval_kind=kind, **place),
            result(Stat.P_VALUE, 0.02, interval_kind=p, **place),
        ]

    rows = [
        *effects("primary", "pain", "A1", DUNNETT, POINTWISE),
        *effects("primary", "pain", "A2", DUNNETT, POINTWISE),
        *effects("secondary", "better", "A1", tukey, ONE_SIDED),
        *effects("secondary", "better", "A2", DUNNETT, ONE_SIDED),
    ]
    notes = list(interval_notes(headlines(protocol, index_of(*rows))))
    assert notes == [
        "Simultaneous intervals of Pain and Much better: Dunnett's, 2 comparisons together.",
        "Simultaneous intervals of Much better: Tukey and Kramer's, 3 comparisons together.",
    ]
    assert list(interval_notes(headlines(protocol, index_of()))) == []


@pytest.mark.parametrize(
    "specification",
    few_at_once(
        [
            *(Ancova(adjustment=each) for each in ADJUST if each is not ADJUST.TUKEY),
            Ancova(adjustment=ADJUST.TUKEY, comparisons=Comparisons.ALL_PAIRS),
            *(MixedAnova(adjustment=each) for each in ADJUST if each is not ADJUST.TUKEY),
            *(MeanComparison(method=Method.WELCH_T, alternative=side) for side in Alternative),
            MeanComparison(method=Method.MANN_WHITNEY),
            Mmrm(),
            MarginComparison(method=Method.NON_INFERIORITY, margin=5),
        ],
        5,
    ),
    ids=str,
)
def test_sentence_and_head_use_the_words_of_the_kind_columns(specification: Specification) -> None:
    line = line_with(specification, arms=3)
    row = next(
        each
        for each in line.results.rows
        if each.analysis_id == "primary" and each.stat_name is Stat.CONF_LOW and each.scale
    )
    assert row.interval_kind is not None
    kind = row.interval_kind.kind
    words, table = primary_words(line), outcomes_of(line)
    (head,) = [each for each in heads(table) if each.startswith(("Difference", "Probability"))]
    assert ("simultaneous" in words) == ("simultaneous" in head) == kind.is_simultaneous
    assert ("(one-sided " in words) == ("(one-sided " in head) == (kind is IntervalKind.ONE_SIDED)
    assert ("p" in heads(table) or "One-sided p" in heads(table)) is not kind.is_simultaneous
    assert ("Adjusted p" in heads(table)) is kind.is_simultaneous
    # whose, and of how many
    assert (f", {row.interval_kind.of} comparisons together" in words) is kind.is_simultaneous
