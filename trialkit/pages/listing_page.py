"""The page of findings: nouns that hold nothing but words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a form of a subject at a visit stands: a sign, and words for who cannot see it."""

    name: str
    sign: str
    words: str


COMPLETE = State(name="complete", sign="✓", words="there, nothing open")
SOFT = State(name="soft", sign="?", words="there, with a soft finding")
HARD = State(name="hard", sign="!", words="there, with a hard finding")
MISSING = State(name="missing", sign="✗", words="due, and not there")
LATE = State(name="late", sign="»", words="entered with a date after the data cut")
NOT_DUE = State(name="not-due", sign="·", words="nothing there, nothing due")
NOT_EXPECTED = State(name="none", sign="", words="not expected")
STATES = (COMPLETE, SOFT, HARD, MISSING, LATE, NOT_DUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """A form of a subject at a visit."""

    state: State
    rows: str
    """How many rows there are, where there is more than one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A subject's forms."""

    subject: str
    anchor: str
    """Where the subject's findings are listed; empty where there are none."""
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormHead:
    """A form's title over its visits."""

    title: str
    span: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """A line of counts, its name first."""

    name: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFinding:
    """A finding in words."""

    severity: str
    place: str
    message: str
    state: str
    """What became of the query; empty for a note."""
    is_settled: bool
    rule: str
    key: str
    cause: str
    """The key of the finding that it follows from; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPart:
    """What is listed of a subject."""

    subject: str
    anchor: str
    site: str
    findings: tuple[ListedFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule that some rows of a form break."""

    severity: str
    item: str
    rule: str
    findings: str
    open: str
    subjects: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """What was found on a form, by rule."""

    title: str
    anchor: str
    rules: tuple[RuleRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure and its caption."""

    svg: str
    anchor: str
    title: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutRow:
    """Something that was not judged."""

    form: str
    item: str
    rule: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """The whole page."""

    title: str
    synthetic: str
    identity: tuple[str, ...]
    totals: tuple[CountRow, ...]
    """Findings by severity: all, open, answered, settled."""
    by_site: tuple[CountRow, ...]
    """Findings by site, as in the totals, severity by severity."""
    not_judged: tuple[LeftOutRow, ...]
    drawings: tuple[Drawing, ...]
    states: tuple[State, ...]
    heads: tuple[FormHead, ...]
    visits: tuple[str, ...]
    matrix: tuple[MatrixRow, ...]
    matrix_note: str
    by_column: tuple[CountRow, ...]
    """How many subjects are in each state, by form and visit."""
    forms: tuple[FormPart, ...]
    subjects: tuple[SubjectPart, ...]
    limit_note: str
