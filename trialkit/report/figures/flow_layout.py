"""Where the boxes and arrows of the participant flow stand, so that nothing overlaps or is cut."""

from dataclasses import dataclass, replace

from trialkit.report.figures.flow_entries import ArmEntries, FlowEntries
from trialkit.report.figures.flow_entry import FlowEntry
from trialkit.report.lettering.text_width import text_width, wrap
from trialkit.report.words.en.american import spelled

FONT_SIZE = 12.0
LINE_HEIGHT = 16.0
PADDING = 10.0
INDENT = 12.0
GAP = 30.0
BETWEEN_ARMS = 18.0
STAGE_WIDTH = 96.0
STAGE_GAP = 16.0
MARGIN = 12.0
ARM_WIDTHS = {1: 380.0, 2: 300.0, 3: 250.0, 4: 215.0, 5: 205.0, 6: 200.0}
TOP_WIDTH = 240.0
SIDE_WIDTH = 270.0
SIDE_GAP = 28.0
PERIOD = "period"
"""How the name of a period's boxes begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLine:
    """A line of text, already wrapped, at its indent from the box's left inner edge."""

    text: str
    indent: float
    bold: bool
    italic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box of the diagram: its place and what stands in it."""

    name: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[FlowLine, ...]
    stage: bool = False

    @property
    def centre(self) -> float:
        """The middle, from left to right."""
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A line through these points, with a head at the last."""

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDiagram:
    """A laid-out flow diagram."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def lay_out(entries: FlowEntries) -> FlowDiagram:
    """Boxes and arrows: enrolment on top, then one column an arm."""
    arms = entries.arms
    arm_width = ARM_WIDTHS[min(len(arms), max(ARM_WIDTHS))]
    left = MARGIN + STAGE_WIDTH + STAGE_GAP
    columns = len(arms) * arm_width + (len(arms) - 1) * BETWEEN_ARMS
    enrolment = SIDE_GAP + SIDE_WIDTH
    centre = left + max(columns / 2, TOP_WIDTH / 2)
    boxes = list(_enrolment(entries, centre=centre))
    assessed, excluded, randomised = boxes
    arrows = [
        Arrow(points=((centre, assessed.bottom), (centre, randomised.y))),
        Arrow(points=((centre, _middle(excluded)), (excluded.x, _middle(excluded)))),
    ]
    head = _stage(spelled("Enrolment"), "enrolment")
    stages = [_beside(head, top=assessed.y, bottom=randomised.bottom)]
    first = centre - columns / 2
    above: tuple[Box, ...] = ()
    top = randomised.bottom + 2 * GAP
    for stage, name in (
        ("Allocation", "allocation"),
        *((label, f"{PERIOD}-{place}") for place, label in enumerate(entries.periods)),
        ("Follow-up", "follow_up"),
        ("Analysis", "analysis"),
    ):
        head = _stage(stage, name)
        row = _row(arms, name, x=first, y=top, width=arm_width, least=head.height)
        arrows.extend(_down(above, row) if above else _fan(randomised, row))
        stages.append(_beside(head, top=top, bottom=row[0].bottom))
        boxes.extend(row)
        above, top = row, row[0].bottom + GAP
    width = max(left + columns, centre + enrolment) + MARGIN
    return FlowDiagram(
        width=width,
        height=above[0].bottom + MARGIN,
        boxes=(*stages, *boxes),
        arrows=tuple(arrows),
    )


def _lines(entries: tuple[FlowEntry, ...], *, width: float) -> tuple[FlowLine, ...]:
    """The entries wrapped to the inner width of a box."""
    lines: list[FlowLine] = []
    for entry in entries:
        bold = entry.depth == 0
        indent = INDENT * entry.depth
        room = width - 2 * PADDING - indent
        wrapped = wrap(entry.words, size=FONT_SIZE, width=room, bold=bold)
        lines.extend(FlowLine(text=text, indent=indent, bold=bold) for text in wrapped)
    return tuple(lines)


def _box(name: str, lines: tuple[FlowLine, ...], *, x: float, y: float, width: float) -> Box:
    height = len(lines) * LINE_HEIGHT + 2 * PADDING
    return Box(name=name, x=x, y=y, width=width, height=height, lines=lines)


def _enrolment(entries: FlowEntries, *, centre: float) -> tuple[Box, Box, Box]:
    """Assessed above, randomised below, excluded to the right between them."""
    x = centre - TOP_WIDTH / 2
    top = _lines(entries.assessed, width=TOP_WIDTH)
    assessed = _box("assessed", top, x=x, y=MARGIN, width=TOP_WIDTH)
    excluded = _box(
        "excluded",
        _lines(entries.not_randomised, width=SIDE_WIDTH),
        x=centre + SIDE_GAP,
        y=assessed.bottom + GAP / 2,
        width=SIDE_WIDTH,
    )
    randomised = _box(
        "randomised",
        _lines(entries.randomised, width=TOP_WIDTH),
        x=x,
        y=excluded.bottom + GAP / 2,
        width=TOP_WIDTH,
    )
    return assessed, excluded, randomised


def _row(
    arms: tuple[ArmEntries, ...], stage: str, *, x: float, y: float, width: float, least: float
) -> tuple[Box, ...]:
    """One box an arm, side by side and equally high, and at least so high."""
    texts = [_box_lines(arm, stage, width=width) for arm in arms]
    height = max(least, max(len(lines) for lines in texts) * LINE_HEIGHT + 2 * PADDING)
    return tuple(
        Box(
            name=f"{stage}-{number}",
            x=x + number * (width + BETWEEN_ARMS),
            y=y,
            width=width,
            height=height,
            lines=lines,
        )
        for number, lines in enumerate(texts)
    )


def _box_lines(arm: ArmEntries, stage: str, *, width: float) -> tuple[FlowLine, ...]:
    """What stands in an arm's box: counted lines, and what is only told in slanted letters."""
    counted = _lines(_of_stage(arm, stage), width=width)
    if stage != "follow_up" or not arm.annotation:
        return counted
    told = wrap(arm.annotation, size=FONT_SIZE, width=width - 2 * PADDING)
    return (*counted, *(FlowLine(text=text, indent=0, bold=False, italic=True) for text in told))


def _of_stage(arm: ArmEntries, stage: str) -> tuple[FlowEntry, ...]:
    match stage:
        case "allocation":
            return arm.allocation
        case "follow_up":
            return arm.follow_up
        case "analysis":
            return arm.analysis
        case _:
            return arm.periods[int(stage.removeprefix(f"{PERIOD}-"))]


def _stage(text: str, name: str) -> Box:
    """The stage's words in the left margin, which stand beside its boxes."""
    room = STAGE_WIDTH - 2 * PADDING
    wrapped = wrap(text, size=FONT_SIZE, width=room, bold=True)
    lines = (
        FlowLine(
            text=line,
            indent=(room - text_width(line, size=FONT_SIZE, bold=True)) / 2,
            bold=True,
        )
        for line in wrapped
    )
    box = _box(f"stage-{name}", tuple(lines), x=MARGIN, y=MARGIN, width=STAGE_WIDTH)
    return replace(box, stage=True)


def _beside(stage: Box, *, top: float, bottom: float) -> Box:
    """The box of a stage at the middle of its boxes."""
    return replace(stage, y=(top + bottom - stage.height) / 2)


def _middle(box: Box) -> float:
    return box.y + box.height / 2


def _down(above: tuple[Box, ...], row: tuple[Box, ...]) -> list[Arrow]:
    return [
        Arrow(points=((upper.centre, upper.bottom), (lower.centre, lower.y)))
        for upper, lower in zip(above, row, strict=True)
    ]


def _fan(randomised: Box, row: tuple[Box, ...]) -> list[Arrow]:
    """From the randomised box down, along, and down to each arm."""
    bar = randomised.bottom + GAP
    start = (randomised.centre, randomised.bottom)
    return [
        Arrow(points=(start, (randomised.centre, bar), (box.centre, bar), (box.centre, box.y)))
        for box in row
    ]
