"""The listing as a page for reading: nouns that hold nothing but words, and what makes them.

It is given frames and names, and knows nothing of how findings are found or kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from trialkit.pages.progress_figures import draw_attendance, draw_recruitment, has_dates
from trialkit.report.numbers.numbers import count, day

LISTED = 10_000
"""Findings that the page lists at most; it counts all of them."""
SUBJECTS = 500
"""Subjects that the completeness matrix shows at most."""
NAMED = 12
_SEVERITIES = ("hard", "soft", "note")
_FACTS = ["rows", "hard", "soft", "missing", "late"]
_OPEN, _ANSWERED, _CLOSED = "open", "answered", "closed"


class ExpectedOf(StrEnum):
    """Of whom a form is expected at a visit."""

    EVERYONE = "everyone"
    RANDOMISED = "randomised"
    NOBODY = "nobody"
    """It is filled in as needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A form at a visit, or a form without visits."""

    form: str
    title: str
    visit: str
    expected: ExpectedOf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListingInputs:
    """What the page is made from."""

    trial: str
    title: str
    synthetic: str
    data_cut: date | None
    findings: pd.DataFrame
    """The listing, what is to be done first at the top: the columns of ``findings.csv``."""
    columns: tuple[Column, ...]
    sites: Mapping[str, str]
    """Labels by code."""
    people: pd.DataFrame
    """``subject_id, is_randomised, screened, randomised``."""
    cells: pd.DataFrame
    """``subject_id, form, visit, rows, hard, soft, missing, late``."""
    sessions: pd.DataFrame
    """``date, attended``."""
    planned: int | None
    """How many are to be randomised."""


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
class ListingPage:
    """The whole page."""

    title: str
    synthetic: str
    identity: tuple[str, ...]
    totals: tuple[CountRow, ...]
    """Findings by severity: all, open, answered, settled."""
    by_site: tuple[CountRow, ...]
    """Findings by site, as in the totals, severity by severity."""
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


def compose_listing(inputs: ListingInputs) -> ListingPage:
    """The page, composed: everything that it says, in words."""
    findings = inputs.findings
    listed = findings.head(LISTED)
    subjects = _subjects(listed, inputs)
    anchors = {part.subject: part.anchor for part in subjects}
    states = _states(inputs)
    limit = ""
    if len(findings) > LISTED:
        limit = (
            f"{count(LISTED)} of {count(len(findings))} findings are listed by participant, the hard "
            "ones first. All counts, and findings.csv, hold all of them."
        )
    heads, note = _heads(inputs.columns), _matrix_note(inputs)
    return ListingPage(
        title=f"Findings: {inputs.title}",
        synthetic=inputs.synthetic,
        identity=(f"Trial {inputs.trial}", f"Data cut {day(inputs.data_cut)}"),
        totals=tuple(_totals(findings)),
        by_site=tuple(_by_site(findings, inputs.sites)),
        drawings=tuple(_drawings(inputs)),
        states=STATES,
        heads=heads,
        visits=tuple(column.visit for column in inputs.columns),
        matrix=tuple(_matrix(inputs, states, anchors)),
        matrix_note=note,
        by_column=tuple(_by_column(inputs, states)),
        forms=tuple(_forms(findings, inputs.columns)),
        subjects=subjects,
        limit_note=limit,
    )


def _totals(findings: pd.DataFrame) -> list[CountRow]:
    rows = []
    for severity in _SEVERITIES:
        own = findings[findings["severity"] == severity]
        states = own["query_state"]
        counts = (len(own), *(int((states == each).sum()) for each in (_OPEN, _ANSWERED, _CLOSED)))
        rows.append(CountRow(name=severity, counts=tuple(count(each) for each in counts)))
    return rows


def _by_site(findings: pd.DataFrame, sites: Mapping[str, str]) -> list[CountRow]:
    """Each site's findings: hard, soft, note, and how its queries stand."""
    others = sorted(set(findings["site"]) - set(sites)) if sites else ()
    rows = []
    for code in [*sites, *others]:
        own = findings[findings["site"] == code]
        severities = (int((own["severity"] == each).sum()) for each in _SEVERITIES)
        states = (int((own["query_state"] == each).sum()) for each in (_OPEN, _ANSWERED, _CLOSED))
        name = f"{code} {sites.get(code, '')}".strip() or "No site"
        rows.append(CountRow(name=name, counts=tuple(map(count, (*severities, *states)))))
    return rows


def _drawings(inputs: ListingInputs) -> list[Drawing]:
    drawings = []
    people, sessions = inputs.people, inputs.sessions
    if has_dates((people["screened"], people["randomised"])):
        drawings.append(
            Drawing(
                svg=draw_recruitment(people, planned=inputs.planned, synthetic=inputs.synthetic),
                anchor="recruitment-over-time",
                title="Recruitment over time",
                caption=f"{_undated(people)}All arms together.",
            )
        )
    if len(sessions):
        drawings.append(
            Drawing(
                svg=draw_attendance(sessions, synthetic=inputs.synthetic),
                anchor="attendance-over-time",
                title="Attendance over time",
                caption="Every dated row of the session log, all arms together.",
            )
        )
    return drawings


def _undated(people: pd.DataFrame) -> str:
    screened = int(people["screened"].isna().sum())
    randomised = int((people["is_randomised"] & people["randomised"].isna()).sum())
    if not screened and not randomised:
        return ""
    return (
        f"Without a usable date, and not drawn: {count(screened)} screened, "
        f"{count(randomised)} randomised. "
    )


def _states(inputs: ListingInputs) -> pd.DataFrame:
    """One row a subject, one column a form at a visit, holding the number of a state."""
    people = inputs.people.drop_duplicates("subject_id").set_index("subject_id")
    table = {}
    for column in inputs.columns:
        own = inputs.cells[
            (inputs.cells["form"] == column.form) & (inputs.cells["visit"] == column.visit)
        ]
        facts = own.set_index("subject_id")[_FACTS].reindex(people.index).fillna(0)
        expected = people["is_randomised"] | (column.expected is ExpectedOf.EVERYONE)
        state = pd.Series(_ALL.index(NOT_EXPECTED), index=people.index)
        if column.expected is not ExpectedOf.NOBODY:
            state = state.mask(expected, _ALL.index(NOT_DUE))
        there = facts["rows"] > 0
        facts_first_to_last = (
            (facts["late"] > 0, LATE),
            (there, COMPLETE),
            (there & (facts["soft"] > 0), SOFT),
            (facts["hard"] > 0, HARD),
            ((facts["missing"] > 0) & ~there, MISSING),
        )
        for holds, meant in facts_first_to_last:
            state = state.mask(holds, _ALL.index(meant))
        table[column.form, column.visit] = state
    return pd.DataFrame(table, index=people.index)


_ALL = (*STATES, NOT_EXPECTED)


def _heads(columns: Sequence[Column]) -> tuple[FormHead, ...]:
    spans: dict[str, int] = {}
    titles = {column.form: column.title for column in columns}
    for column in columns:
        spans[column.form] = spans.get(column.form, 0) + 1
    return tuple(FormHead(title=titles[form], span=span) for form, span in spans.items())


def _matrix(
    inputs: ListingInputs, states: pd.DataFrame, anchors: Mapping[str, str]
) -> list[MatrixRow]:
    shown = _shown_subjects(states)
    rows_of = inputs.cells.set_index(["subject_id", "form", "visit"])["rows"].to_dict()
    return [
        MatrixRow(
            subject=str(subject),
            anchor=anchors.get(str(subject), ""),
            cells=tuple(
                MatrixCell(
                    state=_ALL[number],
                    rows=count(many) if (many := rows_of.get((subject, *place), 0)) > 1 else "",
                )
                for place, number in zip(states.columns, numbers, strict=True)
            ),
        )
        for subject, *numbers in states.loc[shown].itertuples(name=None)
    ]


def _shown_subjects(states: pd.DataFrame) -> pd.Series:
    """Whom the matrix shows: everybody, or those with most to do, in the order of the trial."""
    to_do = states.isin([_ALL.index(each) for each in (HARD, SOFT, MISSING)]).sum(axis="columns")
    first = to_do.sort_values(ascending=False, kind="stable").index[:SUBJECTS]
    return pd.Series(states.index.isin(first), index=states.index)


def _matrix_note(inputs: ListingInputs) -> str:
    people = inputs.people["subject_id"].nunique()
    if people <= SUBJECTS:
        return ""
    return (
        f"The {count(SUBJECTS)} of {count(people)} participants with most to do are shown; the table "
        "below counts all of them."
    )


def _by_column(inputs: ListingInputs, states: pd.DataFrame) -> list[CountRow]:
    rows = []
    for column in inputs.columns:
        own = states[column.form, column.visit]
        counts = (int((own == number).sum()) for number, _ in enumerate(STATES))
        name = f"{column.title}, {column.visit}" if column.visit else column.title
        rows.append(CountRow(name=name, counts=tuple(map(count, counts))))
    return rows


def _forms(findings: pd.DataFrame, columns: Sequence[Column]) -> list[FormPart]:
    """The findings of each form by rule, the hard ones first."""
    titles = {column.form: column.title for column in columns}
    parts = []
    for number, (form, title) in enumerate(titles.items(), start=1):
        own = findings[findings["form"] == form]
        if own.empty:
            continue
        place = ["severity", "label", "rule_id"]
        rules = [
            RuleRow(
                severity=str(severity),
                item=str(label),
                rule=str(rule),
                findings=count(len(these)),
                open=count(int(these["query_state"].isin([_OPEN, _ANSWERED]).sum())),
                subjects=_named(these["subject_id"]),
            )
            for (severity, label, rule), these in own.groupby(place, sort=False)
        ]
        parts.append(FormPart(title=title, anchor=f"form-{number}", rules=tuple(rules)))
    return parts


def _named(subjects: pd.Series) -> str:
    """The subjects, each once; of many the first."""
    names = [name or "(nobody)" for name in dict.fromkeys(subjects.astype("str"))]
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {count(more)} more" if more > 0 else "")


def _subjects(listed: pd.DataFrame, inputs: ListingInputs) -> tuple[SubjectPart, ...]:
    """Each subject's findings, the subjects in the order of the trial."""
    order = {name: number for number, name in enumerate(inputs.people["subject_id"])}
    titles = {column.form: column.title for column in inputs.columns}
    found: dict[str, list[ListedFinding]] = {}
    sites: dict[str, str] = {}
    columns = (listed[name].astype("str") for name in ("subject_id", "site", *_IN_A_FINDING))
    for subject, site, *values in zip(*columns, strict=True):
        found.setdefault(subject, []).append(_finding(titles, values))
        sites.setdefault(subject, f"{site} {inputs.sites.get(site, '')}".strip())
    names = sorted(found, key=lambda name: (order.get(name, len(order)), name))
    return tuple(
        SubjectPart(
            subject=name or "No participant",
            anchor=f"subject-{number}",
            site=sites[name],
            findings=tuple(found[name]),
        )
        for number, name in enumerate(names, start=1)
    )


_IN_A_FINDING = (
    "severity", "form", "visit", "repeat", "message", "query_state", "answer", "asked_on",
    "reason", "answered_by", "rule_id", "query_key",
)  # fmt: skip


def _finding(titles: Mapping[str, str], values: Sequence[str]) -> ListedFinding:
    """A row of the listing, its columns in the order of ``_IN_A_FINDING``, in words."""
    row = dict(zip(_IN_A_FINDING, values, strict=True))
    number = f"number {row['repeat']}" if row["repeat"] else ""
    place = (titles.get(row["form"], row["form"]), row["visit"], number)
    return ListedFinding(
        severity=row["severity"],
        place=", ".join(filter(None, place)),
        message=row["message"],
        state=_state_words(row),
        is_settled=row["query_state"] == _CLOSED,
        rule=row["rule_id"],
        key=row["query_key"],
    )


def _state_words(row: Mapping[str, str]) -> str:
    """``open since 2025-03-01``, ``answered: corrected by Ana``, ``settled: confirmed by Ana (…)``."""
    state = row["query_state"]
    if state == _OPEN:
        return f"open since {row['asked_on']}" if row["asked_on"] else "open"
    if not state:
        return ""
    by = f" by {row['answered_by']}" if row["answered_by"] else ""
    why = f" ({row['reason']})" if row["reason"] else ""
    return f"{'settled' if state == _CLOSED else 'answered'}: {row['answer']}{by}{why}"
