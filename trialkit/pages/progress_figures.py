"""How a trial goes on, drawn: people screened and randomised over time, and sessions attended."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import ceil

import pandas as pd

from trialkit.drawing.looks import GREY, INK, look
from trialkit.pages.time_chart import Sign, TimeChart
from trialkit.report.lettering.svg import coordinate
from trialkit.report.numbers.numbers import count, count_percent

MOST_BARS = 60
_PERIODS = (("W-SUN", "week"), ("M", "month"), ("Q", "quarter"), ("Y", "year"))
_LINES = (("screened", "Screened", ""), ("randomised", "Randomised", ' stroke-dasharray="7 3"'))
_EDGE = f'stroke="{INK}" stroke-width="0.4"'
_BARS = (
    ("attended", "Attended", "#0072b2"),
    ("missed", "Missed", "url(#attendance-missed)"),
    ("unknown", "Not known", "url(#attendance-unknown)"),
)
_PATTERNS = (
    '<defs><pattern id="attendance-missed" width="5" height="5" patternUnits="userSpaceOnUse">'
    f'<rect width="5" height="5" fill="#f3d9c7"/><path d="M0 5L5 0M-1 1L1 -1M4 6L6 4" {_EDGE}/>'
    '</pattern><pattern id="attendance-unknown" width="4" height="4" '
    'patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="#e4e8ec"/>'
    f'<circle cx="2" cy="2" r="0.6" fill="{INK}"/></pattern></defs>'
)


def draw_recruitment(people: pd.DataFrame, *, planned: int | None, synthetic: str) -> str:
    """Cumulative numbers screened and randomised, and the number planned, as SVG.

    ``people`` has the dates ``screened`` and ``randomised``; who has none is in neither line.
    """
    days = {name: people[name].dropna().sort_values() for name, _, _ in _LINES}
    dated = [line for line in _LINES if len(days[line[0]])]
    all_days = pd.concat([days[name] for name, _, _ in dated])
    first, last = all_days.min().date(), all_days.max().date()
    margin = timedelta(days=max(1, round((last - first).days * 0.02)))
    words = ", ".join(f"{count(len(days[name]))} {label.lower()}" for name, label, _ in dated)
    chart = TimeChart(
        name="recruitment",
        title="Recruitment over time",
        description=f"{words}.",
        first=first - margin,
        last=last + margin,
        most=max(planned or 0, *(len(each) for each in days.values()), 1) * 1.12,
        unit="Participants",
        synthetic=synthetic,
    )
    drawn, signs = [], []
    for position, (name, label, dashes) in enumerate(_LINES):
        if not len(days[name]):
            continue
        pen = f'stroke="{look(position).colour}" stroke-width="1.9" fill="none"{dashes}'
        drawn.append(f'<path d="{_staircase(chart, days[name], last=all_days.max())}" {pen}/>')
        words = f"{label}, {count(len(days[name]))}"
        signs.append(Sign(words=words, attributes=pen, is_line=True))
    return chart.svg([*drawn, *_planned(chart, planned)], chart.legend_below(signs))


def _planned(chart: TimeChart, planned: int | None) -> Iterator[str]:
    if planned is not None:
        left, right = coordinate(chart.x(chart.first)), coordinate(chart.x(chart.last))
        y = chart.y(planned)
        yield (
            f'<path d="M{left} {coordinate(y)}H{right}" stroke="{GREY}" stroke-dasharray="1 2"/>'
            f'<text x="{coordinate(chart.x(chart.first) + 4)}" y="{coordinate(y - 3)}" '
            f'font-size="8.5" fill="{GREY}">{count(planned)} planned</text>'
        )


def _staircase(chart: TimeChart, days: pd.Series, *, last: pd.Timestamp) -> str:
    """A line that goes up on each day, and on to the last date of all."""
    so_far = days.groupby(days.dt.date).size().cumsum()
    start = coordinate(chart.x(days.iloc[0].date()))
    steps = (
        f"H{coordinate(chart.x(day))}V{coordinate(chart.y(number))}"
        for day, number in zip(so_far.index, so_far, strict=True)
    )
    return f"M{start} {coordinate(chart.y(0))}{''.join(steps)}H{coordinate(chart.x(last.date()))}"


def draw_attendance(sessions: pd.DataFrame, *, synthetic: str) -> str:
    """Sessions attended and missed in each week, or longer period, as SVG.

    ``sessions`` has ``date`` and ``attended``, which is missing where nobody knows.
    """
    period, counted = _by_period(sessions)
    shown = [bar for bar in _BARS if counted[bar[0]].any()]
    came = int(counted["attended"].sum())
    days = int(counted["days"].iloc[0])
    margin = timedelta(days=max(1, ceil((counted.index[-1] - counted.index[0]).days * 0.03)))
    chart = TimeChart(
        name="attendance",
        title="Attendance over time",
        description=f"{count_percent(came, len(sessions))} of {count(len(sessions))} sessions "
        "were attended.",
        first=counted.index[0].date() - margin,
        last=counted.index[-1].date() + timedelta(days=days) + margin,
        most=float(counted[[name for name, _, _ in _BARS]].sum(axis="columns").max()) * 1.25,
        unit=f"Sessions in a {period}",
        synthetic=synthetic,
    )
    drawn = [_PATTERNS]
    starts = [each.date() for each in counted.index]
    bottom = [0] * len(counted)
    for name, _, fill in shown:
        for number, (start, height) in enumerate(zip(starts, counted[name], strict=True)):
            if height:
                x, below = chart.x(start), bottom[number]
                top = chart.y(below + height)
                drawn.append(
                    f'<rect x="{coordinate(x)}" y="{coordinate(top)}" '
                    f'width="{coordinate(chart.x(start, days=days * 0.85) - x)}" '
                    f'height="{coordinate(chart.y(below) - top)}" fill="{fill}" {_EDGE}/>'
                )
                bottom[number] += int(height)
    signs = [Sign(words=label, attributes=f'fill="{fill}" {_EDGE}') for _, label, fill in shown]
    return chart.svg(drawn, chart.legend_above(signs))


def _by_period(sessions: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """The sessions counted by week, or by the shortest longer period that makes no more bars."""
    attended = sessions["attended"].astype("boolean")
    table = pd.DataFrame(
        {
            "date": sessions["date"],
            "attended": attended.fillna(value=False).astype("int64"),
            "missed": (~attended).fillna(value=False).astype("int64"),
            "unknown": attended.isna().astype("int64"),
        }
    )
    for code, name in _PERIODS:
        periods = table["date"].dt.to_period(code)
        bars = int((periods.max() - periods.min()).n) + 1
        if bars <= MOST_BARS or name == _PERIODS[-1][1]:
            break
    counted = table.groupby(periods.dt.start_time)[["attended", "missed", "unknown"]].sum()
    days = (periods.iloc[0].end_time - periods.iloc[0].start_time).days + 1
    return name, counted.assign(days=days)


def has_dates(columns: Sequence[pd.Series]) -> bool:
    """Whether there is anything to draw."""
    return any(bool(column.notna().any()) for column in columns)
