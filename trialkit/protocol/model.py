"""The nouns of a trial: what its protocol says, frozen, and unable to contradict itself in part."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.protocol.design import SampleSizeMethod
from trialkit.protocol.directions import Direction as Direction  # noqa: PLC0414 - handed on
from trialkit.protocol.estimands import Estimand
from trialkit.protocol.kinds import InterventionKind, Reporter, Side
from trialkit.protocol.plan import Plan
from trialkit.protocol.reporting import Reporting
from trialkit.protocol.sample_size import SizeSpecification


class Framework(StrEnum):
    """What the trial sets out to show."""

    SUPERIORITY = "superiority"
    NON_INFERIORITY = "non-inferiority"
    EQUIVALENCE = "equivalence"
    EXPLORATORY = "exploratory"


class OutcomeRole(StrEnum):
    """The place of an outcome in the protocol."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    EXPLORATORY = "exploratory"


class OutcomeType(StrEnum):
    """What kind of value an outcome has."""

    CONTINUOUS = "continuous"
    BINARY = "binary"


class Blinded(StrEnum):
    """Whether somebody was blinded; never a "double-blind" string."""

    YES = "yes"
    NO = "no"
    NOT_REPORTED = "not reported"


class Grouping(StrEnum):
    """By which arm the participants of a population are counted."""

    ALLOCATED = "allocated"
    RECEIVED = "received"


class DateOrder(StrEnum):
    """How dates are written in the data files."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


class RandomisationType(StrEnum):
    """How the sequence was restricted."""

    SIMPLE = "simple"
    PERMUTED_BLOCKS = "permuted blocks"
    STRATIFIED_BLOCKS = "stratified permuted blocks"
    MINIMISATION = "minimisation"
    BIASED_COIN = "biased coin"
    URN = "urn"
    BIG_STICK = "big stick"
    NOT_REPORTED = "not reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the trial is and who answers for it."""

    id: str
    title: str
    short_title: str
    framework: Framework
    synthetic: str = ""
    """Printed wherever data are shown when the data are not real; empty for real data."""
    setting: str = ""
    start: date | None = None
    end: date | None = None
    months_only: bool = False
    """Whether the sources give start and end to the month, so that their days mean nothing."""
    ethics: str = ""
    changes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    guideline: str = "CONSORT 2025"
    """The reporting guideline that the authors chose, with its year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Where and when the trial was registered."""

    registry: str
    id: str
    date: date
    url: str = ""
    primary_outcomes: tuple[str, ...] = ()
    """The outcomes that the record calls primary, by their code, else in the record's words."""
    secondary_outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where participants are seen."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Where protocol, analysis plan and data can be had (CONSORT 3 and 4)."""

    protocol: str = ""
    analysis_plan: str = ""
    data_sharing: str = ""
    version: str = ""
    """The protocol's version with its date, as ``"1.2, 3 March 2025"``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Who paid, and what part they had (CONSORT 5a)."""

    source: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objectives:
    """What the trial asks, of benefits and of harms (CONSORT 7)."""

    benefits: tuple[str, ...] = ()
    harms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Who could take part (CONSORT 12)."""

    inclusion: tuple[str, ...] = ()
    exclusion: tuple[str, ...] = ()
    providers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseProgramme:
    """What an arm that exercises does, in CERT's words."""

    equipment: str = ""
    grouping: str = ""
    supervision: str = ""
    motivation: str = ""
    progression_rule: str = ""
    progression: str = ""
    exercises: tuple[str, ...] = ()
    home_programme: str = ""
    other_components: str = ""
    starting_level: str = ""
    fidelity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """What an arm gets, in TIDieR's words (CONSORT 13)."""

    name: str
    rationale: str = ""
    materials: str = ""
    procedures: str = ""
    provider: str = ""
    delivery: str = ""
    place: str = ""
    sessions: int | None = None
    sessions_per_week: float | None = None
    minutes_per_session: float | None = None
    weeks: float | None = None
    tailoring: str = ""
    adherence: str = ""
    kind: InterventionKind | None = None
    exercise: ExerciseProgramme | None = None

    def __post_init__(self) -> None:
        if self.sessions is not None and self.sessions < 1:
            raise ProtocolError(f"sessions must be 1 or more, got {self.sessions}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A group that participants are allocated to."""

    code: str
    label: str
    reference: bool = False
    ratio: int = 1
    intervention: Intervention | None = None

    def __post_init__(self) -> None:
        if self.ratio < 1:
            raise ProtocolError(f"ratio must be a whole number of 1 or more, got {self.ratio}")


MOST_DAYS = 36_500
"""A hundred years: more is a slip of the hand, and no calendar holds a million of them."""
MOST_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days before and after a target day that still count as the visit."""

    early: int
    late: int

    def __post_init__(self) -> None:
        if self.early < 0 or self.late < 0:
            raise ProtocolError(
                f"a visit window needs two day counts of 0 or more, "
                f"got early={self.early}, late={self.late}"
            )
        if max(self.early, self.late) > MOST_DAYS:
            raise ProtocolError(
                f"a visit window is at most {MOST_DAYS} days wide to either side, "
                f"got early={self.early}, late={self.late}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A planned assessment; days are counted from randomisation, which is day 0."""

    code: str
    label: str
    target_day: int
    window: Window
    baseline: bool = False

    def __post_init__(self) -> None:
        if abs(self.target_day) > MOST_DAYS:
            raise ProtocolError(
                f"target_day must be from -{MOST_DAYS} to {MOST_DAYS}, got {self.target_day}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is measured, and how it becomes one number for each participant (CONSORT 14)."""

    code: str
    label: str
    type: OutcomeType
    role: OutcomeRole
    form: str
    item: str
    time_point: str
    metric: str
    """The analysis metric, such as "change from baseline" or "final value"."""
    aggregation: str
    """How it is summed up over a group, such as "mean" or "proportion"."""
    direction: Direction
    unit: str = ""
    digits: int = 1
    minimal_important_change: float | None = None
    minimal_important_change_source: str = ""
    assumed: str = ""
    """What about the scale is assumed rather than given by the sources."""
    reported_by: Reporter | None = None
    side: Side | None = None
    measure: str = ""
    """What is measured on the side: two outcomes of one measure are the two sides of a body."""
    prespecified: bool = True
    """Whether it was planned before anybody saw data."""

    def __post_init__(self) -> None:
        change = self.minimal_important_change
        if change is not None and change <= 0:
            raise ProtocolError(
                f"minimal_important_change is a size and must be above 0, got {change}"
            )
        _refuse_digits(self.digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationRule:
    """Who is in an analysis population, and in which group (CONSORT 21b)."""

    code: str
    label: str
    definition: str
    group_by: Grouping = Grouping.ALLOCATED
    received_allocated: bool = False
    completed: bool = False
    received_any: bool = False
    minimum_attendance_percent: float | None = None

    def __post_init__(self) -> None:
        percent = self.minimum_attendance_percent
        if percent is not None and not 0 <= percent <= 100:
            raise ProtocolError(f"minimum_attendance_percent must be from 0 to 100, got {percent}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSizeHeading:
    """How many are planned, and by which calculation, whatever that assumes."""

    planned: int
    """The participants to be randomised, dropout included."""
    justification: str = ""
    method: SampleSizeMethod | None = None
    power: float | None = None
    """The power that the planned number is to reach."""
    dropout: float = 0.0
    """The share of the randomised that will not be analysed."""

    def __post_init__(self) -> None:
        if self.planned < 1:
            raise ProtocolError(f"planned must be 1 or more, got {self.planned}")
        if self.power is not None and not 0 < self.power < 1:
            raise ProtocolError(f"power must lie between 0 and 1, got {self.power}")
        if not 0 <= self.dropout < 1:
            raise ProtocolError(f"dropout must be from 0 to below 1, got {self.dropout}")
        if self.method is None and (self.power is not None or self.dropout):
            raise ProtocolError("power and dropout belong to a calculation; name its method")
        if self.method is not None and self.power is None:
            raise ProtocolError(f"method {self.method.value!r} needs the power that is wanted")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSize(SampleSizeHeading):
    """How many, and every assumption behind the number (CONSORT 16a).

    With a method the assumptions stand in ``specification``, and the number can be recomputed.
    """

    specification: SizeSpecification | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Randomisation:
    """How participants came into their arms (CONSORT 17 to 19)."""

    type: RandomisationType
    block_sizes: tuple[int, ...] = ()
    strata: tuple[str, ...] = ()
    sequence: str = ""
    concealment: str = ""
    implementation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blinding:
    """Who did not know the allocation, one by one (CONSORT 20)."""

    participants: Blinded
    providers: Blinded
    assessors: Blinded
    analysts: Blinded
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Harms:
    """How harms were defined and looked for (CONSORT 15)."""

    definition: str = ""
    assessment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """Interim looks and stopping rules (CONSORT 16b); "none planned" must be said."""

    planned: bool
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """A row of the baseline table."""

    form: str
    item: str
    label: str = ""
    visit: str = ""
    digits: int = 1

    def __post_init__(self) -> None:
        _refuse_digits(self.digits)


_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_ANSWERS = frozenset({"yes", "no", "y", "n", "true", "false"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCode:
    """A coded reason for a missing value."""

    code: str
    label: str
    not_applicable: bool = False
    """Whether the value could not exist, so that it leaves the denominator."""

    def __post_init__(self) -> None:
        if not self.code or self.code != self.code.strip():
            raise ProtocolError(
                f"a missing code is a text without white space around it, got {self.code!r}; "
                "a blank cell needs no code"
            )
        if _NUMBER.fullmatch(self.code):
            raise ProtocolError(
                f"a missing code is no number, got {self.code!r}, since a number may be a value; "
                "use letters, such as 'ND'"
            )
        if self.code.casefold() in _ANSWERS:
            raise ProtocolError(f"a missing code is no answer to a question, got {self.code!r}")


DEFAULT_MISSING_CODES = (
    MissingCode(code="ND", label="not done"),
    MissingCode(code="REF", label="refused"),
    MissingCode(code="UNK", label="unknown"),
    MissingCode(code="NASK", label="not asked"),
    MissingCode(code="ASKU", label="asked but unknown"),
    MissingCode(code="MF", label="measurement failed"),
    MissingCode(code="WD", label="withdrawn"),
    MissingCode(code="LTFU", label="lost to follow-up"),
    MissingCode(code="NA", label="not applicable", not_applicable=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFormat:
    """How the data files are written, declared because half the world's Excel differs."""

    delimiter: str = ","
    decimal: str = "."
    dates: DateOrder = DateOrder.YMD
    encoding: str = "utf-8"
    missing_codes: tuple[MissingCode, ...] = ()

    def __post_init__(self) -> None:
        if self.delimiter not in {",", ";", "\t", "|"}:
            raise ProtocolError(
                f"delimiter must be one of ',', ';', tab or '|', got {self.delimiter!r}"
            )
        if self.decimal not in {".", ","}:
            raise ProtocolError(f"decimal must be '.' or ',', got {self.decimal!r}")
        if self.delimiter == self.decimal:
            raise ProtocolError("delimiter and decimal are both ','; use delimiter = ';'")
        self._refuse_codes_that_look_alike()

    def _refuse_codes_that_look_alike(self) -> None:
        """Codes are told apart to the letter, so two that differ in case only would be mixed up."""
        own = [each.code for each in self.missing_codes]
        for code in own:
            if own.count(code) > 1:
                raise ProtocolError(f"missing_codes has {code!r} {own.count(code)} times")
            for other in self.all_missing_codes:
                if other.code != code and other.code.casefold() == code.casefold():
                    raise ProtocolError(
                        f"the missing codes {code!r} and {other.code!r} differ only in case"
                    )

    @property
    def all_missing_codes(self) -> tuple[MissingCode, ...]:
        """The codes of every trial, and this trial's own, which may redefine them."""
        own = {code.code for code in self.missing_codes}
        kept = tuple(code for code in DEFAULT_MISSING_CODES if code.code not in own)
        return kept + self.missing_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReported:
    """A checklist item that the accessible sources leave open, said as such."""

    item: str
    note: str


_RULE = re.compile(r"R[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A finding of the lint that the authors cannot mend, and why they accept it."""

    rule: str
    reason: str

    def __post_init__(self) -> None:
        if not _RULE.fullmatch(self.rule):
            raise ProtocolError(f"rule is the id of a rule of the lint, as R01, got {self.rule!r}")
        if not self.reason.strip():
            raise ProtocolError(f"{self.rule} is accepted without a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A clinical trial, written down once."""

    trial: Trial
    registration: Registration | None
    documents: Documents
    funding: Funding
    objectives: Objectives
    eligibility: Eligibility
    sites: tuple[Site, ...]
    arms: tuple[Arm, ...]
    visits: tuple[Visit, ...]
    outcomes: tuple[Outcome, ...]
    populations: tuple[PopulationRule, ...]
    estimands: tuple[Estimand, ...]
    plan: Plan
    characteristics: tuple[Characteristic, ...]
    sample_size: SampleSize | None
    interim: Interim | None
    randomisation: Randomisation
    blinding: Blinding
    harms: Harms
    data: DataFormat
    not_reported: tuple[NotReported, ...]
    source_sha256: str
    report: Reporting = field(default_factory=Reporting)
    accepted: tuple[Accepted, ...] = ()

    @property
    def reference(self) -> Arm:
        """The arm that the others are compared with."""
        return next(arm for arm in self.arms if arm.reference)

    @property
    def experimental(self) -> tuple[Arm, ...]:
        """The arms that are not the reference, in the order of the protocol."""
        return tuple(arm for arm in self.arms if not arm.reference)

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
        return next(arm for arm in self.arms if arm.code == code)

    def visit(self, code: str) -> Visit:
        """The visit with this code."""
        return next(visit for visit in self.visits if visit.code == code)

    def outcome(self, code: str) -> Outcome:
        """The outcome with this code."""
        return next(outcome for outcome in self.outcomes if outcome.code == code)


def _refuse_digits(digits: int) -> None:
    if not 0 <= digits <= MOST_DIGITS:
        raise ProtocolError(f"digits must be from 0 to {MOST_DIGITS}, got {digits}")
