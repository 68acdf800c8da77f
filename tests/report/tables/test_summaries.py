"""Cells of what the plan sums an outcome up by: geometric means under their own head."""

from dataclasses import replace

import pytest
from scipy import stats

from tests.line import Line
from tests.report.factory import made_up_line, made_up_protocol
from tests.report.rows import rows
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.pooled import ALL, pooled
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.summing_up import SummedUp
from trialkit.report.content.tables import Table
from trialkit.report.numbers.numbers import geometric_mean_sd
from trialkit.report.tables.at_visits import visits_table
from trialkit.report.tables.described import described_table
from trialkit.report.tables.outcomes import outcomes_table
from trialkit.report.tables.summaries import spread_words, summary_cell, summary_words
from trialkit.results.effect import Status
from trialkit.results.lookup import ResultIndex
from trialkit.results.notes import without_logarithm
from trialkit.results.vocabulary import Stat

FACTOR = "\N{MULTIPLICATION SIGN}/\N{DIVISION SIGN}\N{NO-BREAK SPACE}"
MEAN, MEDIAN, GEOMETRIC = SummedUp


def geometric(*, log: bool = True, visits: int = 2) -> Protocol:
    """A made-up trial whose pain is summed up by its geometric mean, and compared by ratios."""
    one = made_up_protocol(visits=visits)
    pain, better = one.outcomes
    first, second = one.plan.analyses
    scale = OutcomeScale.LOG if log else OutcomeScale.IDENTITY
    return replace(
        one,
        outcomes=(replace(pain, aggregation="geometric mean", metric="final value"), better),
        plan=replace(
            one.plan, analyses=(replace(first, specification=Ancova(scale=scale)), second)
        ),
    )


def with_zero(line: Line) -> Line:
    """The same trial, in which one of A1 has no pain at all at the end."""
    measured = line.datasets.measurements.copy()
    own = (measured["outcome"] == "pain") & (measured["visit"] == "V1") & (measured["arm"] == "A1")
    measured.loc[measured.index[own][:1], "value"] = 0.0
    datasets = replace(line.datasets, measurements=measured)
    return replace(line, datasets=datasets, results=carry_out(line.protocol, datasets))


def table_of(line: Line) -> Table:
    table = outcomes_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    return table


def test_the_table_of_outcomes_has_geometric_means_and_their_ratio_under_their_own_heads() -> None:
    line = made_up_line(protocol=geometric())
    table = table_of(line)
    assert [(each.text, each.span) for each in table.spanning[1:3]] == [
        ("Geometric mean (geometric SD)", 2),
        ("Mean (SD)", 1),
    ]
    assert table.heads[5].text.startswith("Ratio (")
    measured = line.datasets.measurements
    row = table.groups[0].rows[1]
    for visit, cell in zip(("V0", "V1"), row.cells[2:4], strict=True):
        own = measured[
            (measured["outcome"] == "pain")
            & (measured["visit"] == visit)
            & (measured["arm"] == "A1")
        ]["value"].to_numpy(dtype=float)
        mean, sd = float(stats.gmean(own)), float(stats.gstd(own))
        assert cell.text == geometric_mean_sd(mean, sd, digits=1)
        assert [each.rpartition("/")[2] for each in cell.results] == [
            "geometric_mean", "geometric_sd",
        ]  # fmt: skip
    assert FACTOR not in row.cells[4].text
    assert any(note.startswith("Means, geometric means and their spread") for note in table.notes)
    assert any("geometric SD, the factor" in note for note in table.notes)


def test_a_zero_leaves_the_arm_without_a_geometric_mean_and_the_table_says_why() -> None:
    line = with_zero(made_up_line(protocol=geometric(log=False)))
    reference, treated = table_of(line).groups[0].rows
    assert treated.cells[3].text == "not estimable"
    assert treated.cells[3].note == ("Not estimable: 1 value is 0 or below, and has no logarithm.")
    assert FACTOR in treated.cells[2].text
    assert FACTOR in reference.cells[3].text


def test_the_table_of_visits_names_it() -> None:
    line = made_up_line(protocol=geometric(visits=3))
    table = visits_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    assert table.notes[0].startswith("Geometric mean (geometric SD), or participants")
    assert "geometric SD, the factor" in table.notes[1]
    (group,) = (each for each in table.groups if each.head.startswith("Pain"))
    assert all(FACTOR in cell.text for row in group.rows for cell in row.cells[:2])


def test_a_pooled_report_has_geometric_means_in_the_place_of_means() -> None:
    protocol = pooled(geometric(), outcomes=["pain"], characteristics=[])
    found = rows(
        {Stat.N: 9, Stat.MEAN: 6.2, Stat.GEOMETRIC_MEAN: 4.04, Stat.GEOMETRIC_SD: 1.955},
        analysis_id="descriptive", outcome="pain", visit="V1", arm=ALL,
    )  # fmt: skip
    own = tuple(replace(each, population="itt") for each in found)
    table = described_table(protocol, ResultIndex(type(made_up_line().results)(rows=own)))
    assert table is not None
    assert table.heads[1].text == "Geometric mean (geometric SD), or n/N (%)"
    assert table.rows[0].cells[1].text == f"4.0 ({FACTOR}1.96)"
    assert len(table.notes) == 2


def test_one_participant_has_a_geometric_mean_without_a_spread() -> None:
    found = {each.stat_name: each for each in rows({Stat.GEOMETRIC_MEAN: 4.04})}
    assert summary_cell(found, GEOMETRIC, digits=1).text == "4.0 (\N{EM DASH})"
    assert summary_cell({}, GEOMETRIC, digits=1).text == "\N{EM DASH}"


@pytest.mark.parametrize(
    ("kinds", "head", "note"),
    [
        ([MEAN], "Mean (SD)", "Means and standard deviations"),
        ([MEDIAN], "Median (lower to upper quartile)", "Means, medians and their spread"),
        (
            [GEOMETRIC, MEAN],
            "Mean (SD) or geometric mean (geometric SD)",
            "Means, geometric means and their spread",
        ),
        (
            SummedUp,
            "Mean (SD), median (lower to upper quartile) or geometric mean (geometric SD)",
            "Means, medians, geometric means and their spread",
        ),
        ([], "Mean (SD)", "Means and standard deviations"),
    ],
)
def test_heads_and_notes_name_what_stands_below(
    kinds: list[SummedUp], head: str, note: str
) -> None:
    assert summary_words(kinds) == head
    assert spread_words(kinds) == note


def test_results_say_it_of_outcomes_that_the_plan_sums_up_so_alone() -> None:
    line = made_up_line(protocol=geometric())
    shown = {Stat.GEOMETRIC_MEAN, Stat.GEOMETRIC_SD}
    own = [each for each in line.results.rows if each.stat_name in shown]
    assert {(each.outcome, each.term, each.analysis_id) for each in own} == {
        ("pain", "", "descriptive")
    }
    assert {each.stat_name: each.unit for each in own} == {
        Stat.GEOMETRIC_MEAN: "mm", Stat.GEOMETRIC_SD: "",
    }  # fmt: skip
    assert not [each for each in made_up_line().results.rows if each.stat_name in shown]


def test_results_say_why_there_is_none() -> None:
    line = with_zero(made_up_line(protocol=geometric(log=False)))
    (row,) = (
        each for each in line.results.rows
        if each.stat_name is Stat.GEOMETRIC_MEAN and each.stat is None
    )  # fmt: skip
    assert (row.arm, row.visit, row.status) == ("A1", "V1", Status.NOT_ESTIMABLE)
    assert row.note == without_logarithm(1)
    assert without_logarithm(2).endswith("2 values are 0 or below, and have no logarithm")
