"""The participant flow as boxes and arrows, placed so that nothing overlaps or is cut.

The words and counts of the boxes come from the disposition alone, and the same lines make the
table under the diagram, so that the two cannot differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trialkit.errors import ReportError
from trialkit.report.lettering.text_width import text_width, wrap
from trialkit.report.numbers.numbers import n_equals
from trialkit.report.words.en.american import spelled
from trialkit.report.words.en.sentences.pooled import ALLOCATED, ANALYSED
from trialkit.results.answers import Unknown
from trialkit.results.flow import ArmFlow, Disposition, Reason, Stage

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
RECEIPT = {
    Stage.RECEIPT_NOT_RECORDED: "Receipt of the intervention not recorded",
    Stage.RECEIPT_TO_COME: "Receipt of the intervention still to be recorded at the data cut",
    Stage.RECEIPT_NOT_ASKED: "Receipt of the intervention not asked",
}
DISCONTINUATION = {
    Stage.DISCONTINUATION_NOT_RECORDED: "Discontinuation not recorded",
    Stage.DISCONTINUATION_TO_COME: "Discontinuation still to be recorded at the data cut",
    Stage.DISCONTINUATION_NOT_ASKED: "Discontinuation not asked",
}
NOT_COLLECTED = Unknown.NOT_COLLECTED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEntry:
    """A counted line of a box; ``depth`` 0 heads the box, 1 counts in it, 2 gives a reason."""

    text: str
    count: int | None
    """None where no form of the trial asks."""
    depth: int
    under: str = ""
    """The row of the table that a reason belongs to."""
    row: str = ""
    """The line's name in the table, where it is another than in the box."""
    term: str = ""
    """How the results name the line."""

    @property
    def name(self) -> str:
        """The line's name in the table."""
        return self.row or self.text

    @property
    def words(self) -> str:
        """The line as it stands in its box."""
        return f"{self.text} ({NOT_COLLECTED if self.count is None else n_equals(self.count)})"

    @property
    def told(self) -> str:
        """The line in a sentence."""
        return f"{self.text} {NOT_COLLECTED if self.count is None else self.count}"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmEntries:
    """What an arm's three boxes say."""

    arm: str
    label: str
    allocation: tuple[FlowEntry, ...]
    follow_up: tuple[FlowEntry, ...]
    analysis: tuple[FlowEntry, ...]
    annotation: str = ""
    """What is told beside the counts and flows nowhere, such as the sessions attended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEntries:
    """What every box of the diagram says, before anything is placed."""

    assessed: tuple[FlowEntry, ...]
    not_randomised: tuple[FlowEntry, ...]
    randomised: tuple[FlowEntry, ...]
    arms: tuple[ArmEntries, ...]


def flow_entries(
    disposition: Disposition, annotations: Mapping[str, str] = MappingProxyType({})
) -> FlowEntries:
    """The counted lines of every box, zeros included; the sums are asserted again.

    ``annotations`` are told by arm in its follow-up box, and no sum counts them.
    """
    _assert_sums(disposition)
    return FlowEntries(
        assessed=(
            FlowEntry(
                text="Assessed for eligibility",
                count=disposition.assessed,
                depth=0,
                term=Stage.ASSESSED,
            ),
        ),
        not_randomised=_with_reasons(
            "Excluded", disposition.not_randomised, depth=0, term=Stage.NOT_RANDOMISED
        ),
        randomised=(
            FlowEntry(
                text=spelled("Randomised"),
                count=disposition.randomised,
                depth=0,
                term=Stage.RANDOMISED,
            ),
        ),
        arms=tuple(
            _arm_entries(
                arm,
                annotations.get(arm.arm, ""),
                disposition.unanswered,
                alone=len(disposition.arms) == 1,
                is_analysed=disposition.is_analysed,
            )
            for arm in disposition.arms
        ),
    )


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
    stages = [_stage(spelled("Enrolment"), top=assessed.y, bottom=randomised.bottom)]
    first = centre - columns / 2
    above: tuple[Box, ...] = ()
    top = randomised.bottom + 2 * GAP
    for stage, name in (
        ("Allocation", "allocation"),
        ("Follow-up", "follow_up"),
        ("Analysis", "analysis"),
    ):
        row = _row(arms, name, x=first, y=top, width=arm_width)
        arrows.extend(_down(above, row) if above else _fan(randomised, row))
        stages.append(_stage(stage, top=top, bottom=row[0].bottom))
        boxes.extend(row)
        above, top = row, row[0].bottom + GAP
    width = max(left + columns, centre + enrolment) + MARGIN
    return FlowDiagram(
        width=width,
        height=above[0].bottom + MARGIN,
        boxes=(*stages, *boxes),
        arrows=tuple(arrows),
    )


def describe_flow(
    disposition: Disposition, annotations: Mapping[str, str] = MappingProxyType({})
) -> str:
    """The flow in sentences, for somebody who cannot see the diagram."""
    entries = flow_entries(disposition, annotations)
    parts = [
        _sentence(
            spelled("Enrolment"), (*entries.assessed, *entries.not_randomised, *entries.randomised)
        )
    ]
    for arm in entries.arms:
        lines = (*arm.allocation, *arm.follow_up, *arm.analysis)
        parts.append(_sentence(arm.label, lines))
        if arm.annotation:
            parts.append(f"{arm.annotation}.")
    return " ".join(parts)


def _sentence(subject: str, entries: Iterable[FlowEntry]) -> str:
    return f"{subject}: {'; '.join(each.told for each in entries)}."


def _assert_sums(disposition: Disposition) -> None:
    """The sums that a reader would check; a noun that was built around its own checks fails here."""
    excluded = _sum(disposition.not_randomised)
    problems = []
    if disposition.assessed != excluded + disposition.randomised:
        problems.append(
            f"{disposition.assessed} assessed, {excluded} excluded, {disposition.randomised} randomised"
        )
    if disposition.randomised != sum(arm.allocated for arm in disposition.arms):
        problems.append(f"{disposition.randomised} randomised, but the arms hold another number")
    for arm in disposition.arms:
        known = _sum(arm.not_received) + (arm.received or 0)
        if arm.received is not None and arm.allocated != known + arm.receipt.total:
            problems.append(f"arm {arm.arm}: {arm.allocated} allocated, {arm.received} received")
        left = _sum(arm.lost) + _sum(arm.excluded) - arm.lost_but_analysed
        if arm.allocated != arm.analysed + left:
            problems.append(f"arm {arm.arm}: {arm.allocated} allocated, {arm.analysed} analysed")
    if problems:
        raise ReportError(f"the flow does not add up: {'; '.join(problems)}")


def _sum(reasons: tuple[Reason, ...]) -> int:
    return sum(reason.count for reason in reasons)


def _with_reasons(
    text: str, reasons: tuple[Reason, ...], *, depth: int, term: Stage
) -> tuple[FlowEntry, ...]:
    head = FlowEntry(text=text, count=_sum(reasons), depth=depth, term=term)
    return head, *(
        FlowEntry(
            text=each.text,
            count=each.count,
            depth=depth + 1,
            under=text,
            term=term.because(each.text),
        )
        for each in reasons
    )


def _received(arm: ArmFlow) -> tuple[FlowEntry, ...]:
    received = FlowEntry(
        text="Received allocated intervention", count=arm.received, depth=1, term=Stage.RECEIVED
    )
    if arm.received is None:
        return (received,)
    not_received = _with_reasons(
        "Did not receive allocated intervention",
        arm.not_received,
        depth=1,
        term=Stage.NOT_RECEIVED,
    )
    return received, *not_received


def _discontinued(arm: ArmFlow) -> tuple[FlowEntry, ...]:
    text, term = "Discontinued intervention", Stage.DISCONTINUED
    if arm.discontinued is None:
        return (FlowEntry(text=text, count=None, depth=0, term=term),)
    return _with_reasons(text, arm.discontinued, depth=0, term=term)


def _unanswered(
    arm: ArmFlow, said: tuple[Stage, ...], words: Mapping[Stage, str], *, depth: int
) -> tuple[FlowEntry, ...]:
    """Of how many an answer is not known, where that is so of anybody in any arm."""
    return tuple(
        FlowEntry(text=text, count=arm.unanswered[stage], depth=depth, term=stage)
        for stage, text in words.items()
        if stage in said
    )


def _arm_entries(
    arm: ArmFlow,
    annotation: str,
    unanswered: tuple[Stage, ...],
    *,
    alone: bool,
    is_analysed: bool,
) -> ArmEntries:
    return ArmEntries(
        annotation=annotation,
        arm=arm.arm,
        label=arm.label,
        allocation=(
            FlowEntry(
                text=ALLOCATED if alone else f"Allocated to {arm.label}",
                count=arm.allocated,
                depth=0,
                row="Allocated",
                term=Stage.ALLOCATED,
            ),
            *_received(arm),
            *_unanswered(arm, unanswered, RECEIPT, depth=1),
        ),
        follow_up=(
            *_with_reasons(
                "Lost to follow-up for primary outcome", arm.lost, depth=0, term=Stage.LOST
            ),
            *_discontinued(arm),
            *_unanswered(arm, unanswered, DISCONTINUATION, depth=0),
        ),
        analysis=(
            FlowEntry(
                text=spelled("Analysed for primary outcome")
                if is_analysed and not alone
                else ANALYSED,
                count=arm.analysed,
                depth=0,
                term=Stage.ANALYSED,
            ),
            *_although_lost(arm),
            *_with_reasons("Excluded from analysis", arm.excluded, depth=1, term=Stage.EXCLUDED),
        ),
    )


def _although_lost(arm: ArmFlow) -> tuple[FlowEntry, ...]:
    """Those whom the analysis keeps although they are lost: they stand in both boxes."""
    if not arm.lost_but_analysed:
        return ()
    text = spelled("of these lost to follow-up, analysed from earlier visits")
    return (
        FlowEntry(text=text, count=arm.lost_but_analysed, depth=1, term=Stage.LOST_BUT_ANALYSED),
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
    arms: tuple[ArmEntries, ...], stage: str, *, x: float, y: float, width: float
) -> tuple[Box, ...]:
    """One box an arm, side by side and equally high."""
    texts = [_box_lines(arm, stage, width=width) for arm in arms]
    height = max(len(lines) for lines in texts) * LINE_HEIGHT + 2 * PADDING
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
        case _:
            return arm.analysis


def _stage(name: str, *, top: float, bottom: float) -> Box:
    """The stage's name in the left margin, at the middle of its boxes."""
    height = LINE_HEIGHT + 2 * PADDING
    width = text_width(name, size=FONT_SIZE, bold=True)
    indent = (STAGE_WIDTH - width) / 2 - PADDING
    return Box(
        name=f"stage-{name.lower()}",
        x=MARGIN,
        y=(top + bottom - height) / 2,
        width=STAGE_WIDTH,
        height=height,
        lines=(FlowLine(text=name, indent=indent, bold=True),),
        stage=True,
    )


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
