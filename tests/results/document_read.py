"""What anybody can read back from ``results.json``: the proof that the document loses nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from trialkit.results.conduct import Conduct
from trialkit.results.effect import Interval, IntervalKind, Scale, StandardisedBy, Status
from trialkit.results.results import Result, Results
from trialkit.results.series import Point, Series, SeriesKind
from trialkit.results.vocabulary import Stat


def from_document(document: Mapping[str, Any]) -> Results:
    """The results that a document holds."""
    return Results(
        rows=tuple(_read_row(row) for row in document["results"]),
        series=tuple(_read_series(each) for each in document["series"]),
        conduct=_read_conduct(document["conduct"]),
    )


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
