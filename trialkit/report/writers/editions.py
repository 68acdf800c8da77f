"""As what a report is published, and the files that come of it; nothing is written by this alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trialkit.protocol.trial.reporting import ReportFormat, ReportStyle

EVERY_FORMAT = tuple(ReportFormat)
FILES: Mapping[ReportFormat, str] = {
    each: "tables.rtf" if each is ReportFormat.RTF else f"report.{each.value}"
    for each in ReportFormat
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """As what, and how, a report is published."""

    formats: tuple[ReportFormat, ...] = EVERY_FORMAT
    style: ReportStyle | None = None
    """Whose way of printing numbers is followed; None for the protocol's."""
    reference: Path | None = None
    """An author's own Word file, whose looks the Word report takes."""
    pictures: bool = False
    """Whether each figure is also written as a picture (PNG, 300 dots an inch)."""
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file of the report."""

    file: str
    data: bytes
    notice: str = ""
    """What whoever asked for it should know; empty when nothing."""
    about: str = ""
    """What a manifest says of it besides its hash, such as its size on paper."""
