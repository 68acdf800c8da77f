"""Marks of what was not done: which can be taken, and what they make of a form's data."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from tests.miniature import Miniature
from tests.store.in_hand import in_hand
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.not_done import CODE, not_done_form
from trialkit.store.freezing import parsed
from trialkit.store.not_done import taken, with_not_done
from trialkit.store.snapshot import FormData, NotDone
from trialkit.store.sources.folder_source import FolderSource

ITEMS = ["visit_date", "vas_mm", "side", "drug", "drug_name"]


@dataclass(frozen=True, kw_only=True)
class Marked:
    forms: dict[str, FormData]
    schemas: Schemas
    marks: NotDone

    @property
    def after(self) -> dict[str, FormData]:
        return with_not_done(self.forms, self.marks, self.schemas)

    def of(self, form: str) -> list[tuple]:
        """The marks of a form: key, then reason."""
        return self.marks.marked[form].rows()


def marked(folder: Path, *lines: str, pain: str | None = None) -> Marked:
    """The miniature with these marks, and with other rows of pain."""
    trial = Miniature()
    trial.data["not_done"] = "\n".join(["subject_id,visit,form,reason", *lines]) + "\n"
    if pain is not None:
        trial.data["pain"] = trial.data["pain"].splitlines()[0] + "\n" + pain
    return marks_taken(trial, folder)


def marks_taken(trial: Miniature, folder: Path) -> Marked:
    forms, schemas = in_hand(trial, folder)
    data, form_of_marks = schemas.data, not_done_form(schemas)
    entered = FolderSource(folder=folder).marks(form_of_marks, data)
    assert entered is not None
    marks = taken(parsed(entered, form_of_marks, data), forms, schemas)
    return Marked(forms=forms, schemas=schemas, marks=marks)


def test_a_mark_is_of_a_form_at_its_visit_or_of_one_without_visits(tmp_path: Path) -> None:
    hand = marked(tmp_path, "S2,W6,pain,REF", "S3,,end_of_study,UNK", "S1,,diary,ND")
    assert hand.of("pain") == [("S2", "W6", "REF")]
    assert hand.of("end_of_study") == [("S3", "UNK")]
    assert hand.of("diary") == [("S1", "ND")]
    assert hand.of("screening") == hand.of("randomisation") == []
    assert hand.marks.marked["pain"].columns == ["subject_id", "visit", CODE]
    assert hand.marks.places("pain").rows() == [("S2", "W6")]
    assert hand.marks.places("end_of_study").rows() == [("S3", "")]
    assert hand.marks.data.file == "data/not_done.csv"


def test_a_whole_visit_is_marked_on_every_form_that_is_expected_there(tmp_path: Path) -> None:
    trial = Miniature()
    for name, expected in (("walk", "randomised"), ("extra", "as_needed")):
        trial.forms[name] = (
            f'[form]\nid = "{name}"\ntitle = "{name}"\nkind = "assessment"\n'
            f'expected = "{expected}"\nvisits = ["W6"]\n'
            '[[items]]\nid = "metres"\nlabel = "Metres"\ntype = "decimal"\n'
        )
        trial.data[name] = "subject_id,visit,metres\n"
    trial.data["not_done"] = (
        "subject_id,visit,form,reason\nS2,W6,,REF\nS3,BL, ,UNK\nS1,W6,extra,ND\n"
    )
    hand = marks_taken(trial, tmp_path)
    found = {form: hand.of(form) for form in hand.forms}
    assert found["pain"] == [("S2", "W6", "REF"), ("S3", "BL", "UNK")]
    assert found["walk"] == [("S2", "W6", "REF")]
    # what is filled in as needed is not missed by a visit that was not done
    assert found["extra"] == [("S1", "W6", "ND")]
    assert found["end_of_study"] == found["diary"] == []


@pytest.mark.parametrize(
    "line",
    [
        "S9,W6,pain,REF",  # nobody of this name was screened
        "S2,W6,pain,",  # no reason
        "S2,W6,pain,tired",  # no missing code of the trial
        "S2,W6,pian,REF",  # no form
        "S2,,pain,REF",  # a form with visits, but no visit
        "S2,W7,pain,REF",  # no visit
        "S2,W6,end_of_study,REF",  # a visit, but a form without visits
        "S2,W6,screening,REF",  # whose rows say who exists
        ",W6,pain,REF",
        "S2,,,REF",
    ],
)
def test_a_mark_that_says_no_place_or_no_reason_is_not_taken(line: str, tmp_path: Path) -> None:
    hand = marked(tmp_path, line)
    assert [rows for form in hand.forms if (rows := hand.of(form))] == []
    assert all(hand.after[form] is data for form, data in hand.forms.items())


def test_the_first_of_several_marks_of_a_place_is_taken(tmp_path: Path) -> None:
    hand = marked(tmp_path, "S2,W6,pain,UNK", "S2,W6,,REF", "S2,BL,pain,ND", "S2,W6,pain,ND")
    assert hand.of("pain") == [("S2", "W6", "UNK"), ("S2", "BL", "ND")]


def test_a_mark_by_name_goes_before_one_of_the_whole_visit(tmp_path: Path) -> None:
    hand = marked(tmp_path, "S2,W6,,REF", "S2,BL,,UNK", "S2,W6,pain,ND")
    assert sorted(hand.of("pain")) == [("S2", "BL", "UNK"), ("S2", "W6", "ND")]


def test_a_marked_form_without_a_row_gets_one_with_the_reason_in_every_item(tmp_path: Path) -> None:
    hand = marked(
        tmp_path,
        "S3,W6,pain,UNK",
        "S2,W6,pain,REF",
        pain="S1,BL,2025-01-14,50,l,no,\nS2,BL,2025-01-15,60,r,no,\n",
    )
    pain = hand.after["pain"]
    assert pain.typed.select("subject_id", "visit").rows() == [
        ("S1", "BL"),
        ("S2", "BL"),
        ("S3", "W6"),
        ("S2", "W6"),
    ]
    assert pain.lines.tolist() == [2, 3, 0, 0]
    codes = pain.coded.select(pl.col(ITEMS).cast(pl.String)).rows()
    assert codes == [(None,) * 5, (None,) * 5, ("UNK",) * 5, ("REF",) * 5]
    assert pain.coded.select("subject_id", "visit").rows() == [(None, None)] * 4
    assert pain.typed.select(ITEMS).rows()[2:] == [(None,) * 5] * 2
    assert pain.entered.rows()[2:] == [("S3", "W6", *[""] * 5), ("S2", "W6", *[""] * 5)]
    assert pain.entered.rows()[:2] == hand.forms["pain"].entered.rows()
    assert hand.after["end_of_study"] is hand.forms["end_of_study"]


def test_a_marked_form_with_a_row_keeps_what_was_entered_and_explains_its_blanks(
    tmp_path: Path,
) -> None:
    """A date, an unreadable number, a code, white space and a blank, all beside the mark."""
    hand = marked(
        tmp_path,
        "S1,W6,pain,REF",
        pain="S1,BL,2025-01-14,50,l,no,\nS1,W6,2025-02-26,3o,UNK,  ,\n",
    )
    pain = hand.after["pain"]
    assert pain.lines.tolist() == [2, 3]
    assert pain.coded.select(pl.col(ITEMS).cast(pl.String)).rows() == [
        (None,) * 5,
        (None, None, "UNK", "REF", "REF"),
    ]
    assert pain.typed.equals(hand.forms["pain"].typed)
    assert pain.entered.equals(hand.forms["pain"].entered)


def test_a_form_that_repeats_gets_no_row_from_its_mark(tmp_path: Path) -> None:
    hand = marked(tmp_path, "S2,,diary,REF")
    assert hand.of("diary") == [("S2", "REF")]
    assert hand.after["diary"] is hand.forms["diary"]
