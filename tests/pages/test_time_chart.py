"""The ground of a drawing over time: where a day and a count lie, and what the axes say."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from trialkit.pages.time_chart import HEIGHT, WIDTH, Sign, TimeChart

SVG = "{http://www.w3.org/2000/svg}"
# 48 to the left of the ground, 16 to the right, 14 above and 32 below, in 532.8 by 223.2 points
LEFT, RIGHT, TOP, BOTTOM = 48.0, 516.8, 14.0, 191.2


def chart(first=date(2025, 1, 1), last=date(2025, 1, 31), most=20.0, synthetic=""):
    return TimeChart(
        name="progress",
        title="Over time & more",
        description="12 came.",
        first=first,
        last=last,
        most=most,
        unit="People <n>",
        synthetic=synthetic,
    )


def root(made, drawn=(), legend=()):
    return ElementTree.fromstring(made.svg(drawn, legend))


def texts(made):
    return {each.text: each.attrib for each in root(made).iter(f"{SVG}text")}


def test_the_first_day_is_at_the_left_edge_and_the_last_at_the_right():
    made = chart()

    assert (WIDTH, HEIGHT) == (532.8, 223.2)
    assert made.x(date(2025, 1, 1)) == pytest.approx(LEFT)
    assert made.x(date(2025, 1, 31)) == pytest.approx(RIGHT)
    assert made.x(date(2025, 1, 16)) == pytest.approx((LEFT + RIGHT) / 2)
    assert made.x(date(2025, 1, 15), days=1.0) == pytest.approx((LEFT + RIGHT) / 2)
    assert chart(last=date(2025, 1, 1)).x(date(2025, 1, 1), days=1.0) == pytest.approx(RIGHT)


def test_no_count_is_at_the_foot_and_the_most_at_the_head():
    made = chart()

    assert made.y(0) == made.bottom == pytest.approx(BOTTOM)
    assert made.y(20) == pytest.approx(TOP)
    assert made.y(5) == pytest.approx(BOTTOM - (BOTTOM - TOP) / 4)


def test_the_label_of_synthetic_data_stands_above_the_ground_and_lowers_it():
    plain, labelled = chart(), chart(synthetic="Made up")

    # a line of 12 points, and 12 more
    assert (plain.lowered, labelled.lowered) == (0.0, 24.0)
    assert labelled.bottom == pytest.approx(BOTTOM + 24)
    assert labelled.y(20) == pytest.approx(TOP + 24)
    assert root(labelled).attrib["height"] == "247.2pt"
    assert root(plain).attrib["height"] == "223.2pt"
    label = texts(labelled)["Made up"]
    assert (label["x"], label["y"], label["text-anchor"]) == ("266.4", "12.5", "middle")
    assert label["font-weight"] == "bold"
    assert "Made up" not in texts(plain)


def test_a_long_label_has_lines_below_each_other():
    made = chart(synthetic="Made up and not measured in anybody at all. " * 6)
    lines = [
        (float(each.attrib["y"]), each.text)
        for each in root(made).iter(f"{SVG}text")
        if each.attrib.get("font-weight") == "bold"
    ]

    assert len(lines) > 1
    assert [y for y, _ in lines] == [12.5 + 12 * number for number in range(len(lines))]
    assert " ".join(text for _, text in lines).startswith("Made up and not measured in")
    assert made.lowered == 12 * len(lines) + 12


def test_the_drawing_is_named_titled_and_described():
    made = root(chart(), ['<path d="M1 1" id="drawn"/>'], ['<path d="M2 2" id="legend"/>'])

    assert made.attrib["role"] == "img"
    assert made.attrib["aria-labelledby"] == "progress-title progress-desc"
    assert made.find(f"{SVG}title").text == "Over time & more"
    assert made.find(f"{SVG}desc").text == "12 came."
    order = [each.attrib.get("id") for each in made.iter(f"{SVG}path")]
    assert [each for each in order if each] == ["drawn", "legend"]
    # the grid lies below what is drawn, the axes above it, the legend above all
    assert order.index("drawn") > 0
    assert order[-1] == "legend"
    assert order.index("drawn") < len(order) - 2


@pytest.mark.parametrize(
    ("most", "counts"),
    [
        (0.9, [0]),
        (1.0, [0, 1]),
        (7.0, [0, 1, 2, 3, 4, 5, 6, 7]),
        (7.5, [0, 2, 4, 6]),
        (14.0, [0, 2, 4, 6, 8, 10, 12, 14]),
        (20.0, [0, 5, 10, 15, 20]),
        (44.8, [0, 10, 20, 30, 40]),
        (140.0, [0, 20, 40, 60, 80, 100, 120, 140]),
        (250.0, [0, 50, 100, 150, 200, 250]),
    ],
)
def test_counts_stand_at_even_steps_of_1_2_or_5_at_their_height(most, counts):
    made = chart(most=most)
    marks = [
        (each.text, float(each.attrib["y"]))
        for each in root(made).iter(f"{SVG}text")
        if each.attrib.get("text-anchor") == "end"
    ]

    assert [text for text, _ in marks] == [str(each) for each in counts]
    for (_, y), each in zip(marks, counts, strict=True):
        assert y - 3.3 == pytest.approx(made.y(each), abs=0.011)


def test_the_unit_stands_beside_the_axis():
    attributes = texts(chart())["People <n>"]

    assert attributes["transform"] == "rotate(-90 12 102.6)"
    assert attributes["y"] == "102.6"


def dates(first, days, **more):
    made = chart(first=first, last=first + timedelta(days=days), **more)
    marks = [
        (each.text, float(each.attrib["x"]), float(each.attrib["y"]))
        for each in root(made).iter(f"{SVG}text")
        if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", each.text or "")
    ]
    for text, x, y in marks:
        day = date.fromisoformat(text if len(text) == 10 else f"{text}-01")
        assert x == pytest.approx(made.x(day), abs=0.006)
        assert y == pytest.approx(made.bottom + 14, abs=0.006)
    return [text for text, _, _ in marks]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        # a date that would not have room at the right edge is left out
        (3, ["2025-01-01", "2025-01-02", "2025-01-03"]),
        (7, [f"2025-01-{day:02}" for day in range(1, 8)]),
        (8, ["2025-01-01", "2025-01-03", "2025-01-05", "2025-01-07"]),
        (16, ["2025-01-01", "2025-01-08", "2025-01-15"]),
        (55, [f"2025-01-{day:02}" for day in (1, 8, 15, 22, 29)]
             + ["2025-02-05", "2025-02-12", "2025-02-19"]),
        (56, ["2025-01-01", "2025-01-15", "2025-01-29", "2025-02-12"]),
        (120, ["2025-01-01", "2025-01-29", "2025-02-26", "2025-03-26", "2025-04-23"]),
    ],
)  # fmt: skip
def test_days_stand_at_even_steps_with_eight_marks_at_most(days, expected):
    assert dates(date(2025, 1, 1), days) == expected


def test_after_120_days_the_firsts_of_months_are_enough():
    assert dates(date(2025, 1, 10), 121) == ["2025-02", "2025-03", "2025-04", "2025-05"]
    assert dates(date(2024, 12, 15), 400) == [
        "2025-01", "2025-03", "2025-05", "2025-07", "2025-09", "2025-11", "2026-01",
    ]  # fmt: skip
    assert dates(date(2020, 2, 1), 2000) == ["2021-01", "2022-01", "2023-01", "2024-01", "2025-01"]


def test_a_legend_below_ends_at_the_right_foot_one_line_a_sign():
    made = chart()
    signs = [
        Sign(words="Screened, 12", attributes='stroke="#123456"', is_line=True),
        Sign(words="R & D", attributes='fill="#654321"'),
    ]
    drawn = [ElementTree.fromstring(f"<g>{each}</g>") for each in made.legend_below(signs)]

    words = [each.find("text") for each in drawn]
    assert [each.text for each in words] == ["Screened, 12", "R & D"]
    assert [float(each.attrib["y"]) for each in words] == pytest.approx([BOTTOM - 23, BOTTOM - 10])
    assert words[0].attrib["x"] == words[1].attrib["x"]
    line, box = drawn[0].find("path"), drawn[1].find("rect")
    assert (line.attrib["stroke"], box.attrib["fill"]) == ("#123456", "#654321")
    x, y = line.attrib["d"].removeprefix("M").removesuffix("h22").split()
    assert float(words[0].attrib["x"]) == pytest.approx(float(x) + 28, abs=0.01)
    assert float(y) == pytest.approx(BOTTOM - 26, abs=0.01)
    assert (box.attrib["x"], box.attrib["width"], box.attrib["height"]) == (x, "18", "7")
    assert float(box.attrib["y"]) == pytest.approx(BOTTOM - 16.5, abs=0.01)


def test_a_legend_above_begins_at_the_left_head_with_the_signs_side_by_side():
    made = chart(synthetic="Made up")
    signs = [Sign(words=words, attributes='fill="#1"') for words in ("Attended", "Missed", "x")]
    drawn = [ElementTree.fromstring(f"<g>{each}</g>") for each in made.legend_above(signs)]

    boxes = [float(each.find("rect").attrib["x"]) for each in drawn]
    assert boxes[0] == pytest.approx(LEFT + 6)
    assert boxes == sorted(boxes)
    # each step is the sample, the words and the gaps: longer after the longer word
    assert boxes[1] - boxes[0] > boxes[2] - boxes[1] > 22 + 4 * 6
    assert {each.find("text").attrib["y"] for each in drawn} == {"50"}
