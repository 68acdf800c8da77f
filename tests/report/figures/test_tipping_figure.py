"""A grid in both arms is a map: cells, classes of p, contours as the results have them, and all in words."""

from dataclasses import replace

from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from tests.report.factory import made_up_protocol
from tests.report.figures.drawn import canvases, words
from tests.report.tables.test_tipping import ONE, TWO, grid, tips, trial
from trialkit.drawing.looks import INK
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import tipping_figure
from trialkit.report.figures.tipping_figure import tipping_figures
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
from trialkit.results.series import Point, Series, SeriesKind

MINUS = "\N{MINUS SIGN}"
CROSSED = (
    Point(arm="A1", x=1.9, y=-1.0, label="significance"),
    Point(arm="A1", x=2.0, y=0.0, label="significance"),
    Point(arm="A1", x=2.1, y=1.0, label="significance"),
    Point(arm="A1", x=0.0, y=-1.0, label="important difference"),
    Point(arm="A1", x=1.0, y=0.0, label="important difference"),
)


def index(
    specification: TippingPoint = TWO,
    points: tuple[Point, ...] = CROSSED,
    contrast: str = "A1 - A0",
) -> ResultIndex:
    series = Series(
        kind=SeriesKind.TIPPING_CONTOURS, analysis_id="tip", outcome="pain", points=points
    )
    found = (*grid(specification, contrast), *tips(2.0, 1.0))
    return ResultIndex(Results(rows=found, series=(series,)))


def drawn(protocol: Protocol, made_of: ResultIndex) -> tuple[Figure, Canvas]:
    with canvases(tipping_figure) as made:
        (figure,) = tipping_figures(protocol, made_of)
        assert figure.svg
    return figure, made[0]


def test_each_point_is_a_cell_with_its_difference_and_the_shade_of_its_p() -> None:
    figure, canvas = drawn(trial(TWO, important_difference=5.0), index())
    (ax,) = canvas.axes
    boxes = [each for each in ax.patches if isinstance(each, Rectangle) and each.get_fill()]
    assert len(boxes) == 4 * 3
    said = [text.get_text() for text in ax.texts]
    assert said[:4] == [f"{MINUS}7.0", f"{MINUS}5.0", f"{MINUS}3.0", f"{MINUS}1.0"]
    assert said[4:8] == [f"{MINUS}8.0", f"{MINUS}6.0", f"{MINUS}4.0", f"{MINUS}2.0"]
    # in the middle row p is 0.015, 0.035, 0.055 and 0.075: from alpha on another class
    colours = [each.get_facecolor() for each in boxes[4:8]]
    assert colours[0] == colours[1] != colours[2] == colours[3]
    legend = [text.get_text() for text in canvas.legends[0].get_texts()]
    at_most = "\N{LESS-THAN OR EQUAL TO}"
    assert legend == [
        "p < 0.001", f"0.001 {at_most} p < 0.01", f"0.01 {at_most} p < 0.05",
        f"0.05 {at_most} p < 0.1", f"0.1 {at_most} p < 0.5", "p \N{GREATER-THAN OR EQUAL TO} 0.5",
        "p = 0.05", f"important difference {MINUS}5", "nothing added",
    ]  # fmt: skip
    assert figure.drawn_from == ("tip/pain/series/tipping_contours",)
    assert figure.name == "tipping_tip_pain"


def test_contours_go_where_the_series_says_solid_for_p_and_dashed_for_importance() -> None:
    _, canvas = drawn(trial(TWO, important_difference=5.0), index())
    lines = [line for line in canvas.axes[0].lines if line.get_color() == INK]
    ends = [
        (line.get_linestyle(), [tuple(map(float, pair)) for pair in line.get_xydata()])
        for line in lines
    ]
    assert ends == [
        ("-", [(1.9, -1.0), (2.0, 0.0)]),
        ("-", [(2.0, 0.0), (2.1, 1.0)]),
        ("--", [(0.0, -1.0), (1.0, 0.0)]),
    ]


def test_the_map_is_told_in_words() -> None:
    figure, canvas = drawn(trial(TWO, important_difference=5.0), index())
    assert figure.description.startswith(
        f"Nothing added: {MINUS}6.0 ({MINUS}9.0 to {MINUS}3.0), p\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}0.035. {MINUS}2 added in Arm 1 and "
        f"{MINUS}1 in Arm 0: {MINUS}7.0"
    )
    assert (
        f"p = 0.05 at 1.9 in Arm 1 with {MINUS}1 in Arm 0, 2.0 in Arm 1 with 0 in Arm 0, 2.1 in Arm 1 "
        "with 1 in Arm 0"
    ) in figure.description
    assert f"important difference {MINUS}5 at 0.0 in Arm 1" in figure.description
    assert figure.description.endswith("Positive deltas are worse values: lower is better.")
    assert "Solid line: p = 0.05; dashed line: important difference" in figure.caption
    said = words(canvas)
    assert "Added to imputed values of Arm 1, mm" in said
    assert "Added to imputed values of Arm 0, mm" in [each.replace("\n", " ") for each in said]


def test_a_grid_that_changes_nothing_says_so_and_has_no_line() -> None:
    figure, canvas = drawn(trial(TWO), index(points=()))
    assert "No point of the grid changes on which side of alpha p lies" in figure.description
    assert [line for line in canvas.axes[0].lines if line.get_color() == INK] == []
    assert "p = 0.05" not in [text.get_text() for text in canvas.legends[0].get_texts()]


def test_one_way_and_what_was_not_carried_out_have_no_map() -> None:
    assert tipping_figures(trial(ONE), index(ONE)) == ()
    assert tipping_figures(trial(TWO), ResultIndex(Results(rows=()))) == ()
    assert tipping_figures(made_up_protocol(), index()) == ()


def test_several_arms_have_a_map_each_by_the_name_of_the_arm() -> None:
    own = replace(TWO, arm="A0")
    points = (*CROSSED, replace(CROSSED[0], arm="A2"))
    series = index(own, points).series(SeriesKind.TIPPING_CONTOURS, "tip", outcome="pain")
    found = (*grid(own, "A1 - A0"), *grid(own, "A2 - A0"))
    both = ResultIndex(Results(rows=found, series=(series,)))
    figures = tipping_figures(trial(own, arms=3), both)
    assert [each.name for each in figures] == ["tipping_tip_pain_A1", "tipping_tip_pain_A2"]
    assert "Arm 2 vs Arm 0" in figures[1].title
