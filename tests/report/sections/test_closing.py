"""The discussion is the author's, and the supplement holds every table and figure, in its order."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.line import Line
from tests.report.factory import inputs_of, made_up_line, said
from tests.report.sections.telling import answers_of, outline, part, told_by
from trialkit.protocol.trial.reporting import FigureKind
from trialkit.report.content.content import Figure, Section
from trialkit.report.content.tables import Table
from trialkit.report.sections.closing import discussion, supplement
from trialkit.results.lookup import ResultIndex


@pytest.fixture(scope="module")
def line() -> Line:
    return made_up_line(visits=3)


def supplement_of(line: Line, **changes: object) -> Section:
    return supplement(inputs_of(line, **changes), ResultIndex(line.results))


def test_the_discussion_is_the_author_s_words_on_items_29_and_30() -> None:
    section = discussion(answers_of(said("30", "It was small."), said("29", "It helps.")))
    assert outline(section) == [
        ("discussion", "Discussion", ()),
        ("interpretation", "Interpretation", ("29",)),
        ("limitations", "Limitations", ("30",)),
    ]
    assert told_by(part(section, "interpretation").blocks) == ["It helps."]
    assert told_by(part(section, "limitations").blocks) == ["It was small."]
    silent = discussion(answers_of())
    assert told_by(silent.all_blocks()) == ["gap 29 statement", "gap 30 statement"]


TABLES = (
    "outcome-definitions", "estimands", "flow", "populations", "visits",
    "harms-differences", "anova", "adjusted-means", "diagnostics", "findings",
)  # fmt: skip


def test_the_supplement_has_all_its_tables_in_order(line: Line) -> None:
    section = supplement_of(line)
    blocks = part(section, "supplementary-tables").blocks
    assert all(isinstance(block, Table) and block.supplementary for block in blocks)
    found = [block.anchor.removeprefix("table-") for block in blocks]
    assert found == [name for name in TABLES if name in found]
    assert set(TABLES) - set(found) <= {"harms-differences", "adjusted-means", "estimands"}
    assert "estimands" in found


def test_the_findings_are_those_of_this_run(line: Line) -> None:
    finding = pd.DataFrame(
        {"form": ["x"], "label": ["Own form"], "rule_id": ["OWN7"], "severity": ["soft"]}
    )
    blocks = part(supplement_of(line, findings=finding), "supplementary-tables").blocks
    (table,) = [each for each in blocks if each.anchor == "table-findings"]
    assert isinstance(table, Table)
    assert any("Own form" in cell.text for row in table.rows for cell in row.cells)


def test_sources_are_listed_before_the_tables_where_there_are_any(line: Line) -> None:
    assert supplement_of(line).blocks == ()
    trial = replace(line.protocol.trial, sources=("A paper", "A letter"))
    own = replace(line, protocol=replace(line.protocol, trial=trial))
    assert told_by(supplement_of(own).blocks) == [
        "Sources of what is said about the trial: A paper | A letter"
    ]


def test_figures_that_are_asked_for_stand_after_the_tables(line: Line) -> None:
    report = replace(line.protocol.report, figures=(), supplementary_figures=(FigureKind.COURSE,))
    drawn = replace(line, protocol=replace(line.protocol, report=report))
    section = supplement_of(drawn)
    assert [each.anchor for each in section.sections] == [
        "supplementary-tables", "supplementary-figures",
    ]  # fmt: skip
    figures = part(section, "supplementary-figures").blocks
    assert figures
    assert all(isinstance(each, Figure) and each.supplementary for each in figures)
    none = replace(report, supplementary_figures=())
    without = replace(line, protocol=replace(line.protocol, report=none))
    assert [each.anchor for each in supplement_of(without).sections] == ["supplementary-tables"]
