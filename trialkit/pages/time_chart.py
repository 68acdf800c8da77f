"""The ground of a drawing over time: dates along the bottom, counts at the side, as SVG text.

The findings page draws with it, so that a validation loads no plotting library.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trialkit.drawing.looks import GREY, INK, LABEL_FILL, LABEL_INK, LIGHT
from trialkit.report.lettering.svg import coordinate, escaped
from trialkit.report.lettering.text_width import FONT_FAMILY, text_width, wrap
from trialkit.report.numbers.numbers import count

WIDTH, HEIGHT = 532.8, 223.2
_LEFT, _RIGHT, _BOTTOM, _TOP = 48.0, 16.0, 32.0, 14.0
_SIZE, _LEGEND_SIZE, _LABEL_SIZE, _LINE = 9.0, 8.5, 8.5, 12.0
_SAMPLE, _GAP = 22.0, 6.0
_MOST_DATES, _MOST_COUNTS = 8, 7
_DAY_STEPS, _MONTH_STEPS = (1, 2, 7, 14, 28), (1, 2, 3, 6, 12, 24, 60, 120, 600)
_LONG = 120
"""Days from which on months are enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """An entry of the legend: the attributes of its line or box, and its words."""

    words: str
    attributes: str
    is_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChart:
    """A drawing's ground: what its edges mean, and its words."""

    name: str
    title: str
    description: str
    first: date
    last: date
    most: float
    """The count at the upper edge."""
    unit: str
    """What is counted, beside the axis."""
    synthetic: str

    @property
    def lowered(self) -> float:
        """How much the label of synthetic data lowers the drawing."""
        return len(self._label()) * _LINE + _LINE if self.synthetic else 0.0

    @property
    def bottom(self) -> float:
        """Where a count of zero lies."""
        return HEIGHT + self.lowered - _BOTTOM

    def x(self, day: date, *, days: float = 0.0) -> float:
        """Where a day begins, or a time so many days after it."""
        span = max((self.last - self.first).days, 1)
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * ((day - self.first).days + days) / span

    def y(self, counted: float) -> float:
        """Where a count lies."""
        return self.bottom - (self.bottom - _TOP - self.lowered) * counted / self.most

    def svg(self, drawn: Iterable[str], legend: Iterable[str]) -> str:
        """The whole drawing, accessible, with what is drawn between its grid and its axes."""
        name, width, height = self.name, coordinate(WIDTH), coordinate(HEIGHT + self.lowered)
        parts = (
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
                f'viewBox="0 0 {width} {height}" id="{name}" role="img" '
                f'aria-labelledby="{name}-title {name}-desc" font-family="{FONT_FAMILY}" '
                f'font-size="{coordinate(_SIZE)}" fill="{INK}">'
            ),
            f'<title id="{name}-title">{escaped(self.title)}</title>',
            f'<desc id="{name}-desc">{escaped(self.description)}</desc>',
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *self._synthetic(),
            *self._counts(),
            *drawn,
            *self._axes(),
            *self._dates(),
            *legend,
            "</svg>",
        )
        return "\n".join(parts) + "\n"

    def legend_below(self, signs: Sequence[Sign]) -> tuple[str, ...]:
        """The signs one under another, at the lower right."""
        widest = max(text_width(sign.words, size=_LEGEND_SIZE) for sign in signs)
        left = WIDTH - _RIGHT - widest - _SAMPLE - 2 * _GAP
        lowest = self.bottom - 10
        return tuple(
            _entry(sign, left, lowest - (len(signs) - 1 - number) * 13)
            for number, sign in enumerate(signs)
        )

    def legend_above(self, signs: Sequence[Sign]) -> tuple[str, ...]:
        """The signs beside each other, at the upper left."""
        left, drawn = _LEFT + _GAP, []
        for sign in signs:
            drawn.append(_entry(sign, left, _TOP + self.lowered + 12))
            left += _SAMPLE + text_width(sign.words, size=_LEGEND_SIZE) + 4 * _GAP
        return tuple(drawn)

    def _label(self) -> tuple[str, ...]:
        return wrap(self.synthetic, size=_LABEL_SIZE, width=WIDTH * 0.94, bold=True)

    def _synthetic(self) -> Iterable[str]:
        if not self.synthetic:
            return
        lines = self._label()
        widest = max(text_width(line, size=_LABEL_SIZE, bold=True) for line in lines) + 6
        yield (
            f'<rect x="{coordinate((WIDTH - widest) / 2)}" y="2" width="{coordinate(widest)}" '
            f'height="{coordinate(len(lines) * _LINE + 4)}" fill="{LABEL_FILL}"/>'
        )
        for number, line in enumerate(lines):
            yield (
                f'<text x="{coordinate(WIDTH / 2)}" y="{coordinate(12.5 + number * _LINE)}" '
                f'text-anchor="middle" font-size="{_LABEL_SIZE}" font-weight="bold" '
                f'fill="{LABEL_INK}">{escaped(line)}</text>'
            )

    def _counts(self) -> Iterable[str]:
        right = coordinate(WIDTH - _RIGHT)
        for each in _counts(self.most):
            y = coordinate(self.y(each))
            yield f'<path d="M{_LEFT:g} {y}H{right}" stroke="{LIGHT}" stroke-width="0.6"/>'
            yield f'<path d="M{_LEFT - 3.5:g} {y}H{_LEFT:g}" stroke="{INK}" stroke-width="0.8"/>'
            yield (
                f'<text x="{_LEFT - 7:g}" y="{coordinate(self.y(each) + 3.3)}" '
                f'text-anchor="end">{escaped(count(each))}</text>'
            )
        middle = coordinate(self.y(self.most / 2))
        yield (
            f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">'
            f"{escaped(self.unit)}</text>"
        )

    def _axes(self) -> Iterable[str]:
        corner = f"M{_LEFT:g} {coordinate(self.y(self.most))}V{coordinate(self.bottom)}"
        yield (
            f'<path d="{corner}H{coordinate(WIDTH - _RIGHT)}" fill="none" stroke="{GREY}" '
            'stroke-width="0.8"/>'
        )

    def _dates(self) -> Iterable[str]:
        """Dates in figures, which every language reads."""
        pattern = "%Y-%m" if (self.last - self.first).days > _LONG else "%Y-%m-%d"
        room = text_width(self.last.strftime(pattern), size=_SIZE) / 2
        for day in _dates(self.first, self.last):
            if self.x(day) + room > WIDTH:
                continue
            x = coordinate(self.x(day))
            yield f'<path d="M{x} {coordinate(self.bottom)}v3.5" stroke="{INK}" stroke-width="0.8"/>'
            yield (
                f'<text x="{x}" y="{coordinate(self.bottom + 14)}" text-anchor="middle">'
                f"{day.strftime(pattern)}</text>"
            )


def _entry(sign: Sign, left: float, base: float) -> str:
    x, y = coordinate(left), coordinate(base - 3)
    drawn = (
        f'<path d="M{x} {y}h{_SAMPLE:g}" {sign.attributes}/>'
        if sign.is_line
        else f'<rect x="{x}" y="{coordinate(base - 6.5)}" width="{_SAMPLE - 4:g}" height="7" '
        f"{sign.attributes}/>"
    )
    text = (
        f'<text x="{coordinate(left + _SAMPLE + _GAP)}" y="{coordinate(base)}" '
        f'font-size="{_LEGEND_SIZE}">{escaped(sign.words)}</text>'
    )
    return drawn + text


def _counts(most: float) -> list[int]:
    """Whole numbers at even steps from zero on, a handful of them."""
    steps = (digit * 10**power for power in range(18) for digit in (1, 2, 5))
    step = next(each for each in steps if most / each <= _MOST_COUNTS)
    return [each * step for each in range(int(most // step) + 1)]


def _dates(first: date, last: date) -> list[date]:
    """Days at even steps, or firsts of months, no more than have room."""
    span = (last - first).days
    if span <= _LONG:
        step = next((each for each in _DAY_STEPS if span / each < _MOST_DATES), _DAY_STEPS[-1])
        return [first + timedelta(days=each) for each in range(0, span + 1, step)]
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    firsts = [date(each // 12, each % 12 + 1, 1) for each in months]
    inside = [each for each in firsts if first <= each <= last]
    step = next(each for each in _MONTH_STEPS if len(inside) / each <= _MOST_DATES)
    even = [each for each in inside if (each.year * 12 + each.month - 1) % step == 0]
    return even or inside[:1]
