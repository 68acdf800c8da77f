"""Results that another program made, as they were read from a file of the trial."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalRow:
    """One statistic that another program states."""

    line: int
    """The line of the file."""
    outcome: str
    """Blank where the file has no such column."""
    arm: str
    reference: str
    """The arm that ``arm`` is compared with; blank for what is of one arm."""
    stat_name: Stat
    stat: float | None
    """None where the program has no number; ``note`` says why."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalTable:
    """The results of one planned analysis, and what they were made from."""

    file: str
    sha256: str = ""
    """Of the file as it was read; blank where it could not be."""
    script: str = ""
    script_sha256: str = ""
    """Of the script as it is now; blank where the plan names none, or it is not there."""
    data_sha256: str = ""
    """Of the data that the program says it read; blank where it does not say."""
    rows: tuple[ExternalRow, ...] = ()
    refused: str = ""
    """Why there is nothing to be had from the file."""


ExternalTables: TypeAlias = Mapping[str, ExternalTable]
"""By the id of the analysis."""

NOTHING_EXTERNAL: ExternalTables = MappingProxyType({})
