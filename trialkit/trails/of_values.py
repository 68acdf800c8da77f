"""What a statistic of values rests on: those of an analysis, of a description, missing ones, a characteristic."""

from collections.abc import Collection, Iterator

import pandas as pd

from trialkit.datasets.due import without_times_to_come
from trialkit.datasets.inclusion import visits_of
from trialkit.datasets.measurements import NOT_ASKED, NOT_EXPECTED, STILL_TO_COME
from trialkit.datasets.periods import period_values
from trialkit.planned.task.task import Task, task_of
from trialkit.protocol.methods.plan import Analysis
from trialkit.results.lookup import IN_LEVEL, Before, Term
from trialkit.results.vocabulary import Stat
from trialkit.schemas.forms.forms import Purpose
from trialkit.trails.periods import cells_by_period, parted
from trialkit.trails.trail import Trail
from trialkit.trails.way_back import NOBODY_HAS_A_ROW, WayBack


class FromValues(WayBack):
    """The way back from a result that is made of values."""

    __slots__ = ()

    def of_analysis(self, analysis: Analysis) -> Trail:
        """Everybody whom the analysis includes, at the visits that it reads.

        Whom another program included is not known here.
        """
        outside = analysis.specification.made_outside
        if outside is not None:
            return self.ending(
                without=f"{outside.program} made it; it was read from {outside.file}"
            )
        task = self._task(analysis)
        rows = self._of_arms(task.included.measurements)
        used = tuple(dict.fromkeys(rows["subject_id"].astype("str")))
        visits = self._visits_read(task)
        entered = (
            [self._cells.of_outcome(task.outcome, used, visits)]
            if task.sequences is None
            else cells_by_period(rows, task.outcome, visits, self.protocol, self._cells)
        )
        items = analysis.specification.baseline_items(task.outcome.kind)
        characteristics = [self._characteristic(item, used) for item in items]
        further = [
            self._cells.of_outcome(self.protocol.outcome(code), used, {task.outcome.time_point})
            for code in analysis.specification.further_outcomes
        ]
        left_out = self._of_arms(task.included.excluded)
        periods = None
        if task.sequences is not None:
            left_out, periods = parted(left_out, used, self.datasets.subjects)
        return self.ending(
            used=used,
            left_out=left_out,
            periods_left_out=periods,
            cells=[
                *entered,
                *further,
                *characteristics,
                *self._clusters(analysis, rows),
                *self._events(task),
            ],
            arms=None if task.sequences is not None else rows,
            is_among=IN_LEVEL in self._term,
        )

    def _events(self, task: Task) -> Iterator[pd.DataFrame]:
        """What records the events after which the estimand made something of a value that is analysed."""
        analysed = self._of_arms(task.included.measurements)["subject_id"]
        for event in self.protocol.intercurrent_events:
            own = task.treated[task.treated["event"] == event.code]
            who = own.loc[own["subject_id"].isin(analysed), "subject_id"]
            if len(who):
                yield self._recorded(event, tuple(dict.fromkeys(who.astype("str"))))

    def _clusters(self, analysis: Analysis, rows: pd.DataFrame) -> list[pd.DataFrame]:
        """Where it was entered to which cluster each of these belongs, of an analysis that reads it."""
        asking = self.sources.item_asking(Purpose.CLUSTER)
        if not analysis.specification.READS_CLUSTERS or asking is None:
            return []
        clusters = self.protocol.clusters
        if clusters is not None and clusters.arms:
            rows = rows[rows["arm"].isin(clusters.arms)]
        form, item = asking
        return [self._cells.of_items(form, [item], tuple(rows["subject_id"].astype("str")))]

    def of_measurements(self) -> Trail:
        """A description of an outcome at a visit, or how many lack it."""
        outcome = self.protocol.outcome(self.origin.outcome)
        row = self._row
        everybody, outside = self._members(row.population if row is not None else "")
        visits = {row.visit} if row is not None else {*self.protocol.visit_codes}
        if row is not None and row.arm in {each.code for each in self.protocol.treatments}:
            return self._of_treatment(row.arm, row.visit, row.population)
        own = self._planned_values(everybody, visits)
        column = "change" if self._term == Term.CHANGE else "value"
        there = own[column].notna()
        reasons = own["missing_reason"].astype("object").fillna("no value at baseline")
        lacking = own.assign(reason=reasons)[~there][["subject_id", "arm", "reason"]]
        used = tuple(dict.fromkeys(own.loc[there, "subject_id"].astype("str")))
        at = visits | ({self.protocol.baseline.code} if column == "change" else set())
        return self.ending(
            used=used,
            left_out=pd.concat([self._of_arms(outside), lacking], ignore_index=True),
            cells=[self._cells.of_outcome(outcome, used, at)],
            arms=everybody,
        )

    def _of_treatment(self, treatment: str, visit: str, population: str) -> Trail:
        """A description of an outcome under a treatment of a crossover trial, whatever the period."""
        outcome, protocol = self.protocol.outcome(self.origin.outcome), self.protocol
        people = self.datasets.population(population)
        known = self.datasets.measurements
        own = period_values(_of(people.members, known[known["outcome"] == outcome.code]), protocol)
        own = own[own["arm"] == treatment]
        at_start = visit == protocol.baseline.code
        column = "baseline" if at_start else "change" if self._term == Term.CHANGE else "value"
        there = own[column].notna()
        starts = {each.code: each.baseline for each in protocol.periods}
        visits = {
            *(own["period"].astype("object").map(starts) if column != "value" else ()),
            *(() if at_start else own["visit"]),
        }
        reasons = (
            own["missing_reason"].astype("object").fillna("no value at the start of the period")
        )
        used = tuple(dict.fromkeys(own.loc[there, "subject_id"].astype("str")))
        left_out, periods = parted(own.assign(reason=reasons)[~there], used, self.datasets.subjects)
        return self.ending(
            used=used,
            left_out=left_out,
            periods_left_out=periods,
            cells=cells_by_period(own[there], outcome, visits, protocol, self._cells),
        )

    def of_missing_values(self) -> Trail:
        """How many values were expected at a visit, or lack: of those the participants who lack it."""
        row, outcome = self._row, self.protocol.outcome(self.origin.outcome)
        everybody, _ = self._members("")
        visits = set() if row is None else {row.visit}
        known = self.datasets.measurements
        expected = without_times_to_come(known, self.protocol, self.datasets.at_risk)
        own = self._planned_values(everybody, visits, of=expected)
        if row is not None:
            own = own[_counted_as(row.stat_name, own)]
        if self._term.startswith(Before.REASON):
            own = own[own["missing_reason"] == self._term.removeprefix(Before.REASON)]
        used = tuple(own["subject_id"].astype("str"))
        cells = self._cells.of_outcome(outcome, used, visits)
        return self.ending(
            used=used, cells=[cells], arms=everybody, without="" if len(cells) else NOBODY_HAS_A_ROW
        )

    def of_characteristic(self) -> Trail:
        """A baseline characteristic of those who have it."""
        everybody, _ = self._members("")
        known = self.datasets.characteristics
        own = _of(everybody, known[known["characteristic"] == self.origin.outcome])
        there = own["value"].notna() | own["category"].notna()
        why = pd.Series("no value", index=own.index, dtype="object")
        why = why.mask(own["not_applicable"].astype(bool), "not applicable")
        why = why.mask(own["not_asked"].astype(bool), "not asked")
        used = tuple(own.loc[there, "subject_id"].astype("str"))
        return self.ending(
            used=used,
            left_out=own.assign(reason=why)[~there][["subject_id", "arm", "reason"]],
            cells=[self._characteristic(self.origin.outcome, used)],
            arms=everybody,
        )

    def _planned_values(
        self, people: pd.DataFrame, visits: Collection[str], *, of: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """The outcome of these people at these visits, in the arm that they are counted in."""
        known = self.datasets.measurements if of is None else of
        of_outcome = (known["outcome"] == self.origin.outcome) & known["visit"].isin(visits)
        return _of(people, known[of_outcome])

    def _task(self, analysis: Analysis) -> Task:
        outcome = self.protocol.analysed(analysis, self.origin.outcome)
        return task_of(analysis, outcome, protocol=self.protocol, datasets=self.datasets)

    def _visits_read(self, task: Task) -> frozenset[str]:
        """Where the method must have values, and where one of several will do."""
        specification, outcome = task.analysis.specification, task.outcome
        asked = visits_of(outcome, self.datasets.measurements)
        measured = self.protocol.measured(outcome, asked)
        return frozenset({*specification.visits_read(measured), outcome.time_point})

    def _characteristic(self, name: str, subjects: tuple[str, ...]) -> pd.DataFrame:
        own = next(each for each in self.protocol.characteristics if each.name == name)
        form = self.sources.schemas.form(own.form)
        visits = (own.visit or self.protocol.baseline.code,) if form.visits else ()
        return self._cells.of_items(form, [form.item(own.item)], subjects, visits=visits)


def _of(people: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of these people, each in the arm that they are counted in."""
    return rows.drop(columns="arm").merge(people, on="subject_id", how="inner")


def _counted_as(stat: Stat, measured: pd.DataFrame) -> pd.Series:
    """Which planned values a count of missing values counts: those expected, or why one is not there."""
    lacks, cannot = measured["value"].isna(), measured["not_applicable"].astype(bool)
    reason = measured["missing_reason"]
    match stat:
        case Stat.N_NOT_DUE:
            return lacks & reason.isin(STILL_TO_COME)
        case Stat.N_NOT_ASKED:
            return lacks & (reason == NOT_ASKED)
        case Stat.N_NOT_APPLICABLE:
            return lacks & cannot
    missing = lacks & ~cannot & ~reason.isin(NOT_EXPECTED)
    return missing if stat in {Stat.N_MISSING, Stat.PERCENT} else missing | ~lacks
