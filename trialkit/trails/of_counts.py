"""What a count rests on: rows of events, events after which values are treated, and the course of people."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from trialkit.datasets.events import rows_of, terms_of
from trialkit.datasets.flags import is_yes
from trialkit.datasets.subjects import arm_treated, randomised
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.harms import EventFact
from trialkit.results.lookup import Before
from trialkit.results.period_flow import period_of
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat
from trialkit.schemas.forms.forms import Form, FormKind, Item, Purpose
from trialkit.trails.trail import Trail
from trialkit.trails.way_back import NOBODY_HAS_A_ROW, NOTHING_ENTERED, WayBack

_COURSE = (
    Purpose.SCREENING_DATE, Purpose.CONSENT_DATE, Purpose.ELIGIBLE, Purpose.NOT_ENROLLED_REASON,
    Purpose.RANDOMISATION_DATE, Purpose.ARM, Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON,
    Purpose.DISCONTINUED, Purpose.DISCONTINUATION_REASON, Purpose.COMPLETED, Purpose.END_DATE,
    Purpose.END_REASON,
)  # fmt: skip
"""What the flow and the populations are counted from."""
_FLAGGED = {
    EventFact.SERIOUS.term: Purpose.EVENT_SERIOUS,
    EventFact.RELATED.term: Purpose.EVENT_RELATED,
    EventFact.LED_TO_WITHDRAWAL.term: Purpose.EVENT_LED_TO_WITHDRAWAL,
}
_NAMED = (
    (Before.SERIOUS, Purpose.EVENT_TERM),
    (Before.RARE, Purpose.EVENT_TERM),
)


class FromCounts(WayBack):
    """The way back from a result that counts participants or rows."""

    __slots__ = ()

    def of_events(
        self, kind: FormKind, purposes: Iterable[Purpose], before: Before | None
    ) -> Trail:
        """The rows of a form that has one for each event, session or treatment."""
        form = self.sources.schemas.of_kind(kind)
        items = [] if form is None else _items(form, purposes)
        if form is None or not items:
            return self.ending(without=NOTHING_ENTERED)
        people = randomised(self.datasets.subjects)
        arms = arm_treated(people) if kind is FormKind.ADVERSE_EVENTS else people["arm"]
        everybody = people[["subject_id"]].assign(arm=arms).dropna()
        if kind is FormKind.SESSIONS:
            everybody = self.datasets.attendance[["subject_id", "arm"]]
        everybody = self._of_arms(everybody)
        rows = self._rows_counted(form, before, purposes)
        cells = self._cells.of_items(form, items, [*everybody["subject_id"]], rows=rows)
        return self.ending(
            used=tuple(everybody["subject_id"].astype("str")),
            cells=[cells],
            arms=everybody,
            without="" if len(cells) else NOBODY_HAS_A_ROW,
            is_among=True,
        )

    def _rows_counted(
        self, form: Form, before: Before | None, purposes: Iterable[Purpose]
    ) -> np.ndarray | None:
        """Which rows of a form the term of the origin counts; None for all of them."""
        term = self._term
        index = rows_of(self.sources, form).index
        for lead, purpose in (*_NAMED, *([(before, next(iter(purposes)))] if before else ())):
            if term.startswith(lead):
                words = terms_of(self.sources, form, purpose, index).astype("object")
                own = words == term.removeprefix(lead)
                if lead is Before.SERIOUS:
                    serious = self.sources.column(form, Purpose.EVENT_SERIOUS)
                    own &= False if serious is None else is_yes(serious)
                return own.to_numpy()
        purpose = _FLAGGED.get(term)
        column = None if purpose is None else self.sources.column(form, purpose)
        return None if column is None else is_yes(column).to_numpy()

    def of_intercurrent_events(self) -> Trail:
        """Who had an event, or values after it, and the rows by which that is known."""
        row = self._row
        event = None if row is None else event_of(row, self.protocol)
        if row is None or event is None or not event.recorded_by:
            return self.ending(without=NOTHING_ENTERED)
        happened = self.datasets.intercurrent
        own = happened[happened["event"] == event.code]
        if row.visit and not row.outcome:
            own = own[(own["visit"] == row.visit) & own["maybe_from"].isna()]
        people = self._of_arms(self._members(row.population)[0])
        used = tuple(people.loc[people["subject_id"].isin(own["subject_id"]), "subject_id"])
        return self.ending(
            used=used,
            cells=[self._recorded(event, used)],
            arms=people,
            is_among=True,
        )

    def of_a_population(self) -> Trail:
        """Who is in a population, or why somebody is not, and what was entered of their course."""
        row = self._row
        code, _, reason = self._term.partition(": ")
        population = self.datasets.population(code)
        inside, outside = self._of_arms(population.members), self._of_arms(population.excluded)
        counted = inside
        if reason or (row is not None and row.stat_name is Stat.N_EXCLUDED):
            counted = outside[outside["reason"] == reason] if reason else outside
        used = tuple(counted["subject_id"].astype("str"))
        return self.ending(
            used=used,
            left_out=outside[~outside["subject_id"].isin(used)],
            cells=self._course(used),
            arms=counted,
        )

    def of_the_course(self) -> Trail:
        """What was entered of how each participant came, was treated and left."""
        people = self.datasets.subjects
        if self._row is not None and self._row.arm:
            people = self._of_arms(people)
        who = tuple(people["subject_id"].astype("str"))
        cells = [*self._course(who), *self._of_a_period(who)]
        return self.ending(used=who, cells=cells, arms=people, is_among=True)

    def _of_a_period(self, subjects: tuple[str, ...]) -> list[pd.DataFrame]:
        """The outcomes at the visits of the period that a row of the flow counts, if it counts one."""
        code = period_of(self._term)
        visits = {v for each in self.protocol.periods if each.code == code for v in each.visits}
        entered = [each for each in self.protocol.outcomes if visits and not each.kind.is_of_time]
        return [self._cells.of_outcome(each, subjects, visits) for each in entered]

    def _course(self, subjects: tuple[str, ...]) -> list[pd.DataFrame]:
        found = [self.sources.item_asking(purpose) for purpose in _COURSE]
        return [self._cells.of_items(form, [item], subjects) for form, item in filter(None, found)]


def event_of(row: Result, protocol: Protocol) -> IntercurrentEventAsked | None:
    """The intercurrent event that a row counts; None where it counts none."""
    named = row.term.split(": ")
    return protocol.intercurrent_event(named[1] if row.outcome else named[0])


def _items(form: Form, purposes: Iterable[Purpose]) -> list[Item]:
    return [item for item in map(form.item_for, purposes) if item is not None]
