"""Two rows with one key are refused in every form, and the message says where and in what they differ."""

import re
from pathlib import Path

import pytest

from tests.datasets.small import DATA, FORMS, small
from tests.miniature import DATA as MINIATURE
from tests.miniature import dedented
from trialkit.datasets.single_rows import refuse_shared_keys
from trialkit.errors import DatasetError

ONCE = {name: dedented(rows) for name, rows in (MINIATURE | DATA).items() if name != "diary"}
"""The rows of the small trial by form."""


def refusal(folder: Path, **data: str) -> str:
    with pytest.raises(DatasetError) as refused:
        small(folder, **data)
    return str(refused.value)


def with_row(form: str, row: str) -> dict[str, str]:
    return {form: ONCE[form] + row + "\n"}


@pytest.mark.parametrize("form", sorted({*FORMS, "pain"}))
def test_a_row_that_is_there_twice_is_refused_in_every_form(form: str, tmp_path: Path) -> None:
    first = ONCE[form].splitlines()[1]
    last = len(ONCE[form].splitlines()) + 1
    said = refusal(tmp_path, **with_row(form, first))
    where = f"data/{form}.csv: subject {first.split(',')[0]}"
    assert where in said
    assert f"in lines 2, {last}, which are alike" in said
    assert "--allow-hard does not choose" in said


@pytest.mark.parametrize(
    ("form", "row", "told"),
    [
        (
            "randomisation",
            "S3,2025-01-18,P,,low",
            (
                "subject S3 in lines 4, 8, which differ in day (2025-01-17, 2025-01-18), group (B, P), "
                "box (2, blank)."
            ),
        ),
        (
            "end_of_study",
            "S1,A,,yes,ill,yes,2025-02-26,",
            (
                "subject S1 in lines 2, 7, which differ in stopped (no, yes), "
                "why_stopped (blank, ill)."
            ),
        ),
        (
            "adverse_events",
            "S1,2,Cough,2025-01-14,1,yes,no,no",
            "subject S1, number 2 in lines 3, 7, which differ in what (Ache, Cough).",
        ),
        (
            "pain",
            "S1,W6,2025-03-05,31,l,no,",
            "subject S1, visit W6 in lines 3, 11, which differ in vas_mm (30.5, 31).",
        ),
        (
            "sessions",
            "S1,1,2025-01-17,no,",
            (
                "subject S1, number 1 in lines 2, 12, which differ in came (yes, no), "
                "minutes (30, blank)."
            ),
        ),
    ],
)
def test_rows_that_contradict_each_other_are_told_apart(
    form: str, row: str, told: str, tmp_path: Path
) -> None:
    assert f"data/{form}.csv: {told}" in refusal(tmp_path, **with_row(form, row))


def test_five_keys_and_five_lines_are_named_and_the_others_counted(tmp_path: Path) -> None:
    rows = ["subject_id,repeat,care"]
    rows += [f"S1,{n},m" for n in range(1, 8) for _ in range(7)]
    said = refusal(tmp_path, concomitant_care="\n".join(rows) + "\n")
    assert "number 5 in lines 30, 31, 32, 33, 34 and 2 more, which are alike; and 2 more." in said
    assert len(re.findall(r"data/concomitant_care\.csv", said)) == 5


@pytest.mark.parametrize(
    "more",
    [
        {"pain": "S1,W7,2025-04-05,31,l,no,\nS1,W7,2025-04-05,32,l,no,\n"},
        {"adverse_events": "S1,,Cough,,1,,,\nS1,,Rash,,1,,,\n"},
        {"screening": ",01,2025-01-10,,yes,\n,02,2025-01-10,,no,\n"},
    ],
)
def test_rows_that_nobody_can_place_are_not_read_and_not_refused(
    more: dict[str, str], tmp_path: Path
) -> None:
    """Of a visit that the form does not have, without a number, without a subject."""
    sources, _ = small(tmp_path, **{name: ONCE[name] + rows for name, rows in more.items()})
    refuse_shared_keys(sources.snapshot, sources.schemas)


def test_two_marks_for_one_form_that_was_not_done_are_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    marks = tmp_path / "data" / "not_done.csv"
    marks.write_text("subject_id,visit,form,reason\nS7,BL,pain,REF\nS3,W6,,ND\nS7,BL,pain,ND\n")
    said = refusal(tmp_path)
    assert "subject S7, visit BL, form pain in lines 2, 4, which differ in reason (REF, ND)" in said
    marks.write_text("subject_id,visit,form,reason\nS7,BL,pain,REF\nS3,W6,,ND\nS7,W6,,ND\n")
    assert small(tmp_path)[0].snapshot.not_done is not None
