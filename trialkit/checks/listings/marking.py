"""The listing: every finding, with what became of the query about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.checks.findings.findings import COLUMNS, Findings
from trialkit.checks.queries.queries import Queries, Query, QueryState, days_between
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

    def of_site(self, site: str) -> "Listing":
        """The listing of one site alone."""
        return Listing(frame=self.frame[self.frame["site"] == site])

    @property
    def sites_to_answer(self) -> tuple[str, ...]:
        """The sites that still have to answer, or to correct what they said they would."""
        waiting = self.frame["query_state"].isin([QueryState.OPEN, QueryState.ANSWERED])
        return tuple(sorted(self.frame.loc[waiting, "site"].unique()))

    @property
    def worst_first(self) -> pd.DataFrame:
        """The listing with what is to be done first at the top, else in its own order."""
        severity = _places(self.frame["severity"], [each.value for each in Severity])
        state = _places(self.frame["query_state"], _WORST_STATE_FIRST)
        return self.frame.iloc[np.lexsort((state, severity))]


_WORST_STATE_FIRST = (QueryState.OPEN.value, QueryState.ANSWERED.value, "", QueryState.CLOSED.value)


def _places(texts: pd.Series, order: Sequence[str]) -> np.ndarray:
    return pd.Categorical(texts, categories=list(order)).codes


def listing(findings: Findings, queries: Queries) -> Listing:
    """The findings with the state of their queries."""
    frame = findings.to_frame()
    known = map(queries.by_key.get, frame["query_key"].tolist())
    asked = [query if query is not None and query.found else None for query in known]
    ages = _ages(queries)
    marks: dict[str, Callable[[Query], str]] = {
        "query_state": lambda query: query.state.value,
        "asked_on": lambda query: query.asked_on,
        "age_days": lambda query: ages[query.asked_on],
        "answer": lambda query: query.answer,
        "reason": lambda query: query.reason,
        "answered_by": lambda query: query.answered_by,
    }
    columns = {
        name: pd.Series(
            ["" if query is None else mark(query) for query in asked],
            index=frame.index,
            dtype="str",
        )
        for name, mark in marks.items()
    }
    return Listing(frame=frame.assign(**columns)[list(LISTING_COLUMNS)])


def _ages(queries: Queries) -> dict[str, str]:
    """By the day on which queries were asked, how many days ago that was; empty if unknown."""
    days = {query.asked_on for query in queries.by_key.values()}
    ages = {day: days_between(day, queries.cut) for day in days}
    return {day: "" if age is None else str(age) for day, age in ages.items()}
