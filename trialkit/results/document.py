"""The results as one document, ``results.json``."""

from dataclasses import fields
from datetime import date
from math import isinf

from trialkit.results.conduct import Conduct
from trialkit.results.results import COLUMNS, Results
from trialkit.results.series import POINT_COLUMNS, Point, Series

_EMPTY = Point()


def to_document(results: Results) -> dict[str, object]:
    """Plain lists and tables, as JSON can hold them."""
    return {
        "results": [_finite(dict(zip(COLUMNS, row.cells(), strict=True))) for row in results.rows],
        "series": [_series(each) for each in results.series],
        "conduct": _conduct(results.conduct),
    }


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
