"""The listing as a workbook that goes to the sites and comes back with their answers.

One sheet a site holds what is still to be answered, with empty columns for the answer, its reason
and its author. What is settled, and notes, which ask nothing, have sheets of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles.alignment import Alignment
from openpyxl.styles.borders import Border, Side
from openpyxl.styles.fills import PatternFill
from openpyxl.styles.fonts import Font
from openpyxl.styles.named_styles import NamedStyle
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from trialkit.checks.listings.excerpt import Excerpt, excerpt
from trialkit.checks.listings.for_sites import for_site
from trialkit.checks.listings.marking import Listing
from trialkit.checks.listings.right_value_cells import RightValueCells, check_right_values
from trialkit.checks.queries.queries import Query, QueryAnswer, QueryState
from trialkit.files.workbook_lists import LISTS, OfferedLists
from trialkit.files.workbook_writing import (
    NO_DAY,
    RowsAsText,
    put_text,
    set_up_printing,
    sheet_name,
    workbook_bytes,
)
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas, Severity
from trialkit.schemas.reading.judged_part import NOTHING, Unjudged

NO_SITE = "no site"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column of a sheet of findings."""

    head: str
    of: str
    """The column of the listing; empty for one that the site fills."""
    width: int
    is_hidden: bool = False

    @property
    def is_for_the_site(self) -> bool:
        """Whether it is empty, for an answer."""
        return not self.of


_HOW_WRITTEN = _Column(head="how to write it", of="how", width=30)
_WHAT = (
    _Column(head="severity", of="severity", width=12),
    _Column(head="subject", of="subject_id", width=12),
    _Column(head="visit", of="visit", width=9),
    _Column(head="number", of="repeat", width=11),
    _Column(head="form", of="title", width=18),
    _Column(head="question", of="label", width=24),
    _Column(head="entered", of="entered", width=14),
    _Column(head="what was found", of="message", width=58),
)
_TO_ANSWER = (
    _Column(head="answer", of="", width=15),
    _Column(head="right value", of="", width=20),
    _Column(head="reason", of="", width=34),
    _Column(head="answered by", of="", width=18),
)
_SETTLED = (
    _Column(head="settled as", of="answer", width=15),
    _Column(head="why", of="reason", width=34),
    _Column(head="by", of="answered_by", width=18),
)
_ABOUT = (
    _Column(head="comments", of="comments", width=30),
    _Column(head="state", of="state", width=20),
    _Column(head="asked on", of="asked_on", width=13),
    _Column(head="days", of="age_days", width=9),
)
_NAMES = (
    _Column(head="item", of="place", width=26),
    _Column(head="rule", of="rule_id", width=16),
    _Column(head="query_key", of="query_key", width=21),
)
_FOR_TRIALKIT = (
    _Column(head="asked", of="asked", width=12, is_hidden=True),
    _Column(head="turn", of="turn", width=8, is_hidden=True),
    _Column(head="trial", of="trial", width=12, is_hidden=True),
    _Column(head="choices", of="choices", width=12, is_hidden=True),
    _Column(head="kind", of="kind", width=12, is_hidden=True),
)
_LABEL = _Column(head="data", of="synthetic", width=30)

_HAIR = Side(style="thin", color="C9D1D9")
_BORDER = Border(bottom=_HAIR, left=_HAIR, right=_HAIR)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_LACKS = PatternFill("solid", bgColor="F6C9C3")
_HEAD, _TEXT, _TO_FILL = "finding head", "finding text", "finding answer"
"""Names of styles; a finding's severity has one too, by its own name."""
_COLOURS: Mapping[Severity, tuple[str, str]] = {
    Severity.HARD: ("F6C9C3", "7A1B12"),
    Severity.SOFT: ("FFE9B0", "5F3700"),
    Severity.NOTE: ("DCE6EF", "123A5C"),
}


def _add_styles(book: Workbook) -> None:
    """The styles by name: a workbook of thousands of cells is made many times faster so."""
    head = NamedStyle(name=_HEAD, font=Font(bold=True, color="FFFFFF"))
    head.fill = PatternFill("solid", fgColor="1B1F24")
    head.alignment = Alignment(wrap_text=True, vertical="center")
    to_fill = NamedStyle(name=_TO_FILL, alignment=_WRAPPED, border=_BORDER, number_format="@")
    to_fill.fill = PatternFill("solid", fgColor="FFFBE6")
    for style in (head, to_fill, NamedStyle(name=_TEXT, alignment=_WRAPPED, border=_BORDER)):
        book.add_named_style(style)
    for severity, (fill, ink) in _COLOURS.items():
        style = NamedStyle(name=severity.value, alignment=_WRAPPED, border=_BORDER)
        style.fill, style.font = PatternFill("solid", fgColor=fill), Font(bold=True, color=ink)
        book.add_named_style(style)


def findings_workbook(
    listing: Listing,
    protocol: Protocol,
    schemas: Schemas,
    *,
    queries: Mapping[str, Query],
    cut: str,
    site: str | None = None,
    left_out: Unjudged = NOTHING,
) -> bytes:
    """The workbook as bytes, the same for the same findings.

    ``queries`` are by their key what was asked; ``cut`` is the data cut. With ``site`` it holds
    what that site may read (:func:`trialkit.checks.listings.for_sites.for_site`). What was
    ``left_out`` stands in the overview.
    """
    titles = {form.id: form.title for form in schemas.forms}
    readable = listing if site is None else for_site(listing, site, schemas)
    findings = readable.asking(titles).worst_first
    sites = _site_names(protocol, site)
    chosen = excerpt(findings)
    book = Workbook()
    lists = OfferedLists(book)
    answers = RightValueCells(schemas, lists)
    listed = _as_shown(chosen.rows, protocol, titles, queries, answers)
    settled = listed["query_state"] == QueryState.CLOSED
    notes = listed["severity"] == Severity.NOTE
    to_answer = listed[~settled & ~notes]
    _add_styles(book)
    overview = book.worksheets[0]
    overview.title = "Overview"
    taken = {"overview", "settled", "notes", LISTS.casefold()}
    rows: list[RowsAsText] = []
    label = (_LABEL,) if protocol.trial.synthetic else ()
    for code, name in _sheets(sites, to_answer):
        sheet = book.create_sheet(sheet_name(name, taken))
        columns = (*_WHAT, *_TO_ANSWER, _HOW_WRITTEN, *_ABOUT, *_NAMES, *label, *_FOR_TRIALKIT)
        own = to_answer[to_answer["site"] == code]
        rows.append(_fill(sheet, columns, own))
        _ask_for_answers(sheet, columns, last=len(own) + 1)
    if settled.any():
        columns = (*_WHAT, *_SETTLED, *_NAMES, *label)
        rows.append(_fill(book.create_sheet("Settled"), columns, listed[settled]))
    if notes.any():
        columns = (*_WHAT, *_NAMES, *label)
        rows.append(_fill(book.create_sheet("Notes"), columns, listed[notes]))
    limit = _limit(chosen, findings, of_one_site=site is not None)
    _write_overview(
        overview,
        protocol,
        schemas,
        sites,
        findings=findings,
        remarks=(limit, *_not_judged(left_out)),
        cut=cut,
    )
    lists.move_to_the_end()
    book.properties.title = protocol.trial.id
    book.properties.creator = "trialkit"
    day = date.fromisoformat(cut) if cut else NO_DAY
    return workbook_bytes(book, day, rows=rows)


def _as_shown(
    rows: pd.DataFrame,
    protocol: Protocol,
    titles: Mapping[str, str],
    queries: Mapping[str, Query],
    answers: RightValueCells,
) -> pd.DataFrame:
    """Findings with the columns that only a workbook has."""
    place = rows["form"] + ("." + rows["item"]).where(rows["item"] != "", "")
    answered = rows["query_state"] == QueryState.ANSWERED
    asked = [queries.get(key) for key in rows["query_key"]]
    written = [
        answers.of(form, item) for form, item in zip(rows["form"], rows["item"], strict=True)
    ]
    return rows.assign(
        title=rows["form"].map(titles).fillna(rows["form"]),
        entered=rows["value"].where(rows["missing_code"] == "", rows["missing_code"]),
        place=place,
        state=rows["query_state"].mask(answered, "answered: " + rows["answer"]),
        asked=["" if query is None else query.asked for query in asked],
        turn=["" if query is None else query.turn for query in asked],
        comments=["" if query is None else "; ".join(query.comments) for query in asked],
        how=[each.how for each in written],
        choices=[each.choices for each in written],
        kind=[each.kind for each in written],
        trial=protocol.trial.id,
        synthetic=protocol.trial.synthetic,
    )


def _site_names(protocol: Protocol, only: str | None) -> dict[str, str]:
    """Code and label of each site of the protocol, or of the only one, by its code."""
    names = {site.code: f"{site.code} {site.label}".strip() for site in protocol.sites}
    return {code: name for code, name in names.items() if only in {None, code}}


def _sheets(sites: Mapping[str, str], rows: pd.DataFrame) -> Iterable[tuple[str, str]]:
    """Code and sheet name of each site: those of the protocol, then any others that were entered."""
    yield from sites.items()
    entered = sorted(set(rows["site"]) - set(sites))
    if not sites and entered in ([], [""]):
        yield "", "Findings"
        return
    for code in entered:
        yield code, code or NO_SITE


def _fill(sheet: Worksheet, columns: Sequence[_Column], rows: pd.DataFrame) -> RowsAsText:
    """A sheet of findings: heads that stay in sight, a filter, and one row a finding."""
    for number, column in enumerate(columns, start=1):
        head = sheet.cell(row=1, column=number)
        put_text(head, column.head)
        head.style = _HEAD
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].hidden = column.is_hidden
    written = RowsAsText(sheet, first=2, columns=len(columns))
    texts = [
        [None] * len(rows) if column.is_for_the_site else list(map(str, rows[column.of].tolist()))
        for column in columns
    ]
    styles = [_TO_FILL if column.is_for_the_site else _TEXT for column in columns[1:]]
    for severity, *row in zip(rows["severity"].tolist(), *texts, strict=True):
        written.add(row, [severity, *styles])
    if rows.empty:
        put_text(sheet.cell(row=2, column=1), "nothing to answer")
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.row_dimensions[1].height = 30
    asked = [number for number, column in enumerate(columns, 1) if column.is_for_the_site]
    up_to = get_column_letter(asked[-1]) if asked else ""
    set_up_printing(sheet, heads="1:1", up_to=up_to, last=len(rows) + 1)
    return written


def _ask_for_answers(sheet: Worksheet, columns: Sequence[_Column], *, last: int) -> None:
    """The drop-down of answers, and a reason that is missing turns red while typing."""
    heads = [column.head for column in columns]
    letters = {head: get_column_letter(number) for number, head in enumerate(heads, start=1)}
    answer, right, reason, by = (letters[column.head] for column in _TO_ANSWER)
    last = max(last, 2)
    choice = DataValidation(
        type="list",
        formula1='"' + ",".join(each.value for each in QueryAnswer) + '"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Answer",
        error="Choose corrected, confirmed or unresolvable.",
        showInputMessage=True,
        promptTitle="Answer",
        prompt="corrected: the value was wrong; write the right one. confirmed: it is right. unresolvable: nobody can "
        "tell. The last two need a reason.",
    )
    choice.add(f"{answer}2:{answer}{last}")
    sheet.add_data_validation(choice)
    check_right_values(
        sheet, f"{right}2:{right}{last}", right, choices=letters["choices"], kind=letters["kind"]
    )
    for column, words in ((reason, QueryAnswer.CONFIRMED), (reason, QueryAnswer.UNRESOLVABLE)):
        formula = f'AND(${answer}2="{words.value}",TRIM(${column}2)="")'
        sheet.conditional_formatting.add(
            f"{column}2:{column}{last}", FormulaRule(formula=[formula], fill=_LACKS)
        )
    sheet.conditional_formatting.add(
        f"{by}2:{by}{last}",
        FormulaRule(formula=[f'AND(${answer}2<>"",TRIM(${by}2)="")'], fill=_LACKS),
    )


def _how(schemas: Schemas) -> list[str]:
    codes = "; ".join(f"{each.code} = {each.label}" for each in schemas.data.all_missing_codes)
    return [*_HOW, f"If it is known that there is no value, the right value is a code: {codes}."]


_HOW = (
    "How to answer: on the sheet of your site, choose an answer in each yellow row.",
    "corrected: the value was wrong. Write the right one beside it; it is then entered in the data.",
    "Where nothing should stand there, the right value is (blank).",
    "confirmed: the value is right as it stands. Say why.",
    "unresolvable: nobody can tell any more what is right. Say why.",
    "Write who answered. Sort and filter as you like; leave query_key as it is; send the file back.",
)


def _limit(chosen: Excerpt, findings: pd.DataFrame, *, of_one_site: bool) -> str:
    """What is not listed; empty when everything is."""
    if len(chosen.rows) == len(findings):
        return ""
    rest = (
        "Answer these, and the next workbook brings others; the counts below hold all of them."
        if of_one_site
        else "The counts below and findings.csv hold all of them."
    )
    return (
        f"{len(chosen.rows):,} of {len(findings):,} findings are listed, the hard ones first: at "
        f"most {chosen.of_each:,} of a site and severity. {rest}"
    )


def _not_judged(left_out: Unjudged) -> list[str]:
    """A line for each thing that was not judged."""
    return [f"{each.title}, {each.label or each.form}: {each.told}" for each in left_out.each]


def _write_overview(
    sheet: Worksheet,
    protocol: Protocol,
    schemas: Schemas,
    sites: Mapping[str, str],
    *,
    findings: pd.DataFrame,
    remarks: Sequence[str],
    cut: str,
) -> None:
    """What the workbook is, how to answer, and all findings counted by site."""
    trial = protocol.trial
    lines = [trial.name, f"Trial {trial.id}; data cut {cut or 'not known'}"]
    lines += [trial.synthetic] if trial.synthetic else []
    lines += ["", *_how(schemas), ""]
    told = [each for each in remarks if each]
    lines += [*told, ""] if told else []
    for number, line in enumerate(lines, start=1):
        cell = sheet.cell(row=number, column=1)
        put_text(cell, line)
        cell.alignment = Alignment(vertical="top")
    sheet.cell(row=1, column=1).font = Font(bold=True, size=14)
    heads = ("site", "severity", "open", "answered", "settled", "all")
    top = len(lines) + 1
    for number, head in enumerate(heads, start=1):
        cell = sheet.cell(row=top, column=number)
        put_text(cell, head)
        cell.style = _HEAD
    for at, (site, severity, counts) in enumerate(_counts(sites, findings), start=top + 1):
        for number, text in enumerate((site, severity.value), start=1):
            put_text(sheet.cell(row=at, column=number), text)
        for number, count in enumerate(counts, start=3):
            sheet.cell(row=at, column=number, value=count)
        for number in range(1, len(heads) + 1):
            sheet.cell(row=at, column=number).style = severity.value if number == 2 else _TEXT
    for letter, width in zip("ABCDEF", (30, 12, 10, 12, 10, 10), strict=True):
        sheet.column_dimensions[letter].width = width
    set_up_printing(sheet, heads="1:1")


def _counts(
    sites: Mapping[str, str], findings: pd.DataFrame
) -> Iterable[tuple[str, Severity, tuple[int, ...]]]:
    """Site, severity, and how many findings are open, answered, settled and there at all."""
    there = findings[["site", "severity", "query_state"]].value_counts().to_dict()
    codes = [*sites, *sorted(set(findings["site"]) - set(sites))]
    for code in codes:
        for severity in Severity:
            own = {
                state: there.get((code, severity.value, state), 0)
                for state in ("", *(state.value for state in QueryState))
            }
            counts = (*(own[state.value] for state in QueryState), sum(own.values()))
            if severity is not Severity.NOTE or counts[-1]:
                yield sites.get(code, code or NO_SITE), severity, counts
