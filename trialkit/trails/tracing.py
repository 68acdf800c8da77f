"""A result is followed to the cells that it rests on, whatever it states.

A statistic of an analysis rests on the values of everybody who is in that analysis, at the visits that
its method reads, and on the baseline characteristics that it names; a count on the rows that are
counted.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd

from trialkit.datasets.due import without_times_to_come
from trialkit.datasets.events import rows_of, terms_of
from trialkit.datasets.flags import is_yes
from trialkit.datasets.inclusion import visits_of
from trialkit.datasets.measurements import NOT_ASKED, NOT_EXPECTED, STILL_TO_COME
from trialkit.datasets.model import Datasets
from trialkit.datasets.periods import period_values
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import arm_treated, randomised
from trialkit.errors import AnalysisError
from trialkit.planned.task.task import Task, task_of
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.harms import EventFact
from trialkit.results.lookup import IN_LEVEL, Before, Shelf, Term
from trialkit.results.period_flow import period_of
from trialkit.results.results import Result, Results
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat
from trialkit.schemas.forms.forms import Form, FormKind, Item, Purpose
from trialkit.trails.cells import EnteredCells, no_cells
from trialkit.trails.periods import cells_by_period, parted
from trialkit.trails.trail import Trail, no_periods

DEVIATIONS_HAVE_NONE = "a deviation is shown by several forms together; 'trialkit deviations' lists each with what shows it"
OF_OTHER_RESULTS = "it is made from other results, each of which has a trail of its own"
NOBODY_HAS_A_ROW = "the form is there, and nobody whom the result is of has such a row"
NOTHING_ENTERED = "no form of the trial holds what it is made from"
_COURSE = (
    Purpose.SCREENING_DATE, Purpose.CONSENT_DATE, Purpose.ELIGIBLE, Purpose.NOT_ENROLLED_REASON,
    Purpose.RANDOMISATION_DATE, Purpose.ARM, Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON,
    Purpose.DISCONTINUED, Purpose.DISCONTINUATION_REASON, Purpose.COMPLETED, Purpose.END_DATE,
    Purpose.END_REASON,
)  # fmt: skip
"""What the flow and the populations are counted from."""
_SESSIONS = (Purpose.ATTENDED, Purpose.SESSION_MINUTES)
_FLAGGED = {
    EventFact.SERIOUS.term: Purpose.EVENT_SERIOUS,
    EventFact.RELATED.term: Purpose.EVENT_RELATED,
    EventFact.LED_TO_WITHDRAWAL.term: Purpose.EVENT_LED_TO_WITHDRAWAL,
}
_NAMED = (
    (Before.SERIOUS, Purpose.EVENT_TERM),
    (Before.RARE, Purpose.EVENT_TERM),
)
_EVENTS = (
    Purpose.EVENT_TERM, Purpose.EVENT_CLASS, Purpose.EVENT_START, Purpose.EVENT_SEVERITY, Purpose.EVENT_SERIOUS,
    Purpose.EVENT_RELATED, Purpose.EVENT_LED_TO_WITHDRAWAL,
)  # fmt: skip


def follow(  # noqa: PLR0911 - one a shelf
    name: str, results: Results, *, datasets: Datasets, sources: Sources, protocol: Protocol
) -> Trail:
    """The trail of the result, or of the series of a figure, with this id.

    Raises :class:`AnalysisError` for an id that the results do not have.
    """
    origin = _origin(name, results)
    path = _Path(origin=origin, datasets=datasets, sources=sources, protocol=protocol)
    planned = protocol.plan.analysis(origin.analysis_id)
    if planned is not None:
        return path.of_analysis(planned)
    match origin.analysis_id:
        case Shelf.DESCRIPTIVE:
            return path.of_measurements()
        case Shelf.MISSING:
            return path.of_missing_values()
        case Shelf.BASELINE:
            return path.of_characteristic()
        case Shelf.HARMS:
            return path.of_events(FormKind.ADVERSE_EVENTS, _EVENTS, Before.EVENT)
        case Shelf.CONCOMITANT:
            return path.of_events(FormKind.CONCOMITANT_CARE, (Purpose.TREATMENT_TERM,), Before.CARE)
        case Shelf.ADHERENCE:
            return path.of_events(FormKind.SESSIONS, _SESSIONS, None)
        case Shelf.POPULATIONS:
            return path.of_a_population()
        case Shelf.FLOW:
            return path.of_the_course()
        case Shelf.INTERCURRENT:
            return path.of_intercurrent_events()
        case Shelf.DEVIATIONS:
            return path.ending(without=DEVIATIONS_HAVE_NONE)
        case _:
            return path.ending(without=OF_OTHER_RESULTS)


def _origin(name: str, results: Results) -> Result | Series:
    known: dict[str, Result | Series] = {row.result_id: row for row in results.rows}
    known |= {each.result_id: each for each in results.series}
    if name not in known:
        raise AnalysisError(
            f"no result has the id {name!r}{suggestion(name, [*known])}; the ids stand in "
            "results.csv (result_id), in series.csv, and behind each number of report.html"
        )
    return known[name]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Path:
    """What is needed to go back from one origin."""

    origin: Result | Series
    datasets: Datasets
    sources: Sources
    protocol: Protocol

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

    def _recorded(self, event: IntercurrentEventAsked, subjects: tuple[str, ...]) -> pd.DataFrame:
        form = self.sources.schemas.form(event.form)
        items = [form.item(name) for name in dict.fromkeys((event.asked, *event.where))]
        return self._cells.of_items(form, items, subjects)

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

    def ending(
        self,
        *,
        used: tuple[str, ...] = (),
        left_out: pd.DataFrame | None = None,
        periods_left_out: pd.DataFrame | None = None,
        cells: Iterable[pd.DataFrame] = (),
        arms: pd.DataFrame | None = None,
        without: str = "",
        is_among: bool = False,
    ) -> Trail:
        """The trail, each cell with the arm of its participant, or the treatment of its period."""
        together = pd.concat([no_cells(), *cells], ignore_index=True)
        if "arm" in together:
            together.insert(1, "arm", together.pop("arm").fillna(""))
        elif arms is not None:
            known = arms.drop_duplicates("subject_id").set_index("subject_id")["arm"]
            own = together["subject_id"].map(known.astype("object"))
            together.insert(1, "arm", own.fillna("").astype("str"))
        nobody = pd.DataFrame({name: pd.Series([], dtype="str") for name in _LEFT_OUT})
        return Trail(
            origin=self.origin,
            used=used,
            left_out=nobody if left_out is None else left_out[_LEFT_OUT].reset_index(drop=True),
            periods_left_out=no_periods()
            if periods_left_out is None
            else periods_left_out[_LEFT_OUT],
            cells=together,
            without=without or ("" if len(together) else NOTHING_ENTERED),
            is_among=is_among,
        )

    @property
    def _cells(self) -> EnteredCells:
        return EnteredCells(sources=self.sources)

    @property
    def _row(self) -> Result | None:
        return self.origin if isinstance(self.origin, Result) else None

    @property
    def _term(self) -> str:
        """What the row of the results is about; blank for what a figure draws."""
        return "" if self._row is None else self._row.term

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

    def _members(self, population: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """``subject_id`` and ``arm`` of a population, or of all randomised; and who is outside."""
        if not population:
            people = randomised(self.datasets.subjects)[["subject_id", "arm"]]
            return self._of_arms(people), people.iloc[:0].assign(reason="")
        found = self.datasets.population(population)
        return self._of_arms(found.members), found.excluded

    def _of_arms(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Those of the arms that the origin is of: one, the two of a contrast that reads no other, all."""
        arms = self._arms_read()
        return rows[rows["arm"].isin(arms)] if arms else rows

    def _arms_read(self) -> frozenset[str]:
        """The arms that the origin reads, where it does not read all of them."""
        row = self._row
        codes = (*self.protocol.arm_codes, *(each.code for each in self.protocol.treatments))
        if row is None:
            return frozenset()
        if row.arm in codes:
            return frozenset({row.arm})
        if at_level := self.protocol.arms_at(row.term):
            return at_level
        planned = self.protocol.plan.analysis(row.analysis_id)
        if planned is not None and not planned.specification.compares_pairs:
            return frozenset()
        pairs = {
            f"{one} {sign} {other}": frozenset({one, other})
            for one, other in permutations(codes, 2)
            for sign in ("-", "/")
        }
        contrast = row.term.partition(IN_LEVEL)[0]
        return pairs.get(contrast) or pairs.get(row.arm) or frozenset()

    def _characteristic(self, name: str, subjects: tuple[str, ...]) -> pd.DataFrame:
        own = next(each for each in self.protocol.characteristics if each.name == name)
        form = self.sources.schemas.form(own.form)
        visits = (own.visit or self.protocol.baseline.code,) if form.visits else ()
        return self._cells.of_items(form, [form.item(own.item)], subjects, visits=visits)


def event_of(row: Result, protocol: Protocol) -> IntercurrentEventAsked | None:
    """The intercurrent event that a row counts; None where it counts none."""
    named = row.term.split(": ")
    return protocol.intercurrent_event(named[1] if row.outcome else named[0])


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


_LEFT_OUT = ["subject_id", "arm", "reason"]


def _items(form: Form, purposes: Iterable[Purpose]) -> list[Item]:
    return [item for item in map(form.item_for, purposes) if item is not None]
