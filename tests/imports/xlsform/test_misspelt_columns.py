"""A column whose name is nearly one of XLSForm's is told, since ODK passes over it without a word."""

from pathlib import Path

import pytest

from trialkit.imports.xlsform.misspelt_columns import misspelt_columns
from trialkit.imports.xlsform.odk_reading import read_survey
from trialkit.imports.xlsform.survey import Survey

LISTS = "choices,,,\n,list_name,name,label\n,yn,yes,Yes\n"
KNOWN = frozenset({"constraint", "required", "relevant", "label", "note"})


def survey_with(folder: Path, column: str, cell: str) -> Survey:
    (folder / "diary.csv").write_text(
        f"survey\n,type,name,label,{column}\n,integer,pain,Pain,{cell}\n{LISTS}"
    )
    return read_survey(folder / "diary.csv")


@pytest.mark.parametrize(
    ("column", "meant"),
    [("constrain", "constraint"), ("requird", "required"), ("Relevent", "relevant"),
     ("constraint mesage", "constraint_message"), ("choice_filtr", "choice_filter")],
)  # fmt: skip
def test_the_column_that_is_meant_is_named(column: str, meant: str, tmp_path: Path) -> None:
    ((place, found, instead),) = survey_with(tmp_path, column, "yes").lost
    assert place == "survey"
    assert repr(column) in found
    assert repr(meant) in instead


@pytest.mark.parametrize(
    "column",
    ["constraint", "jr:constraintMsg", "bind::constraint", "label::Deutsch (de)", "image", "my notes",
     "source", "audience", "Comment", "reviewer", "note for the site", "label:de"],
)  # fmt: skip
def test_xlsforms_own_columns_and_those_that_people_add_are_let_be(
    column: str, tmp_path: Path
) -> None:
    assert not survey_with(tmp_path, column, "").lost
    told = [found for _, found, _ in survey_with(tmp_path, column, "x").lost]
    assert not any("the column" in found for found in told)


def test_a_column_without_anything_in_it_loses_nothing() -> None:
    assert not list(misspelt_columns(("constrain",), ({"constrain": ""},), KNOWN))
    assert list(misspelt_columns(("constrain",), ({"constrain": ". < 9"},), KNOWN))
