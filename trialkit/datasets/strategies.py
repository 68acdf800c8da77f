"""What the strategies of an estimand make of the measurements of who had an intercurrent event.

From the first affected visit on a value is kept (treatment policy), set missing (hypothetical), that
of the event (composite), or the last one before (while on treatment); a principal stratum changes
none. Where an estimand names several events that affect a value, the first of its list decides that
does not keep it. Of values that may lie after the event, since a day is not known, nothing is
guessed: they are set missing. What is still to come, or not to be asked, stays so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from trialkit.datasets.measurements import NOT_EXPECTED
from trialkit.datasets.model import Datasets
from trialkit.decimals.columns import difference
from trialkit.protocol.coded_events import coded_events, recorded_events
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.protocol.trial.composites import composite_value, is_rank_alone
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.intercurrent import Treated

AFTER = "after: "
"""How the reason begins of a value that was set missing since it lies after an event."""
PERHAPS_AFTER = "not known whether after: "
NOTHING_BEFORE = "no value before: "
_REASONS = {
    Treated.SET_MISSING: AFTER,
    Treated.NOT_KNOWN: PERHAPS_AFTER,
    Treated.NOTHING_BEFORE: NOTHING_BEFORE,
}
_AS_OBSERVED = (Treated.KEPT, Treated.NOT_OBSERVED, Treated.RANKED_WORST)
_CHANGES_NOTHING = frozenset({Strategy.TREATMENT_POLICY, Strategy.PRINCIPAL_STRATUM})


def nothing_treated() -> pd.DataFrame:
    """What became of values in an analysis whose estimand names no recorded event."""
    return pd.DataFrame({"subject_id": [], "visit": [], "event": [], "treated": []}, dtype="str")


def named_events(intercurrent: pd.DataFrame, estimand: str, protocol: Protocol) -> pd.DataFrame:
    """The rows of ``intercurrent`` whose event the estimand names by its code, with its ``strategy``."""
    strategies = {each.event: each.strategy for each in coded_events(estimand, protocol)}
    own = intercurrent[intercurrent["event"].isin(list(strategies))].reset_index(drop=True)
    return own.assign(strategy=own["event"].astype("object").map(strategies))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AsAnalysed:
    """The measurements of an outcome as an estimand has them, and what was made of which value."""

    measurements: pd.DataFrame
    treated: pd.DataFrame = field(default_factory=nothing_treated)
    """``subject_id``, ``visit``, ``event``, ``treated`` (a member of :class:`Treated`): one row a value
    after an event, and event that decided."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strategies:
    """The strategies of a trial's estimands, and who had which event; as in Datasets."""

    protocol: Protocol
    intercurrent: pd.DataFrame
    worst: Mapping[str, float]

    @classmethod
    def of(cls, protocol: Protocol, datasets: Datasets) -> "Strategies":
        """Those of these datasets."""
        return cls(
            protocol=protocol, intercurrent=datasets.intercurrent, worst=datasets.worst_values
        )

    def carried_out(self, rows: pd.DataFrame, estimand: str, outcome: Outcome) -> AsAnalysed:
        """The measurements of one outcome, of which those after events are as the estimand says.

        Of a time to an event, and of events in time, the time at risk says what ends it.
        """
        events = recorded_events(estimand, self.protocol)
        if not events or rows.empty or outcome.kind.is_of_time:
            return AsAnalysed(measurements=rows)
        course = _Values.of(rows, self.protocol)
        for event in events:
            course.treat(event, self._who(event), self._value(event, outcome))
        return AsAnalysed(measurements=course.measurements(self.protocol), treated=course.treated())

    def _who(self, event: IntercurrentEvent) -> pd.DataFrame:
        own = self.intercurrent[self.intercurrent["event"] == event.event]
        return own.drop_duplicates("subject_id").set_index("subject_id")

    def _value(self, event: IntercurrentEvent, outcome: Outcome) -> float:
        if event.strategy is not Strategy.COMPOSITE or is_rank_alone(event, outcome):
            return np.nan
        return composite_value(event, outcome, worst=self.worst.get(outcome.code))


@dataclass(slots=True, kw_only=True, eq=False)
class _Values:
    """The values of an outcome while one event after the other decides about them."""

    rows: pd.DataFrame
    rank: np.ndarray
    """The place of each row's visit in the protocol."""
    places: Mapping[str, int]
    value: np.ndarray
    open: np.ndarray
    """Which values no event has decided about, and any may."""
    by: np.ndarray
    """The code of the event that decided; blank where none did."""
    how: np.ndarray

    @classmethod
    def of(cls, rows: pd.DataFrame, protocol: Protocol) -> "_Values":
        """The values before any event."""
        places = {code: place for place, code in enumerate(protocol.visit_codes)}
        waits = rows["value"].isna() & rows["missing_reason"].isin(NOT_EXPECTED)
        return cls(
            rows=rows,
            rank=np.array([places[str(each)] for each in rows["visit"]], dtype=float),
            places=places,
            value=rows["value"].to_numpy(dtype=float).copy(),
            open=~waits.to_numpy(dtype=bool),
            by=np.full(len(rows), "", dtype=object),
            how=np.full(len(rows), "", dtype=object),
        )

    def treat(self, event: IntercurrentEvent, who: pd.DataFrame, value: float) -> None:
        """Decide about the values after one event that no earlier one decided about."""
        surely, maybe = (self._first(who[name]) for name in ("visit", "maybe_from"))
        after = self.open & (self.rank >= surely)
        perhaps = self.open & (self.rank >= maybe) & ~after
        there = ~np.isnan(self.value)
        if event.strategy in _CHANGES_NOTHING:
            own = after & (self.by == "")
            self._say(own & there, event, Treated.KEPT)
            self._say(own & ~there, event, Treated.NOT_OBSERVED)
            return
        self._set(perhaps & there, event, Treated.NOT_KNOWN, np.nan)
        match event.strategy:
            case Strategy.HYPOTHETICAL:
                self._set(after & there, event, Treated.SET_MISSING, np.nan)
            case Strategy.COMPOSITE if np.isnan(value):
                self._say(after, event, Treated.RANKED_WORST)
            case Strategy.COMPOSITE:
                self._set(after, event, Treated.COUNTED_AS, value)
            case Strategy.WHILE_ON_TREATMENT:
                self._carry(after, event, surely, maybe)
        self.open &= ~(after | perhaps)

    def _carry(
        self, after: np.ndarray, event: IntercurrentEvent, surely: np.ndarray, maybe: np.ndarray
    ) -> None:
        """The last value before the event in the place of all after it, where it is known which that is."""
        known = after & np.isinf(maybe)
        before = np.where(self.rank < surely, self.rows["value"].to_numpy(dtype=float), np.nan)
        there = ~np.isnan(before)
        last = (
            pd.DataFrame({"who": self.rows["subject_id"], "rank": self.rank, "value": before})[
                there
            ]
            .sort_values("rank", kind="stable")
            .groupby("who")["value"]
            .last()
        )
        carried = self.rows["subject_id"].map(last).to_numpy(dtype=float)
        self._set(known & ~np.isnan(carried), event, Treated.CARRIED, carried)
        nothing = known & np.isnan(carried) & ~np.isnan(self.value)
        self._set(nothing, event, Treated.NOTHING_BEFORE, np.nan)
        unknown = after & ~np.isinf(maybe) & ~np.isnan(self.value)
        self._set(unknown, event, Treated.NOT_KNOWN, np.nan)

    def _first(self, visits: pd.Series) -> np.ndarray:
        """Of each row the place of its participant's visit; infinite without one."""
        known = visits.dropna().astype("object").map(self.places)
        return self.rows["subject_id"].map(known).fillna(np.inf).to_numpy(dtype=float)

    def _say(self, which: np.ndarray, event: IntercurrentEvent, how: Treated) -> None:
        self.by[which], self.how[which] = event.event, how

    def _set(
        self, which: np.ndarray, event: IntercurrentEvent, how: Treated, value: float | np.ndarray
    ) -> None:
        self.value = np.where(which, value, self.value)
        self._say(which, event, how)

    def measurements(self, protocol: Protocol) -> pd.DataFrame:
        """The rows with the values that were decided, and why there is none."""
        changed = ~np.isin(self.how, ["", *_AS_OBSERVED])
        if not changed.any():
            return self.rows
        labels = {each.code: each.label for each in protocol.intercurrent_events}
        said = [
            _REASONS.get(how, "") + labels[by] if how in _REASONS else None
            for how, by in zip(self.how, self.by, strict=True)
        ]
        kind = self.rows["missing_reason"].dtype
        why = (
            self.rows["missing_reason"]
            .astype("object")
            .mask(changed, pd.Series(said, self.rows.index))
        )
        baseline = self.rows["baseline"].to_numpy(dtype=float)
        change = np.where(changed, difference(self.value, baseline), self.rows["change"])
        return self.rows.assign(
            value=self.value,
            change=change,
            missing_reason=why.astype(kind),
            not_applicable=self.rows["not_applicable"].astype(bool) & ~changed,
        )

    def treated(self) -> pd.DataFrame:
        """What was made of which value."""
        which = self.how != ""
        return pd.DataFrame(
            {
                "subject_id": self.rows["subject_id"][which].astype("str"),
                "visit": self.rows["visit"][which].astype("str"),
                "event": self.by[which].astype(str),
                "treated": self.how[which],
            }
        ).reset_index(drop=True)
