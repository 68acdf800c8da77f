"""Everything trialkit raises.

* TrialkitError
  x ProtocolError   the protocol or a form definition contradicts itself; carries its complaints
  x DataFileError   a file cannot be read as what it should be, or cannot be written
  x FindingsError   hard findings stop the analysis
  x DatasetError    validated data cannot become an analysis dataset
  x AnalysisError   an analysis cannot be carried out as it was asked for
  x DesignError     a design, a list or a simulation cannot be made as it was asked for
  x ReportError     a report would say something that the results do not
  x EvidenceError   the evidence store refuses what was asked, or does not hold together

Wrong *data* are not errors but findings. Every message says what was found, where, what was
expected and what to do; a door (command line, web) prints it and never a traceback.
"""

from dataclasses import dataclass
from enum import StrEnum

from trialkit.grammar import by_number
from trialkit.limits import MOST_COMPLAINTS


class TrialkitError(Exception):
    """What a user can put right: the protocol, a file, a call."""


class TrialStep(StrEnum):
    """What is done with a trial, each step with all that those before it need."""

    VALIDATE = "validate"
    RANDOMISE = "randomise"
    ANALYSE = "analyse"
    REPORT = "report"

    def covers(self, other: "TrialStep") -> bool:
        """Whether whoever does this needs what the other one needs."""
        order = list(TrialStep)
        return order.index(other) <= order.index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that is wrong in a definition file, with the place to mend it."""

    file: str
    table: str
    key: str
    found: str
    expected: str
    step: TrialStep = TrialStep.VALIDATE
    """The first step that it stops; those before it do not use what is wrong."""

    def __str__(self) -> str:
        place = f"{self.file}: [{self.table}]" if self.table else self.file
        where = f"{place} {self.key}" if self.key else place
        return f"{where}: found {self.found}; expected {self.expected}"


class ProtocolError(TrialkitError):
    """The protocol, or a form definition, contradicts itself."""

    def __init__(self, complaints: tuple[Complaint, ...] | str) -> None:
        self.complaints = () if isinstance(complaints, str) else complaints
        if isinstance(complaints, str):
            text = complaints
        else:
            count = len(complaints)
            noun = by_number(count, "thing is", "things are")
            shown = [f"  - {each}" for each in complaints[:MOST_COMPLAINTS]]
            if count > MOST_COMPLAINTS:
                shown.append(f"  ... and {count - MOST_COMPLAINTS:,} more; mend these first")
            text = f"{count} {noun} wrong:\n" + "\n".join(shown)
        super().__init__(text)


def refuse(complaints: tuple[Complaint, ...], step: TrialStep) -> None:
    """Raise :class:`ProtocolError` with what stops this step, where anything does."""
    if found := tuple(each for each in complaints if step.covers(each.step)):
        raise ProtocolError(found)


class DataFileError(TrialkitError):
    """A file cannot be read as what the protocol says it is, or cannot be written."""


class FindingsError(TrialkitError):
    """Hard findings stop the analysis; correct the data, or allow them and have the report say so."""


class DatasetError(TrialkitError):
    """Validated data cannot become an analysis dataset."""


class AnalysisError(TrialkitError):
    """An analysis cannot be carried out as it was asked for.

    ``reason`` says why in words that a report can print; ``advice`` is for whoever called: a report
    of a planned analysis gives none.
    """

    def __init__(self, reason: str, *, advice: str = "") -> None:
        super().__init__(f"{reason}; {advice}" if advice else reason)
        self.reason = reason


class UnorderedError(AnalysisError):
    """Nobody stated the order of the levels of a category."""


class DesignError(TrialkitError):
    """A design, a randomisation list or a simulation cannot be made as it was asked for."""


class ReportError(TrialkitError):
    """A report would say something that the results do not."""


class GlyphError(ReportError):
    """No font of this computer has a character that is to be printed."""


class EvidenceError(TrialkitError):
    """The evidence store refuses what it was asked to do, or does not hold together."""
