"""The results of a trial: unrounded statistics, one row each, that everything printed goes back to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter

import pandas as pd

from trialkit.errors import AnalysisError
from trialkit.results.conduct import UNKNOWN, Conduct
from trialkit.results.effect import Interval, Scale, StandardisedBy, Status
from trialkit.results.series import Series
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One statistic with all that is needed to say it honestly."""

    result_id: str
    analysis_id: str
    role: str
    family: str
    outcome: str
    population: str
    estimand: str
    method: str
    visit: str
    term: str
    arm: str
    stat_name: Stat
    stat: float | int | None
    """None only where ``note`` says in words what stands instead of a number."""
    unit: str
    note: str
    scale: Scale | None = None
    """Of an effect, in what it is measured; this and what follows is None of what is no effect."""
    interval_kind: Interval | None = None
    """What the limits hold for; of a p value the kind of limits that it belongs to: one-sided,
    pointwise, or simultaneous by what adjusts it. None of one that no limits belong to."""
    standardised_by: StandardisedBy | None = None
    status: Status | None = None
    """Whether the effect exists; where it does not, ``note`` says why. Also of an analysis that makes
    no effect, where it could not be carried out, and of a count that no form of the trial feeds."""

    def cells(self) -> tuple[str | float | int | None, ...]:
        """The values as a file holds them, in the order of ``COLUMNS``; text but for ``stat``."""
        texts = ["" if value is None else str(value) for value in _VALUES(self)]
        return (*texts[:_STAT], self.stat, *texts[_STAT + 1 :])


COLUMNS = tuple(field.name for field in fields(Result))
_VALUES = attrgetter(*COLUMNS)
_STAT = COLUMNS.index("stat")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Results(Tabular):
    """Every statistic of the plan, in the plan's order."""

    rows: tuple[Result, ...]
    series: tuple[Series, ...] = ()
    """What is drawn and no row states."""
    conduct: Conduct = UNKNOWN
    """What became of the trial that no row counts."""

    def __post_init__(self) -> None:
        names = [row.result_id for row in self.rows] + [each.result_id for each in self.series]
        twice = [name for name, n in Counter(names).items() if n > 1]
        if twice:
            raise AnalysisError(f"two results have the id {twice[0]!r}; ids must be unique")

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        return f"Results of the plan, {len(self.rows)} statistics"

    def to_frame(self) -> pd.DataFrame:
        """The analysis results dataset, one row a statistic."""
        frame = pd.DataFrame([row.cells() for row in self.rows], columns=list(COLUMNS))
        return frame.astype({name: "str" for name in COLUMNS if name != "stat"})

    def find(
        self,
        *,
        analysis_id: str | None = None,
        outcome: str | None = None,
        method: str | None = None,
        visit: str | None = None,
        term: str | None = None,
        arm: str | None = None,
    ) -> "Statistics":
        """The statistics that match everything that is given."""
        wanted = {
            "analysis_id": analysis_id,
            "outcome": outcome,
            "method": method,
            "visit": visit,
            "term": term,
            "arm": arm,
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        return Statistics(
            row
            for row in self.rows
            if all(getattr(row, name) == value for name, value in given.items())
        )


class Statistics:
    """Some rows of the results, looked up by the name of the statistic."""

    def __init__(self, rows: Iterable[Result]) -> None:
        self.rows = tuple(rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, stat_name: Stat) -> bool:
        return any(row.stat_name is stat_name for row in self.rows)

    def row(self, stat_name: Stat) -> Result | None:
        """The one row of this statistic, None when there is none."""
        found = [row for row in self.rows if row.stat_name is stat_name]
        if len(found) > 1:
            raise LookupError(f"{len(found)} rows state {stat_name.value!r}; say more of which")
        return found[0] if found else None

    def value(self, stat_name: Stat) -> float | int | None:
        """The value of this statistic, None when there is none."""
        row = self.row(stat_name)
        return None if row is None else row.stat
