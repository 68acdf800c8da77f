"""How a trial goes on, drawn: people screened and randomised over time, and sessions attended."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, MaxNLocator

from trialkit.report.figures.figures import (
    GREY,
    LIGHT,
    drawing,
    label_synthetic,
    look,
    room_for_label,
    to_svg,
)
from trialkit.report.numbers.numbers import count, count_percent

WIDTH = 7.4
HEIGHT = 3.1
MOST_BARS = 60
_PERIODS = (("W-SUN", "week"), ("M", "month"), ("Q", "quarter"), ("Y", "year"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One cumulative line."""

    words: str
    days: pd.Series
    position: int
    dashes: str


def draw_recruitment(people: pd.DataFrame, *, planned: int | None, synthetic: str) -> str:
    """Cumulative numbers screened and randomised, and the number planned, as SVG.

    ``people`` has the dates ``screened`` and ``randomised``; who has none is in neither line.
    """
    lines = (
        _Line(words="Screened", days=people["screened"], position=0, dashes="solid"),
        _Line(words="Randomised", days=people["randomised"], position=1, dashes="dashed"),
    )
    dated = [line for line in lines if line.days.notna().any()]
    last = max(line.days.max() for line in dated)
    title = "Recruitment over time"
    words = ", ".join(
        f"{count(int(line.days.notna().sum()))} {line.words.lower()}" for line in dated
    )
    with drawing(width=WIDTH, height=HEIGHT + room_for_label(synthetic, width=WIDTH)) as canvas:
        ax = _axes(canvas, synthetic)
        for line in dated:
            _draw_line(ax, line, last)
        if planned is not None:
            ax.axhline(planned, color=GREY, linewidth=1.0, linestyle="dotted")
            ax.annotate(
                f"{count(planned)} planned",
                (0, planned),
                xycoords=("axes fraction", "data"),
                xytext=(4, 3),
                textcoords="offset points",
                color=GREY,
                fontsize=8.5,
            )
        most = max(planned or 0, *(int(line.days.notna().sum()) for line in dated), 1)
        ax.set_ylim(0, most * 1.12)
        ax.margins(x=0.02)
        ax.set_ylabel("Participants")
        _date_axis(ax)
        ax.legend(loc="lower right", fontsize=8.5)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name="recruitment", title=title, description=f"{words}.")


def draw_attendance(sessions: pd.DataFrame, *, synthetic: str) -> str:
    """Sessions attended and missed in each week, or longer period, as SVG.

    ``sessions`` has ``date`` and ``attended``, which is missing where nobody knows.
    """
    period, counted = _by_period(sessions)
    came = int(counted["attended"].sum())
    words = (
        f"{count_percent(came, len(sessions))} of {count(len(sessions))} sessions were attended."
    )
    with drawing(width=WIDTH, height=HEIGHT + room_for_label(synthetic, width=WIDTH)) as canvas:
        ax = _axes(canvas, synthetic)
        width = np.timedelta64(1, "D") * max(1, int(counted["days"].iloc[0] * 0.85))
        bottom = np.zeros(len(counted))
        shown = (("attended", "Attended", "#0072b2", ""), ("missed", "Missed", "#f3d9c7", "////"),
                 ("unknown", "Not known", "#e4e8ec", "...."))  # fmt: skip
        for name, label, colour, hatch in shown:
            if counted[name].any():
                ax.bar(
                    counted.index, counted[name], width, bottom=bottom, label=label, color=colour,
                    hatch=hatch, edgecolor="#333a41", linewidth=0.4, align="edge",
                )  # fmt: skip
                bottom = bottom + counted[name].to_numpy()
        ax.set_ylabel(f"Sessions in a {period}")
        _date_axis(ax)
        ax.legend(loc="upper left", fontsize=8.5, ncols=3)
        ax.set_ylim(0, float(bottom.max()) * 1.25)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name="attendance", title="Attendance over time", description=words)


def _axes(canvas: Canvas, synthetic: str) -> Axes:
    room = room_for_label(synthetic, width=WIDTH) / canvas.get_figheight()
    ax = canvas.add_axes((0.09, 0.14, 0.88, 0.8 - room))
    ax.set_axisbelow(True)
    ax.grid(axis="y", color=LIGHT, linewidth=0.6)
    return ax


def _draw_line(ax: Axes, line: _Line, last: pd.Timestamp) -> None:
    """A staircase that goes on to the last date of all."""
    days = line.days.dropna().sort_values()
    x = [days.iloc[0], *days, last]
    y = [0, *range(1, len(days) + 1), len(days)]
    style = look(line.position)
    ax.step(
        x,
        y,
        where="post",
        color=style.colour,
        linestyle=line.dashes,
        linewidth=1.9,
        label=f"{line.words}, {count(len(days))}",
    )


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


def _date_axis(ax: Axes) -> None:
    """Dates in figures, which every language reads; counts without decimals."""
    locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    low, high = ax.get_xlim()
    pattern = "%Y-%m" if high - low > 120 else "%Y-%m-%d"
    ax.xaxis.set_major_formatter(DateFormatter(pattern))  # type: ignore[no-untyped-call]
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: count(round(tick))))


def has_dates(columns: Sequence[pd.Series]) -> bool:
    """Whether there is anything to draw."""
    return any(bool(column.notna().any()) for column in columns)
