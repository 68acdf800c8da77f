"""The flow diagram: nothing overlaps, is crossed or cut, however many arms and long the reasons."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.report.figures.test_flow_entries import disposition
from trialkit.report.figures.flow_entries import describe_flow, flow_entries
from trialkit.report.figures.flow_layout import (
    FONT_SIZE,
    LINE_HEIGHT,
    PADDING,
    Box,
    FlowDiagram,
    lay_out,
)
from trialkit.report.lettering.text_width import text_width
from trialkit.results.flow import Reason

LONG = "moved to another part of the country and could not be reached by letter or telephone " * 3


def overlap(one: Box, other: Box) -> bool:
    apart = (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.bottom <= other.y
        or other.bottom <= one.y
    )
    return not apart


def crosses(start: tuple[float, float], end: tuple[float, float], box: Box) -> bool:
    """Whether a straight piece of an arrow runs through the inside of a box."""
    (x1, y1), (x2, y2) = start, end
    left, right = min(x1, x2), max(x1, x2)
    top, bottom = min(y1, y2), max(y1, y2)
    inside_x = left < box.x + box.width - 1 and right > box.x + 1
    inside_y = top < box.bottom - 1 and bottom > box.y + 1
    return inside_x and inside_y


def assert_sound(diagram: FlowDiagram) -> None:
    for one, other in combinations(diagram.boxes, 2):
        assert not overlap(one, other), f"{one.name} and {other.name} overlap"
    for box in diagram.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= diagram.width
        assert box.bottom <= diagram.height
        assert len(box.lines) * LINE_HEIGHT + 2 * PADDING <= box.height + 0.01
        for line in box.lines:
            wide = text_width(line.text, size=FONT_SIZE, bold=line.bold)
            assert PADDING + line.indent + wide <= box.width - PADDING + 0.01, line.text
    for arrow in diagram.arrows:
        for start, end in zip(arrow.points, arrow.points[1:], strict=False):
            for box in diagram.boxes:
                assert not crosses(start, end, box), f"an arrow runs through {box.name}"


@pytest.mark.parametrize("arms", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("reason", ["Moved away", LONG[:200], "x" * 200, "搬家" * 60])
def test_boxes_neither_overlap_nor_crop(arms: int, reason: str) -> None:
    diagram = lay_out(flow_entries(disposition(arms=arms, reason=reason)))
    assert_sound(diagram)
    assert sum(box.name.startswith("analysis") for box in diagram.boxes) == arms


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=5), st.integers(1, 6))
@settings(max_examples=examples(25), deadline=None)
def test_any_reasons_fit(reasons: list[str], arms: int) -> None:
    one = disposition(arms=arms)
    more = tuple(Reason(text=text, count=0) for text in reasons)
    flows = tuple(replace(arm, not_received=more, discontinued=more) for arm in one.arms)
    assert_sound(lay_out(flow_entries(replace(one, arms=flows))))


def test_what_is_only_told_changes_no_sum_and_stands_in_its_box() -> None:
    flow = disposition(arms=3)
    told = {flow.arms[0].arm: f"Sessions attended 203/234 (86.8%) {LONG}"}
    plain, annotated = flow_entries(flow), flow_entries(flow, told)
    assert plain.arms[0].follow_up == annotated.arms[0].follow_up
    boxes = {box.name: box for box in lay_out(annotated).boxes}
    slanted = [line for line in boxes["follow_up-0"].lines if line.italic]
    assert " ".join(line.text for line in slanted).startswith("Sessions attended 203/234")
    assert not any(line.italic for line in boxes["follow_up-1"].lines)
    assert boxes["follow_up-0"].height == boxes["follow_up-1"].height
    room = boxes["follow_up-0"].width - 2 * PADDING
    assert all(text_width(line.text, size=FONT_SIZE) <= room for line in slanted)
    assert "Sessions attended 203/234" in describe_flow(flow_entries(flow, told))
