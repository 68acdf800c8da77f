"""The figures of a factorial trial draw and say the rows of the results."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.line import Line, line_of
from tests.report.factorial_trial import KIND, factorial_line, write_factorial
from tests.report.figures.drawn import canvases
from tests.report.kinds_of_trial import no_outcome_in
from trialkit.report.figures import forest_sheet, mean_lines
from trialkit.report.figures.factorial_figure import factorial_figures
from trialkit.results.lookup import ResultIndex

MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def line() -> Line:
    return factorial_line()


def test_each_analysis_has_its_cells_and_its_effects_in_words(line: Line) -> None:
    figures = {
        each.name: each for each in factorial_figures(line.protocol, ResultIndex(line.results))
    }
    assert list(figures) == [
        "cells_primary_pain", "factors_primary_pain", "cells_secondary_better", "factors_secondary_better",
    ]  # fmt: skip
    assert figures["cells_primary_pain"].description == (
        "Pain in mm. No education: no training 40.3, training 35.0. "
        "Education: no training 40.8, training 30.6."
    )
    said = figures["factors_primary_pain"].description
    assert said.startswith(f"Exercise: At the margin {MINUS}7.8 ({MINUS}11.8 to {MINUS}3.9), p <")
    assert f"Interaction: Exercise and Education {MINUS}4.9 ({MINUS}12.8 to 3.1), p 0.229." in said
    risks = figures["factors_secondary_better"].description
    assert "Exercise: At the margin 26.7 (12.4 to 40.9)" in risks
    for each in figures.values():
        assert ElementTree.fromstring(each.svg).tag.endswith("svg")


def test_the_lines_and_bars_stand_where_the_results_say(line: Line) -> None:
    index = ResultIndex(line.results)
    with canvases(mean_lines) as drawn:
        figures = factorial_figures(line.protocol, index)
        assert figures[0].svg
    (axes,) = drawn[0].axes
    heights = sorted(round(float(y), 1) for each in axes.lines[:] for y in each.get_ydata())
    for mean in (40.3, 35.0, 40.8, 30.6):
        assert mean in heights
    with canvases(forest_sheet) as drawn:
        assert factorial_figures(line.protocol, index)[1].svg
    points = [
        round(float(x), 1) for each in drawn[0].axes[0].lines for x in each.get_xdata(orig=False)
    ]
    assert {-7.8, -2.0, -4.9, -5.4, -10.2}.issubset(points)


@pytest.mark.slow
def test_an_analysis_without_numbers_has_no_figure(tmp_path: Path) -> None:
    kind = replace(KIND, change=no_outcome_in("TALK"))
    line = line_of(write_factorial(tmp_path / "trial", kind=kind))
    assert factorial_figures(line.protocol, ResultIndex(line.results)) == ()
