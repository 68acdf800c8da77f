"""The crossover trial from its folder to the page: treatments in tables and words, sequences in the flow."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.line import Line, line_of
from tests.report.crossover_trial import write_crossover
from tests.report.factory import content_of
from trialkit.datasets.sources import Sources
from trialkit.pipeline import run_trial
from trialkit.report.content.tables import Table
from trialkit.report.figures.forest_figure import forest_figures
from trialkit.report.figures.period_entries import DEFINITION
from trialkit.report.guidelines.extensions import MULTI_ARM, chosen_extensions, unsupported
from trialkit.report.sections.flow import flow_figure, flow_table
from trialkit.report.tables.at_visits import visits_table
from trialkit.report.tables.crossover import NAMES, periods_table
from trialkit.report.tables.harms import harms_differences_table
from trialkit.report.tables.main_tables import main_tables
from trialkit.report.writers.markdown import render_markdown
from trialkit.results.lookup import ResultIndex, Term
from trialkit.results.period_flow import PeriodStage
from trialkit.results.vocabulary import Stat
from trialkit.trails.tracing import follow

EXPECTED = ROOT / "tests" / "reference" / "crossover" / "crossover_abba_complete.json"


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(write_crossover(tmp_path_factory.mktemp("crossover") / "trial"))


def cells(table: Table | None) -> dict[str, list[str]]:
    assert table is not None
    return {
        f"{group.head} | {row.head}": [cell.text for cell in row.cells]
        for group in table.groups
        for row in group.rows
    }


def test_tables_of_effects_have_treatments(line: Line) -> None:
    means, risks = (each for each in main_tables(line.protocol, ResultIndex(line.results)) if each)
    found = cells(means)
    head = "Pain, mm \N{EN DASH} primary outcome, end of the period, lower is better"
    assert found[f"{head} | Heat"][:3] == ["24", "24", "56.9 (5.1)"]
    assert found[f"{head} | Cold"][4:6] == [
        "\N{MINUS SIGN}13.9 (12.2)",
        "\N{MINUS SIGN}6.2 (\N{MINUS SIGN}9.0 to \N{MINUS SIGN}3.4)",
    ]
    assert means.stub == risks.stub == "Outcome and treatment"
    assert "10/24 (42%)" in [text for row in cells(risks).values() for text in row]
    assert forest_figures(line.protocol, ResultIndex(line.results)) == ()


def test_the_table_of_visits_has_sequences_and_no_effects(line: Line) -> None:
    table = visits_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    assert [head.text for head in table.heads] == ["Heat, then cold", "Cold, then heat"]
    assert cells(table)["Pain, mm | End of period 1"] == ["53.6 (8.4)", "42.6 (11.7)"]


def test_period_and_carry_over_are_shown_and_choose_nothing(line: Line) -> None:
    table = periods_table(line.protocol, ResultIndex(line.results))
    found = cells(table)
    primary = "Pain \N{EN DASH} t test of two periods, value at its end, primary"
    assert found[f"{primary} | Period"] == ["0.8 (\N{MINUS SIGN}2.0 to 3.6)", "0.537"]
    assert found[f"{primary} | Carry-over"][1] == "0.234"
    assert table is not None
    assert "no analysis was chosen by it" in " ".join(table.notes)
    assert set(NAMES.values()) == {key.split(" | ")[1] for key in found}
    known = {row.result_id for row in line.results.rows}
    assert {name for row in table.rows for cell in row.cells for name in cell.results} <= known


def test_the_page_says_it_in_words(line: Line) -> None:
    page = re.sub(r"<[^>]+>|\*\*|&emsp;", " ", render_markdown(content_of(line)))
    page = re.sub(r"\\(.)", r"\1", page).replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        (
            "This is a superiority randomised crossover trial of heat and cold in two periods: participants "
            "are randomised to one of two sequences, allocated 1:1 (Heat, then cold and Cold, then heat). "
            "Second period: 28 days of washout before it."
        ),
        "Heat; Cold. The reference treatment is Heat.",
        "Harms are counted in the sequence that participants received",
        "Events are counted by sequence, and not assigned to a treatment.",
        "Differences are experimental (Cold) minus reference (Heat)",
        (
            "mean in Heat 51.6 mm (SD 9.3, n = 24); mean in Cold 45.4 mm (SD 10.9, n = 24). The difference "
            "between treatments within participants was \N{MINUS SIGN}6.2 mm"
        ),
        "uses participants with a value at the end of any period, with the periods that have one",
    ):
        assert words in page, words
    assert "parallel" not in page


def test_a_mean_by_treatment_leads_to_the_cells_of_its_period(line: Line) -> None:
    sources = Sources(snapshot=line.snapshot, schemas=line.schemas)
    (name,) = (
        row.result_id
        for row in line.results.rows
        if (row.analysis_id, row.outcome, row.term, row.arm) == ("descriptive", "pain", "", "A")
        and (row.visit, row.stat_name) == ("V3", Stat.MEAN)
    )
    found = follow(
        name, line.results, datasets=line.datasets, sources=sources, protocol=line.protocol
    )
    sequence = dict(
        zip(
            line.snapshot["randomisation"].values["subject_id"],
            line.snapshot["randomisation"].values["arm"],
            strict=True,
        )
    )
    cells = found.cells
    assert len(cells) == 24
    for who, visit in zip(cells["subject_id"], cells["visit"], strict=True):
        assert visit == {"AB": "V1", "BA": "V3"}[sequence[who]]


def test_the_flow_has_each_period_with_what_it_means(line: Line) -> None:
    table = flow_table(line.protocol, ResultIndex(line.results))
    found = cells(table)
    assert found["First period | Completed it"] == ["", "12", "12"]
    assert found["Second period | Left in the washout before it"] == ["", "0", "0"]
    assert table.notes == (DEFINITION,)
    behind = {
        cell.results for group in table.groups[2:4] for row in group.rows for cell in row.cells[1:]
    }
    assert all(len(each) == 1 for each in behind)
    assert "Second period: " in flow_figure(line.protocol, ResultIndex(line.results)).description


def test_a_count_of_a_period_leads_to_the_values_at_its_visits(line: Line) -> None:
    sources = Sources(snapshot=line.snapshot, schemas=line.schemas)
    (name,) = (
        row.result_id
        for row in line.results.rows
        if (row.arm, row.term) == ("AB", PeriodStage.COMPLETED.of("P2"))
    )
    found = follow(
        name, line.results, datasets=line.datasets, sources=sources, protocol=line.protocol
    )
    pain = found.cells[found.cells["item"] == "pain_mm"]
    assert set(pain["visit"]) == {"V2", "V3"}
    assert pain["subject_id"].nunique() == 12


def test_the_periods_are_a_dataset_as_the_analyses_have_them(line: Line) -> None:
    periods = line.datasets.periods
    pain = periods[periods["outcome"] == "pain"]
    assert len(pain) == 48
    ends = [("P1", 0, "V1"), ("P2", 1, "V3")]
    for code, place, visit in ends:
        own = pain[pain["period"] == code]
        assert {*own["visit"]} == {visit}
        assert [each[place] for each in own["sequence"]] == own["arm"].tolist()
    index = ResultIndex(line.results)
    for arm, rows in pain.groupby("arm", observed=True):
        found = index.find(
            "descriptive", outcome="pain", visit="V3", term=Term.CHANGE, arm=str(arm)
        )
        assert found[Stat.MEAN].stat == pytest.approx(rows["change"].mean(), rel=1e-12)
    starts = pain["value"] - pain["baseline"]
    assert starts.tolist() == pytest.approx(pain["change"].tolist(), abs=1e-9)


def test_sequences_are_no_arms_of_a_multi_arm_trial(line: Line) -> None:
    first, second = line.protocol.arms
    third, fourth = (replace(first, code=f"{first.code}2"), replace(second, code=f"{second.code}2"))
    several = replace(line.protocol, arms=(first, second, third, fourth))
    assert "multiarm" not in {each.code for each in chosen_extensions(several)}
    assert MULTI_ARM not in unsupported(several)


def test_no_table_of_differences_is_made_of_sequences(line: Line) -> None:
    first, second = line.protocol.arms
    several = replace(line.protocol, arms=(first, second, first, second))
    assert harms_differences_table(several, ResultIndex(line.results)) is None


def test_the_checklist_that_is_not_there_is_named(line: Line) -> None:
    assert any(each.startswith("CONSORT crossover 2019") for each in unsupported(line.protocol))


@pytest.mark.slow
def test_a_whole_trial_states_the_values_of_r_in_its_files(tmp_path: Path) -> None:
    folder = write_crossover(tmp_path / "trial")
    run_trial(folder)
    with (folder / "output" / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = {
            (row["analysis_id"], row["term"], row["arm"], row["stat_name"]): row["stat"]
            for row in csv.DictReader(file)
        }
    told = json.loads(EXPECTED.read_text("utf-8"))
    place = told["mixed"]["names"].index("treatmentB")
    for analysis, stat, expected in (
        ("primary", "estimate", told["fixed_subjects"]["coef"]),
        ("primary", "se", told["fixed_subjects"]["se"]),
        ("primary", "p_value", told["fixed_subjects"]["p"]),
        ("model", "estimate", told["mixed"]["coef"][place]),
        ("model", "se", told["mixed"]["kr_se"][place]),
        ("model", "p_value", told["mixed"]["kr_p"][place]),
    ):
        number = float(rows[analysis, "B - A", "", stat])
        assert number == pytest.approx(expected, rel=1e-6), (analysis, stat)
    assert (folder / "output" / "report.docx").stat().st_size > 10_000
    assert (folder / "output" / "report.pdf").stat().st_size > 10_000
