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
    """The task of each analysis and outcome.

    Whether an outcome is due at a visit, and who has what is needed, is asked once, not by each
    analysis that waits for it and needs the same.
    """
    everything, exposures = datasets.measurements, datasets.exposures
    outcomes = {outcome.code: outcome for _, outcome in planned}
    of_outcome = {code: everything[everything["outcome"] == code] for code in outcomes}
    at_risk, events = datasets.at_risk, datasets.event_log
    times = {code: at_risk[at_risk["outcome"] == code] for code in outcomes}
    asked = {code: visits_of(each, of_outcome[code]) for code, each in outcomes.items()}
    dues: dict[tuple[str, str], Due] = {}
    included: dict[tuple[Needs, tuple[IntercurrentEvent, ...]], Included] = {}
    strategies = Strategies.of(protocol, datasets)
    analysed: dict[tuple[str, tuple[IntercurrentEvent, ...]], AsAnalysed] = {}
    by_treatment = protocol.is_crossover and not protocol.is_pooled
    for analysis, outcome in planned:
        population = datasets.population(analysis.population)
        rows, visits = of_outcome[outcome.code], asked[outcome.code]
        visit = _last_visit(protocol, visits, analysis, outcome)
        if (outcome.code, visit) not in dues:
            dues[outcome.code, visit] = (
                due_of_times(outcome, protocol, times[outcome.code])
                if outcome.kind.is_of_time
                else due(outcome, visit, rows, datasets.subjects)
            )
        named = coded_events(analysis.estimand, protocol)
        if (outcome.code, named) not in analysed:
            analysed[outcome.code, named] = strategies.carried_out(rows, analysis.estimand, outcome)
        values = analysed[outcome.code, named]
        needs = needs_of(analysis, outcome, protocol, visits)
        if (needs, named) not in included:
            included[needs, named] = include(
                needs,
                population,
                measurements=values.measurements,
                characteristics=datasets.characteristics,
                subjects=datasets.subjects,
                protocol=protocol,
            )
        task = Task(
            protocol=protocol,
            analysis=analysis,
            outcome=outcome,
            population=population,
            included=included[needs, named],
            treated=values.treated,
            due=dues[outcome.code, visit],
            characteristics=datasets.characteristics,
            characteristic_kinds=datasets.characteristic_kinds,
            subjects=datasets.subjects,
            restrictions=datasets.restrictions,
            exposures=exposures[exposures["outcome"] == outcome.code],
            at_risk=times[outcome.code],
            event_log=events[events["outcome"] == outcome.code],
            intercurrent=named_events(datasets.intercurrent, analysis.estimand, protocol),
            further={
                code: _values_at(
                    strategies.carried_out(
                        everything[everything["outcome"] == code],
                        analysis.estimand,
                        protocol.outcome(code),
                    ).measurements,
                    code,
                    outcome.time_point,
                )
                for code in analysis.specification.further_outcomes
            },
        )
        yield _by_treatment(task) if by_treatment else task


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
