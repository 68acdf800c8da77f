"""The listing: every finding and whatever people asked, with what became of the query about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.checks.findings.findings import COLUMNS, Findings
from trialkit.checks.queries.queries import BY_HAND, Queries, Query, QueryState, days_between
from trialkit.schemas.forms.forms import Severity
from trialkit.schemas.reading.judged_part import NOT_JUDGED, NOTHING, Unjudged

MARKS = ("query_state", "asked_on", "age_days", "answer", "reason", "answered_by")
LISTING_COLUMNS = (*COLUMNS, *MARKS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listing:
    """The findings of one validation beside their queries, as they go to people."""

    frame: pd.DataFrame
    """The columns are ``LISTING_COLUMNS``, all text; a note has no query, so its marks are empty. What
    follows from another finding has the marks of that one."""

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
        """The listing with what is to be done first at the top, else in its own order.

        What follows from a finding stays below it.
        """
        of_cause = np.arange(len(self.frame))
        follows = (self.frame["cause"] != "").to_numpy()
        at = pd.Series(of_cause, index=self.frame["query_key"])
        at = at[~at.index.duplicated()].reindex(self.frame["cause"])
        known = follows & at.notna().to_numpy()
        of_cause[known] = at.to_numpy()[known].astype("int64")
        severity = _places(self.frame["severity"], [each.value for each in Severity])[of_cause]
        state = _places(self.frame["query_state"], _WORST_STATE_FIRST)[of_cause]
        return self.frame.iloc[np.lexsort((known, of_cause, state, severity))]

    def asking(self, titles: Mapping[str, str]) -> "Listing":
        """The findings that follow from no other, each with the messages of those that follow.

        ``titles`` are those of the forms.
        """
        below = self.frame[(self.frame["cause"] != "") & (self.frame["severity"] != Severity.NOTE)]
        if below.empty:
            return self
        visit = (", " + below["visit"]).where(below["visit"] != "", "")
        number = (", number " + below["repeat"]).where(below["repeat"] != "", "")
        where = below["form"].map(titles).fillna(below["form"]) + visit + number
        says = self.frame["message"].str.split(": ", n=1).str[-1]
        by_key = pd.Series(says.to_numpy(), index=self.frame["query_key"])
        of_cause = by_key[~by_key.index.duplicated()].reindex(below["cause"]).to_numpy()
        new = ": " + below["message"]
        said = (
            where + new.mask((says[below.index] == of_cause).to_numpy(), " (the same)")
        ).groupby(below["cause"], sort=False)
        few = said.agg(lambda messages: " · ".join(messages.head(_TOLD)))
        more = (said.size() - _TOLD).clip(lower=0)
        rest = (" · and " + more.astype("str") + " more").where(more > 0, "")
        also = " Seen too, perhaps for the same reason: " + few + rest
        alone = self.frame[(self.frame["cause"] == "") | (self.frame["severity"] == Severity.NOTE)]
        told = alone["message"] + alone["query_key"].map(also).fillna("").astype("str")
        return Listing(frame=alone.assign(message=told.astype("str")))


_TOLD = 5
"""How many findings are told with the one that they follow from."""
_WORST_STATE_FIRST = (QueryState.OPEN.value, QueryState.ANSWERED.value, "", QueryState.CLOSED.value)


def _places(texts: pd.Series, order: Sequence[str]) -> np.ndarray:
    return pd.Categorical(texts, categories=list(order)).codes


def listing(
    findings: Findings,
    queries: Queries,
    today: str,
    *,
    asked: Queries | None = None,
    left_out: Unjudged = NOTHING,
) -> Listing:
    """The findings with the state of their queries, which are as old as they are ``today``.

    Queries that are not, or not yet again, among those that were ``asked`` (all of them, unless it is
    stated) have neither a date nor an age. What people asked about what was ``left_out`` is not told.
    """
    before = (queries if asked is None else asked).by_key
    frame = _with_raised(findings.to_frame(), queries, left_out)
    keys = frame["query_key"].mask((frame["cause"] != "") & (frame["severity"] != Severity.NOTE))
    known = map(queries.by_key.get, keys.fillna(frame["cause"]).tolist())
    of_each = [query if query is not None and query.found else None for query in known]
    days = {
        key: query.asked_on
        for key, query in queries.by_key.items()
        if key in before and before[key].asked_on == query.asked_on
    }
    ages = {day: age for day in days.values() if (age := days_between(day, today)) is not None}
    marks: dict[str, Callable[[Query], str]] = {
        "query_state": lambda query: query.state.value,
        "asked_on": lambda query: days.get(query.query_key, ""),
        "age_days": lambda query: str(ages.get(days.get(query.query_key, ""), "")),
        "answer": lambda query: query.answer,
        "reason": lambda query: query.reason,
        "answered_by": lambda query: query.answered_by,
    }
    columns = {
        name: pd.Series(
            ["" if query is None else mark(query) for query in of_each],
            index=frame.index,
            dtype="str",
        )
        for name, mark in marks.items()
    }
    return Listing(frame=frame.assign(**columns)[list(LISTING_COLUMNS)])


def with_left_out(frame: pd.DataFrame, left_out: Unjudged) -> pd.DataFrame:
    """The rows of a listing, and behind them one for each thing that was not judged."""
    if not left_out.each:
        return frame
    said = [
        {
            "form": each.form, "item": each.item, "label": each.label, "rule_id": NOT_JUDGED,
            "severity": Severity.NOTE.value, "message": each.told,
        }
        for each in left_out.each
    ]  # fmt: skip
    rows = pd.DataFrame(said).reindex(columns=frame.columns, fill_value="").astype("str")
    return pd.concat([frame, rows], ignore_index=True)


def _with_raised(frame: pd.DataFrame, queries: Queries, left_out: Unjudged) -> pd.DataFrame:
    """The findings, and behind them what people asked and what is not closed."""
    raised = [
        [getattr(query, name, "") for name in COLUMNS]
        for query in queries.sorted
        if query.rule_id == BY_HAND
        and query.state is not QueryState.CLOSED
        and not left_out.has(form=query.form, item=query.item, rule=BY_HAND)
    ]
    if not raised:
        return frame
    rows = pd.DataFrame(raised, columns=list(COLUMNS), dtype="str")
    return pd.concat([frame, rows], ignore_index=True)
