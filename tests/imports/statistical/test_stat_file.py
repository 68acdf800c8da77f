"""What stands in a file of SAS, SPSS or Stata is what is read, to the digit and the microsecond."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from tests.imports.statistical.files import (
    MOMENT,
    SEXES,
    VISITS,
    spss,
    stata,
    table,
    transport,
    with_special_missing,
)
from trialkit.errors import DataFileError
from trialkit.imports.statistical import stat_file
from trialkit.imports.statistical.moments import Program
from trialkit.imports.statistical.stat_file import Variable, read_stat_file, table_of

CELLS = [
    ("001", "0", "1", "2024-01-02", "08:30"),
    ("002", "1.5", "2", "", "10:11:12"),
    ("003", "9", "1", "1582-12-31", ""),
]


def test_cells_are_the_text_that_means_them(tmp_path: Path) -> None:
    for path in (
        spss(tmp_path),
        spss(tmp_path, name="a.zsav"),
        transport(tmp_path),
        transport(tmp_path, version=8),
    ):
        assert table(path).cells.rows() == CELLS, path.name


def test_a_zero_is_zero_and_no_last_row_is_lost_or_made(tmp_path: Path) -> None:
    frame = pd.DataFrame({"ID": [f"{n:03d}" for n in range(11)], "N": [0.0] * 11})
    found = table(transport(tmp_path, frame))
    assert found.cells.rows() == [(f"{n:03d}", "0") for n in range(11)]


def test_moments_keep_their_microseconds_and_years_beyond_nanoseconds(tmp_path: Path) -> None:
    frame = pd.DataFrame({"AT": [MOMENT, MOMENT.replace(year=2999, microsecond=0)]}, dtype=object)
    found = table(spss(tmp_path, frame))
    assert found.cells["AT"].to_list() == ["2024-01-02 10:11:12.345678", "2999-01-02 10:11:12"]


def test_what_spss_declares_missing_has_its_code_and_label(tmp_path: Path) -> None:
    labels = {"PAIN": {9: "refused", 0: "none"}, "SEX": SEXES}
    path = spss(
        tmp_path,
        variable_value_labels=labels,
        missing_ranges={"PAIN": [9, {"lo": 90, "hi": 99}]},
        column_labels={"PAIN": "Pain now"},
        file_label="First visit",
    )
    found = table(path)
    assert found.title == "First visit"
    assert found.variable("PAIN") == Variable(
        name="PAIN", label="Pain now", is_text=False, labels={"0": "none"}, missing={"9": "refused"}
    )
    assert found.variable("SEX").labels == {"1": "male", "2": "female"}
    assert found.cells["PAIN"].to_list() == ["0", "1.5", ""]
    assert found.missing["PAIN"].to_list() == [None, None, "9"]
    assert found.missing["SEX"].null_count() == 3


def test_a_range_of_spss_is_missing_from_end_to_end(tmp_path: Path) -> None:
    frame = pd.DataFrame({"N": [89.0, 90.0, 95.5, 99.0, 100.0]})
    found = table(spss(tmp_path, frame, missing_ranges={"N": [{"lo": 90, "hi": 99}]}))
    assert found.missing["N"].to_list() == [None, "90", "95.5", "99", None]
    assert found.cells["N"].to_list() == ["89", "", "", "", "100"]


def test_texts_that_spss_declares_missing(tmp_path: Path) -> None:
    frame = pd.DataFrame({"T": ["a", "x", ""]})
    path = spss(
        tmp_path, frame, missing_ranges={"T": ["x"]}, variable_value_labels={"T": {"a": "A"}}
    )
    found = table(path)
    assert found.missing["T"].to_list() == [None, "x", None]
    assert (found.cells["T"].to_list(), found.variable("T").labels) == (["a", "", ""], {"a": "A"})


def test_the_missing_values_of_stata_stay_apart_and_a_blank_stays_blank(tmp_path: Path) -> None:
    frame = pd.DataFrame({"pain": pd.Series([4, "a", None, 7], dtype=object)})
    path = stata(
        tmp_path,
        frame,
        missing_user_values={"pain": ["a"]},
        variable_value_labels={"pain": {"a": "refused", 4: "four"}},
        version=15,
    )
    found = table(path)
    assert found.cells["pain"].to_list() == ["4", "", "", "7"]
    assert found.missing["pain"].to_list() == [None, ".a", None, None]
    assert found.variable("pain").missing == {".a": "refused"}
    assert (found.variable("pain").labels, found.variable("pain").is_whole) == ({"4": "four"}, True)


def test_four_bytes_are_read_as_the_number_that_was_meant(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": np.array([0.1, 2.5, 3.0], dtype="float32")})
    path = tmp_path / "four.dta"
    frame.to_stata(path, write_index=False)
    assert table(path).cells["x"].to_list() == ["0.1", "2.5", "3"]


@pytest.mark.parametrize("version", [5, 8])
def test_the_special_missing_values_of_sas_are_told_apart(tmp_path: Path, version: int) -> None:
    frame = pd.DataFrame({"ID": ["1", "2", "3", "4"], "PAIN": [1.0, 2.0, 3.0, 0.0]})
    path = transport(tmp_path, frame, version=version)
    with_special_missing(path, 2, "A")
    with_special_missing(path, 3, ".")
    found = table(path)
    assert found.cells["PAIN"].to_list() == ["1", "", "", "0"]
    assert found.missing["PAIN"].to_list() == [None, ".A", None, None]
    assert found.missing["ID"].null_count() == 4


def test_two_datasets_in_one_file_are_refused(tmp_path: Path) -> None:
    first = transport(tmp_path).read_bytes()
    path = tmp_path / "two.xpt"
    path.write_bytes(first + first[first.index(b"HEADER RECORD*******MEMBER") :])
    with pytest.raises(DataFileError, match=r"two\.xpt: holds 2 datasets"):
        read_stat_file(path)


def test_what_is_no_such_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, said in {
        "a.csv": "ends in .xpt, .xport, .sav, .zsav, .dta",
        "a.sav": "cannot be read as a file of this kind",
        "none.dta": "is not there",
    }.items():
        path = tmp_path / name
        if name.startswith("a"):
            path.write_bytes(b"subject_id,x\n" * 40)
        with pytest.raises(DataFileError, match=said):
            read_stat_file(path)
    monkeypatch.setattr(stat_file, "AVAILABLE", False)
    with pytest.raises(DataFileError, match=r"pip install 'trialkit\[statfiles\]'"):
        read_stat_file(tmp_path / "a.sav")


def test_no_more_rows_are_read_than_have_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = spss(tmp_path).read_bytes()
    monkeypatch.setattr(stat_file, "MOST_PLACES", 10)
    with pytest.raises(DataFileError, match="more than 2 rows of 5 variables"):
        table_of("a.sav", Program.SPSS, content)
    monkeypatch.setattr(stat_file, "MOST_PLACES", 15)
    assert table_of("a.sav", Program.SPSS, content).cells.height == 3


def test_a_file_without_rows_has_its_variables(tmp_path: Path) -> None:
    found = table(spss(tmp_path, VISITS[:0].astype({"ID": str})))
    assert [each.name for each in found.variables] == list(VISITS.columns)
    assert found.cells.height == 0
    pyreadstat.write_dta(pd.DataFrame({"x": pd.Series([], dtype=float)}), tmp_path / "b.dta")
    assert table(tmp_path / "b.dta").cells.columns == ["x"]
