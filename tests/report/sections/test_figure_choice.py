"""Each figure by itself, and which of them a report has: drawn from real results, readable by all."""

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.line import Line
from tests.report.factory import made_up_line
from trialkit.drawing.looks import LOOKS
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.trial.report_contents import FigureKind
from trialkit.report.content.content import Figure
from trialkit.report.figures.missingness_figure import missingness_figures
from trialkit.report.figures.waterfall_figure import waterfall_figures
from trialkit.report.sections.figure_choice import MAKERS, main_figures, supplementary_figures
from trialkit.results.lookup import ResultIndex

FURTHER = ["responders_vas", "changes_vas", "adverse_events", "residuals_vas"]


def with_report(line: Line, **changes: Any) -> Line:
    """The trial with another choice of figures, carried out for them."""
    protocol = replace(line.protocol, report=replace(line.protocol.report, **changes))
    return replace(line, protocol=protocol, results=carry_out(protocol, line.datasets))


def figures_of(line: Line) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    index = ResultIndex(line.results)
    return main_figures(line.protocol, index), supplementary_figures(line.protocol, index)


def names(figures: tuple[Figure, ...]) -> list[str]:
    return [figure.name for figure in figures]


def test_the_main_text_is_not_flooded(example: Line) -> None:
    main, further = figures_of(example)
    assert names(main) == ["course_vas", "forest"]
    assert names(further) == FURTHER
    assert [each.supplementary for each in (*main, *further)] == [False] * 2 + [True] * 4


def test_a_figure_of_the_main_text_is_not_drawn_again(example: Line) -> None:
    main, further = figures_of(with_report(example, figures=(FigureKind.WATERFALL,)))
    assert names(main) == ["changes_vas"]
    assert "changes_vas" not in names(further)


def test_single_participants_can_be_left_out(example: Line) -> None:
    main, further = figures_of(with_report(example, individual_participants=False))
    assert names(further) == ["adverse_events"]
    course = main[0]
    assert "each participant" not in course.caption + course.title
    assert "Thin lines" not in course.svg
    with_lines = figures_of(example)[0][0]
    assert len(course.svg) < len(with_lines.svg)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["example", "three_arms"])
def test_every_drawing_is_svg_with_words_for_who_cannot_see_it(
    name: str, request: pytest.FixtureRequest
) -> None:
    line: Line = request.getfixturevalue(name)
    main, further = figures_of(line)
    for figure in (*main, *further):
        ElementTree.fromstring(figure.svg)
        assert figure.description
        assert f'aria-labelledby="{figure.name}-title {figure.name}-desc"' in figure.svg
        assert line.protocol.trial.synthetic in re.sub(r"\s+", " ", figure.svg)


@pytest.mark.slow
def test_the_same_results_give_the_same_drawings(three_arms: Line) -> None:
    first, second = (
        [(each, each.svg) for each in (*main, *further)]
        for main, further in (figures_of(three_arms), figures_of(three_arms))
    )
    assert [svg for _, svg in first] == [svg for _, svg in second]
    assert [replace(each, drawing=first[at][0].drawing) for at, (each, _) in enumerate(second)] == [
        each for each, _ in first
    ]


def test_who_has_no_value_is_drawn_with_the_reason(three_arms: Line) -> None:
    (figure,) = missingness_figures(three_arms.protocol, ResultIndex(three_arms.results))
    measured = three_arms.datasets.measurements
    own = measured[(measured["outcome"] == "function") & measured["value"].isna()]
    for reason in own["missing_reason"].unique():
        assert reason in figure.svg
        assert reason in figure.description


def test_nobody_missing_is_no_figure(example: Line) -> None:
    assert missingness_figures(example.protocol, ResultIndex(example.results)) == ()


def test_a_large_trial_shows_no_single_participants(three_arms: Line) -> None:
    flow = three_arms.datasets.disposition
    many = replace(three_arms.datasets, disposition=_enlarged(flow, by=500))
    index = ResultIndex(carry_out(three_arms.protocol, many))
    assert waterfall_figures(three_arms.protocol, index) == ()


def _enlarged(flow: Any, *, by: int) -> Any:
    first, *others = flow.arms
    more = replace(
        first,
        allocated=first.allocated + by,
        received=first.received + by,
        analysed=first.analysed + by,
    )
    return replace(
        flow, assessed=flow.assessed + by, randomised=flow.randomised + by, arms=(more, *others)
    )


@pytest.mark.parametrize("arms", [2, 3])
def test_subgroups_have_one_test_and_no_p_of_their_own(arms: int) -> None:
    line = made_up_line(arms=arms)
    pain = line.protocol.primary
    planned = Analysis(
        id="by_sex",
        role=AnalysisRole.EXPLORATORY,
        outcomes=(pain.code,),
        population=line.protocol.populations[0].code,
        estimand=line.protocol.estimands[0].code,
        specification=Subgroups(by="demographics.sex", covariates=()),
    )
    plan = replace(line.protocol.plan, analyses=(*line.protocol.plan.analyses, planned))
    protocol = replace(line.protocol, plan=plan)
    own = replace(line, protocol=protocol, results=carry_out(protocol, line.datasets))
    main, _ = figures_of(own)
    figure = next(each for each in main if each.name.startswith("subgroups_by_sex"))
    assert figure.svg.count("interaction: p") == arms - 1 + figure.description.count(
        "interaction: p"
    )
    for level in ("Female", "Male", "All participants"):
        assert figure.description.count(f"{level}: ") == arms - 1


def test_a_figure_is_made_for_every_kind_that_a_protocol_can_choose() -> None:
    assert set(MAKERS) == set(FigureKind)


@pytest.mark.parametrize("name", ["example", "three_arms"])
def test_a_figure_names_the_series_that_it_draws(name: str, request: pytest.FixtureRequest) -> None:
    line: Line = request.getfixturevalue(name)
    main, further = figures_of(line)
    drawn = [each for figure in (*main, *further) for each in figure.drawn_from]
    together = {each.result_id for each in line.results.series if each.kind == "together"}
    assert set(drawn) == {each.result_id for each in line.results.series} - together


def test_the_minimal_important_change_of_a_person_stands_where_persons_are_drawn(
    example: Line,
) -> None:
    main, further = figures_of(example)
    assert "important" not in main[1].caption + main[1].svg, "between arms it is no threshold"
    assert all("minimal important change" in each.svg for each in further[:2])


def test_the_residuals_of_an_ancova_are_those_of_its_model() -> None:
    line = made_up_line()
    first, *rest = line.protocol.plan.analyses
    specification = Ancova(method=Method.ANCOVA, response=Response.FINAL)
    plan = replace(
        line.protocol.plan, analyses=(replace(first, specification=specification), *rest)
    )
    protocol = replace(line.protocol, plan=plan)
    own = replace(line, protocol=protocol, results=carry_out(protocol, line.datasets))
    figure = next(each for each in figures_of(own)[1] if each.name.startswith("residuals_"))
    assert "analysis of covariance" in figure.caption
    assert figure.description.startswith("16 residuals")


def test_arms_differ_in_shape_and_in_dashes_too() -> None:
    assert len({look.marker for look in LOOKS}) == len(LOOKS)
    assert len({look.dash for look in LOOKS}) == len(LOOKS)
