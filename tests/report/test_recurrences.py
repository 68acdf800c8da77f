"""A whole trial of recurrences of back pain: its table, its sentences, its curves and its log."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.report.figures.drawn import canvases, words
from tests.report.recurrences import write_recurrences
from tests.report.test_return_to_sport import Ran, ran
from trialkit.cli.main import main
from trialkit.datasets.due import due_of_times
from trialkit.errors import ProtocolError
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.counts.recurrences import state_recurrences
from trialkit.planned.series.recurrences import recurrence_series
from trialkit.planned.task.stating import Statement
from trialkit.protocol.methods.mean_cumulative import MeanCumulativeComparison
from trialkit.protocol.methods.pwp import Pwp
from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.protocol.trial.outcomes import AT_RISK
from trialkit.report.figures import forest_sheet, times_figure
from trialkit.report.figures.forest_figure import forest_figures
from trialkit.report.figures.recurrence_figure import recurrence_figures
from trialkit.report.sections.results_text import primary_headlines, primary_result
from trialkit.report.tables.described import described_table
from trialkit.report.tables.recurrences import mean_number_cell, recurrences_table
from trialkit.report.words.en.methods.mean_cumulative import WORDS
from trialkit.report.words.en.picked import picked_words
from trialkit.report.words.en.rates import exposure_words
from trialkit.report.words.en.sentences.missing_values import missing_data_sentences
from trialkit.report.words.en.times import ending_words, looked_at
from trialkit.report.words.language.account import Account
from trialkit.results.effect import Status
from trialkit.results.lookup import ResultIndex, Term
from trialkit.results.series import Mark
from trialkit.results.vocabulary import Stat

LWYY = 'method = "lwyy"'
MORE = """
[[analyses]]
id = "{id}"
role = "secondary"
outcomes = ["pain_again"]
population = "itt"
estimand = "E1"
{method}
"""


def planned(**methods: str) -> str:
    return "".join(MORE.format(id=name, method=method) for name, method in methods.items())


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran(write_recurrences(tmp_path_factory.mktemp("again") / "trial", method=LWYY))


@pytest.fixture(scope="module")
def competing(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("operated") / "trial"
    more = planned(
        pwp='method = "pwp"\nlast_stratum = 3', means='method = "mean_cumulative"\nat = 8'
    )
    return ran(write_recurrences(folder, competing=True, method=LWYY, more=more))


def test_an_outcome_of_recurrent_events_is_at_risk_without_saying_so(trial: Ran) -> None:
    outcome = trial[0].primary
    assert (outcome.exposure, outcome.exposure_unit) == (AT_RISK, "weeks")
    assert exposure_words(outcome).startswith("events per person-year; the exposure is the time")
    assert picked_words(outcome) == "every event with what pain"
    bare = replace(outcome, per=1, per_unit="", at_risk=None, exposure_unit="")
    assert (bare.rate_per, bare.risk) == ("day at risk", TimeAtRisk())
    with pytest.raises(ProtocolError, match="is the time at risk, and needs no key"):
        replace(outcome, exposure="diary.days")


def test_each_arm_has_its_events_time_and_rate_in_the_table(trial: Ran) -> None:
    protocol, datasets, results = trial
    table = recurrences_table(protocol, ResultIndex(results))
    assert table is not None
    assert [each.text for each in table.heads][2:] == [
        "Events", "Time at risk", "Median follow-up", "Rate", "Mean number of events (95% CI)",
        "Rate ratio (95% CI)", "p",
    ]  # fmt: skip
    own = datasets.at_risk
    for arm, row in zip(protocol.arm_codes, table.groups[0].rows, strict=True):
        known = own[(own["arm"] == arm) & own["time"].notna()]
        cells = [each.text for each in row.cells]
        happened, weeks = known["events"].sum(), known["time"].sum()
        assert cells[0] == str(len(known))
        assert cells[1].startswith(f"{(known['events'] > 0).sum()}/{len(known)} (")
        assert cells[2:4] == [f"{happened:.0f}", f"{weeks:.1f}"]
        assert cells[5] == f"{happened / weeks * 52.1775:.2f}"
        reasons = Counter(known["reason"])
        assert f"completed the study: {reasons['completed the study']}" in row.cells[3].note
        assert f"Moved away: {reasons['Moved away']}" in row.cells[3].note
    assert table.groups[0].rows[0].cells[7].text == "reference"


def test_competing_events_and_effects_of_several_kinds_are_told_apart(competing: Ran) -> None:
    protocol, _, results = competing
    table = recurrences_table(protocol, ResultIndex(results))
    assert table is not None
    assert [each.text for each in table.heads][7] == "Effect (95% CI)"
    ends = [each.head.rpartition(", ")[2] for each in table.groups]
    assert ends == [
        "rate ratio", "hazard ratio of the next event", "difference of the mean numbers of events",
    ]  # fmt: skip
    assert "competing event: operation: 9." in table.groups[0].rows[0].cells[3].note
    assert (
        "Never at risk: followed for less than a day: 1." in table.groups[0].rows[0].cells[3].note
    )
    assert any("a stratum for each number of earlier events" in note for note in table.notes)


def test_sentences_give_rates_and_the_ratio(trial: Ran) -> None:
    protocol, _, results = trial
    (headline,) = primary_headlines(protocol, ResultIndex(results))
    text = "".join(run if isinstance(run, str) else run.text for run in primary_result(headline))
    assert "Usual care 6.97 per person-year (58 events, n\u00a0=\u00a040)" in text
    assert "The rate ratio was 0.6" in text
    said = missing_data_sentences(Account(protocol=protocol))
    assert (
        "LWYY regression uses participants whose time at risk is known, with their events" in said
    )
    described = described_table(protocol, ResultIndex(results))
    assert described is not None
    assert described.heads[1].text.endswith("or events, rate")


def test_the_forest_prints_rates_and_says_which_side_is_better(competing: Ran) -> None:
    protocol, _, results = competing
    with canvases(forest_sheet) as made:
        (figure,) = forest_figures(protocol, ResultIndex(results))
        assert figure.svg
    assert {"39; 4.25", "40; 4.91"} <= set(words(made[0]))
    assert "Of these outcomes lower is better." in figure.caption
    assert "rates are those observed (Recurrences of back pain per person-year)" in figure.caption


def test_curves_rise_and_numbers_at_risk_stand_below(trial: Ran) -> None:
    protocol, datasets, results = trial
    (series,) = recurrence_series(protocol, datasets)
    assert series in results.series
    index = ResultIndex(results)
    (headline,) = primary_headlines(protocol, index)
    for arm in protocol.arms:
        points = series.of(arm.code)
        means = [point.y or 0.0 for point in points]
        assert means == sorted(means)
        assert all((p.low or 0) <= (p.y or 0) <= (p.high or 0) for p in points)
        assert points[-1].x == 12
        assert mean_number_cell(headline, arm).text.startswith(f"{means[-1]:.2f} (")
        left = [p.n for p in series.points if (p.arm, p.label) == (arm.code, Mark.AT_RISK)]
        assert left[0] == 40
        assert left == sorted(left, reverse=True)
    with canvases(times_figure) as made:
        (figure,) = recurrence_figures(protocol, index)
        assert figure.svg
    assert {"At risk", "Usual care", "Training", "40", "Mean number of events"} <= set(
        words(made[0])
    )
    assert figure.description == "Events: Usual care 58 in 40; Training 37 in 40."
    reports = replace(protocol.report, figures=(), supplementary_figures=())
    assert [*recurrence_series(replace(protocol, report=reports), datasets)] == []


def test_an_arm_without_any_event_has_a_curve_at_nothing_and_no_limits(tmp_path: Path) -> None:
    more = planned(
        pwp='method = "pwp"',
        means='method = "mean_cumulative"',
        ratio='method = "mean_cumulative"\ncompare = "ratio"',
    )
    folder = write_recurrences(
        tmp_path / "trial", method=LWYY, more=more, weekly=(0.14, 0.0), per_arm=20
    )
    protocol, datasets, results = ran(folder)
    index = ResultIndex(results)
    mean = index.find(
        "descriptive", outcome="pain_again", visit="V3", term=Term.MEAN_NUMBER, arm="TRAIN"
    )
    assert (mean[Stat.ESTIMATE].stat, Stat.CONF_LOW in mean) == (0.0, False)
    (series,) = recurrence_series(protocol, datasets)
    assert [(p.x, p.y) for p in series.of("TRAIN")] == [(0.0, 0.0), (12.0, 0.0)]
    for name in ("primary", "pwp", "ratio"):
        found = index.find(name, outcome="pain_again", visit="V3", term="TRAIN - CARE", arm="")
        assert found[Stat.ESTIMATE].status is Status.NOT_ESTIMABLE, name
        assert "0 events in Training" in found[Stat.ESTIMATE].note
    found = index.find("means", outcome="pain_again", visit="V3", term="TRAIN - CARE", arm="")
    assert found[Stat.ESTIMATE].stat is not None
    assert recurrences_table(protocol, index) is not None


def test_nobody_with_an_event_stops_no_plan(tmp_path: Path) -> None:
    more = planned(means='method = "mean_cumulative"', nb='method = "negative_binomial"')
    folder = write_recurrences(tmp_path / "trial", method=LWYY, more=more, weekly=(0.0, 0.0))
    protocol, _, results = ran(folder)
    index = ResultIndex(results)
    for name in ("primary", "means"):
        row = index.lacking(name, "pain_again")
        assert row is not None
        assert "there is no event of Recurrences of back pain" in row.note
    assert index.lacking("nb", "pain_again") is not None
    told = primary_result(primary_headlines(protocol, index)[0])
    assert "0 events" in "".join(run if isinstance(run, str) else run.text for run in told)


def test_a_time_that_nobody_was_followed_for_is_not_compared(tmp_path: Path) -> None:
    more = planned(late='method = "mean_cumulative"\nat = 40')
    protocol, _, results = ran(
        write_recurrences(tmp_path / "trial", method=LWYY, more=more, per_arm=12, horizon="")
    )
    found = ResultIndex(results).find(
        "late", outcome="pain_again", visit="V3", term="TRAIN - CARE", arm=""
    )
    assert found[Stat.ESTIMATE].note == (
        "not estimable at 40 weeks: nobody in Usual care or Training was followed for 40 weeks"
    )
    table = recurrences_table(protocol, ResultIndex(results))
    assert table is not None


def test_who_is_unknown_or_still_to_come_is_counted_apart(tmp_path: Path) -> None:
    folder = write_recurrences(tmp_path / "trial", method=LWYY, cut="2024-02-20")
    protocol, datasets, results = ran(folder)
    outcome = protocol.primary
    own = datasets.at_risk[datasets.at_risk["outcome"] == outcome.code]
    waited = due_of_times(outcome, protocol, own)
    assert waited.to_come > waited.reached
    coming = sum(
        row.stat or 0
        for row in results.rows
        if (row.analysis_id, row.outcome, row.stat_name)
        == ("descriptive", "pain_again", Stat.N_NOT_DUE)
    )
    assert coming == waited.to_come


def test_an_arm_that_nobody_is_in_has_counts_of_nobody(trial: Ran) -> None:
    protocol, datasets, _ = trial
    own = datasets.at_risk[datasets.at_risk["arm"] == "CARE"]
    statement = Statement(analysis_id="descriptive", method="descriptive", outcome="pain_again")
    rows = [
        row
        for row in state_recurrences(statement, protocol.primary, protocol, own, datasets.event_log)
        if row.arm == "TRAIN"
    ]
    assert {row.stat_name: row.stat for row in rows} == {
        Stat.N: 0, Stat.N_EVENTS: 0, Stat.EVENTS: 0, Stat.N_CENSORED: 0, Stat.N_MISSING: 0,
    }  # fmt: skip


def test_events_of_who_is_not_in_the_population_are_not_counted(trial: Ran) -> None:
    protocol, datasets, results = trial
    itt = datasets.population("itt")
    fewer = replace(itt, members=itt.members.iloc[5:])
    kept = (fewer if each.code == "itt" else each for each in datasets.populations)
    others = replace(datasets, populations=tuple(kept))
    again = carry_out(protocol, others)
    left = set(itt.members["subject_id"].iloc[:5])
    log = datasets.event_log
    gone = log["subject_id"].isin(left).sum()
    assert gone > 0

    def events(found) -> float:
        return sum(
            row.stat or 0
            for row in found.rows
            if (row.analysis_id, row.stat_name) == ("primary", Stat.N_EVENTS)
        )

    assert events(results) - events(again) == gone


def test_words_of_what_ends_the_counting(competing: Ran) -> None:
    protocol = competing[0]
    outcome = protocol.primary
    assert "a competing event (Operation) ends the follow-up" in ending_words([outcome])
    better = protocol.outcomes[1]
    assert looked_at([outcome, better], protocol) == (
        "week 12; in weeks from randomisation, for 12 weeks at most"
    )
    assert ending_words([better]) == ""
    assert "by time 8 (" in WORDS.effect(MeanCumulativeComparison(at=8))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"last_stratum": 1}, "last_stratum is 2 or more, since one stratum of all events"),
        ({"covariates": ("baseline",)}, "have no baseline value to adjust for"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        Pwp(**options)  # type: ignore[arg-type]
    with pytest.raises(ProtocolError, match="at is a time above 0"):
        MeanCumulativeComparison(at=-1)


def test_a_form_with_one_row_a_participant_holds_no_log(tmp_path: Path) -> None:
    folder = write_recurrences(tmp_path / "trial")
    form = folder / "forms" / "log.toml"
    form.write_text(form.read_text("utf-8").replace("repeating = true\n", ""), "utf-8")
    assert main(["validate", str(folder)]) != 0


def test_a_rehearsal_draws_logs_and_a_plan_has_a_table_for_them(tmp_path: Path) -> None:
    folder = write_recurrences(tmp_path / "trial", method='method = "negative_binomial"')
    again = tmp_path / "again"
    assert main(["simulate", str(folder), "--write", str(again), "--entropy", "5"]) == 0
    with (again / "data" / "log.csv").open(encoding="utf-8") as file:
        drawn = [*csv.DictReader(file)]
    assert {row["what"] for row in drawn} == {"pain"}
    own = Counter(row["subject_id"] for row in drawn)
    assert max(own.values()) > 2
    _, datasets, _ = ran(again)
    counts = datasets.at_risk.groupby("arm", observed=True)["events"].mean()
    assert counts.to_numpy() == pytest.approx([2.0, 1.4], rel=0.35)
    assert main(["protocol", str(folder)]) == 0
    plan = (folder / "plan" / "plan.md").read_text("utf-8")
    assert "Recurrent events: events, time at risk and mean numbers" in plan


def test_the_power_of_a_rate_ratio_of_recurrences_is_simulated(tmp_path: Path) -> None:
    folder = write_recurrences(tmp_path / "trial", method='method = "negative_binomial"')
    assert main(["simulate", str(folder), "--replicates", "200", "--entropy", "3"]) == 0


@pytest.mark.slow
def test_a_trial_of_recurrences_runs_from_protocol_to_report(tmp_path: Path) -> None:
    more = planned(
        nb='method = "negative_binomial"',
        poisson='method = "poisson"\ncovariates = ["demographics.age"]',
        gap='method = "pwp"\nclock = "gap"\nlast_stratum = 3',
        means='method = "mean_cumulative"\nat = 8',
    )
    folder = write_recurrences(tmp_path / "trial", method=LWYY, more=more, competing=True)
    assert main(["run", str(folder)]) == 0
    text = (folder / "output" / "report.md").read_text("utf-8")
    assert "LWYY regression (proportional rates after Lin, Wei, Yang and Ying)" in text
    assert "figures/recurrences_pain_again.svg" in text
    assert "mean cumulative function of each arm" in text
    assert main(["datasets", str(folder)]) == 0
    assert main(["verify", str(folder / "output")]) == 0
