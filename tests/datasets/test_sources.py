"""Items are found by what they are for, whichever form asks them and whatever they are called."""

from pathlib import Path

import pandas as pd

from tests.datasets.small import lacking, small
from trialkit.datasets.sources import by_subject_id, labels_of
from trialkit.schemas.forms.forms import FormKind, Purpose


def test_an_item_is_found_by_its_purpose_in_forms_of_one_row_a_subject(tmp_path: Path) -> None:
    sources, _ = small(tmp_path)
    found = sources.by_subject(Purpose.END_DATE)
    assert found is not None
    assert {who: str(day.date()) for who, day in pd.to_datetime(found).items()} == {
        "S1": "2025-02-26",
        "S2": "2025-02-10",
        "S3": "2025-02-05",
        "S5": "2025-03-01",
        "S6": "2025-01-30",
    }
    # these stand in forms of several rows a subject
    assert sources.by_subject(Purpose.SESSION_MINUTES) is None
    assert sources.by_subject(Purpose.VISIT_DATE) is None


def test_a_column_is_that_of_the_rows_of_its_form(tmp_path: Path) -> None:
    sources, _ = small(tmp_path)
    sessions = sources.schemas.of_kind(FormKind.SESSIONS)
    assert sessions is not None
    minutes = sources.column(sessions, Purpose.SESSION_MINUTES)
    assert minutes is not None
    expected = [30, None, 40.5, 20, 10, 90, 60, 50, 25, 77]
    assert [None if pd.isna(each) else float(each) for each in minutes] == expected
    assert sources.column(sessions, Purpose.SITE) is None


def test_people_are_those_of_the_screening_form_or_else_of_the_first(tmp_path: Path) -> None:
    sources, _ = small(tmp_path)
    assert sources.screening().id == "screening"
    without = lacking(sources, "screening")
    assert without.screening() is without.schemas.forms[0]


def test_rows_are_found_by_their_subject_and_rows_of_nobody_are_left_out() -> None:
    rows = pd.DataFrame({"subject_id": ["S2", None, "S1", None], "eligible": [1, 2, 3, 4]})
    assert by_subject_id(rows)["eligible"].to_dict() == {"S2": 1, "S1": 3}


def test_codes_are_read_as_their_labels_and_other_text_as_it_is(tmp_path: Path) -> None:
    sources, _ = small(tmp_path)
    form = sources.schemas.of_kind(FormKind.END_OF_STUDY)
    assert form is not None
    codes = pd.Series(["w", None, "m", "x"], index=[3, 1, 4, 2])
    found = labels_of(codes, form, Purpose.END_REASON)
    assert list(found.index) == [3, 1, 4, 2]
    assert [None if pd.isna(each) else each for each in found] == ["Withdrew", None, "Moved", "x"]
    assert list(labels_of(codes.dropna(), form, Purpose.SITE)) == ["w", "m", "x"]
