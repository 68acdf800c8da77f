"""What the validation of the data found, counted by rule."""

import pandas as pd

from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import count

SEVERITIES = ("hard", "soft", "note")
PLACE = ("form", "label", "rule_id")


def findings_table(findings: pd.DataFrame) -> Table:
    """Findings by form and rule, hardest first; a table that says none when there are none."""
    rows = []
    for severity in SEVERITIES:
        own = findings[findings["severity"].astype("str") == severity]
        for place, these in own.groupby(list(PLACE), sort=False, dropna=False, observed=True):
            texts = (Cell(text=str(each), words=True) for each in place)
            cells = (*texts, Cell(text=count(len(these)), dataset="findings"))
            rows.append(Row(head=severity, cells=cells))
    if not rows:
        blank = tuple(Cell(text="nothing was found", words=True) for _ in PLACE[:1])
        empty = tuple(Cell(text="", words=True) for _ in PLACE[1:])
        rows.append(Row(head="none", cells=(*blank, *empty, Cell(text="0", dataset="findings"))))
    return Table(
        anchor="table-findings",
        caption="Findings of the data validation at the data cut, by rule",
        stub="Severity",
        heads=(
            ColumnHead(text="Form", words=True),
            ColumnHead(text="Item", words=True),
            ColumnHead(text="Rule", words=True),
            ColumnHead(text="Findings"),
        ),
        groups=(RowGroup(head="", rows=tuple(rows)),),
        notes=("The whole listing, with the place of each finding, is findings.csv.",),
        supplementary=True,
    )
