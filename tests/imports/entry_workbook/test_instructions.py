"""The first sheet of an entry workbook, line by line."""

from dataclasses import replace

from tests.miniature import protocol
from trialkit.imports.entry_workbook.instructions import InstructionLine, instructions
from trialkit.protocol.trial.data_format import DataFormat, MissingCode
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Schemas


def form(name: str, *visits: str, repeating: bool = False) -> Form:
    return Form(
        id=name, title=f"The {name}", kind=FormKind.OTHER, expected=Expected.AS_NEEDED,
        visits=visits, repeating=repeating, items=(), rules=(), file="", sha256="",
    )  # fmt: skip


FORMS = (
    form("once"),
    form("pain", "BL", "W6"),
    form("log", repeating=True),
    form("both", "W6", repeating=True),
)
CODES = (MissingCode(code="SC", label="site closed"), MissingCode(code="ND", label="not measured"))
SCHEMAS = Schemas(forms=FORMS, data=DataFormat(missing_codes=CODES))
NAMES = {"once": "Once", "pain": "Pain (1)", "log": "Log", "both": "Both"}


def sheet(synthetic: str = "") -> list[InstructionLine]:
    plan = protocol()
    plan = replace(plan, trial=replace(plan.trial, synthetic=synthetic))
    return list(instructions(plan, SCHEMAS, NAMES))


def below(lines: list[InstructionLine], *heading: str) -> list[tuple[str, ...]]:
    """The lines below a heading, down to the blank one."""
    start = lines.index(InstructionLine(cells=heading, heading=True)) + 1
    cells = [line.cells for line in lines[start:]]
    end = cells.index(("",)) if ("",) in cells else len(cells)
    assert not any(line.heading for line in lines[start : start + end])
    return cells[:end]


def test_the_sheet_begins_with_the_trial_and_its_headings_are_in_order() -> None:
    lines = sheet()
    assert [line.cells for line in lines if line.heading] == [
        ("Mini",),
        ("How to fill it in",),
        ("Sheet", "Form", "Rows"),
        ("Visit", "Meaning"),
        ("If there is no value", "Reason"),
    ]
    assert [line.cells for line in lines[:3]] == [("Mini",), ("",), ("How to fill it in",)]


def test_synthetic_data_are_said_to_be_so_below_the_title() -> None:
    assert [line.cells for line in sheet("Made up.")[:3]] == [("Mini",), ("Made up.",), ("",)]
    assert not sheet("Made up.")[1].heading


def test_each_form_has_its_sheet_and_how_many_rows() -> None:
    assert below(sheet(), "Sheet", "Form", "Rows") == [
        ("Once", "The once", "once"),
        ("Pain (1)", "The pain", "at BL, W6"),
        ("Log", "The log", "any number"),
        ("Both", "The both", "any number, at W6"),
    ]


def test_visits_and_reasons_are_those_of_the_trial() -> None:
    assert below(sheet(), "Visit", "Meaning") == [("BL", "Baseline"), ("W6", "Week 6")]
    reasons = below(sheet(), "If there is no value", "Reason")
    assert reasons == [
        ("REF", "refused"), ("UNK", "unknown"), ("NASK", "not asked"),
        ("ASKU", "asked but unknown"), ("MF", "measurement failed"), ("WD", "withdrawn"),
        ("LTFU", "lost to follow-up"), ("NA", "not applicable"),
        # the trial's own come last, and may change what a code of every trial means
        ("SC", "site closed"), ("ND", "not measured"),
    ]  # fmt: skip


def test_how_it_is_filled_in_is_said_of_each_kind_of_cell() -> None:
    said = dict(below(sheet(), "How to fill it in"))
    assert list(said) == [
        "One row", "Do not change", "Dates", "Numbers", "Choices", "No value", "Amber cells",
        "Import",
    ]  # fmt: skip
    assert said["One row"].startswith("is one participant on one form, at one visit where")
    assert said["Do not change"] == "the first two rows of a sheet, nor the names of the sheets."
    assert "2025-03-31, times as 08:30" in said["Dates"]
    assert "without the unit" in said["Numbers"]
    assert "type the reason from the list below" in said["No value"]
    assert "unusual" in said["Amber cells"]
    assert said["Import"].startswith("trialkit import workbook TRIAL FILE.xlsx --dry-run")
