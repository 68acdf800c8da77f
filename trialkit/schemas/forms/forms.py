"""The nouns of data capture: a form, its items, and the rules that its rows must keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.visits import Visit
from trialkit.schemas.forms.expressions import Calculation, Condition
from trialkit.schemas.items.answers import UNLIMITED, ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import ItemKind

MOST_RUNNING = 10
"""How many sessions running a stopping signal may look at."""


class FormKind(StrEnum):
    """What a form is for; the datasets find their sources by it."""

    SCREENING = "screening"
    DEMOGRAPHICS = "demographics"
    RANDOMISATION = "randomisation"
    ASSESSMENT = "assessment"
    SESSIONS = "sessions"
    ADVERSE_EVENTS = "adverse_events"
    SERIOUS_EVENTS = "serious_events"
    CONCOMITANT_CARE = "concomitant_care"
    DEVIATIONS = "deviations"
    END_OF_STUDY = "end_of_study"
    OTHER = "other"


class Expected(StrEnum):
    """For whom a form must exist (at each visit it is tied to)."""

    EVERYONE = "everyone"
    RANDOMISED = "randomised"
    AS_NEEDED = "as_needed"


class Purpose(StrEnum):
    """What an item is used for beyond being stored."""

    SITE = "site"
    SCREENING_DATE = "screening_date"
    CONSENT_DATE = "consent_date"
    ELIGIBLE = "eligible"
    NOT_ENROLLED_REASON = "not_enrolled_reason"
    RANDOMISATION_DATE = "randomisation_date"
    ARM = "arm"
    BLOCK = "block"
    STRATUM = "stratum"
    CLUSTER = "cluster"
    VISIT_DATE = "visit_date"
    SESSION_DATE = "session_date"
    ATTENDED = "attended"
    SESSION_MINUTES = "session_minutes"
    SESSION_SETS = "session_sets"
    SESSION_REPETITIONS = "session_repetitions"
    SESSION_LOAD = "session_load"
    PAIN_BEFORE = "pain_before"
    PAIN_DURING = "pain_during"
    EVENT_TERM = "event_term"
    EVENT_CLASS = "event_class"
    EVENT_START = "event_start"
    EVENT_SEVERITY = "event_severity"
    EVENT_SERIOUS = "event_serious"
    EVENT_RELATED = "event_related"
    EVENT_LED_TO_WITHDRAWAL = "event_led_to_withdrawal"
    EVENT_NUMBER = "event_number"
    EVENT_KNOWN = "event_known"
    EVENT_REPORTED = "event_reported"
    TREATMENT_TERM = "treatment_term"
    DEVIATION_TERM = "deviation_term"
    ARM_RECEIVED = "arm_received"
    NOT_RECEIVED_REASON = "not_received_reason"
    DISCONTINUED = "discontinued"
    DISCONTINUATION_REASON = "discontinuation_reason"
    COMPLETED = "completed"
    END_DATE = "end_date"
    END_REASON = "end_reason"


class Severity(StrEnum):
    """How much a finding weighs: hard stops the analysis, soft asks, a note informs."""

    HARD = "hard"
    SOFT = "soft"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of a form."""

    id: str
    label: str
    type: ItemType
    section: str = ""
    """The heading above the item on the form."""
    note: str = ""
    """What helps whoever fills in the form."""
    unit: str = ""
    choices: tuple[ItemChoice, ...] = ()
    anchors: tuple[str, ...] = ()
    """The words at the ends of a visual analogue scale, or at its ends and its middle."""
    pattern: str = ""
    """A regular expression for the whole of a text that can be right: another is a hard finding."""
    example: str = ""
    """A text that has this form: what people read in the pattern's place."""
    range: Range = UNLIMITED
    """Outside it a value cannot be right: a hard finding."""
    expected_range: Range = UNLIMITED
    """Outside it a value is unusual: a soft finding."""
    required: bool = False
    required_when: str = ""
    """An expression; where it holds the item must be answered."""
    shown_when: str = ""
    """An expression; where it does not hold the item must be empty."""
    missing_codes: tuple[str, ...] | None = None
    """The codes that may stand for its value; None allows every code of the trial."""
    calculation: str = ""
    """The expression that gives the value of a calculated item."""
    sum_of: tuple[str, ...] = ()
    """The items of the form whose sum this one must be."""
    other_side: str = ""
    """The item for the other side of the body: both are measured, or neither."""
    identifier: bool = False
    """Whether it names a person, so that it stays out of listings, datasets and exports."""
    ahead: bool = False
    """Whether its day may lie ahead, as that of the next appointment; else it is in the past."""
    purpose: Purpose | None = None

    def __post_init__(self) -> None:
        if self.range == UNLIMITED:
            object.__setattr__(self, "range", self.kind.default_range)
            object.__setattr__(self, "unit", self.unit or self.kind.default_unit)

    @property
    def kind(self) -> ItemKind:
        """Everything that is true of its type."""
        return self.type.kind

    @property
    def offered(self) -> tuple[ItemChoice, ...]:
        """The answers that are listed for it: its choices, yes and no, or none."""
        return self.kind.offers(self)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the choices."""
        return tuple(choice.code for choice in self.choices)

    def allows(self, missing_code: str) -> bool:
        """Whether this missing code may stand for its value."""
        return self.missing_codes is None or missing_code in self.missing_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A condition that holds for every correct row, as a SQL boolean expression."""

    id: str
    expression: str
    severity: Severity
    message: str
    """Text with ``{item}`` placeholders, filled with what was entered."""
    items: tuple[str, ...]
    """The items the rule is about; a finding is made for the first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingSignal:
    """How much pain may rise in a session, and in how many sessions running it may not."""

    rise: float
    """From the pain before the session to the pain during it, in points of their scale."""
    sessions: int

    def __post_init__(self) -> None:
        if not self.rise > 0:
            raise ProtocolError(f"rise is a number of points above 0, got {self.rise:g}")
        if not 1 <= self.sessions <= MOST_RUNNING:
            raise ProtocolError(f"sessions is from 1 to {MOST_RUNNING}, got {self.sessions}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRow:
    """A row of a form as a form test states it, each cell as a data file would write it."""

    form: str
    visit: str = ""
    repeat: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    """Item and text; items that are not named are blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTest:
    """A row that a form must accept, or must find fault with in the way that is stated."""

    name: str
    row: StatedRow
    others: tuple[StatedRow, ...] = ()
    """Rows of other forms, or of other visits, of the same participant."""
    breaks: tuple[str, ...] = ()
    """The ids of the rules that the row breaks; empty for one that is as it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A case report form: what is asked, of whom, when, and how often."""

    id: str
    title: str
    kind: FormKind
    expected: Expected
    visits: tuple[str, ...]
    repeating: bool
    items: tuple[Item, ...]
    rules: tuple[Rule, ...]
    file: str
    sha256: str
    arms: tuple[str, ...] = ()
    """The arms whose participants it is for; empty for all."""
    one_row_for: tuple[str, ...] = ()
    """Of a form that repeats: the items that tell its rows apart, such as level and side."""
    stopping: StoppingSignal | None = None
    """Of a session log: the rise of pain over sessions that asks whether to go on."""
    tests: tuple[FormTest, ...] = ()
    """Rows by which the form shows that its rules do what they are for."""
    conditions: Mapping[str, Condition] = field(default_factory=dict, compare=False, repr=False)
    """By its text, every condition of the form, compiled: :func:`schemas.reading.conditions.compiled`."""
    calculations: Mapping[str, Calculation] = field(default_factory=dict, compare=False, repr=False)
    """By its text, every calculation of the form, compiled."""

    @property
    def entered(self) -> tuple[str, ...]:
        """The columns that its data file must have: the key and every item that is asked."""
        return (*self.key, *(item.id for item in self.asked))

    @property
    def asked(self) -> tuple[Item, ...]:
        """The items that somebody answers."""
        return tuple(item for item in self.items if item.kind.is_asked)

    @property
    def calculated(self) -> tuple[Item, ...]:
        """The items that follow from others."""
        return tuple(item for item in self.items if not item.kind.is_asked)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row: subject, and visit and repeat where the form has them."""
        visit = ("visit",) if self.visits else ()
        repeat = ("repeat",) if self.repeating else ()
        return ("subject_id", *visit, *repeat)

    def item(self, item_id: str) -> Item:
        """The item with this id."""
        return next(item for item in self.items if item.id == item_id)

    def item_for(self, purpose: Purpose) -> Item | None:
        """The item with this purpose, if the form has one."""
        return next((item for item in self.items if item.purpose is purpose), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """All forms of a trial, how its data files are written, and when its visits are planned."""

    forms: tuple[Form, ...]
    data: DataFormat
    visits: tuple[Visit, ...] = ()

    def form(self, form_id: str) -> Form:
        """The form with this id."""
        return next(form for form in self.forms if form.id == form_id)

    def of_kind(self, kind: FormKind) -> Form | None:
        """The first form of this kind, if the trial has one."""
        return next((form for form in self.forms if form.kind is kind), None)
