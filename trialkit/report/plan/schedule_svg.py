"""SPIRIT's schedule as SVG: a column a time point, a bar where an intervention is given."""

from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.drawing.looks import GREY, INK, LIGHT
from trialkit.report.lettering.svg import coordinate, escaped
from trialkit.report.lettering.text_width import FONT_FAMILY, wrap
from trialkit.report.plan.schedule import GIVEN, Schedule, ScheduleLine

SIZE = 11.0
LINE = 14.0
LABELS = 210.0
COLUMN = 104.0
MARGIN = 8.0
PADDING = 6.0
BASELINE = 10.0
_BAND, _BAR = "#e3ebf3", "#0072b2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """A line of the drawing at its height."""

    line: ScheduleLine
    words: tuple[str, ...]
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.top + self.height / 2


def schedule_svg(schedule: Schedule, *, name: str, title: str, description: str) -> str:
    """The schedule as one accessible SVG; the same schedule gives the same bytes."""
    width = 2 * MARGIN + LABELS + COLUMN * len(schedule.points)
    head, below = _head(schedule)
    body, bottom = _body(schedule, top=below)
    height = bottom + MARGIN
    w, h = coordinate(width), coordinate(height)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        f'id="{name}" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'font-family="{FONT_FAMILY}" font-size="{coordinate(SIZE)}" fill="{INK}">'
    )
    parts = (
        opening,
        f'<title id="{name}-title">{escaped(title)}</title>',
        f'<desc id="{name}-desc">{escaped(description)}</desc>',
        f'<rect width="{w}" height="{h}" fill="#ffffff"/>',
        *_columns(schedule, bottom),
        *head,
        *body,
        "</svg>",
    )
    return "\n".join(parts) + "\n"


def _x(column: float) -> float:
    """Where a column begins."""
    return MARGIN + LABELS + COLUMN * column


def _columns(schedule: Schedule, bottom: float) -> Iterator[str]:
    """A line between any two columns."""
    for column in range(len(schedule.points) + 1):
        yield _stroke(_x(column), MARGIN, _x(column), bottom, colour=LIGHT)


def _head(schedule: Schedule) -> tuple[list[str], float]:
    """The periods in a band, below them each time point with its days."""
    parts, column = [], 0
    told = {
        period: wrap(period, size=SIZE, width=COLUMN * wide - PADDING, bold=True)
        for period, wide in schedule.periods
        if period
    }
    band = LINE * max(map(len, told.values()), default=1) + PADDING
    for period, wide in schedule.periods:
        if period:
            parts.append(_rect(_x(column), MARGIN, COLUMN * wide, band, fill=_BAND))
            parts += _text(
                told[period],
                x=_x(column + wide / 2),
                top=MARGIN + PADDING / 2,
                weight="bold",
            )
        column += wide
    top = MARGIN + band + PADDING
    deepest = 0
    for place, point in enumerate(schedule.points):
        named = wrap(point.label, size=SIZE, width=COLUMN - PADDING, bold=True)
        dated = wrap(point.days, size=SIZE, width=COLUMN - PADDING) if point.days else ()
        parts += _text(named, x=_x(place + 0.5), top=top, weight="bold")
        parts += _text(dated, x=_x(place + 0.5), top=top + LINE * len(named))
        deepest = max(deepest, len(named) + len(dated))
    return parts, top + LINE * deepest + PADDING


def _body(schedule: Schedule, *, top: float) -> tuple[list[str], float]:
    """Each group under its head, each line with its marks."""
    parts: list[str] = []
    right = _x(len(schedule.points))
    for group in dict.fromkeys(line.group for line in schedule.lines):
        parts.append(_rect(MARGIN, top, right - MARGIN, LINE + PADDING, fill=_BAND))
        parts += _text(
            (group.value,), x=MARGIN + PADDING, top=top + PADDING / 2, weight="bold", anchor="start"
        )
        top += LINE + PADDING
        for line in schedule.lines:
            if line.group is group:
                row = _row(line, top)
                parts += _drawn(row, right)
                top += row.height
    return parts, top


def _row(line: ScheduleLine, top: float) -> ScheduleRow:
    words = wrap(line.label, size=SIZE, width=LABELS - 2 * PADDING)
    deepest = max(len(words), *(len(_mark_lines(mark)) for mark in line.marks), 1)
    return ScheduleRow(line=line, words=words, top=top, height=LINE * deepest + PADDING)


def _mark_lines(mark: str) -> tuple[str, ...]:
    return wrap(mark, size=SIZE, width=COLUMN - PADDING) if mark and mark != GIVEN else ()


def _drawn(row: ScheduleRow, right: float) -> Iterator[str]:
    yield from _text(row.words, x=MARGIN + PADDING, top=row.top + PADDING / 2, anchor="start")
    for place, mark in enumerate(row.line.marks):
        lines = _mark_lines(mark)
        top = row.middle - LINE * len(lines) / 2
        yield from _text(lines, x=_x(place + 0.5), top=top)
    given = [place for place, mark in enumerate(row.line.marks) if mark == GIVEN]
    if given:
        yield from _bar(_x(given[0] + 0.5), _x(given[-1] + 0.5), row.middle)
    yield _stroke(MARGIN, row.top + row.height, right, row.top + row.height, colour=LIGHT)


def _bar(first: float, last: float, y: float) -> Iterator[str]:
    """From the middle of the first column to that of the last, with an end at both."""
    yield _stroke(first, y, last, y, colour=_BAR, width=3)
    for x in (first, last):
        yield (
            f'<rect x="{coordinate(x - 4)}" y="{coordinate(y - 4)}" width="8" height="8" '
            f'transform="rotate(45 {coordinate(x)} {coordinate(y)})" fill="{_BAR}"/>'
        )


def _rect(x: float, y: float, width: float, height: float, *, fill: str) -> str:
    return (
        f'<rect x="{coordinate(x)}" y="{coordinate(y)}" width="{coordinate(width)}" '
        f'height="{coordinate(height)}" fill="{fill}"/>'
    )


def _stroke(
    x: float, y: float, to_x: float, to_y: float, *, colour: str = GREY, width: float = 1
) -> str:
    return (
        f'<path d="M{coordinate(x)} {coordinate(y)}L{coordinate(to_x)} {coordinate(to_y)}" '
        f'stroke="{colour}" stroke-width="{coordinate(width)}"/>'
    )


def _text(
    lines: tuple[str, ...], *, x: float, top: float, weight: str = "normal", anchor: str = "middle"
) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield (
            f'<text x="{coordinate(x)}" y="{coordinate(top + BASELINE + LINE * number)}" '
            f'text-anchor="{anchor}" font-weight="{weight}">{escaped(line)}</text>'
        )
