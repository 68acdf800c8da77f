"""The protocol: everything that is said of a trial, frozen."""

from collections.abc import Container
from dataclasses import dataclass, field, replace

from trialkit.protocol.methods.estimands import Estimand
from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.plan import Analysis, Plan
from trialkit.protocol.tables.choices import by_code
from trialkit.protocol.trial.clusters import Clusters
from trialkit.protocol.trial.conduct import (
    Blinded,
    Blinding,
    Harms,
    Interim,
    Randomisation,
    RandomisationType,
    SampleSize,
)
from trialkit.protocol.trial.crossover import Treatment, TreatmentPeriod
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.factors import (
    FactorLevel,
    TrialFactor,
    factorial_contrasts,
    level_term,
)
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.people import Characteristic, Eligibility, PopulationRule, Site
from trialkit.protocol.trial.registered import (
    Accepted,
    Documents,
    Funding,
    NotReported,
    Objectives,
    Registration,
    Trial,
)
from trialkit.protocol.trial.reporting import Reporting
from trialkit.protocol.trial.responsible import Contributor, ProtocolAmendment, Sponsor
from trialkit.protocol.trial.visits import Visit
from trialkit.results.effect import Effect

_NOT_REPORTED = Randomisation(type=RandomisationType.NOT_REPORTED)
_NOBODY_SAYS = Blinding(
    participants=Blinded.NOT_REPORTED,
    providers=Blinded.NOT_REPORTED,
    assessors=Blinded.NOT_REPORTED,
    analysts=Blinded.NOT_REPORTED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A clinical trial, written down once.

    A young one has as much as its steps so far need (:mod:`trialkit.protocol.parts`): the rest is
    empty, or says that it is not reported.
    """

    trial: Trial
    registration: Registration | None = None
    documents: Documents = field(default_factory=Documents)
    sponsor: Sponsor = field(default_factory=Sponsor)
    contributors: tuple[Contributor, ...] = ()
    amendments: tuple[ProtocolAmendment, ...] = ()
    funding: Funding = field(default_factory=Funding)
    objectives: Objectives = field(default_factory=Objectives)
    eligibility: Eligibility = field(default_factory=Eligibility)
    sites: tuple[Site, ...] = ()
    arms: tuple[Arm, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    periods: tuple[TreatmentPeriod, ...] = ()
    clusters: Clusters | None = None
    factors: tuple[TrialFactor, ...] = ()
    """Of a factorial trial, whose arms are the combinations of their levels; none of any other."""
    visits: tuple[Visit, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    populations: tuple[PopulationRule, ...] = ()
    estimands: tuple[Estimand, ...] = ()
    intercurrent_events: tuple[IntercurrentEventAsked, ...] = ()
    """What may happen after randomisation and is recorded; estimands name them by their codes."""
    plan: Plan = field(default_factory=Plan)
    characteristics: tuple[Characteristic, ...] = ()
    sample_size: SampleSize | None = None
    interim: Interim | None = None
    randomisation: Randomisation = _NOT_REPORTED
    blinding: Blinding = _NOBODY_SAYS
    harms: Harms = field(default_factory=Harms)
    data: DataFormat = field(default_factory=DataFormat)
    not_reported: tuple[NotReported, ...] = ()
    source_sha256: str
    report: Reporting = field(default_factory=Reporting)
    accepted: tuple[Accepted, ...] = ()
    written: "Protocol | None" = None
    """Of a pooled protocol, the one that it was made from; see :mod:`trialkit.protocol.pooled`."""

    @property
    def is_pooled(self) -> bool:
        """Whether its one arm is all participants, so that nobody sees the arms that there are."""
        return self.written is not None

    @property
    def as_written(self) -> "Protocol":
        """The protocol with its own arms, to describe the trial and count nothing."""
        return self if self.written is None else self.written

    @property
    def is_crossover(self) -> bool:
        """Whether its arms are sequences of treatments, which participants get one after the other."""
        return bool(self.periods)

    @property
    def reference(self) -> Arm:
        """The arm that the others are compared with; of sequences, which are not compared, the first."""
        return next((arm for arm in self.arms if arm.reference), self.arms[0])

    @property
    def experimental(self) -> tuple[Arm, ...]:
        """The arms that are not the reference, in the order of the protocol."""
        reference = self.reference
        return tuple(arm for arm in self.arms if arm is not reference)

    @property
    def arm_codes(self) -> tuple[str, ...]:
        """The arms' codes, the reference first, then the order of the protocol."""
        return (self.reference.code, *(arm.code for arm in self.experimental))

    @property
    def visit_codes(self) -> tuple[str, ...]:
        """The visits' codes in the order of time."""
        return tuple(visit.code for visit in self.visits)

    @property
    def baseline(self) -> Visit:
        """The visit that changes are counted from."""
        return next(visit for visit in self.visits if visit.baseline)

    @property
    def primary(self) -> Outcome:
        """The first primary outcome."""
        return next(each for each in self.outcomes if each.role is OutcomeRole.PRIMARY)

    def arm(self, code: str) -> Arm:
        """The arm with this code."""
        return by_code(self.arms, code, what="arm")

    def visit(self, code: str) -> Visit:
        """The visit with this code."""
        return by_code(self.visits, code, what="visit")

    def outcome(self, code: str) -> Outcome:
        """The outcome with this code."""
        return by_code(self.outcomes, code, what="outcome")

    def analysed(self, analysis: Analysis, code: str) -> Outcome:
        """An outcome as an analysis has it: at the analysis' own time point, where it names one."""
        outcome = self.outcome(code)
        at = analysis.time_point
        return replace(outcome, time_point=at) if at and at != outcome.time_point else outcome

    def estimand(self, code: str) -> Estimand:
        """The estimand with this code."""
        return by_code(self.estimands, code, what="estimand")

    def intercurrent_event(self, code: str) -> IntercurrentEventAsked | None:
        """The intercurrent event with this code; None where the text is no code of any."""
        return next((each for each in self.intercurrent_events if each.code == code), None)

    def population(self, code: str) -> PopulationRule:
        """The population with this code."""
        return by_code(self.populations, code, what="population")

    def measured(self, outcome: Outcome, asked: Container[str] | None = None) -> MeasuredOutcome:
        """An outcome as methods see it, ``asked`` at these visits; without them at all."""
        from_baseline_on = self.visit_codes[self.visit_codes.index(self.baseline.code) :]
        return MeasuredOutcome(
            kind=outcome.kind,
            baseline=self.baseline.code,
            time_point=outcome.time_point,
            asked=tuple(code for code in from_baseline_on if asked is None or code in asked),
            periods=tuple((each.baseline, each.time_point) for each in self.periods),
        )

    def effect(self, analysis_id: str, outcome: Outcome) -> Effect | None:
        """What an analysis of the plan says of the arms in this outcome; None where nothing."""
        analysis = self.plan.analysis(analysis_id)
        if analysis is None:
            return None
        return self.named_effect(
            analysis.specification.effect(outcome.type, len(self.treatments or self.arms))
        )

    @property
    def allocates_clusters(self) -> bool:
        """Whether clusters were randomised, with everybody in them."""
        return self.clusters is not None and self.clusters.randomised

    def named_effect(self, effect: Effect | None) -> Effect | None:
        """An effect of factors with the names that this trial gives it; any other as it is."""
        if effect is None or not effect.of_factors:
            return effect
        terms = (
            each.term
            for each in factorial_contrasts(self.factors)
            if each.effect is FactorialEffect.MARGIN
        )
        return replace(effect, named=tuple(terms))

    def arms_at(self, term: str) -> frozenset[str]:
        """The arms at the level that a term of the results names; none where it names no level."""
        return frozenset(
            arm.code
            for arm in self.arms
            for factor, level in zip(self.factors, self.cell(arm), strict=True)
            if level_term(factor, level) == term
        )

    def cell(self, arm: Arm) -> tuple[FactorLevel, ...]:
        """The level of each factor that an arm has, in the order of the factors."""
        return tuple(each.level(arm.level_of(each.code)) for each in self.factors)
