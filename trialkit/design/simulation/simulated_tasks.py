"""What is simulated of a plan: each analysis and outcome, in each scenario, with each mechanism of leaving."""

from collections.abc import Sequence
from dataclasses import dataclass

from trialkit.design.simulation.assumptions import Assumptions, Scenario
from trialkit.design.simulation.characteristics import NotSimulated
from trialkit.design.simulation.courses import SimulatedCourse, course_of
from trialkit.design.simulation.kernels import PlannedKernel, refusal
from trialkit.design.simulation.left_courses import left_course, mechanism_refusal
from trialkit.design.simulation.mechanisms import DropoutMechanism
from trialkit.design.simulation.truths import cells_of_arms, true_contrasts
from trialkit.errors import DesignError
from trialkit.planned.methods.factorial_kernel import simulated_contrasts
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """One analysis of one outcome in one scenario."""

    analysis: Analysis
    outcome: Outcome
    scenario: Scenario
    stream: int
    """Its number: mechanisms of the same analysis and scenario differ in who leaves, and in no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedTask(_Planned):
    """The same with what is assumed of it, and with one mechanism of leaving."""

    course: SimulatedCourse
    kernel: PlannedKernel
    truth: tuple[float, ...]
    mechanism: DropoutMechanism | None = None
    strategy: str = ""


def simulated_tasks(
    protocol: Protocol, schemas: Schemas, assumptions: Assumptions, asked: tuple[str, ...]
) -> tuple[list[SimulatedTask], tuple[NotSimulated, ...]]:
    """What is simulated of the analyses that were asked for, else of the primary ones, and what is not.

    Raises :class:`DesignError` for an id that the plan does not have, and where nothing is left.
    """
    known = [analysis.id for analysis in protocol.plan.analyses]
    if unknown := [each for each in asked if each not in known]:
        raise DesignError(f"no analysis {unknown[0]!r} in the plan; there are {', '.join(known)}")
    chosen = [
        (analysis, protocol.analysed(analysis, code))
        for analysis in protocol.plan.analyses
        if (analysis.id in asked if asked else analysis.role is AnalysisRole.PRIMARY)
        for code in analysis.outcomes
    ]
    refused = [
        NotSimulated(analysis_id=analysis.id, outcome=outcome.code, reason=reason)
        for analysis, outcome in chosen
        if (reason := _refusal(protocol, schemas, analysis, outcome))
    ]
    without = {(each.analysis_id, each.outcome) for each in refused}
    tasks, stream = list[SimulatedTask](), 0
    for analysis, outcome in chosen:
        if (analysis.id, outcome.code) in without:
            continue
        mechanisms, impossible = _possible(protocol, assumptions.mechanisms, analysis, outcome)
        refused += impossible
        for scenario in assumptions.scenarios if mechanisms else ():
            of_scenario = _Planned(
                analysis=analysis, outcome=outcome, scenario=scenario, stream=stream
            )
            tasks += [
                _task(protocol, schemas, assumptions, of_scenario, mechanism)
                for mechanism in mechanisms
            ]
            stream += 1
    if not tasks:
        reasons = "; ".join(f"{each.analysis_id}: {each.reason}" for each in refused)
        raise DesignError(
            f"there is no planned analysis to simulate ({reasons or 'none is primary'})"
        )
    return tasks, tuple(refused)


def _possible(
    protocol: Protocol,
    mechanisms: Sequence[DropoutMechanism],
    analysis: Analysis,
    outcome: Outcome,
) -> tuple[list[DropoutMechanism | None], list[NotSimulated]]:
    """The mechanisms that an analysis can be simulated with, none stated being one; and why not others."""
    if not mechanisms:
        return [None], []
    reasons = {
        each.name: mechanism_refusal(protocol, analysis, outcome, each) for each in mechanisms
    }
    refused = [
        NotSimulated(analysis_id=analysis.id, outcome=outcome.code, reason=reason, mechanism=name)
        for name, reason in reasons.items()
        if reason
    ]
    return [each for each in mechanisms if not reasons[each.name]], refused


def _refusal(protocol: Protocol, schemas: Schemas, analysis: Analysis, outcome: Outcome) -> str:
    if reason := refusal(protocol, analysis, outcome):
        return reason
    reads_baseline = outcome.kind.has_change or analysis.specification.adjusts_for_baseline
    if reads_baseline and protocol.baseline.code not in schemas.form(outcome.form).visits:
        return f"{outcome.form} is not asked at the baseline"
    return ""


def _task(
    protocol: Protocol,
    schemas: Schemas,
    assumptions: Assumptions,
    planned: _Planned,
    mechanism: DropoutMechanism | None,
) -> SimulatedTask:
    analysis, outcome = planned.analysis, planned.outcome
    visits = _visits(protocol, schemas, outcome)
    specification = analysis.specification
    course = course_of(
        protocol,
        outcome,
        assumptions.outcome(outcome.code),
        visits,
        effect=planned.scenario.effect,
        dropout=assumptions.conduct.dropout,
    )
    place = visits.index(outcome.time_point)
    at_end, strategy, event = [means[place] for means in course.means], "", ""
    if mechanism is not None:
        found = left_course(
            course,
            mechanism,
            protocol=protocol,
            analysis=analysis,
            outcome=outcome,
            visits=visits,
            dropout=assumptions.conduct.dropout,
        )
        course, at_end, strategy = found.course, found.means_at(place), found.strategy
        event = found.event.code
    return SimulatedTask(
        analysis=analysis,
        outcome=outcome,
        scenario=planned.scenario,
        stream=planned.stream,
        course=course,
        kernel=PlannedKernel(
            specification=specification,
            place=place,
            covariates=_covariates(specification, outcome, schemas, protocol),
            level=protocol.plan.confidence_level,
            factors=protocol.factors,
            cells=cells_of_arms(protocol),
            event=event,
        ),
        truth=true_contrasts(protocol, specification, outcome, at_end),
        mechanism=mechanism,
        strategy=strategy,
    )


def terms_of(task: SimulatedTask, protocol: Protocol) -> list[str]:
    """How the results name the contrasts of a task."""
    if task.analysis.specification.READS_FACTORS:
        return [each.term for each in simulated_contrasts(protocol.factors)]
    return [f"{arm.code} - {protocol.reference.code}" for arm in protocol.experimental]


def _visits(protocol: Protocol, schemas: Schemas, outcome: Outcome) -> tuple[str, ...]:
    """The visits that an outcome is drawn at; of what is dated, from the baseline to the time point."""
    if outcome.kind.is_of_time:
        return (protocol.baseline.code, outcome.time_point)
    codes = protocol.visit_codes
    asked = schemas.form(outcome.form).visits
    later = codes[codes.index(protocol.baseline.code) :]
    return tuple(code for code in later if code in asked) or (outcome.time_point,)


def _covariates(
    specification: Specification, outcome: Outcome, schemas: Schemas, protocol: Protocol
) -> tuple[tuple[str, int], ...]:
    """The covariates but the baseline, with their number of levels, 0 for a number."""
    found = []
    for name in dict.fromkeys(specification.baseline_items(outcome.kind)):
        form_id, _, item_id = name.partition(".")
        if name == "site":
            found.append((name, len(protocol.sites)))
            continue
        item = schemas.form(form_id).item(item_id)
        found.append((name, len(item.offered)))
    return tuple(each for each in found if each[0] != BASELINE)
