"""The planned analyses as kernels: which can be rehearsed, and what each decides."""

from dataclasses import dataclass

import numpy as np

from trialkit.design.simulation.courses import DrawnTrials
from trialkit.errors import DesignError
from trialkit.planned.methods.kernel import Decisions, Kernel, SimulatedTrials
from trialkit.planned.methods.methods import card_of, every_card
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.factors import FactorLevel, TrialFactor
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.people import Grouping, PopulationRule
from trialkit.protocol.trial.protocol import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedKernel:
    """A planned analysis of one outcome, ready to be carried out on simulated values.

    ``place`` is the outcome's time point among the visits, of which the first is the baseline.
    Raises :class:`DesignError` for a method that has no kernel.
    """

    specification: Specification
    place: int
    covariates: tuple[tuple[str, int], ...]
    """Each covariate but the baseline, and how many levels it has; 0 for a number."""
    level: float
    factors: tuple[TrialFactor, ...] = ()
    cells: tuple[tuple[FactorLevel, ...], ...] = ()
    event: str = ""
    """The code of the intercurrent event that leaving is, where a form records it."""

    def __post_init__(self) -> None:
        _kernel(self.specification)

    def decide(self, drawn: DrawnTrials, rng: np.random.Generator) -> Decisions:
        """The analysis of values (R, subjects, visits), NaN where missing."""
        trials = SimulatedTrials(
            values=drawn.values,
            arms=drawn.arms,
            place=self.place,
            covariates=self.covariates,
            level=self.level,
            rng=rng,
            factors=self.factors,
            cells=self.cells,
            gone=drawn.gone,
            event=self.event,
        )
        return _kernel(self.specification).decide(self.specification, trials)


def refusal(protocol: Protocol, analysis: Analysis, outcome: Outcome) -> str:
    """Why the analysis of an outcome cannot be simulated; empty when it can."""
    population = protocol.population(analysis.population)
    try:
        kernel = _kernel(analysis.specification)
    except DesignError as error:
        return str(error)
    if _is_restricted(population):
        return f"population {population.code!r} leaves people out for what they did"
    if analysis.specification.IMPUTES and outcome.kind.summary is not Summary.MEAN:
        return "imputation is simulated of numbers alone"
    if outcome.risk is not None and outcome.risk.competing:
        return "events that compete are not simulated"
    if outcome.time_point == protocol.baseline.code:
        return "its time point is the baseline"
    return kernel.refusal(analysis.specification)


def _kernel(specification: Specification) -> Kernel[Specification]:
    kernel: Kernel[Specification] | None = card_of(specification).kernel
    if kernel is not None and specification.method in kernel.methods:
        return kernel
    known = [method.value for card in every_card() if card.kernel for method in card.kernel.methods]
    raise DesignError(
        f"there is no kernel for {specification.method.value}; there are "
        f"{', '.join(known[:-1])} and {known[-1]}"
    )


def _is_restricted(population: PopulationRule) -> bool:
    return (
        population.received_allocated
        or population.completed
        or population.minimum_attendance_percent is not None
        or population.group_by is not Grouping.ALLOCATED
    )
