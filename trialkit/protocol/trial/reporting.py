"""How the report is to look: the files that are made of it, and a journal's way with numbers."""

from dataclasses import dataclass
from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.protocol.trial.report_contents import (
    MAIN_FIGURES,
    SUPPLEMENTARY_FIGURES,
    FigureKind,
    RowSetting,
    RowTable,
)


class ReportFormat(StrEnum):
    """A kind of file that the report is made as."""

    HTML = "html"
    WORD = "docx"
    PDF = "pdf"
    RTF = "rtf"
    """All tables, each on pages of its own, as regulators take them."""
    MARKDOWN = "md"


class ReportStyle(StrEnum):
    """Whose way of printing p values, intervals and numbers the report follows."""

    PLAIN = "plain"
    JAMA = "jama"
    NEJM = "nejm"
    LANCET = "lancet"
    BMJ = "bmj"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """The protocol's ``[report]``: how the report looks."""

    language: str = "en"
    """The language of the words of methods, by the code of its folder in ``report/words/``."""
    style: ReportStyle = ReportStyle.PLAIN
    reference_docx: str = ""
    """A Word file in the trial's folder whose styles, paper, heads and feet the report takes."""
    figures: tuple[FigureKind, ...] = MAIN_FIGURES
    """The figures among the results; those that a trial has no results for are left out."""
    supplementary_figures: tuple[FigureKind, ...] = SUPPLEMENTARY_FIGURES
    individual_participants: bool = True
    """Whether figures may show single participants, whom those who know them could recognise."""
    standardised_differences: bool = False
    """Whether the baseline table has standardised differences between arms."""
    rows: tuple[RowSetting, ...] = ()

    def __post_init__(self) -> None:
        places = [(row.table.value, row.of) for row in self.rows]
        twice = next((place for place in places if places.count(place) > 1), None)
        if twice:
            raise ProtocolError(f"rows: table {twice[0]!r} has {twice[1]!r} more than once")

    def row(self, table: RowTable, of: str) -> RowSetting | None:
        """How this row of this table is printed, where the protocol says so."""
        return next((row for row in self.rows if (row.table, row.of) == (table, of)), None)
