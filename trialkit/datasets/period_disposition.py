"""How many of each sequence began and completed each period of a crossover trial, and why not more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.datasets.flags import is_no, is_yes
from trialkit.datasets.measurements import NO_FORM
from trialkit.datasets.subjects import received_nothing
from trialkit.protocol.trial.crossover import TreatmentPeriod
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.flow import Unsaid
from trialkit.results.period_flow import PeriodCounts


def count_periods(
    protocol: Protocol, people: pd.DataFrame, measurements: pd.DataFrame
) -> Mapping[str, tuple[PeriodCounts, ...]]:
    """The periods of the randomised ``people`` by sequence, in order; nothing where a trial has none.

    The first period is begun by everybody who was allocated, but who is known to have received
    nothing; a later one by who has a value of any outcome at one of its visits. A period is completed
    by who has such a value at its time point, or began it and completed the study by the
    end-of-study form.
    """
    passages = [*_passages(protocol, people, measurements)]
    return {
        arm: tuple(each.counts((people["arm"] == arm).to_numpy()) for each in passages)
        for arm in (protocol.arm_codes if passages else ())
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Passage:
    """What each participant did in a period: one flag or reason a row of the people."""

    period: str
    came: np.ndarray
    begun: np.ndarray | None
    completed: np.ndarray
    why_not_begun: pd.Series
    why_not_completed: pd.Series

    def counts(self, own: np.ndarray) -> PeriodCounts:
        """The counts of those who are flagged as ``own``."""
        there = self.completed | self.came if self.begun is None else self.begun
        appeared = self.completed if self.begun is None else self.begun
        return PeriodCounts(
            period=self.period,
            begun=None if self.begun is None else int((own & self.begun).sum()),
            not_begun=_reasons(self.why_not_begun[own & self.came & ~there]),
            again=int((own & appeared & ~self.came).sum()),
            completed=int((own & self.completed).sum()),
            not_completed=_reasons(self.why_not_completed[own & there & ~self.completed]),
        )


def _passages(
    protocol: Protocol, people: pd.DataFrame, measurements: pd.DataFrame
) -> Iterator[_Passage]:
    entered = _Entered(protocol=protocol, people=people, measurements=measurements)
    came = np.ones(len(people), dtype=bool)
    for place, period in enumerate(protocol.periods):
        at_end = entered.has_value((period.time_point,))
        why = entered.why_not(period, protocol.periods[place + 1 :])
        begun = at_end | ~received_nothing(people).to_numpy() if place == 0 else None
        others = tuple(visit for visit in period.visits if visit != period.time_point)
        if place > 0 and entered.is_asked(others):
            begun = at_end | entered.has_value(others)
        through = is_yes(people["completed"]).to_numpy()
        completed = at_end | (through if begun is None else through & begun)
        yield _Passage(
            period=period.code,
            came=came,
            begun=begun,
            completed=completed,
            why_not_begun=people["why_not_received"] if place == 0 else why,
            why_not_completed=why,
        )
        came = completed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Entered:
    """What was measured of the people at the visits of a period."""

    protocol: Protocol
    people: pd.DataFrame
    measurements: pd.DataFrame

    def at(self, visits: tuple[str, ...]) -> pd.DataFrame:
        """The rows of outcomes that are entered at these visits, and not derived from days."""
        derived = [each.code for each in self.protocol.outcomes if each.kind.is_of_time]
        rows = self.measurements
        return rows[rows["visit"].isin(visits) & ~rows["outcome"].isin(derived)]

    def is_asked(self, visits: tuple[str, ...]) -> bool:
        """Whether any outcome is asked at one of these visits."""
        return not self.at(visits).empty

    def has_value(self, visits: tuple[str, ...]) -> np.ndarray:
        """Who has a value of any outcome at one of these visits."""
        rows = self.at(visits)
        found: np.ndarray = (
            self.people["subject_id"]
            .isin(rows.loc[rows["value"].notna(), "subject_id"])
            .to_numpy(dtype=bool)
        )
        return found

    def why_not(self, period: TreatmentPeriod, later: tuple[TreatmentPeriod, ...]) -> pd.Series:
        """Why each lacks a value at the end of a period: of the primary outcome where it is asked.

        Who left the study and has nothing of a later period left in this one, whatever the day.
        """
        rows = self.at((period.time_point,)).dropna(subset=["missing_reason"])
        first = (rows["outcome"] != self.protocol.primary.code).sort_values(kind="stable").index
        why = rows.loc[first].drop_duplicates("subject_id").set_index("subject_id")
        reason = self.people["subject_id"].map(why["missing_reason"]).astype("object")
        afterwards = self.has_value(tuple(visit for each in later for visit in each.visits))
        left = is_no(self.people["completed"]) & ~afterwards & (reason == NO_FORM)
        ended = reason.mask(left & self.people["end_reason"].notna(), self.people["end_reason"])
        return ended.mask(ended.isna(), Unsaid.NOT_RECORDED.value)


def _reasons(texts: pd.Series) -> Mapping[str, int]:
    """How many have each reason, the most frequent first, then by its words."""
    known = texts.astype("object").mask(texts.isna(), Unsaid.NOT_RECORDED.value)
    counts = known.astype("str").value_counts()
    ordered = sorted(counts.items(), key=lambda pair: (-int(pair[1]), str(pair[0])))
    return {str(text): int(count) for text, count in ordered}
