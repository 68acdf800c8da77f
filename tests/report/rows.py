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


def harms_difference(term: str, arm: str, *numbers: float | None) -> list[Result]:
    """A difference of risks between an arm and ``A0`` with its limits, in shares."""
    stats = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
    place = {"analysis_id": "harms", "outcome": "", "term": term, "arm": f"{arm} - A0"}
    return [
        result(stat, number, method="risk_difference", **place)
        for stat, number in zip(stats, numbers, strict=True)
    ]
