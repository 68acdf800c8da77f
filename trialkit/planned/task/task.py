"""One planned analysis of one outcome, with the measurements it uses."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from trialkit.datasets.due import Due, due, due_of_times
from trialkit.datasets.inclusion import Included, Needs, include, needs_of, visits_of
from trialkit.datasets.model import (
    CharacteristicKind,
    Datasets,
    Population,
    nobody_at_risk,
    nobody_had_any,
    nothing_happened,
)
from trialkit.datasets.strategies import (
    AsAnalysed,
    Strategies,
    named_events,
    nothing_treated,
)
from trialkit.planned.task.periods import included_by_treatment, population_by_treatment
from trialkit.protocol.coded_events import coded_events
from trialkit.protocol.compared import compared
from trialkit.protocol.methods.estimands import IntercurrentEvent
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.external import NOTHING_EXTERNAL, ExternalTable, ExternalTables


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """What an analysis of the plan needs to be carried out for one of its outcomes."""

    protocol: Protocol
    analysis: Analysis
    outcome: Outcome
    population: Population
    included: Included
    due: Due
    characteristics: pd.DataFrame
    characteristic_kinds: Mapping[str, CharacteristicKind]
    subjects: pd.DataFrame
    restrictions: Mapping[str, str]
    """What restricted the randomisation, as far as a form asks for it; as in Datasets."""
    exposures: pd.DataFrame
    """How long each participant was at risk for the outcome; as in Datasets."""
    at_risk: pd.DataFrame = field(default_factory=nobody_at_risk)
    """The times at risk of the outcome; as in Datasets."""
    event_log: pd.DataFrame = field(default_factory=nothing_happened)
    """Its events, where it can happen again; as in Datasets."""
    sequences: Protocol | None = None
    """Of a crossover trial the protocol with its sequences, where ``protocol`` has its treatments."""
    further: Mapping[str, pd.Series] = field(default_factory=dict)
    """Of outcomes that are read beside this one, each participant's value at its time point."""
    intercurrent: pd.DataFrame = field(default_factory=nobody_had_any)
    """The intercurrent events that its estimand names by their codes, each with the ``strategy`` for
    it (a member of :class:`~trialkit.protocol.methods.estimands.Strategy`); else as in Datasets."""
    treated: pd.DataFrame = field(default_factory=nothing_treated)
    """What its estimand made of which value after an event, whoever is in the analysis; as in
    :class:`~trialkit.datasets.strategies.AsAnalysed`."""
    external: ExternalTable | None = None
    """What another program made of the analysis, where the plan asks for that."""

    @property
    def level(self) -> float:
        """The confidence level of the plan."""
        return self.protocol.plan.confidence_level

    @property
    def reference(self) -> str:
        """The code of the reference arm."""
        return self.protocol.reference.code

    @property
    def arms(self) -> tuple[str, ...]:
        """The codes of the arms, reference first."""
        return self.protocol.arm_codes

    def of_arms(self, codes: Collection[str]) -> "Task":
        """The same analysis as if the trial had had these of its arms alone."""
        arms = tuple(each for each in self.protocol.arms if each.code in codes)
        members = _of_arms(self.population.members, codes)
        who = members["subject_id"]
        lacking = self.included.lacking
        return replace(
            self,
            protocol=replace(self.protocol, arms=arms),
            population=replace(self.population, members=members),
            intercurrent=self.intercurrent[self.intercurrent["subject_id"].isin(who)],
            treated=self.treated[self.treated["subject_id"].isin(who)],
            included=replace(
                self.included,
                measurements=_of_arms(self.included.measurements, codes),
                excluded=_of_arms(self.included.excluded, codes),
                lacking=lacking[lacking["subject_id"].isin(who)],
            ),
        )

    def from_baseline_on(self, visits: Collection[str] = ()) -> pd.DataFrame:
        """The measurements from the baseline visit on, its visits the only levels there are.

        Where ``visits`` are named, the baseline and these alone.
        """
        rows = self.included.measurements
        codes = self.protocol.visit_codes
        later = codes[codes.index(self.protocol.baseline.code) :]
        chosen = {codes[len(codes) - len(later)], *visits} if visits else set(codes)
        kept = rows[rows["visit"].isin(chosen.intersection(later))]
        return kept.assign(visit=kept["visit"].cat.remove_unused_categories())

    def at_time_point(self) -> pd.DataFrame:
        """The measurements at the outcome's time point, one row a participant."""
        rows = self.included.measurements
        return rows[rows["visit"] == self.outcome.time_point].reset_index(drop=True)


def _of_arms(rows: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    """The rows of some arms, in which the others are no levels either."""
    kept = rows[rows["arm"].isin(codes)]
    if not isinstance(kept["arm"].dtype, pd.CategoricalDtype):
        return kept
    levels = [each for each in kept["arm"].cat.categories if each in codes]
    return kept.assign(arm=kept["arm"].cat.set_categories(levels))


def response_column(response: Response) -> str:
    """The column of the measurements that holds the value which is compared."""
    return "change" if response is Response.CHANGE else "value"


def tasks(
    protocol: Protocol, datasets: Datasets, external: ExternalTables = NOTHING_EXTERNAL
) -> tuple[Task, ...]:
    """Every analysis of the plan, once for each of its outcomes, in the plan's order."""
    planned = [
        (analysis, protocol.analysed(analysis, code))
        for analysis in protocol.plan.analyses
        for code in analysis.outcomes
    ]
    return tuple(
        replace(task, external=external.get(task.analysis.id))
        for task in _made(planned, protocol, datasets)
    )


def task_of(
    analysis: Analysis, outcome: Outcome, *, protocol: Protocol, datasets: Datasets
) -> Task:
    """One analysis of one of its outcomes, and no other of the plan."""
    return next(_made([(analysis, outcome)], protocol, datasets))


def _made(
    planned: Sequence[tuple[Analysis, Outcome]], protocol: Protocol, datasets: Datasets
) -> Iterator[Task]:
    """The task of each analysis and outcome."""
    shared = _Shared(protocol=protocol, datasets=datasets)
    by_treatment = protocol.is_crossover and not protocol.is_pooled
    for analysis, outcome in planned:
        task = shared.task(analysis, outcome)
        yield _by_treatment(task) if by_treatment else task


Events = tuple[IntercurrentEvent, ...]


@dataclass(slots=True, kw_only=True, eq=False)
class _Shared:
    """What several analyses have in common, made once.

    Whether an outcome is due at a visit, what the strategies of an estimand make of its values, and
    who has what is needed is not asked by each analysis that waits for it and needs the same.
    """

    protocol: Protocol
    datasets: Datasets
    rows: dict[str, pd.DataFrame] = field(default_factory=dict)
    dues: dict[tuple[str, str], Due] = field(default_factory=dict)
    analysed: dict[tuple[str, Events], AsAnalysed] = field(default_factory=dict)
    used: dict[tuple[Needs, Events], Included] = field(default_factory=dict)

    def task(self, analysis: Analysis, outcome: Outcome) -> Task:
        """The task of one analysis and outcome."""
        datasets, protocol = self.datasets, self.protocol
        values = self.values(outcome.code, analysis.estimand)
        exposures, events = datasets.exposures, datasets.event_log
        return Task(
            protocol=protocol,
            analysis=analysis,
            outcome=outcome,
            population=datasets.population(analysis.population),
            included=self.included(analysis, outcome),
            treated=values.treated,
            due=self.due(analysis, outcome),
            characteristics=datasets.characteristics,
            characteristic_kinds=datasets.characteristic_kinds,
            subjects=datasets.subjects,
            restrictions=datasets.restrictions,
            exposures=exposures[exposures["outcome"] == outcome.code],
            at_risk=self.times(outcome),
            event_log=events[events["outcome"] == outcome.code],
            intercurrent=named_events(datasets.intercurrent, analysis.estimand, protocol),
            further={
                code: _values_at(
                    self.values(code, analysis.estimand).measurements, code, outcome.time_point
                )
                for code in analysis.specification.further_outcomes
            },
        )

    def measured(self, code: str) -> pd.DataFrame:
        """The measurements of an outcome, as they were observed."""
        if code not in self.rows:
            everything = self.datasets.measurements
            self.rows[code] = everything[everything["outcome"] == code]
        return self.rows[code]

    def times(self, outcome: Outcome) -> pd.DataFrame:
        """The times at risk of an outcome."""
        at_risk = self.datasets.at_risk
        return at_risk[at_risk["outcome"] == outcome.code]

    def values(self, code: str, estimand: str) -> AsAnalysed:
        """The measurements of an outcome as an estimand has them."""
        key = (code, coded_events(estimand, self.protocol))
        if key not in self.analysed:
            strategies = Strategies.of(self.protocol, self.datasets)
            self.analysed[key] = strategies.carried_out(
                self.measured(code), estimand, self.protocol.outcome(code)
            )
        return self.analysed[key]

    def due(self, analysis: Analysis, outcome: Outcome) -> Due:
        """Whether the outcome is due where the analysis waits for it."""
        rows = self.measured(outcome.code)
        visit = _last_visit(self.protocol, visits_of(outcome, rows), analysis, outcome)
        if (outcome.code, visit) not in self.dues:
            self.dues[outcome.code, visit] = (
                due_of_times(outcome, self.protocol, self.times(outcome))
                if outcome.kind.is_of_time
                else due(outcome, visit, rows, self.datasets.subjects)
            )
        return self.dues[outcome.code, visit]

    def included(self, analysis: Analysis, outcome: Outcome) -> Included:
        """Who of the population has what the analysis needs."""
        asked = visits_of(outcome, self.measured(outcome.code))
        needs = needs_of(analysis, outcome, self.protocol, asked)
        key = (needs, coded_events(analysis.estimand, self.protocol))
        if key not in self.used:
            self.used[key] = include(
                needs,
                self.datasets.population(analysis.population),
                measurements=self.values(outcome.code, analysis.estimand).measurements,
                characteristics=self.datasets.characteristics,
                subjects=self.datasets.subjects,
                protocol=self.protocol,
            )
        return self.used[key]


def _values_at(measurements: pd.DataFrame, code: str, visit: str) -> pd.Series:
    """The values of an outcome at a visit, by participant; NaN where it is missing."""
    own = measurements[(measurements["outcome"] == code) & (measurements["visit"] == visit)]
    values: pd.Series = own.set_index("subject_id")["value"]
    return values


def _by_treatment(task: Task) -> Task:
    """The same analysis of a crossover trial with its treatments in the place of its sequences."""
    protocol = task.protocol
    reads = task.analysis.specification.uses_baseline(protocol.measured(task.outcome))
    return replace(
        task,
        protocol=compared(protocol),
        sequences=protocol,
        population=population_by_treatment(task.population, protocol),
        included=included_by_treatment(
            task.included, protocol, time_point=task.outcome.time_point, reads_baseline=reads
        ),
    )


def _last_visit(
    protocol: Protocol, planned: frozenset[str], analysis: Analysis, outcome: Outcome
) -> str:
    """The last visit that an analysis waits for, of those at which the outcome is asked for."""
    needed = analysis.specification.needed_visits(protocol.measured(outcome, planned))
    return max((*needed, outcome.time_point), key=protocol.visit_codes.index)
