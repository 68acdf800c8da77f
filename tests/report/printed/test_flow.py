"""The flow diagram: the counts of the results in boxes that stand apart and hold their words."""

import itertools
import re
from dataclasses import dataclass

from tests.report.printed.conftest import Written
from tests.report.printed.drawing import SVG, svg_of
from tests.report.printed.key import Key, count, percent
from trialkit.report.lettering.text_width import text_width

STAGE, SIZE = "#e3ebf3", 12.0


@dataclass(frozen=True, kw_only=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    stage: bool
    lines: tuple[tuple[float, float, bool, str], ...]

    @property
    def words(self) -> str:
        return " ".join(text for *_, text in self.lines)


def boxes_of(written: Written) -> list[Box]:
    """Every box with the texts that follow it in the file, lower by what the label takes."""
    root = svg_of(written.output / "flow.svg")
    group = root.find(f"{SVG}g")
    down = float(re.search(r"translate\(0 (\S+)\)", group.get("transform"))[1])
    found, frame, lines = [], None, []
    for each in [*group, None]:
        if each is None or each.tag == f"{SVG}rect":
            if frame is not None:
                x, y, width, height = (float(frame.get(k)) for k in ("x", "y", "width", "height"))
                found.append(
                    Box(
                        x=x,
                        y=y + down,
                        width=width,
                        height=height,
                        stage=frame.get("fill") == STAGE,
                        lines=tuple(lines),
                    )
                )
            frame, lines = each, []
        elif each.tag == f"{SVG}text":
            bold = each.get("font-weight") == "bold"
            text = each.text.replace("\N{NO-BREAK SPACE}", " ")
            lines.append((float(each.get("x")), float(each.get("y")) + down, bold, text))
    return found


def expected_boxes(key: Key) -> list[str]:
    """The words of every box but the names of the stages, in the order of the file."""

    def n(term: str, arm: str = "") -> str:
        return f"(n = {count(key.stat('n', 'flow', term=term, arm=arm))})"

    def told(words: str, term: str, arm: str = "") -> list[str]:
        reasons = [
            f"{row['term'].removeprefix(f'{term}: ')} {n(row['term'], arm)}"
            for row in key.rows
            if row["analysis_id"] == "flow"
            and row["arm"] == arm
            and row["term"].startswith(f"{term}: ")
            and int(row["stat"]) > 0
        ]
        return [f"{words} {n(term, arm)}", *reasons]

    arms = [(arm["code"], arm["label"]) for arm in key.arms]
    boxes = [
        told("Assessed for eligibility", "assessed"),
        told("Excluded", "not randomised"),
        told("Randomised", "randomised"),
    ]
    boxes += [
        [
            *told(f"Allocated to {label}", "allocated", arm),
            *told("Received allocated intervention", "received", arm),
            *told("Did not receive allocated intervention", "not received", arm),
        ]
        for arm, label in arms
    ]
    for arm, _ in arms:
        box = [
            *told("Lost to follow-up for primary outcome", "lost", arm),
            *told("Discontinued intervention", "discontinued", arm),
        ]
        attended, of = (key.stat(s, "adherence", arm=arm) for s in ("attended", "prescribed"))
        if attended:
            share = percent(attended, of)
            box.append(f"Sessions attended {count(attended)}/{count(of)} ({share})")
        boxes.append(box)
    for arm, _ in arms:
        box = told("Analysed for primary outcome", "analysed", arm)
        if key.stat("n", "flow", term="lost but analysed", arm=arm):
            words = "of these lost to follow-up, analysed from earlier visits"
            box += told(words, "lost but analysed", arm)
        boxes.append([*box, *told("Excluded from analysis", "excluded", arm)])
    return [" ".join(box) for box in boxes]


def test_every_box_has_the_counts_of_its_arm(written: Written) -> None:
    boxes = boxes_of(written)
    assert [box.words for box in boxes if not box.stage] == expected_boxes(written.key)
    stages = [box.words for box in boxes if box.stage]
    assert stages == ["Enrolment", "Allocation", "Follow-up", "Analysis"]


def test_boxes_stand_apart_and_inside_the_drawing(written: Written) -> None:
    root = svg_of(written.output / "flow.svg")
    _, _, wide, high = map(float, root.get("viewBox").split())
    boxes = boxes_of(written)
    for at, box in enumerate(boxes):
        assert box.x > 0
        assert box.y > 0
        assert box.x + box.width < wide
        assert box.y + box.height < high
        for other in boxes[at + 1 :]:
            beside = box.x + box.width < other.x or other.x + other.width < box.x
            above = box.y + box.height < other.y or other.y + other.height < box.y
            assert beside or above, (box.words, other.words)


def test_words_stay_inside_their_box_line_below_line(written: Written) -> None:
    for box in boxes_of(written):
        for x, y, bold, text in box.lines:
            assert x >= box.x + 4
            assert x + text_width(text, size=SIZE, bold=bold) <= box.x + box.width - 4, text
            assert box.y + SIZE <= y <= box.y + box.height - 4
        heights = [y for _, y, _, _ in box.lines]
        gaps = {round(after - before, 3) for before, after in itertools.pairwise(heights)}
        assert gaps <= {16.0}


def test_arms_stand_side_by_side_in_the_protocols_order(written: Written) -> None:
    boxes = [box for box in boxes_of(written) if not box.stage][3:]
    n = len(written.key.arms)
    allocation, follow_up, analysis = boxes[:n], boxes[n : 2 * n], boxes[2 * n :]
    for row in (allocation, follow_up, analysis):
        assert [box.x for box in row] == sorted(box.x for box in row)
        assert len({box.y for box in row}) == len({box.height for box in row}) == 1
    for arm in zip(allocation, follow_up, analysis, strict=True):
        assert len({box.x for box in arm}) == 1
        assert [box.y for box in arm] == sorted(box.y for box in arm)


def test_arrows_lead_from_box_to_box(written: Written) -> None:
    root = svg_of(written.output / "flow.svg")
    group = root.find(f"{SVG}g")
    down = float(re.search(r"translate\(0 (\S+)\)", group.get("transform"))[1])
    boxes = [box for box in boxes_of(written) if not box.stage]
    led_to = []
    for path in group.findall(f"{SVG}path"):
        assert path.get("marker-end")
        corners = [tuple(map(float, c)) for c in re.findall(r"[ML](\S+?) ([^L]+)", path.get("d"))]
        x, y = corners[-1]
        led_to.append(next(box.words for box in boxes if on_edge(box, x, y + down)))
    # every box but the first has one arrow that ends at it
    assert sorted(led_to) == sorted(box.words for box in boxes[1:])


def on_edge(box: Box, x: float, y: float) -> bool:
    """Whether a point is on the upper or the left edge of a box."""
    above = abs(y - box.y) < 1 and box.x <= x <= box.x + box.width
    beside = abs(x - box.x) < 1 and box.y <= y <= box.y + box.height
    return above or beside
