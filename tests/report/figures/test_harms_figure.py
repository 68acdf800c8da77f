"""Each event is drawn at its percentage and its risk difference, the most frequent first."""

from dataclasses import replace

import pytest
from matplotlib.figure import Figure as Canvas

from tests.report.factory import made_up_protocol
from tests.report.figures.drawn import canvases, marks, shape_of, words
from tests.report.rows import harms_difference as difference
from tests.report.rows import index_of, result, rows
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import harms_drawing
from trialkit.report.figures.harms_figure import MOST_EVENTS, harms_figures
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TRIAL = made_up_protocol(arms=3)


def share(term: str, arm: str, percent: float) -> list[Result]:
    numbers = {Stat.N: 40, Stat.PERCENT: percent}
    return list(rows(numbers, analysis_id="harms", outcome="", term=term, arm=arm))


FOUND = [
    *share("any", "A0", 10), *share("any", "A1", 30), *share("any", "A2", 20),
    *difference("any", "A1", 0.2, 0.05, 0.35), *difference("any", "A2", 0.1, -0.125, 0.3),
    *share("any: serious", "A0", 90),
    *share("event: nausea", "A0", 5), *share("event: nausea", "A1", 2.5),
    *share("event: nausea", "A2", 0), *difference("event: nausea", "A1", -0.025, -0.1, 0.08),
    *difference("event: nausea", "A2", -0.05, None, 0.01),
    *share("event: sore back", "A0", 0), *share("event: sore back", "A1", 0),
    *share("event: sore back", "A2", 7.5),
]  # fmt: skip


def drawn(*found: Result, protocol: Protocol = TRIAL) -> tuple[Figure, Canvas]:
    with canvases(harms_drawing) as made:
        (figure,) = harms_figures(protocol, index_of(*found))
        assert figure.svg
    (canvas,) = made
    return figure, canvas


def levels(canvas: Canvas, axis: int, arm: int) -> list[list[float]]:
    """Where the marks of an arm stand from left to right, from the top of the figure down."""
    found = sorted(marks(canvas.axes[axis], arm), key=lambda line: line[0][1])
    return [[x for x, _ in line] for line in found]


def test_events_without_a_recorded_term_are_told_below() -> None:
    told = "Events whose term was not recorded are in the first row alone."
    figure, _ = drawn(*FOUND, *share("any: term not recorded", "A0", 5))
    assert figure.caption.endswith(told)
    assert not drawn(*FOUND)[0].caption.endswith(told)


def test_without_a_difference_there_is_no_panel_for_one_and_no_note() -> None:
    shares = [*share("any", "A0", 10), *share("any", "A1", 30), *share("event: nausea", "A1", 5)]
    _, canvas = drawn(*shares)
    assert len(canvas.axes) == 1
    assert not any("Risk difference" in each or "Bars" in each for each in words(canvas))


def test_percentages_stand_left_in_the_order_of_their_frequency() -> None:
    """Any event first, then the sore backs (at most 7.5 percent) before nausea (at most 5)."""
    _, canvas = drawn(*FOUND)
    assert levels(canvas, 0, 0) == [[10], [0], [5]]
    assert levels(canvas, 0, 1) == [[30], [0], [2.5]]
    assert levels(canvas, 0, 2) == [[20], [7.5], [0]]
    assert [shape_of(canvas.axes[0], arm) for arm in range(3)] == [{"o"}, {"s"}, {"^"}]


def test_risk_differences_stand_right_in_points_each_within_its_limits() -> None:
    _, canvas = drawn(*FOUND)
    assert levels(canvas, 1, 0) == []
    assert levels(canvas, 1, 1) == [[5, 35], [20], [-10, 8], [-2.5]]
    assert levels(canvas, 1, 2) == [[-12.5, 30], [10]], "one without a limit is not drawn"
    (zero,) = [line for line in canvas.axes[1].lines if list(line.get_xdata()) == [0, 0]]
    assert zero.get_ydata()[0] != zero.get_ydata()[1]


def test_an_arm_s_mark_stands_on_the_bar_of_its_limits_and_arms_do_not_cover_each_other() -> None:
    _, canvas = drawn(*FOUND)
    (bar, dot), (other_bar, _) = (marks(canvas.axes[1], arm)[:2] for arm in (1, 2))
    assert bar[0][1] == bar[1][1] == dot[0][1]
    assert other_bar[0][1] > bar[0][1], "the later arm stands below"
    shares = [marks(canvas.axes[0], arm)[0][0][1] for arm in range(3)]
    assert shares == sorted(set(shares))
    middle = (bar[0][1] + other_bar[0][1]) / 2
    assert sum(shares) / 3 == pytest.approx(middle), "both sides lie around the event's name"


def test_events_and_arms_are_named_once() -> None:
    _, canvas = drawn(*FOUND)
    assert words(canvas) == [
        "Bars: 95% confidence interval of the risk difference (Newcombe).", "Participants, %",
        "Any adverse event", "Sore back", "Nausea", "Risk difference, points",
        "Arm 0", "Arm 1", "Arm 2",
    ]  # fmt: skip


def test_the_figure_is_said_in_words_with_the_plan_s_level() -> None:
    trial = replace(TRIAL, plan=replace(TRIAL.plan, confidence_level=0.9))
    figure, canvas = drawn(*FOUND, protocol=trial)
    assert figure.description == (
        "Any adverse event: Arm 0 10%, Arm 1 30%, Arm 2 20%; Sore back: Arm 0 0%, Arm 1 0%, Arm 2 "
        "8%; Nausea: Arm 0 5%, Arm 1 3%, Arm 2 0%"
    )
    assert figure.caption == (
        "Adverse events: participants with at least one, by the arm that participants received, and risk "
        "difference from the reference arm with 90% confidence intervals. Differences have Newcombe's hybrid "
        "score 90% limits."
    )
    assert (figure.anchor, figure.name) == ("figure-adverse_events", "adverse_events")
    assert words(canvas)[0] == "Bars: 90% confidence interval of the risk difference (Newcombe)."


def test_the_label_of_made_up_data_is_in_the_drawing() -> None:
    trial = replace(TRIAL, trial=replace(TRIAL.trial, synthetic="Not real data"))
    assert "Not real data" in drawn(*FOUND, protocol=trial)[0].svg
    assert "Not real data" not in drawn(*FOUND)[0].svg


@pytest.mark.parametrize(("more", "says"), [(0, False), (1, True), (5, True)])
def test_of_very_many_events_the_most_frequent_are_drawn(more: int, says: bool) -> None:
    every = [share(f"event: e{n:02}", "A1", float(n)) for n in range(1, MOST_EVENTS + more + 1)]
    figure, canvas = drawn(*share("any", "A1", 90), *(row for rows in every for row in rows))
    texts = [text.get_text() for text in canvas.axes[0].texts]
    assert texts[0] == "Any adverse event"
    last = MOST_EVENTS + more
    assert texts[1:] == [f"E{n:02}" for n in range(last, last - MOST_EVENTS, -1)]
    drawn_of = f" The 20 most frequent of {20 + more} are drawn."
    assert figure.caption.endswith(drawn_of) is says
    assert ("most frequent" in figure.caption) is says


def test_arms_that_nobody_counted_harms_in_are_not_drawn() -> None:
    figure, canvas = drawn(*(row for row in FOUND if not row.arm.startswith("A2")))
    assert marks(canvas.axes[0], 2) == []
    assert "Arm 2" not in figure.description
    assert levels(canvas, 0, 1)[0] == [30]


def test_arms_that_nobody_is_in_yet_are_not_drawn_at_none() -> None:
    found = [row if row.arm != "A2" or row.stat_name is not Stat.N else replace(row, stat=0)
             for row in FOUND]  # fmt: skip
    figure, canvas = drawn(*found)
    assert "Arm 2" not in figure.description
    assert marks(canvas.axes[0], 2) == []


def test_without_an_event_or_without_counts_there_is_no_figure() -> None:
    assert harms_figures(TRIAL, index_of(*share("any", "A0", 0))) == ()
    uncounted = result(Stat.PERCENT, 5, analysis_id="harms", outcome="", term="event: x", arm="A0")
    assert harms_figures(TRIAL, index_of(uncounted)) == ()


def test_each_serious_event_has_a_figure_of_its_own_whatever_is_rare() -> None:
    serious = [
        *share("serious event: stroke", "A0", 2.5), *share("serious event: stroke", "A1", 5),
        *share("serious event: fall", "A1", 7.5),
        *difference("serious event: stroke", "A1", 0.025, -0.05, 0.1),
    ]  # fmt: skip
    with canvases(harms_drawing) as made:
        figures = harms_figures(TRIAL, index_of(*FOUND, *serious))
        assert all(figure.svg for figure in figures)
    assert [each.name for each in figures] == ["adverse_events", "serious_events"]
    texts = [text.get_text() for text in made[1].axes[0].texts]
    assert texts == ["Serious", "Fall", "Stroke"]
    assert levels(made[1], 0, 0)[0] == [90]
    assert figures[1].caption.startswith("Serious adverse events: participants with at least one")
    assert "limits." in figures[1].caption


CLASSED = [
    *share("class: Nerves", "A1", 30), *share("class: Nerves | nausea", "A1", 2.5),
    *share("class: Muscles", "A1", 50), *share("class: Muscles | sore back", "A2", 7.5),
    *share("event: itch", "A1", 1),
]  # fmt: skip


def test_terms_stand_under_their_class_the_most_frequent_class_first() -> None:
    _, canvas = drawn(*FOUND, *CLASSED)
    texts = {text.get_text(): text.get_fontweight() for text in canvas.axes[0].texts}
    assert list(texts) == [
        "Any adverse event", "Any event: Muscles", "Sore back", "Any event: Nerves", "Nausea",
        "Itch",
    ]  # fmt: skip
    assert texts["Any event: Muscles"] == "bold"
    assert texts["Sore back"] == "normal"


def test_rare_terms_are_one_row_and_the_caption_says_which_they_are() -> None:
    trial = replace(TRIAL, harms=replace(TRIAL.harms, rare_below_percent=5))
    rare = [*share("rare event: itch", "A1", 2.5), *share("other terms", "A1", 4)]
    figure, canvas = drawn(*FOUND, *rare, protocol=trial)
    texts = [text.get_text() for text in canvas.axes[0].texts]
    assert texts[-1] == "Other terms"
    assert "Itch" not in texts
    assert figure.caption.endswith(
        "Other terms: those that fewer than 5% of every arm had and none of whose events was, or may "
        "have been, serious."
    )
