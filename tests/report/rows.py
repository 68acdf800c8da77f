"""Rows of results made by hand, so that a test knows every number that a report prints."""

from typing import Any

from trialkit.results.lookup import NOTHING, ResultIndex, Statistics
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat


def result(stat: Stat, value: float | None, **changes: Any) -> Result:
    """One statistic, whose id is made of where it stands."""
    given: dict[str, Any] = {
        "analysis_id": "primary", "role": "primary", "family": "", "outcome": "pain",
        "population": "itt", "estimand": "E1", "method": "", "visit": "", "term": "", "arm": "",
        "unit": "", "note": "",
    } | changes  # fmt: skip
    place = [given[name] for name in ("analysis_id", "outcome", "visit", "term", "arm", "method")]
    given.setdefault("result_id", "/".join([*filter(None, place), stat.value]))
    return Result(stat_name=stat, stat=value, **given)


def rows(stats: dict[Stat, float | None], **place: Any) -> tuple[Result, ...]:
    """Several statistics of one place."""
    return tuple(result(stat, value, **place) for stat, value in stats.items())


def statistics(stats: dict[Stat, float | None], **place: Any) -> Statistics:
    """Several statistics of one place, as a table finds them."""
    return {row.stat_name: row for row in rows(stats, **place)} or NOTHING


def index_of(*found: Result) -> ResultIndex:
    return ResultIndex(Results(rows=found))
