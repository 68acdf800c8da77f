"""A trial whose participants stop, from its folder to the page: counts, strategies, words and trails."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.line import Line, line_of
from tests.report.factory import content_of, made_up_line
from tests.report.lint.evidence import evidence_on
from tests.report.rows import result
from tests.report.stopping_trial import QUESTIONS, write_stopping_trial
from trialkit.datasets.sources import Sources
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.specification import Specification
from trialkit.report.content.finding import LintSeverity
from trialkit.report.content.tables import Table
from trialkit.report.lint.estimand_rules import (
    described_events,
    unknown_events,
    unobserved_after_events,
)
from trialkit.report.tables.definitions import estimands_table
from trialkit.report.tables.intercurrent import (
    intercurrent_table,
    recorded_events_table,
    treated_table,
)
from trialkit.report.words.en.sentences.intercurrent import (
    events_in_words,
    handled_events,
    rule_words,
)
from trialkit.report.writers.markdown import render_markdown
from trialkit.results.effect import Status
from trialkit.results.intercurrent import EventCount, Treated, treated_term
from trialkit.results.lookup import ResultIndex, Shelf, value
from trialkit.results.vocabulary import Stat
from trialkit.trails.tracing import follow

SHELF = Shelf.INTERCURRENT


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(write_stopping_trial(tmp_path_factory.mktemp("stopping") / "trial"))


@pytest.fixture(scope="module")
def index(line: Line) -> ResultIndex:
    return ResultIndex(line.results)


def read(line: Line, name: str) -> pd.DataFrame:
    return pd.read_csv(line.folder / "data" / f"{name}.csv", dtype="str").fillna("")


def rows(table: Table | None) -> dict[tuple[str, str], list[str]]:
    assert table is not None
    return {
        (group.head, row.head): [cell.text for cell in row.cells]
        for group in table.groups
        for row in group.rows
    }


def test_who_had_which_event_is_counted_from_the_files(line: Line, index: ResultIndex) -> None:
    """By arm, as the files have it; the day of one is not known."""
    arms = read(line, "randomisation").set_index("subject_id")
    stops = read(line, "discontinuation").query("why != 'moved'").set_index("subject_id")
    taken = read(line, "assessment").query("rescue == 'yes'")
    for arm in ("NEW", "USUAL"):
        own = stops[stops.index.map(arms["arm"]) == arm]
        found = index.find(SHELF, term=EventCount.ANY.of("stopped"), arm=arm, visit="")
        assert (value(found, Stat.N), value(found, Stat.EVENTS)) == (20, len(own))
        begun = pd.to_datetime(arms.loc[own.index, "randomisation_date"])
        days = (pd.to_datetime(own["stop_date"].replace("ND", None)) - begun).dt.days
        first = [days < 42, (days >= 42) & (days < 84)]
        counted = [
            value(index.find(SHELF, term="stopped", arm=arm, visit=visit), Stat.N)
            for visit in ("W6", "W12")
        ]
        assert counted == [int(each.sum()) for each in first]
        unknown = index.find(SHELF, term=EventCount.VISIT_NOT_KNOWN.of("stopped"), arm=arm)
        assert value(unknown, Stat.N) == int(days.isna().sum())
        rescued = taken.loc[taken["subject_id"].map(arms["arm"]) == arm, "subject_id"].nunique()
        found = index.find(SHELF, term="rescue", arm=arm, visit="")
        assert value(found, Stat.EVENTS) == rescued
        nobody = index.find(SHELF, term="surgery", arm=arm)
        assert nobody[Stat.EVENTS].status is Status.NOT_COLLECTED


def test_the_numbers_analysed_and_the_flow_are_of_the_values_that_are_left(
    line: Line, index: ResultIndex
) -> None:
    by_analysis = {
        code: [value(index.find(code, outcome="symptoms", visit="W12", term="", arm=arm), Stat.N) for arm in ("USUAL", "NEW")]
        for code in QUESTIONS
    }  # fmt: skip
    # of each arm two are lost after they stopped; two of the others stop before week 6
    assert by_analysis["worst"] == [20, 19]  # the day of one who was lost is not known
    assert by_analysis["while"] == [20, 19]
    assert by_analysis["kept"] == [18, 18]
    assert by_analysis["number"] == [16, 17]
    flow = {each.arm: each for each in line.datasets.disposition.arms}
    assert [flow[arm].analysed for arm in ("USUAL", "NEW")] == by_analysis["supposed"]
    assert {each.text for each in flow["USUAL"].excluded} <= {
        "no value after baseline (after: Stopped the allocated care)"
    }
    left_out = index.find("number", outcome="symptoms", visit="W12", term="", arm="USUAL")
    assert "(after: Stopped the allocated care): 2" in left_out[Stat.N_EXCLUDED].note


def test_the_tables_print_the_results(line: Line, index: ResultIndex) -> None:
    events = rows(intercurrent_table(line.protocol, index))
    stopped = "Stopped the allocated care"
    assert events[stopped, "Participants with it"] == ["3 (15%)", "4 (20%)"]
    assert events[stopped, "First affected: week 6"] == ["1", "2"]
    assert events[stopped, "First affected visit not known, since a day is not"] == ["1", "0"]
    assert events["Surgery", "Participants with it"] == ["not collected", "not collected"]
    done = rows(treated_table(line.protocol, index))
    (head,) = {head for head, _ in done if head.endswith("(number)")}
    assert done[head, "Week 12, rescue medication: counted as 80"] == ["3", "2"]
    assert done[head, "Week 12, stopped the allocated care: set missing"] == ["1", "2"]
    for table in (intercurrent_table(line.protocol, index), treated_table(line.protocol, index)):
        assert table is not None
        assert all(cell.results for row in table.rows for cell in row.cells)


def test_every_count_of_treated_values_is_one_of_the_task(line: Line, index: ResultIndex) -> None:
    for code, (_, *events) in QUESTIONS.items():
        assert events
        for treated in Treated:
            for event in ("stopped", "rescue"):
                for address in index.addresses(SHELF, outcome="symptoms"):
                    if address.term == treated_term(code, event, treated):
                        assert value(index.at(address), Stat.N) is not None


def test_words_say_what_is_done_and_what_nothing_records(line: Line) -> None:
    protocol = line.protocol
    by_id = {each.id: each for each in protocol.plan.analyses}
    assert handled_events(by_id["worst"], protocol) == (
        "Intercurrent events: stopped the allocated care (composite; it counts as the worst value of the scale)."
    )
    assert "surgery" not in handled_events(by_id["kept"], protocol)
    table = estimands_table(protocol)
    assert table is not None
    cells = {row.head: row.cells[3].text for row in table.rows}
    assert cells["kept"].endswith("Surgery (treatment policy; no form records it)")
    assert "supposed: as if nobody took any" in cells["supposed"]
    recorded = rows(recorded_events_table(protocol))
    assert recorded["", "Stopped the allocated care"] == [
        "the day discontinuation.stop_date, where why is wish or harm", "the first after baseline",
    ]  # fmt: skip
    assert recorded["", "Rescue medication"][0] == "at visits, where assessment.rescue is yes"
    assert recorded["", "Surgery"][0] == "nothing: not collected"


def test_an_event_without_a_value_is_a_failure_of_yes_and_no_and_ranks_below_numbers(
    line: Line,
) -> None:
    """Of an analysis of its outcomes, of an estimand of those of all its analyses."""
    event = IntercurrentEvent(event="stopped", strategy=Strategy.COMPOSITE)
    number = line.protocol.outcome("symptoms")
    answer = replace(number, type=OutcomeType.BINARY)
    assert rule_words(event, [answer]) == "it counts as failure"
    assert rule_words(event, [number]) == "it ranks below every value"
    assert rule_words(event, [number, answer]) == (
        "it counts as failure or it ranks below every value"
    )
    assert rule_words(event, []) == "it counts as worse than any result without it"
    worst = line.protocol.estimand("worst")
    ranked = replace(worst, intercurrent_events=(event,))
    others = tuple(each for each in line.protocol.estimands if each != worst)
    protocol = replace(line.protocol, estimands=(ranked, *others))
    (said,) = events_in_words(ranked, protocol)
    assert said == "Stopped the allocated care (composite; it ranks below every value)"
    (analysis,) = [each for each in protocol.plan.analyses if each.id == "worst"]
    assert "ranks below every value" in handled_events(analysis, protocol)


def test_a_result_leads_to_the_rows_that_record_the_event(line: Line) -> None:
    found = {
        (row.analysis_id, row.term, row.arm, row.visit): row.result_id
        for row in line.results.rows
        if row.stat_name in {Stat.EVENTS, Stat.N}
    }
    sources = Sources(snapshot=line.snapshot, schemas=line.schemas)

    def trail(*key: str):
        return follow(
            found[key],
            line.results,
            datasets=line.datasets,
            sources=sources,
            protocol=line.protocol,
        )

    stopped = trail("intercurrent", "stopped", "NEW", "")
    assert len(stopped.used) == 3
    assert set(stopped.cells["form"]) == {"discontinuation"}
    at_w6 = trail("intercurrent", "stopped", "USUAL", "W6")
    assert len(at_w6.used) == 2
    analysed = trail("worst", "", "USUAL", "W12")
    assert {"assessment", "discontinuation"} == set(analysed.cells["form"])
    assert trail("intercurrent", "surgery", "NEW", "").without


@pytest.mark.slow
def test_the_page_has_all_of_it(line: Line) -> None:
    text = re.sub(r"<[^>]+>|\*\*|&emsp;", " ", render_markdown(content_of(line)))
    for words in (
        "Missing data and intercurrent events",
        "Values after intercurrent events, and what the analyses made of them",
        "it counts as the worst value of the scale",
        "Intercurrent events, and what records them",
    ):
        assert words in text


def test_the_trial_is_made_anew_with_the_same_bytes(tmp_path: Path, line: Line) -> None:
    again = write_stopping_trial(tmp_path / "trial")
    for file in sorted((line.folder / "data").glob("*.csv")):
        assert (again / "data" / file.name).read_bytes() == file.read_bytes()


def test_treatment_policy_without_values_after_the_event_is_told(line: Line) -> None:
    """Two of the usual arm stopped and were lost; the primary analysis asks another question."""
    evidence = evidence_on(line.protocol, *line.results.rows)
    assert [*unobserved_after_events(evidence)] == []
    kept = replace(
        line.protocol,
        plan=replace(
            line.protocol.plan,
            analyses=tuple(
                replace(
                    each,
                    role=AnalysisRole.PRIMARY if each.id == "kept" else AnalysisRole.SENSITIVITY,
                )
                for each in line.protocol.plan.analyses
            ),
        ),
    )
    (found,) = unobserved_after_events(replace(evidence, protocol=kept))
    assert found.severity is LintSeverity.ERROR
    assert found.found == (
        'Symptoms, kept: Three participants had "stopped the allocated care" (1 in New care and 2 in Usual '
        "care) and no value at the time point; observed there after it: 1 in New care and 2 in Usual care. The estimand asks for values whatever happens, and the analysis leaves them out."
    )
    assert "impute by those who were observed after it, or as in the" in found.mend
    (unrecorded,) = described_events(replace(evidence, protocol=kept))
    assert unrecorded.severity is LintSeverity.NOTE
    assert "surgery (treatment policy, kept)" in unrecorded.found


def test_a_strategy_in_words_is_a_warning_unless_it_keeps_what_is_there() -> None:
    sound = made_up_line()
    first, *others = sound.protocol.estimands
    (event,) = first.intercurrent_events[:1]
    evidence = evidence_on(sound.protocol, *sound.results.rows)
    assert {each.severity for each in described_events(evidence)} <= {LintSeverity.NOTE}
    changed = replace(first, intercurrent_events=(replace(event, strategy=Strategy.HYPOTHETICAL),))
    words = [
        each
        for each in described_events(
            replace(evidence, protocol=replace(sound.protocol, estimands=(changed, *others)))
        )
        if each.severity is LintSeverity.WARNING
    ]
    assert len(words) == 1
    assert "(hypothetical, " in words[0].found


def test_who_stopped_and_was_lost_is_imputed_as_in_the_reference_arm(line: Line) -> None:
    """Under treatment policy: those observed after the event are used, the others are imputed."""
    specification = MultipleImputation(strategies={"stopped": ImputationStrategy.JUMP_TO_REFERENCE})
    protocol = line.protocol
    first = protocol.plan.analyses[0]
    kept = replace(
        next(each for each in protocol.plan.analyses if each.id == "kept"),
        id="imputed",
        specification=specification,
    )
    changed = replace(protocol, plan=replace(protocol.plan, analyses=(first, kept)))
    results = carry_out(changed, line.datasets, only=("imputed",))
    index = ResultIndex(results)
    for arm in ("NEW", "USUAL"):
        imputed = index.find("imputed", outcome="symptoms", visit="W12", arm=arm, term="imputed")
        used = index.find("imputed", outcome="symptoms", visit="W12", arm=arm, term="")
        assert (value(imputed, Stat.N_IMPUTED), value(used, Stat.N)) == (2, 20)
    done = {
        row.term: row.stat
        for row in results.rows
        if row.analysis_id == SHELF and row.visit == "W12" and row.arm == "USUAL" and row.outcome
    }
    assert done == {"imputed: stopped: kept": 2, "imputed: stopped: not observed": 2}
    evidence = evidence_on(changed, *results.rows)
    assert [*unobserved_after_events(evidence)] == []


AT_RANDOM = MultipleImputation()


@pytest.mark.parametrize(
    ("specification", "seen", "told"),
    [
        (AT_RANDOM, (0, 0), "Two participants"),
        (AT_RANDOM, (0, 1), "One participant"),
        (AT_RANDOM, (1, 1), ""),
        (replace(AT_RANDOM, strategy=ImputationStrategy.JUMP_TO_REFERENCE), (0, 0), ""),
        (replace(AT_RANDOM, delta={"NEW": 2.0}), (0, 0), ""),
        (
            replace(AT_RANDOM, strategies={"missing": ImputationStrategy.COPY_REFERENCE}),
            (0, 0),
            "",
        ),
        (Ancova(), (0, 0), "Two participants"),
    ],
)
def test_whether_anybody_was_observed_after_the_event_decides_of_an_imputation(
    line: Line, specification: Specification, seen: tuple[int, int], told: str
) -> None:
    """At random after an event after which an arm was never observed is the hypothetical strategy."""
    kept = next(each for each in line.protocol.plan.analyses if each.id == "kept")
    own = replace(kept, id="own", role=AnalysisRole.PRIMARY, specification=specification)
    protocol = replace(line.protocol, plan=replace(line.protocol.plan, analyses=(own,)))
    rows_of = [
        result(
            Stat.N, n, analysis_id=SHELF, outcome="symptoms", visit="W12", arm=arm,
            term=treated_term("own", "stopped", treated),
        )
        for treated, counts in ((Treated.KEPT, seen), (Treated.NOT_OBSERVED, (1, 1)))
        for arm, n in zip(("NEW", "USUAL"), counts, strict=True)
    ]  # fmt: skip
    found = [*unobserved_after_events(evidence_on(protocol, *rows_of))]
    assert bool(found) is bool(told)
    for each in found:
        assert each.severity is LintSeverity.ERROR
        assert f"own: {told} had " in each.found
        assert "of an arm nobody was observed after it" in each.mend
        imputes = "imputes them as if it had not happened, without anybody of the arm"
        assert (imputes in each.found) is (specification is AT_RANDOM)


def test_of_whom_nobody_knows_whether_an_event_happened_is_a_note(line: Line) -> None:
    kept = next(each for each in line.protocol.plan.analyses if each.id == "kept")
    own = replace(kept, role=AnalysisRole.PRIMARY)
    protocol = replace(line.protocol, plan=replace(line.protocol.plan, analyses=(own,)))
    counts = {
        (event, arm): result(
            Stat.N_UNKNOWN, n, analysis_id=SHELF, outcome="", visit="", arm=arm, term=event
        )
        for event, arm, n in (("stopped", "NEW", 0), ("stopped", "USUAL", 2), ("rescue", "NEW", 0))
    }
    (found,) = unknown_events(evidence_on(protocol, *counts.values()))
    assert (found.severity, found.place) == (LintSeverity.NOTE, "[[intercurrent_events]] stopped")
    assert found.found == (
        'Of two participants (0 in New care and 2 in Usual care) nobody knows whether they had "stopped the '
        'allocated care": their values are kept as if they had not.'
    )
    assert "Complete discontinuation, which records it" in found.mend
    del counts["stopped", "USUAL"]
    assert [*unknown_events(evidence_on(protocol, *counts.values()))] == []
    nobody_asks = replace(own, role=AnalysisRole.SENSITIVITY)
    other = replace(protocol, plan=replace(protocol.plan, analyses=(nobody_asks,)))
    assert [*unknown_events(evidence_on(other, *line.results.rows))] == []
