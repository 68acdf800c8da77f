"""The falls trial from its folder to the page: table, sentence, forest, methods, lint, shells."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.line import Line, line_of
from tests.report.factory import content_of
from tests.report.falls_trial import PRIMARY, write_falls
from tests.report.kinds_of_trial import Kind, Row, tables_of
from trialkit.planned.methods.methods import card_of
from trialkit.report.content.tables import Table
from trialkit.report.lint.count_rules import MOST_DISPERSION
from trialkit.report.tables.dispersion import dispersion_table
from trialkit.report.tables.rates import rates_table, units_of
from trialkit.report.words.en.sentences.missing_values import missing_data_sentences
from trialkit.report.words.language.account import Account
from trialkit.report.writers.markdown import render_markdown
from trialkit.results.effect import Status
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

Falls = Callable[..., Line]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(write_falls(tmp_path_factory.mktemp("falls") / "trial"))


def printed(line: Line) -> str:
    text = re.sub(r"<[^>]+>|\*\*|&emsp;", " ", render_markdown(content_of(line)))
    return re.sub(r"\\(.)", r"\1", text).replace("\N{NO-BREAK SPACE}", " ")


def stated(line: Line, analysis: str) -> dict[tuple[str, Stat], Result]:
    return {
        (row.term, row.stat_name): row
        for row in line.results.rows
        if row.analysis_id == analysis and row.outcome == "falls" and not row.arm
    }


def cells(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_table_has_events_exposure_rate_and_ratio(line: Line) -> None:
    table = rates_table(line.protocol, ResultIndex(line.results))
    assert cells(table) == [
        ["40", "27/40 (68%)", "59", "6090", "3.54 (2.69 to 4.56)", "reference", ""],
        ["40", "14/40 (35%)", "31", "6600", "1.72 (1.17 to 2.44)", "0.48 (0.26 to 0.89)", "0.021"],
    ]
    assert table is not None
    assert table.groups[0].head.endswith("exposure in days, rate per person-year")
    assert [each.part for each in table.claims if not each.lacks] == [
        "number analysed",
        "number with data",
        "result of each group",
        "effect with interval",
    ]
    rows = {row.result_id for row in line.results.rows}
    assert all(name in rows for row in table.rows for cell in row.cells for name in cell.results)


def test_whom_an_analysis_of_counts_uses_is_told_with_their_exposure(line: Line) -> None:
    said = missing_data_sentences(Account(protocol=line.protocol))
    assert "uses participants with a count at week 4 and its exposure" in said
    assert "censored" not in said


def test_the_dispersion_of_each_model_is_told(line: Line) -> None:
    index = ResultIndex(line.results)
    assert cells(dispersion_table(line.protocol, index)) == [
        ["1.09 (0.41)", "\N{EM DASH}"],
        ["\N{EM DASH}", "2.36"],
        ["\N{EM DASH}", "2.36"],
    ]


def test_the_page_says_it_in_words(line: Line) -> None:
    page = printed(line)
    for words in (
        (
            "Usual care 3.54 per person-year (59 events, n = 40); Training 1.72 per person-year (31 "
            "events, n = 40). The rate ratio was 0.48 (95% CI 0.26 to 0.89); p = 0.021."
        ),
        "adjusted for age, years, with the logarithm of the exposure (days) as offset",
        "Falls: events per person-year; the exposure is diary.days (days)",
        "crude takes all events of Falls as independent, and they vary 2.4 times as much",
    ):
        assert words in page
    assert "robust takes all events" not in page  # a sandwich does not
    assert MOST_DISPERSION < 2.36


def no_event_in(arm: str) -> Callable[[list[Row]], None]:
    """Nobody of an arm falls; of both where none is named."""

    def change(rows: list[Row]) -> None:
        for row in rows:
            row["falls"] = 0 if not arm or row["subject_id"] in of_arm[arm] else row["falls"]

    return change


of_arm: dict[str, set[str]] = {}
"""Who is in which arm of the small trial."""
SMALL = Kind(per_arm=(12,))


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Falls:
    """The trial with nobody who falls in an arm."""
    for row in tables_of(SMALL)["randomisation"]:
        of_arm.setdefault(row["arm"], set()).add(row["subject_id"])

    def made(arm: str, primary: str = PRIMARY) -> Line:
        folder = tmp_path_factory.mktemp("falls") / "trial"
        return line_of(write_falls(folder, kind=SMALL, primary=primary, change=no_event_in(arm)))

    return made


@pytest.mark.slow
def test_a_missing_count_is_not_sent_to_a_method_of_means(tmp_path: Path) -> None:
    def without_diary(rows: list[Row]) -> None:
        rows[:] = [row for row in rows if row["subject_id"] not in {"P001", "P002"}]

    page = printed(line_of(write_falls(tmp_path / "trial", kind=SMALL, change=without_diary)))
    (said,) = re.findall(r"the primary analysis uses complete cases.*?assumed\.", page)
    assert "Falls: " in said
    assert "imputed counts" in said
    assert "mmrm" not in said


@pytest.mark.slow
def test_nobody_who_falls_in_an_arm_has_a_defined_result(without: Falls) -> None:
    line = without("TRAIN", 'method = "negative_binomial"')
    for analysis in ("primary", "robust"):
        found = stated(line, analysis)
        row = found["TRAIN - CARE", Stat.ESTIMATE]
        assert (row.stat, row.status) == (0.0, Status.NOT_ESTIMABLE)
        assert "no finite estimate of Training: there is no event" in row.note
        assert found["TRAIN - CARE", Stat.P_VALUE].stat is None
    exact = stated(line, "crude")
    assert exact["TRAIN - CARE", Stat.ESTIMATE].stat == 0
    assert exact["TRAIN - CARE", Stat.ESTIMATE].note == "no event in Training"
    assert 0 < (exact["TRAIN - CARE", Stat.CONF_HIGH].stat or 0) < 1
    page = printed(line)
    assert "0.00 (not estimable)" in page
    assert not re.search(r"\b(?:nan|NaN|None|inf)\b", page)


@pytest.mark.slow
def test_nobody_who_falls_in_the_reference_leaves_a_ratio_without_end(without: Falls) -> None:
    line = without("CARE", 'method = "negative_binomial"\nlimits = "profile"')
    exact = stated(line, "crude")
    assert exact["TRAIN - CARE", Stat.CONF_HIGH].stat == float("inf")
    assert not re.search(r"\b(?:nan|NaN|None|inf)\b", printed(line))


@pytest.mark.slow
def test_without_any_event_no_ratio_can_be_estimated(without: Falls) -> None:
    line = without("")
    (row,) = [row for (_, stat), row in stated(line, "primary").items() if stat is Stat.ESTIMATE]
    assert row.status is Status.NOT_ESTIMABLE
    assert "no row has an event" in row.note
    assert "| 0/12 (0%) | 0 | " in printed(line)


def test_a_rate_is_for_what_the_protocol_says(line: Line) -> None:
    falls = line.protocol.outcome("falls")
    assert units_of(falls) == "exposure in days, rate per person-year"
    assert card_of(line.protocol.plan.analyses[0].specification).kernel is not None
