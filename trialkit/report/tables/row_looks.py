"""How single rows of a table are printed: as the protocol says of them, else as everything is."""

from dataclasses import dataclass

from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLook:
    """The words, the decimals and the footnote of a row."""

    label: str
    digits: int
    footnote: str


def row_look(
    protocol: Protocol, table: RowTable, of: str, *, label: str, digits: int = 0
) -> RowLook:
    """The look of what the table shows of ``of``; label and digits are those without a setting."""
    found = protocol.report.row(table, of)
    if found is None:
        return RowLook(label=label, digits=digits, footnote="")
    return RowLook(
        label=found.label or label,
        digits=digits if found.digits is None else found.digits,
        footnote=found.footnote,
    )
