"""Times to an event at their edges: an arm without any, an early end, and what a result is traced to."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.report.lint.evidence import evidence_on
from tests.report.return_to_sport import COMPETING, write_return_to_sport
from tests.report.test_return_to_sport import Ran, ran
from trialkit.datasets.sources import Sources
from trialkit.errors import TrialkitError
from trialkit.planned.counts.times import state_times
from trialkit.planned.task.stating import Statement
from trialkit.protocol.loading import load_protocol
from trialkit.report.lint.missing_rules import same_assumption
from trialkit.report.sections.results_text import primary_headlines, primary_result
from trialkit.report.tables.times import times_table
from trialkit.report.tracing import facts_of
from trialkit.results.lookup import ResultIndex, Shelf, Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource
from trialkit.trails.tracing import follow


@pytest.fixture(scope="module")
def one_sided(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Nobody of usual care returns."""
    folder = tmp_path_factory.mktemp("few") / "trial"
    write_return_to_sport(folder, competing=False)
    arms = pd.read_csv(folder / "data" / "randomisation.csv").set_index("subject_id")["arm"]
    file = folder / "data" / "sport.csv"
    days = pd.read_csv(file)
    days[days["subject_id"].map(arms) == "TRAIN"].to_csv(file, index=False)
    return ran(folder)


def test_without_an_event_in_an_arm_the_reason_counts_them_and_the_arms_are_told(
    one_sided: Ran,
) -> None:
    protocol, _, results = one_sided
    (headline,) = primary_headlines(protocol, ResultIndex(results))
    text = "".join(run if isinstance(run, str) else run.text for run in primary_result(headline))
    assert "Usual care 0/40 (0%) with the event" in text
    assert "not estimable: 0 of 40 in Usual care, " in text.replace("Not", "not")
    assert 'limits = "profile" gives it one limit and a p value' in text


def test_a_share_of_all_has_no_limits_where_somebody_was_censored_before(one_sided: Ran) -> None:
    protocol, _, results = one_sided
    table = times_table(protocol, ResultIndex(results))
    assert table is not None
    care, _ = table.groups[0].rows
    assert [head.text for head in table.heads][5] == "Without the event at week 12, %"
    assert care.cells[5].text == "100.0 (\N{EM DASH})"
    found = [row for row in results.rows if (row.term, row.arm) == (Term.WITHOUT_EVENT, "CARE")]
    assert {row.stat_name for row in found} == {Stat.ESTIMATE, Stat.CONF_LEVEL}


@pytest.mark.parametrize("competing", [False, True])
def test_a_share_of_all_has_exact_limits_where_nobody_was(
    competing: bool, one_sided: Ran, tmp_path: Path
) -> None:
    protocol, datasets, _ = one_sided
    if competing:
        protocol = load_protocol(write_return_to_sport(tmp_path / "trial"))
    outcome = protocol.primary
    own = datasets.at_risk[
        (datasets.at_risk["outcome"] == "return") & (datasets.at_risk["arm"] == "CARE")
    ]
    own = own.assign(time=12.0, status="censored", cause=None)
    if competing:
        own.iloc[0, own.columns.get_indexer(["time", "status", "cause"])] = [
            3,
            "competing",
            "surgery",
        ]
    about = Statement(analysis_id="descriptive", method="descriptive", outcome="return")
    term = Term.WITH_EVENT if competing else Term.WITHOUT_EVENT
    stated: dict[Stat, Result] = {
        row.stat_name: row for row in state_times(about, outcome, protocol, own) if row.term == term
    }
    narrow = 0.025 ** (1 / len(own))
    wanted = (0.0, 0.0, 1 - narrow) if competing else (1.0, narrow, 1.0)
    stats = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
    assert tuple(stated[stat].stat for stat in stats) == pytest.approx(wanted, abs=1e-12)


def test_the_head_of_the_share_says_whose_it_is_where_events_compete(tmp_path: Path) -> None:
    protocol, _, results = ran(write_return_to_sport(tmp_path / "trial"))
    table = times_table(protocol, ResultIndex(results))
    assert table is not None
    assert [head.text for head in table.heads][5] == "With the event at week 12, %"


def test_a_horizon_before_the_time_point_is_complained_of(tmp_path: Path) -> None:
    folder = write_return_to_sport(tmp_path / "trial")
    file = folder / "protocol.toml"
    text = file.read_text("utf-8")
    for horizon, is_early in (("11.9", False), ("8", True)):
        file.write_text(text.replace("horizon = 12", f"horizon = {horizon}"), "utf-8")
        if not is_early:
            load_protocol(folder)
            continue
        with pytest.raises(TrialkitError) as refused:
            load_protocol(folder)
        said = str(refused.value)
        assert "horizon" in said
        assert "8 weeks, before the time point V3 on day 84" in said
        assert "12 weeks or more" in said


def test_an_event_does_not_compete_with_itself(tmp_path: Path) -> None:
    folder = write_return_to_sport(tmp_path / "trial")
    file = folder / "protocol.toml"
    own = COMPETING.replace("sport.operated", "sport.returned")
    file.write_text(file.read_text("utf-8").replace(COMPETING, own), "utf-8")
    protocol = load_protocol(folder)
    with pytest.raises(TrialkitError) as refused:
        form_schemas(folder, protocol)
    said = str(refused.value)
    assert "protocol.toml: [outcomes 'return'.at_risk] competing" in said
    assert "sport.returned, the item of the outcome itself" in said


def test_unknown_times_are_not_advised_a_model_of_values(one_sided: Ran) -> None:
    protocol, _, results = one_sided
    rows = [
        replace(row, stat=5.0)
        if (row.analysis_id, row.outcome, row.stat_name, row.term)
        == (Shelf.MISSING, "return", Stat.N_MISSING, "")
        else row
        for row in results.rows
    ]
    (found,) = same_assumption(evidence_on(protocol, *rows))
    assert "mmrm" not in found.mend
    assert "times imputed" in found.mend


def test_a_time_is_traced_to_every_day_that_may_begin_or_end_it(tmp_path: Path) -> None:
    folder = write_return_to_sport(tmp_path / "trial")
    protocol, datasets, results = ran(folder)
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=protocol.data.cut)
    sources = Sources(snapshot=snapshot, schemas=schemas)
    (ratio,) = [
        row
        for row in results.rows
        if (row.analysis_id, row.term, row.stat_name) == ("primary", "TRAIN - CARE", Stat.ESTIMATE)
    ]
    trail = follow(ratio.result_id, results, datasets=datasets, sources=sources, protocol=protocol)
    entered = [each.text for each in facts_of(ratio, protocol, ResultIndex(results))
               if each.term == "Entered in"]  # fmt: skip
    assert entered == ["sport.returned, sport.operated"]
    asked = set(trail.cells["form"] + "." + trail.cells["item"])
    assert asked == {
        "sport.returned", "sport.operated", "randomisation.randomisation_date", "demographics.age",
        "end_of_study.completed", "end_of_study.end_date", "end_of_study.end_reason",
    }  # fmt: skip
