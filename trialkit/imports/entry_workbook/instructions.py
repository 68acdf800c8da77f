"""The first sheet of an entry workbook: how to fill it in."""

from collections.abc import Mapping
from dataclasses import dataclass

from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionLine:
    """A row of the sheet."""

    cells: tuple[str, ...]
    heading: bool = False


def instructions(
    protocol: Protocol, schemas: Schemas, names: Mapping[str, str]
) -> tuple[InstructionLine, ...]:
    """The lines of the sheet; ``names`` has by form its sheet."""
    trial = protocol.trial
    forms = (
        _line(names[form.id], form.title, _when(form.visits, repeating=form.repeating))
        for form in schemas.forms
    )
    codes = (_line(code.code, code.label) for code in schemas.data.all_missing_codes)
    visits = (_line(visit.code, visit.label) for visit in protocol.visits)
    synthetic = (_line(trial.synthetic),) if trial.synthetic else ()
    return (
        _heading(trial.name),
        *synthetic,
        _line(""),
        _heading("How to fill it in"),
        *(_line(name, text) for name, text in _HOW),
        _line(""),
        _heading("Sheet", "Form", "Rows"),
        *forms,
        _line(""),
        _heading("Visit", "Meaning"),
        *visits,
        _line(""),
        _heading("If there is no value", "Reason"),
        *codes,
    )


_ONE_ROW = (
    "is one participant on one form, at one visit where the form has visits. First come the rows "
    "that are in the data: change in them what is wrong. Then come those that are expected, or the "
    "next number of what repeats; add others below, each with the next number."
)
_NO_VALUE = (
    "A cell is left blank only if nobody has looked yet. If it is known that there is no value, "
    "type the reason from the list below."
)
_HOW = (
    ("One row", _ONE_ROW),
    ("Do not change", "the first two rows of a sheet, nor the names of the sheets."),
    ("Dates", "are typed as 2025-03-31, times as 08:30, in cells that are text on purpose."),
    ("Numbers", "are typed with the decimal sign of your spreadsheet, without the unit."),
    ("Choices", "are offered in a list by their labels; their codes are understood too."),
    ("No value", _NO_VALUE),
    ("Amber cells", "are unusual: possible, but look again."),
    ("Import", "trialkit import workbook TRIAL FILE.xlsx --dry-run shows what would change."),
)


def _when(visits: tuple[str, ...], *, repeating: bool) -> str:
    each = f"at {', '.join(visits)}" if visits else "once"
    return f"any number, {each}" if repeating and visits else "any number" if repeating else each


def _line(*cells: str) -> InstructionLine:
    return InstructionLine(cells=cells)


def _heading(*cells: str) -> InstructionLine:
    return InstructionLine(cells=cells, heading=True)
