"""The findings of the lint as a section of the report, and as the rows of ``lint.csv``."""

import pandas as pd

from trialkit.report.content.content import Block, Section
from trialkit.report.content.finding import LintFinding, LintSeverity
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import Paragraph
from trialkit.report.lint.linting import RULES, ordered
from trialkit.report.words.en.wording import capitalised, counted, listing

COLUMNS = (
    "rule", "title", "severity", "guideline_rows", "found", "mend", "place", "anchor", "accepted",
)  # fmt: skip
_NOTE = (
    "An error is a contradiction or an omission, a warning a weakness to be dealt with in words. "
    "The same rows are in lint.csv."
)
HEADS = ("Rule", "CONSORT", "What was found", "How to mend it", "Place")


def lint_section(findings: tuple[LintFinding, ...]) -> Section:
    """What the lint found, errors first."""
    blocks: tuple[Block, ...] = (Paragraph(runs=(in_words(findings),)),)
    if findings:
        blocks = (*blocks, _table(findings))
    return Section(anchor="lint", title="Reporting lint", blocks=blocks)


def in_words(findings: tuple[LintFinding, ...]) -> str:
    """How many findings there are, in a sentence."""
    rules = len({rule.id for rule in RULES})
    if not findings:
        return f"None of the {rules} rules of the lint found anything."
    counts = [
        counted(n, severity.value)
        for severity in LintSeverity
        if (n := sum(each.severity is severity for each in findings))
    ]
    accepted = sum(bool(each.accepted) for each in findings)
    also = f" Of these, {counted(accepted, 'finding')} accepted with a reason." if accepted else ""
    return f"The {rules} rules of the lint found {listing(counts)}.{also}"


def lint_frame(findings: tuple[LintFinding, ...]) -> pd.DataFrame:
    """The findings as ``lint.csv`` holds them, all text, errors first."""
    titles = {rule.id: rule.title for rule in RULES}
    rows = [
        (
            each.rule,
            titles[each.rule],
            each.severity.value,
            ", ".join(each.rows),
            each.found,
            each.mend,
            each.place,
            each.anchor,
            each.accepted,
        )
        for each in ordered(findings)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _table(findings: tuple[LintFinding, ...]) -> Table:
    groups = []
    for severity in LintSeverity:
        own = tuple(_row(each) for each in ordered(findings) if each.severity is severity)
        if own:
            groups.append(RowGroup(head=capitalised(f"{severity.value}s"), rows=own))
    return Table(
        anchor="table-lint",
        caption="What the lint found, with the rows of the guideline that it touches",
        stub=HEADS[0],
        heads=tuple(ColumnHead(text=text, words=True) for text in HEADS[1:]),
        groups=tuple(groups),
        notes=(_NOTE,),
        supplementary=True,
        shown_as_data=False,
    )


def _row(finding: LintFinding) -> Row:
    mend = f"Accepted: {finding.accepted}" if finding.accepted else finding.mend
    texts = (", ".join(finding.rows), finding.found, mend, finding.place)
    return Row(head=finding.rule, cells=tuple(Cell(text=text, words=True) for text in texts))
