"""How a trial goes on, drawn: steps at the days that people came, bars as high as the sessions."""

import re
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest

from trialkit.pages.progress_figures import draw_attendance, draw_recruitment, has_dates

SVG = "{http://www.w3.org/2000/svg}"
LEFT, RIGHT, TOP, BOTTOM = 48.0, 516.8, 14.0, 191.2


def days(*texts):
    return pd.Series(pd.to_datetime(list(texts)), dtype="datetime64[us]")


PEOPLE = pd.DataFrame(
    {
        "screened": days(
            "2025-01-21", "2025-01-01", "2025-01-01", "2025-01-11", "2025-01-31", None
        ),
        "randomised": days("2025-01-21", None, "2025-01-06", None, None, None),
    }
)


def recruitment(people=PEOPLE, planned=None, synthetic=""):
    return ElementTree.fromstring(draw_recruitment(people, planned=planned, synthetic=synthetic))


def x_of(day, first="2024-12-31", last="2025-02-01"):
    """Where a day lies between the first and last days of the ground, a day beyond the data."""
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    return LEFT + (RIGHT - LEFT) * (date.fromisoformat(day) - first).days / (last - first).days


def y_of(count, most):
    return BOTTOM - (BOTTOM - TOP) * count / (most * 1.12)


def steps(path):
    """The corners of a staircase, as the numbers that were drawn."""
    start, below, *rest = re.findall(r"[MHV ]([\d.]+)", path.attrib["d"])
    return [float(each) for each in (start, below, *rest)]


def lines(drawing):
    return [each for each in drawing.iter(f"{SVG}path") if each.attrib.get("stroke-width") == "1.9"
            and "V" in each.attrib["d"]]  # fmt: skip


def test_each_line_goes_up_on_the_days_that_people_came():
    screened, randomised = lines(recruitment())

    # two on the first day, then one on each of three days: up to five at most
    expected = [x_of("2025-01-01"), BOTTOM]
    for day, so_far in (("01-01", 2), ("01-11", 3), ("01-21", 4), ("01-31", 5)):
        expected += [x_of(f"2025-{day}"), y_of(so_far, 5)]
    assert steps(screened) == pytest.approx([*expected, x_of("2025-01-31")], abs=0.01)
    assert steps(randomised) == pytest.approx(
        [
            x_of("2025-01-06"), BOTTOM,
            x_of("2025-01-06"), y_of(1, 5),
            x_of("2025-01-21"), y_of(2, 5),
            x_of("2025-01-31"),
        ],
        abs=0.01,
    )  # fmt: skip
    assert "stroke-dasharray" not in screened.attrib
    assert randomised.attrib["stroke-dasharray"] == "7 3"
    assert screened.attrib["stroke"] != randomised.attrib["stroke"]


def words(drawing):
    return [each.text for each in drawing.iter(f"{SVG}text")]


def test_the_lines_are_named_with_their_counts_in_the_legend_and_in_words():
    drawing = recruitment()

    assert drawing.find(f"{SVG}title").text == "Recruitment over time"
    assert drawing.find(f"{SVG}desc").text == "5 screened, 2 randomised."
    assert words(drawing)[-2:] == ["Screened, 5", "Randomised, 2"]
    assert "Participants" in words(drawing)
    assert not any("planned" in each for each in words(drawing))


def test_the_number_planned_is_a_line_at_its_height_and_makes_room_for_itself():
    drawing = recruitment(planned=40)

    (text,) = (each for each in drawing.iter(f"{SVG}text") if each.text == "40 planned")
    y = y_of(40, 40)
    assert float(text.attrib["y"]) == pytest.approx(y - 3, abs=0.01)
    assert float(text.attrib["x"]) == pytest.approx(LEFT + 4, abs=0.01)
    (line,) = (
        each for each in drawing.iter(f"{SVG}path") if each.attrib.get("stroke-dasharray") == "1 2"
    )
    left, drawn, right = map(float, re.findall(r"[\d.]+", line.attrib["d"]))
    assert (left, drawn, right) == pytest.approx((LEFT, y, RIGHT), abs=0.01)
    assert steps(lines(drawing)[0])[-2] == pytest.approx(y_of(5, 40), abs=0.01)
    # fewer planned than came: the line lies within the ground
    few = recruitment(planned=2)
    assert steps(lines(few)[0])[-2] == pytest.approx(y_of(5, 5), abs=0.01)


def test_where_nobody_was_randomised_there_is_one_line():
    drawing = recruitment(PEOPLE.assign(randomised=days(*[None] * 6)))

    assert len(lines(drawing)) == 1
    assert drawing.find(f"{SVG}desc").text == "5 screened."
    assert words(drawing)[-1] == "Screened, 5"


def test_synthetic_data_are_labelled():
    assert "Made up" in words(recruitment(synthetic="Made up"))
    assert "Made up" in words(attendance(synthetic="Made up"))
    assert "Made up" not in words(recruitment())


SESSIONS = pd.DataFrame(
    {
        # Mondays 6, 13 and 27 January: two weeks with sessions, one without, one more
        "date": days("2025-01-08", "2025-01-06", "2025-01-12", "2025-01-13", "2025-01-29",
                     "2025-01-27", "2025-02-02", "2025-01-28"),
        "attended": pd.array([True, True, False, None, True, False, True, True], dtype="boolean"),
    }
)  # fmt: skip


def attendance(sessions=SESSIONS, synthetic=""):
    return ElementTree.fromstring(draw_attendance(sessions, synthetic=synthetic))


def bars(drawing):
    """By fill, the left edge, width, top and height of each bar."""
    found = {}
    for each in drawing.findall(f"{SVG}rect"):
        if each.attrib.get("stroke-width") == "0.4" and each.attrib["height"] != "7":
            place = [float(each.attrib[name]) for name in ("x", "width", "y", "height")]
            found.setdefault(each.attrib["fill"], []).append(place)
    return found


def test_each_week_has_a_bar_of_those_who_came_did_not_or_are_not_known():
    drawing = attendance()

    # from 6 to 27 January are 21 days, of which 3 % are a day of margin; the last week ends with
    # 2 February
    def x(day, more=0.0):
        first, last = date(2025, 1, 5), date(2025, 2, 4)
        span = (last - first).days
        return LEFT + (RIGHT - LEFT) * ((date.fromisoformat(day) - first).days + more) / span

    unit = (BOTTOM - TOP) / (4 * 1.25)  # at most four sessions in a week
    width = x("2025-01-06", 7 * 0.85) - x("2025-01-06")

    def bar(day, below, height):
        return pytest.approx(
            [x(day), width, BOTTOM - unit * (below + height), unit * height], abs=0.02
        )

    found = bars(drawing)
    assert found["#0072b2"] == [bar("2025-01-06", 0, 2), bar("2025-01-27", 0, 3)]
    assert found["url(#attendance-missed)"] == [bar("2025-01-06", 2, 1), bar("2025-01-27", 3, 1)]
    assert found["url(#attendance-unknown)"] == [bar("2025-01-13", 0, 1)]


def test_attendance_is_told_in_words_and_by_a_legend():
    drawing = attendance()

    # five of eight
    assert drawing.find(f"{SVG}desc").text == "5 (63%) of 8 sessions were attended."
    assert drawing.find(f"{SVG}title").text == "Attendance over time"
    assert words(drawing)[-3:] == ["Attended", "Missed", "Not known"]
    assert "Sessions in a week" in words(drawing)
    all_came = attendance(SESSIONS.assign(attended=pd.array([True] * 8, dtype="boolean")))
    assert words(all_came)[-1] == "Attended"
    assert list(bars(all_came)) == ["#0072b2"]


@pytest.mark.parametrize(
    ("last", "period"),
    [
        ("2021-02-28", "week"),  # the 60th week from 6 January 2020
        ("2021-03-01", "month"),
        ("2024-12-31", "month"),  # the 60th month
        ("2025-01-01", "quarter"),
        ("2034-12-31", "quarter"),
        ("2035-01-01", "year"),
        ("2099-01-01", "year"),
    ],
)
def test_sixty_bars_at_most_are_drawn_of_the_shortest_period(last, period):
    sessions = pd.DataFrame(
        {"date": days("2020-01-06", last), "attended": pd.array([True, True], dtype="boolean")}
    )

    assert f"Sessions in a {period}" in words(attendance(sessions))


def test_a_month_is_as_wide_as_a_month():
    sessions = pd.DataFrame(
        {
            "date": days("2020-01-31", "2021-06-01"),
            "attended": pd.array([True, True], dtype="boolean"),
        }
    )
    found = bars(attendance(sessions))["#0072b2"]

    # from 1 January 2020 to 1 June 2021 are 517 days; 16 days of margin, 31 of the last month
    per_day = (RIGHT - LEFT) / (517 + 31 + 2 * 16)
    assert found[0][0] == pytest.approx(LEFT + 16 * per_day, abs=0.02)
    assert found[1][0] == pytest.approx(LEFT + (16 + 517) * per_day, abs=0.02)
    assert found[0][1] == pytest.approx(31 * 0.85 * per_day, abs=0.02)


def test_dates_are_there_where_one_is():
    none, one = days(None, None), days(None, "2025-01-01")

    assert [has_dates(each) for each in ([], [none], [none, none], [none, one], [one])] == [
        False, False, False, True, True,
    ]  # fmt: skip
