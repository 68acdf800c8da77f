"""The figure of an MMRM shows its marginal means, and says them in words."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.container import ErrorbarContainer

from tests.line import Line
from tests.report.factory import made_up_protocol
from tests.report.figures.drawn import canvases, words
from tests.report.rows import index_of, rows
from trialkit.drawing.looks import look
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.report.content.content import Figure
from trialkit.report.figures import mean_lines
from trialkit.report.figures.marginal_means_figure import marginal_means_figures
from trialkit.report.numbers.numbers import number
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def figure_of(line: Line) -> tuple[Figure, ResultIndex]:
    first = line.protocol.plan.analyses[0]
    mmrm = Analysis(
        id="means",
        role=AnalysisRole.SENSITIVITY,
        outcomes=first.outcomes,
        population=first.population,
        estimand=first.estimand,
        specification=Mmrm(),
    )
    protocol = replace(line.protocol, plan=replace(line.protocol.plan, analyses=(first, mmrm)))
    index = ResultIndex(carry_out(protocol, line.datasets))
    (figure,) = marginal_means_figures(protocol, index)
    return figure, index


def test_every_arm_is_said_with_its_means(three_arms: Line) -> None:
    figure, index = figure_of(three_arms)
    outcome = three_arms.protocol.primary
    for arm in three_arms.protocol.arms:
        assert arm.label in figure.description
        found = index.find(
            "means", outcome=outcome.code, visit="W12", term="marginal mean", arm=arm.code
        )
        mean = number(found[Stat.ESTIMATE].stat, digits=outcome.digits)
        assert f"Week 12 {mean}" in figure.description


def test_the_drawing_is_whole_and_labelled(three_arms: Line) -> None:
    figure, _ = figure_of(three_arms)
    drawing = ElementTree.fromstring(figure.svg)
    assert drawing.tag.endswith("svg")
    assert three_arms.protocol.trial.synthetic in figure.svg
    for visit in three_arms.protocol.visits[1:]:
        assert visit.label in figure.svg


def test_the_same_means_give_the_same_bytes(three_arms: Line) -> None:
    assert figure_of(three_arms)[0].svg == figure_of(three_arms)[0].svg


def test_a_plan_without_mmrm_has_no_such_figure(example: Line) -> None:
    index = ResultIndex(example.results)
    assert marginal_means_figures(example.protocol, index) == ()


# what is drawn, from rows made by hand


def mean(arm: str, visit: str, *numbers: float, **changes: Any) -> tuple[Result, ...]:
    stats = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
    place = {"term": "marginal mean", "arm": arm, "visit": visit, "analysis_id": "means"}
    return rows(dict(zip(stats, numbers, strict=False)), **place | changes)


MEANS = [
    *mean("A0", "V1", -3, -5, -1.5), *mean("A0", "V2", -6, -8, -4),
    *mean("A1", "V2", -9.25, -12, -7), *mean("A1", "V1", -2, -4),
    *mean("A1", "V1", 99, 98, 100, term="adjusted mean"),
    *mean("A0", "V0", 99, 98, 100, outcome="better"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("response", "what"), [(Response.CHANGE, "Change in pain"), (Response.FINAL, "Pain")]
)
def test_means_stand_at_their_visits_side_by_side_within_their_limits(
    response: Response, what: str
) -> None:
    """Arms stand 0.09 of a visit apart; one without a limit is not drawn."""
    made = made_up_protocol(visits=3)
    own = replace(made.plan.analyses[0], id="means", specification=Mmrm(response=response))
    plan = replace(made.plan, analyses=(own,), confidence_level=0.9)
    trial = replace(made.trial, synthetic="Not real data")
    with canvases(mean_lines) as drawn:
        (figure,) = marginal_means_figures(replace(made, plan=plan, trial=trial), index_of(*MEANS))
        assert figure.svg
    (ax,) = drawn[0].axes
    found = {}
    for arm, container in enumerate(ax.containers):
        assert isinstance(container, ErrorbarContainer)
        line, _, (limits,) = container
        assert line.get_color() == look(arm).colour
        ends = [(float(a[1]), float(b[1])) for a, b in limits.get_segments()]
        found[container.get_label()] = [
            (round(float(x), 6), float(y), *end)
            for x, y, end in zip(line.get_xdata(), line.get_ydata(), ends, strict=True)
        ]
    assert found == {
        "Arm 0": [(-0.045, -3, -5, -1.5), (0.955, -6, -8, -4)],
        "Arm 1": [(1.045, -9.25, -12, -7)],
    }
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["Week 4", "Week 8"]
    assert words(drawn[0]) == [
        "Not real data", "Marginal mean with 90% confidence interval", f"{what} (mm)", "Arm 0",
        "Arm 1",
    ]  # fmt: skip
    assert figure.title == f"{what}: marginal means by visit"
    assert figure.caption == (
        f"{what}: marginal means of the mixed model for repeated measures at each visit with 90% "
        "confidence intervals."
    )
    assert (figure.anchor, figure.name) == ("figure-means_means_pain", "means_means_pain")
    assert figure.description.startswith(f"{what} in mm. Arm 0: ")
    assert figure.description.endswith("\N{MINUS SIGN}9.3.")
    assert "Not real data" in figure.svg
