"""Where rows, columns and axis of a sheet of effects stand on the paper: measured, none over another."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from trialkit.drawing.looks import TextLook
from trialkit.printable import fit_for_xml
from trialkit.report.figures.figures import POINTS_PER_INCH
from trialkit.report.lettering.text_width import text_width, wrap

WIDTH = 7.4
WIDE = WIDTH * POINTS_PER_INCH
MARGIN = 8.0
GAP = 10.0
SIZE = 8.0
LINE, PADDING = 10.2, 9.0
LABEL_SHARE = 0.3
"""The names of the rows take so much of the width at most."""
LEAST_LABEL = 60.0
LEAST_PLOT = 120.0
INDENT = 10.0
NICE = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One effect with its limits, or why there is none; or a head over the rows below it."""

    label: str
    before: tuple[str, ...] = ()
    """What stands in the columns left of the drawing."""
    after: tuple[str, ...] = ()
    """What stands in the columns right of it."""
    effect: float | None = None
    low: float = 0.0
    high: float = 0.0
    look: TextLook | None = None
    bold: bool = False
    indented: bool = False
    parted: bool = False
    """Whether a line parts it from the row above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upright:
    """A line across all rows, such as a margin, with what it is called above the drawing."""

    at: float
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetAxis:
    """What the effects are measured on."""

    words: str
    null: float = 0.0
    """The value that means no effect."""
    logarithmic: bool = False
    below: str = ""
    """What the side below no effect speaks for."""
    above: str = ""
    lines: tuple[Upright, ...] = ()
    least: float = 0.0
    """So far the axis reaches to both sides of no effect at least; on a logarithmic one, so often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayout:
    """Where the columns and the drawing stand, in points from the left and the top."""

    texts: tuple[tuple[str, ...], ...]
    heights: tuple[float, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    """The right edge of each column."""
    left: float
    right: float

    @property
    def tall(self) -> float:
        """How high all rows are together."""
        return sum(self.heights)


def lay_out(rows: Sequence[SheetRow], before: Sequence[str], after: Sequence[str]) -> SheetLayout:
    """Columns as wide as what stands in them; the names of the rows wrapped, the drawing in between."""
    lefts = [
        _column(head, [row.before[place] for row in rows if row.before])
        for place, head in enumerate(before)
    ]
    rights = [
        _column(head, [row.after[place] for row in rows if place < len(row.after)])
        for place, head in enumerate(after)
    ]
    beside = sum(lefts) + sum(rights) + GAP * (len(lefts) + len(rights) + 1)
    most = min(WIDE * LABEL_SHARE, WIDE - 2 * MARGIN - beside - LEAST_PLOT)
    texts = tuple(
        wrap(fit_for_xml(row.label), size=SIZE, width=most - _indent(row), bold=row.bold)
        for row in rows
    )
    stub = max(
        text_width(line, size=SIZE, bold=row.bold) + _indent(row)
        for row, lines in zip(rows, texts, strict=True)
        for line in lines
    )
    left = MARGIN + max(stub, LEAST_LABEL)
    right = WIDE - MARGIN
    return SheetLayout(
        texts=texts,
        heights=tuple(len(lines) * LINE + PADDING for lines in texts),
        before=tuple(
            left + sum(lefts[: place + 1]) + GAP * (place + 1) for place in range(len(lefts))
        ),
        after=tuple(
            right - sum(rights[place + 1 :]) - GAP * (len(rights) - place - 1)
            for place in range(len(rights))
        ),
        left=left + sum(lefts) + GAP * (len(lefts) + 1),
        right=right - sum(rights) - GAP * len(rights),
    )


def _indent(row: SheetRow) -> float:
    return INDENT if row.indented else 0.0


def _column(head: str, cells: Sequence[str]) -> float:
    heads = [text_width(line, size=SIZE, bold=True) for line in head.split("\n")]
    return max([*heads, *(text_width(fit_for_xml(cell), size=SIZE) for cell in cells)])


def limits(axis: SheetAxis, rows: Sequence[SheetRow]) -> tuple[float, float]:
    """No effect and every line always in sight, and some air at both ends."""
    ends = [end for row in rows if row.effect is not None for end in (row.low, row.high)]
    ends += [axis.null, *(line.at for line in axis.lines)]
    if axis.logarithmic:
        least = max(axis.least, 1.25)
        low, high = min(*ends, 1 / least), max(*ends, least)
        air = (high / low) ** 0.05
        return low / air, high * air
    low, high = min(ends), max(ends)
    air = 0.06 * (high - low) or 0.5
    return min(low - air, axis.null - axis.least), max(high + air, axis.null + axis.least)


def log_ticks(low: float, high: float) -> list[float]:
    """Ones, twos and fives of each power of ten; ones alone where there are many powers."""
    steps = [digit * 10.0**power for power in range(-9, 10) for digit in NICE]
    inside = [each for each in steps if low <= each <= high]
    if len(inside) <= 7:
        return inside
    return [each for each in inside if f"{each:e}".startswith("1.0")]


def share(at: float, axis: SheetAxis, rows: Sequence[SheetRow]) -> float:
    """Where a value stands between the ends of the axis, from 0 to 1."""
    low, high = limits(axis, rows)
    if axis.logarithmic:
        return (log(at) - log(low)) / (log(high) - log(low))
    return (at - low) / (high - low)


def sides(
    axis: SheetAxis, rows: Sequence[SheetRow], layout: SheetLayout
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What each side of no effect speaks for, in the lines that it has room for on the paper."""
    zero = layout.left + (layout.right - layout.left) * share(axis.null, axis, rows)
    found = []
    for words, room in (
        (f"\N{LEFTWARDS ARROW} {axis.below}" if axis.below else "", zero - 6 - MARGIN),
        (f"{axis.above} \N{RIGHTWARDS ARROW}" if axis.above else "", WIDE - MARGIN - zero - 6),
    ):
        found.append(wrap(fit_for_xml(words), size=SIZE, width=room) if words else ())
    return found[0], found[1]


def names_of_lines(
    axis: SheetAxis, rows: Sequence[SheetRow], layout: SheetLayout
) -> list[tuple[float, Upright]]:
    """Where the names of upright lines stand, in points; none where they have no room for all."""
    span = layout.right - layout.left
    found = sorted(
        ((layout.left + span * share(line.at, axis, rows), line) for line in axis.lines),
        key=lambda each: each[0],
    )
    edge = MARGIN
    for x, line in found:
        half = text_width(line.name, size=SIZE) / 2
        if x - half < edge or x + half > WIDE - MARGIN:
            return []
        edge = x + half + GAP / 2
    return found


def middle(layout: SheetLayout, words: Sequence[str]) -> float:
    """The middle of the axis, or as near to it as its words have room on the paper."""
    half = max(text_width(line, size=SIZE) for line in words) / 2
    wanted = (layout.left + layout.right) / 2
    return min(max(wanted, MARGIN + half), WIDE - MARGIN - half)
