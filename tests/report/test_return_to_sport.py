"""A whole trial of the return to sport: its table, its sentences, its curves and what ends times."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from tests.report.figures.drawn import canvases, words
from tests.report.lint.evidence import evidence_on
from tests.report.return_to_sport import write_return_to_sport
from trialkit.cli.main import main
from trialkit.datasets.building import build_datasets
from trialkit.datasets.due import due_of_times
from trialkit.datasets.model import Datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.counts.times import NOT_REACHED, time_point_of
from trialkit.planned.series.times import time_series
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.figures import forest_sheet, times_figure
from trialkit.report.figures.forest_figure import forest_figures
from trialkit.report.figures.times_figure import times_figures
from trialkit.report.lint.time_rules import hazards_that_change
from trialkit.report.sections.results import still_to_come
from trialkit.report.sections.results_text import primary_headlines, primary_result
from trialkit.report.tables.additional import additional_table
from trialkit.report.tables.models import diagnostics_table
from trialkit.report.tables.times import times_table
from trialkit.report.words.en.sentences.missing_values import missing_data_sentences
from trialkit.report.words.en.sentences.told import told
from trialkit.report.words.language.account import Account
from trialkit.results.effect import Status
from trialkit.results.lookup import ResultIndex, Shelf, Term
from trialkit.results.results import Results
from trialkit.results.series import Mark
from trialkit.results.vocabulary import Stat
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

HAZARDS = f"{Check.PROPORTIONAL_HAZARDS.value}: "
Ran = tuple[Protocol, Datasets, Results]


def ran(folder: Path) -> Ran:
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=protocol.data.cut)
    datasets = build_datasets(snapshot, schemas, protocol)
    return protocol, datasets, carry_out(protocol, datasets)


@pytest.fixture(scope="module")
def competing(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran(write_return_to_sport(tmp_path_factory.mktemp("returns") / "trial"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("alone") / "trial"
    return ran(write_return_to_sport(folder, competing=False, method='method = "log_rank"'))


def test_whom_an_analysis_of_times_uses_is_told_as_censoring(competing: Ran) -> None:
    said = missing_data_sentences(Account(protocol=competing[0]))
    assert (
        "Cox regression uses participants whose time at risk is known; who is not followed to the end is "
        "censored when last at risk, as if what followed were like that of the others"
    ) in said


def test_an_arm_has_its_events_censoring_and_median_in_the_table(competing: Ran) -> None:
    protocol, _, results = competing
    table = times_table(protocol, ResultIndex(results))
    assert table is not None
    assert table.groups[0].head.endswith("sooner is better")
    care, train = table.groups[0].rows
    cells = [each.text for each in care.cells]
    assert cells[:4] == ["40", "19/40 (48%)", "7", "14"]
    assert "Operation: 7." in [each.note for each in care.cells]
    assert cells[6] == "reference"
    effect = {row.stat_name: row.stat for row in results.rows if row.term == "TRAIN - CARE"
              and row.analysis_id == "primary"}  # fmt: skip
    assert train.cells[6].text.startswith(f"{effect[Stat.ESTIMATE]:.2f} ")
    assert any("a competing event censors" in note for note in table.notes)


def test_sentences_give_events_and_medians_and_the_ratio(competing: Ran) -> None:
    protocol, _, results = competing
    (headline,) = primary_headlines(protocol, ResultIndex(results))
    text = "".join(run if isinstance(run, str) else run.text for run in primary_result(headline))
    assert "Usual care 19/40 (48%) with the event, median time 8.6 weeks" in text
    assert "The hazard ratio was 1.58" in text


CRUDE = """
[[analyses]]
id = "crude"
role = "secondary"
outcomes = ["return"]
population = "itt"
estimand = "E1"
method = "cox"
"""
EARLIER = "A hazard ratio above 1 means that the event comes sooner."


@pytest.mark.parametrize(
    ("direction", "better", "above", "below"),
    [
        ("lower", "sooner", "Training", "Usual care"),
        ("higher", "later", "Usual care", "Training"),
    ],
)
def test_a_hazard_ratio_above_one_favours_whose_event_comes_when_it_is_better(
    direction: str, better: str, above: str, below: str, tmp_path: Path
) -> None:
    """A hazard ratio above 1 says sooner, so that it runs against the direction of the time."""
    folder = write_return_to_sport(tmp_path / "trial", more=CRUDE, direction=direction)
    protocol, _, results = ran(folder)
    with canvases(forest_sheet) as made:
        (figure,) = forest_figures(protocol, ResultIndex(results))
        assert figure.svg
    drawn = words(made[0])
    assert f"\N{LEFTWARDS ARROW} Favours {below}" in drawn
    assert f"Favours {above} \N{RIGHTWARDS ARROW}" in drawn
    assert f"Of these outcomes {better} is better. {EARLIER}" in figure.caption
    assert "n/N: participants with the event, of those analysed" in figure.caption


def test_a_median_that_is_not_reached_says_so(tmp_path: Path) -> None:
    folder = write_return_to_sport(tmp_path / "trial", competing=False)
    sport = folder / "data" / "sport.csv"
    lines = sport.read_text("utf-8").splitlines()
    sport.write_text("\n".join(lines[:25]) + "\n", "utf-8")
    protocol, _, results = ran(folder)
    rows = [row for row in results.rows if row.term == Term.MEDIAN_TIME]
    assert {(row.stat, row.note, row.status) for row in rows} == {
        (None, NOT_REACHED, Status.NOT_ESTIMABLE)
    }
    table = times_table(protocol, ResultIndex(results))
    assert table is not None
    assert [row.cells[4].text for row in table.groups[0].rows] == ["not reached"] * 2


def test_curves_fall_and_numbers_at_risk_stand_below(alone: Ran) -> None:
    protocol, datasets, results = alone
    (series,) = time_series(protocol, datasets)
    assert series in results.series
    for arm in protocol.arm_codes:
        shares = [point.y for point in series.of(arm)]
        assert shares == sorted(shares, reverse=True)
        left = [p.n for p in series.points if (p.arm, p.label) == (arm, Mark.AT_RISK)]
        assert left[0] == 40
        assert left == sorted(left, reverse=True)
    with canvases(times_figure) as made:
        (figure,) = times_figures(protocol, ResultIndex(results))
        assert figure.svg
    assert {"At risk", "Usual care", "Training", "40"} <= set(words(made[0]))
    assert figure.description.startswith("With the event: Usual care ")


def test_competing_events_have_a_panel_each_that_add_up(competing: Ran) -> None:
    protocol, datasets, results = competing
    (series,) = time_series(protocol, datasets)
    for arm in protocol.arm_codes:
        last = {point.label: point.y for point in series.of(arm)}
        assert set(last) == {"return", "surgery"}
        assert 0 < sum(y or 0.0 for y in last.values()) <= 1
    with canvases(times_figure) as made:
        (figure,) = times_figures(protocol, ResultIndex(results))
        assert figure.svg
    assert [ax.get_title(loc="left") for ax in made[0].axes] == ["Return to sport", "Operation"]


def test_a_ratio_that_changes_with_time_is_noted(competing: Ran) -> None:
    protocol, _, results = competing
    term = f"{HAZARDS}arm"
    rows = tuple(
        replace(row, stat=0.003) if (row.term, row.stat_name) == (term, Stat.P_VALUE) else row
        for row in results.rows
    )
    for stated, count in ((results, 0), (Results(rows=rows), 1)):
        evidence = evidence_on(protocol, *stated.rows)
        found = [*hazards_that_change(evidence)]
        assert len(found) == count
    assert found[0].found.startswith("In primary, the hazard ratio for Return to sport changes")


def test_hazards_are_tested_for_being_proportional(competing: Ran) -> None:
    *_, results = competing
    terms = {row.term for row in results.rows if row.term.startswith(HAZARDS)}
    assert terms == {f"{HAZARDS}{each}" for each in ("arm", "Age, years", "all terms together")}


def test_hazards_are_checked_in_a_table_of_checks_and_are_no_additional_analysis(
    tmp_path: Path,
) -> None:
    more = """
[[analyses]]
id = "sensitive"
role = "sensitivity"
outcomes = ["return"]
population = "itt"
estimand = "E1"
method = "cox"
covariates = ["demographics.age"]
"""
    protocol, _, results = ran(write_return_to_sport(tmp_path / "trial", more=more))
    index = ResultIndex(results)
    table = diagnostics_table(protocol, index)
    assert table is not None
    (group,) = table.groups
    assert [row.head for row in group.rows] == [
        f"Proportionality of the hazards, {each}"
        for each in ("Age, years", "arm", "all terms together")
    ]
    assert {row.cells[0].text[:10] for row in group.rows} == {"score test"}
    shown = additional_table(protocol, index)
    assert shown is not None
    assert len(shown.groups[0].rows) == 1
    named = told(Account(protocol=protocol, index=index))
    assert ("primary", Check.PROPORTIONAL_HAZARDS) in named


def test_a_rehearsal_draws_days_of_the_event_and_a_plan_has_a_table_for_them(
    tmp_path: Path,
) -> None:
    folder = write_return_to_sport(tmp_path / "trial")
    again = tmp_path / "again"
    assert main(["simulate", str(folder), "--write", str(again), "--entropy", "5"]) == 0
    drawn = (again / "data" / "sport.csv").read_text("utf-8").splitlines()
    assert 15 < sum(row["returned"] != "" for row in csv.DictReader(drawn)) < 60
    assert main(["protocol", str(folder)]) == 0
    assert "Times to an event" in (folder / "plan" / "plan.md").read_text("utf-8")


def test_who_is_still_followed_before_the_time_point_is_waited_for(tmp_path: Path) -> None:
    protocol, datasets, results = ran(write_return_to_sport(tmp_path / "t", cut="2024-02-20"))
    outcome = protocol.primary
    own = datasets.at_risk[datasets.at_risk["outcome"] == outcome.code]
    waited = due_of_times(outcome, protocol, own)
    assert waited.to_come > waited.reached
    assert time_point_of(outcome, protocol) == 12
    whole = replace(outcome, at_risk=replace(outcome.at_risk, horizon=None))
    assert due_of_times(whole, protocol, own) == waited
    index = ResultIndex(results)
    assert still_to_come(protocol, index) == (waited.to_come, waited.randomised)
    counted = [row for row in results.rows if row.stat_name is Stat.N_NOT_DUE and row.stat]
    of = {
        shelf: sum(row.stat or 0 for row in counted if row.analysis_id == shelf
                   and row.outcome == outcome.code)
        for shelf in (Shelf.MISSING, Shelf.DESCRIPTIVE)
    }  # fmt: skip
    assert of == dict.fromkeys(of, waited.to_come)


def test_a_look_at_times_before_their_time_point_says_that_it_is_interim(tmp_path: Path) -> None:
    """All randomised are followed for less than two weeks of twelve; none of them is missing."""
    folder = write_return_to_sport(
        tmp_path / "trial", method='method = "cox"', per_arm=7, cut="2024-01-22", competing=False
    )
    (folder / "data" / "sport.csv").write_text(
        "subject_id,returned,operated\nP003,2024-01-20,\nP001,2024-01-15,\n", "utf-8"
    )
    protocol, _, results = ran(folder)
    assert any(
        (row.analysis_id, row.stat_name) == ("primary", Stat.ESTIMATE) and row.stat is not None
        for row in results.rows
    )
    to_come, everybody = still_to_come(protocol, ResultIndex(results))
    assert (to_come, everybody) == (12, 14)
