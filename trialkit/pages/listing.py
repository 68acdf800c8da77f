"""The listing as a page for reading, composed: everything that it says, in words."""

from collections.abc import Mapping, Sequence

import pandas as pd

from trialkit.pages.completeness import (
    counts_by_column,
    form_heads,
    matrix_note,
    matrix_rows,
    states_of,
)
from trialkit.pages.listing_inputs import Column, ListingInputs
from trialkit.pages.listing_page import (
    STATES,
    CountRow,
    Drawing,
    FormPart,
    LeftOutRow,
    ListedFinding,
    ListingPage,
    RuleRow,
    SubjectPart,
)
from trialkit.pages.progress_figures import draw_attendance, draw_recruitment, has_dates
from trialkit.report.numbers.numbers import count, day

NAMED = 12
_SEVERITIES = ("hard", "soft", "note")
_STATES = _OPEN, _ANSWERED, _CLOSED = "open", "answered", "closed"


def compose_listing(inputs: ListingInputs) -> ListingPage:
    """The page, composed: everything that it says, in words."""
    findings = inputs.findings
    subjects = _subjects(inputs.listed, inputs)
    anchors = {part.subject: part.anchor for part in subjects}
    states = states_of(inputs)
    heads, note = form_heads(inputs.columns), matrix_note(inputs)
    return ListingPage(
        title=f"Findings: {inputs.title}",
        synthetic=inputs.synthetic,
        identity=(f"Trial {inputs.trial}", f"Data cut {day(inputs.data_cut)}"),
        totals=tuple(_totals(findings)),
        by_site=tuple(_by_site(findings, inputs.sites)),
        not_judged=tuple(
            LeftOutRow(form=each.title, item=each.label, rule=each.rule, why=each.why.value)
            for each in inputs.not_judged
        ),
        drawings=tuple(_drawings(inputs)),
        states=STATES,
        heads=heads,
        visits=tuple(column.visit for column in inputs.columns),
        matrix=tuple(matrix_rows(inputs, states, anchors)),
        matrix_note=note,
        by_column=tuple(counts_by_column(inputs, states)),
        forms=tuple(_forms(findings, inputs.columns)),
        subjects=subjects,
        limit_note=_limit_note(inputs),
    )


def _limit_note(inputs: ListingInputs) -> str:
    """What is not listed; empty when everything is."""
    if len(inputs.listed) == len(inputs.findings):
        return ""
    return (
        f"{count(len(inputs.listed))} of {count(len(inputs.findings))} findings are listed by "
        f"participant, the hard ones first: at most {count(inputs.of_each)} of a site and severity. "
        "All counts, and findings.csv, hold all of them."
    )


def _totals(findings: pd.DataFrame) -> list[CountRow]:
    there = findings[["severity", "query_state"]].value_counts().to_dict()
    rows = []
    for severity in _SEVERITIES:
        states = {state: there.get((severity, state), 0) for state in ("", *_STATES)}
        counts = (sum(states.values()), *(states[state] for state in _STATES))
        rows.append(CountRow(name=severity, counts=tuple(count(each) for each in counts)))
    return rows


def _by_site(findings: pd.DataFrame, sites: Mapping[str, str]) -> list[CountRow]:
    """Each site's findings: hard, soft, note, and how its queries stand."""
    others = sorted(set(findings["site"]) - set(sites)) if sites else ()
    severities = findings[["site", "severity"]].value_counts().to_dict()
    states = findings[["site", "query_state"]].value_counts().to_dict()
    rows = []
    for code in [*sites, *others]:
        counts = (
            *(severities.get((code, each), 0) for each in _SEVERITIES),
            *(states.get((code, each), 0) for each in _STATES),
        )
        name = f"{code} {sites.get(code, '')}".strip() or "No site"
        rows.append(CountRow(name=name, counts=tuple(map(count, counts))))
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


def _forms(findings: pd.DataFrame, columns: Sequence[Column]) -> list[FormPart]:
    """The findings of each form by rule, the hard ones first."""
    titles = {column.form: column.title for column in columns}
    place = ["severity", "label", "rule_id"]
    by_form = dict(
        iter(findings[["form", *place, "query_state", "subject_id"]].groupby("form", sort=False))
    )
    parts = []
    for number, (form, title) in enumerate(titles.items(), start=1):
        if form not in by_form:
            continue
        rules = [
            RuleRow(
                severity=str(severity),
                item=str(label),
                rule=str(rule),
                findings=count(len(these)),
                open=count(int(these["query_state"].isin([_OPEN, _ANSWERED]).sum())),
                subjects=_named(these["subject_id"]),
            )
            for (severity, label, rule), these in by_form[form].groupby(place, sort=False)
        ]
        parts.append(FormPart(title=title, anchor=f"form-{number}", rules=tuple(rules)))
    return parts


def _named(subjects: pd.Series) -> str:
    """The subjects, each once; of many the first."""
    names = [str(name) or "(nobody)" for name in subjects.unique()]
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
    "reason", "answered_by", "rule_id", "query_key", "cause",
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
        cause=row["cause"],
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
