"""The listing: every finding, with what became of the query about it."""

from dataclasses import dataclass

import pandas as pd

from trialkit.checks.findings.findings import COLUMNS, Findings
from trialkit.checks.queries.queries import Queries, QueryState
from trialkit.schemas.forms.forms import Severity

MARKS = ("query_state", "asked_on", "age_days", "answer", "reason", "answered_by")
LISTING_COLUMNS = (*COLUMNS, *MARKS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listing:
    """The findings of one validation beside their queries, as they go to people."""

    frame: pd.DataFrame
    """The columns are ``LISTING_COLUMNS``, all text; a note has no query, so its marks are empty."""

    def count(self, severity: Severity, *states: QueryState) -> int:
        """How many findings have this severity, and a query in one of these states."""
        own = self.frame["severity"] == severity.value
        return int((own & self.frame["query_state"].isin([*states])).sum())

    @property
    def sites_to_answer(self) -> tuple[str, ...]:
        """The sites that still have to answer, or to correct what they said they would."""
        waiting = self.frame["query_state"].isin([QueryState.OPEN, QueryState.ANSWERED])
        return tuple(sorted(self.frame.loc[waiting, "site"].unique()))

    @property
    def worst_first(self) -> pd.DataFrame:
        """The listing with what is to be done first at the top, else in its own order."""
        by_severity = {severity.value: rank for rank, severity in enumerate(Severity)}
        by_state = {QueryState.OPEN: 0, QueryState.ANSWERED: 1, QueryState.CLOSED: 3}
        order = pd.DataFrame(
            {
                "state": self.frame["query_state"].map(by_state).fillna(2),
                "severity": self.frame["severity"].map(by_severity),
            }
        )
        return self.frame.loc[order.sort_values(["severity", "state"], kind="stable").index]


def listing(findings: Findings, queries: Queries) -> Listing:
    """The findings with the state of their queries."""
    frame = findings.to_frame()
    marks = [_marks(queries, key) for key in frame["query_key"]]
    columns = {
        name: pd.Series([each[place] for each in marks], index=frame.index, dtype="str")
        for place, name in enumerate(MARKS)
    }
    return Listing(frame=frame.assign(**columns)[list(LISTING_COLUMNS)])


def _marks(queries: Queries, key: str) -> tuple[str, ...]:
    query = queries.by_key.get(key)
    if query is None or not query.found:
        return ("",) * len(MARKS)
    age = query.age(queries.cut)
    return (
        query.state.value,
        query.asked_on,
        "" if age is None else str(age),
        query.answer,
        query.reason,
        query.answered_by,
    )
