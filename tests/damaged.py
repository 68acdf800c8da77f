"""A copy of the example trial with twenty defects, one of each kind, and what each must give."""

import csv
import io
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "example_trial"


class Act(StrEnum):
    """What is done to a data file."""

    CHANGE = "change"
    """Some cells of the row get other text."""
    ADD = "add"
    """The row is copied to the end of the file, with some cells changed."""
    REMOVE = "remove"


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One thing done to one row, and the one finding that it must give."""

    kind: str
    form: str
    row: tuple[str, ...]
    """The key of the row: subject, then visit or repeat where the form has them."""
    act: Act = Act.CHANGE
    cells: tuple[tuple[str, str], ...] = ()
    """Column and its new text."""
    subject_id: str = ""
    """Whom the finding is about, when it is not the subject of the row."""
    found_on: str = ""
    """The form that the finding names, when it is another."""
    place: str | None = None
    """The visit or repeat that the finding names, when it is not that of the row."""
    item: str
    rule_id: str
    severity: str = "hard"

    @property
    def expected(self) -> tuple[str, str, str, str, str, str]:
        """Subject, visit or repeat, form, item, rule and severity of the finding."""
        own = self.row[1] if len(self.row) > 1 else ""
        place = own if self.place is None else self.place
        subject = self.subject_id or self.row[0]
        form = self.found_on or self.form
        return (subject, place, form, self.item, self.rule_id, self.severity)


DEFECTS = (
    Defect(
        kind="a number that cannot be read",
        form="trunk",
        row=("BH-001", "BL"),
        cells=(("back_strength_kg", "69,8"),),
        item="back_strength_kg",
        rule_id="unreadable",
    ),
    Defect(
        kind="a whole number with decimals",
        form="trunk",
        row=("BH-003", "W6"),
        cells=(("abdominal_endurance_s", "34.5"),),
        item="abdominal_endurance_s",
        rule_id="unreadable",
    ),
    Defect(
        kind="a missing code that nobody declared",
        form="demographics",
        row=("BH-011",),
        cells=(("weight_kg", "N/K"),),
        item="weight_kg",
        rule_id="unreadable",
    ),
    Defect(
        kind="a date that does not exist",
        form="hamstring",
        row=("BH-007", "BL"),
        cells=(("visit_date", "2022-02-30"),),
        item="visit_date",
        rule_id="unreadable",
    ),
    Defect(
        kind="a value out of the range that can be right",
        form="hamstring",
        row=("BH-009", "W6"),
        cells=(("sit_and_reach_cm", "75.0"),),
        item="sit_and_reach_cm",
        rule_id="out_of_range",
    ),
    Defect(
        kind="a value out of the range that is usual",
        form="sessions",
        row=("BH-011", "4"),
        cells=(("pain_during", "8"),),
        item="pain_during",
        rule_id="unusual",
        severity="soft",
    ),
    Defect(
        kind="an answer that is no choice",
        form="demographics",
        row=("BH-012",),
        cells=(("activity", "sometimes"),),
        item="activity",
        rule_id="not_a_choice",
    ),
    Defect(
        kind="a required item left blank",
        form="pain",
        row=("BH-014", "BL"),
        cells=(("analgesic_24h", ""),),
        item="analgesic_24h",
        rule_id="required",
    ),
    Defect(
        kind="an item left blank that another answer makes required",
        form="sessions",
        row=("BH-015", "3"),
        cells=(("minutes", ""),),
        item="minutes",
        rule_id="required_when",
    ),
    Defect(
        kind="an answer to an item that was not to be asked",
        form="sessions",
        row=("BH-015", "4"),
        cells=(("missed_reason", "work"),),
        item="missed_reason",
        rule_id="not_shown",
    ),
    Defect(
        kind="the same key twice",
        form="balance",
        row=("BH-017", "W6"),
        act=Act.ADD,
        item="",
        rule_id="duplicate_key",
    ),
    Defect(
        kind="a subject who was never screened",
        form="concomitant_care",
        row=("BH-026", "1"),
        act=Act.ADD,
        cells=(("subject_id", "BH-099"),),
        subject_id="BH-099",
        place="",
        item="subject_id",
        rule_id="unknown_subject",
    ),
    Defect(
        kind="a visit that the protocol has not",
        form="pain",
        row=("BH-018", "W6"),
        act=Act.ADD,
        cells=(("visit", "W12"),),
        place="W12",
        item="visit",
        rule_id="unknown_visit",
    ),
    Defect(
        kind="a form that a randomised participant lacks",
        form="balance",
        row=("BH-020", "W6"),
        act=Act.REMOVE,
        item="",
        rule_id="missing_form",
    ),
    Defect(
        kind="a form of somebody who was not randomised",
        form="demographics",
        row=("BH-034",),
        act=Act.ADD,
        cells=(("subject_id", "BH-032"), ("age_years", "34")),
        subject_id="BH-032",
        found_on="randomisation",
        item="",
        rule_id="not_randomised",
    ),
    Defect(
        kind="a visit outside its window",
        form="hamstring",
        row=("BH-021", "W6"),
        cells=(("visit_date", "2022-05-30"),),
        item="visit_date",
        rule_id="visit_window",
        severity="soft",
    ),
    Defect(
        kind="dates in the wrong order",
        form="adverse_events",
        row=("BH-027", "1"),
        cells=(("end_date", "2022-05-20"),),
        item="end_date",
        rule_id="AE01",
    ),
    Defect(
        kind="items of a row that contradict each other",
        form="balance",
        row=("BH-022", "BL"),
        cells=(("togu_score", "3.12"),),
        item="togu_score",
        rule_id="BAL04",
    ),
    Defect(
        kind="forms that contradict each other",
        form="demographics",
        row=("BH-030",),
        cells=(("age_years", "39"),),
        item="age_years",
        rule_id="DEM01",
    ),
    Defect(
        kind="visits that contradict each other",
        form="trunk",
        row=("BH-033", "W6"),
        cells=(("back_strength_kg", "82.3"),),
        item="back_strength_kg",
        rule_id="TRK04",
        severity="soft",
    ),
)


def damage(folder: Path, defects: Sequence[Defect] = DEFECTS) -> Path:
    """A copy of the example trial in ``folder`` with these defects."""
    copy = folder / "damaged"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    for form in dict.fromkeys(defect.form for defect in defects):
        path = copy / "data" / f"{form}.csv"
        text = path.read_text("utf-8")
        for defect in (each for each in defects if each.form == form):
            text = damaged(text, defect)
        path.write_text(text, "utf-8", newline="\n")
    return copy


def damaged(text: str, defect: Defect) -> str:
    """The text of a data file with one defect."""
    header, *rows = csv.reader(io.StringIO(text))
    place = next(n for n, row in enumerate(rows) if tuple(row[: len(defect.row)]) == defect.row)
    changed = list(rows[place])
    for column, cell in defect.cells:
        changed[header.index(column)] = cell
    match defect.act:
        case Act.CHANGE:
            rows[place] = changed
        case Act.ADD:
            rows.append(changed)
        case Act.REMOVE:
            rows.pop(place)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *rows])
    return written.getvalue()
