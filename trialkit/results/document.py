"""The results as one document, ``results.json``, and read back from it: nothing is lost."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from math import isinf
from typing import Any

from trialkit.results.conduct import Conduct
from trialkit.results.effect import Interval, IntervalKind, Scale, StandardisedBy, Status
from trialkit.results.results import COLUMNS, Result, Results
from trialkit.results.series import POINT_COLUMNS, Point, Series, SeriesKind
from trialkit.results.vocabulary import Stat

_EMPTY = Point()


def to_document(results: Results) -> dict[str, object]:
    """Plain lists and tables, as JSON can hold them."""
    return {
        "results": [_finite(dict(zip(COLUMNS, row.cells(), strict=True))) for row in results.rows],
        "series": [_series(each) for each in results.series],
        "conduct": _conduct(results.conduct),
    }


def from_document(document: Mapping[str, Any]) -> Results:
    """The results that a document holds.

    Raises :class:`KeyError`, :class:`TypeError` or :class:`ValueError` for another document.
    """
    return Results(
        rows=tuple(_read_row(row) for row in document["results"]),
        series=tuple(_read_series(each) for each in document["series"]),
        conduct=_read_conduct(document["conduct"]),
    )


def _finite(row: dict[str, object]) -> dict[str, object]:
    """JSON has no infinity: an infinite ratio or limit becomes the text ``inf`` or ``-inf``."""
    stat = row["stat"]
    return row | {"stat": str(stat)} if isinstance(stat, float) and isinf(stat) else row


def _series(series: Series) -> dict[str, object]:
    """The columns that hold anything, each a list as long as there are points."""
    columns = {
        name: [getattr(point, name) for point in series.points]
        for name in POINT_COLUMNS
        if any(getattr(point, name) != getattr(_EMPTY, name) for point in series.points)
    }
    return {
        "result_id": series.result_id,
        "kind": series.kind.value,
        "analysis_id": series.analysis_id,
        "outcome": series.outcome,
        "points": len(series.points),
        "columns": columns,
    }


def _conduct(conduct: Conduct) -> dict[str, object]:
    values = ((field.name, getattr(conduct, field.name)) for field in fields(Conduct))
    return {name: each.isoformat() if isinstance(each, date) else each for name, each in values}


def _read_row(row: Mapping[str, Any]) -> Result:
    stat = row["stat"]
    kind, _, of = str(row["interval_kind"] or "").partition(" of ")
    read = {
        "stat_name": Stat(row["stat_name"]),
        "stat": float(stat) if isinstance(stat, str) else stat,
        "scale": Scale(row["scale"]) if row["scale"] else None,
        "interval_kind": Interval(IntervalKind(kind), int(of or 1)) if kind else None,
        "standardised_by": StandardisedBy(row["standardised_by"])
        if row["standardised_by"]
        else None,
        "status": Status(row["status"]) if row["status"] else None,
    }
    return Result(**{**row, **read})


def _read_series(raw: Mapping[str, Any]) -> Series:
    columns = raw["columns"]
    points = (
        Point(**{name: values[place] for name, values in columns.items()})
        for place in range(raw["points"])
    )
    return Series(
        kind=SeriesKind(raw["kind"]),
        analysis_id=raw["analysis_id"],
        outcome=raw["outcome"],
        points=tuple(points),
    )


def _read_conduct(raw: Mapping[str, Any]) -> Conduct:
    days = {
        name: date.fromisoformat(raw[name])
        for name in ("first_screened", "first_randomised", "last_randomised", "last_followed")
        if raw[name]
    }
    return Conduct(
        **days,
        events_before_randomisation=raw["events_before_randomisation"],
    )
