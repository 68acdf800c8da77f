"""How the report is to look: the files that are made of it, and a journal's way with numbers."""

from dataclasses import dataclass
from enum import StrEnum


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

    style: ReportStyle = ReportStyle.PLAIN
    reference_docx: str = ""
    """A Word file in the trial's folder whose styles, paper, heads and feet the report takes."""
