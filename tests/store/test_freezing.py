"""A folder of files becomes a snapshot: typed values, codes and raw text, up to the cut."""

import hashlib
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.miniature import Miniature, protocol
from trialkit.errors import DataFileError
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource


def frozen(trial, folder, cut=None):
    schemas = trial.schemas(folder)
    return freeze(FolderSource(folder=folder), schemas, cut=cut)


def test_the_values_are_typed_as_the_items_are(tmp_path):
    data = frozen(Miniature(), tmp_path)["pain"]

    assert data.values.dtypes.astype(str).to_dict() == {
        "subject_id": "str",
        "visit": "str",
        "visit_date": "datetime64[us]",
        "vas_mm": "float64",
        "side": "category",
        "drug": "boolean",
        "drug_name": "str",
    }
    assert data.values["side"].cat.ordered
    assert data.values["side"].cat.categories.tolist() == ["l", "r"]


def test_raw_text_values_and_codes_are_three_frames_of_one_shape(tmp_path):
    data = frozen(Miniature(), tmp_path)["pain"]

    last = data.raw.index[-1]
    assert data.raw.loc[last, "vas_mm"] == "ND"
    assert pd.isna(data.values.loc[last, "vas_mm"])
    assert data.codes.loc[last, "vas_mm"] == "ND"
    assert data.codes.loc[0, "vas_mm"] is None
    assert data.codes.loc[0, "subject_id"] is None
    assert data.line.tolist() == [2, 3, 4, 5, 6, 7]
    for frame in (data.values, data.codes):
        assert frame.columns.tolist() == data.raw.columns.tolist()
        assert frame.index.equals(data.raw.index)


def test_keys_are_stripped_and_repeats_are_numbers(tmp_path):
    trial = Miniature()
    trial.data["diary"] = "subject_id,repeat,started,note\n S1 , 2 ,,\n,x,,\n"

    values = frozen(trial, tmp_path)["diary"].values

    assert values["subject_id"].tolist()[0] == "S1"
    assert values["repeat"].dtype == "Int64"
    assert values["repeat"].tolist()[0] == 2
    assert values.iloc[1].isna().all()


def test_an_empty_table_has_the_same_types(tmp_path):
    trial = Miniature()
    full = frozen(trial, tmp_path / "full")["pain"].values
    trial.data["pain"] = trial.data["pain"].splitlines()[0] + "\n"

    empty = frozen(trial, tmp_path / "empty")["pain"].values

    assert empty.empty
    assert empty.dtypes.equals(full.dtypes)


def test_files_carry_the_hash_of_their_bytes(tmp_path):
    snapshot = frozen(Miniature(), tmp_path)

    content = (tmp_path / "data" / "pain.csv").read_bytes()
    assert snapshot["pain"].sha256 == hashlib.sha256(content).hexdigest()
    assert ("data/pain.csv", snapshot["pain"].sha256) in snapshot.sha256_of_files


@pytest.mark.parametrize("form", ["pain", "diary"])
def test_every_form_needs_its_file_also_if_there_is_nothing_to_enter(form, tmp_path):
    trial = Miniature()
    header = trial.data.pop(form).splitlines()[0]

    with pytest.raises(DataFileError) as error:
        frozen(trial, tmp_path)

    assert str(error.value).startswith(f"data/{form}.csv: does not exist; form '{form}' is exp")
    assert f"header line alone if there is nothing to enter: {header}" in str(error.value)


def test_a_header_alone_says_that_there_is_nothing(tmp_path):
    trial = Miniature()
    trial.data["diary"] = trial.data["diary"].splitlines()[0] + "\n"

    snapshot = frozen(trial, tmp_path)

    assert snapshot["diary"].values.empty
    assert snapshot["diary"].values["repeat"].dtype == "Int64"
    assert "data/diary.csv" in dict(snapshot.sha256_of_files)


def test_a_file_of_no_form_is_refused_and_the_nearest_named(tmp_path):
    trial = Miniature()
    trial.data["pian"] = trial.data.pop("pain")

    with pytest.raises(DataFileError, match=r"data/pian.csv: no form.*did you mean 'pain.csv'\?"):
        frozen(trial, tmp_path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pain.xlsx", "data are read from CSV files; save it as pain.csv, and move this file away"),
        ("pain.tsv", "save it as pain.csv"),
        ("diary.txt", "save it as diary.csv"),
        ("labs.xlsx", "no form has this name"),
        ("notes.txt", "no form has this name"),
        ("pain.csv.bak", "no form has this name"),
    ],
)
def test_nothing_that_looks_like_data_is_passed_over(name, words, tmp_path):
    schemas = Miniature().schemas(tmp_path)
    (tmp_path / "data" / name).write_text("subject_id\n")

    with pytest.raises(DataFileError) as error:
        freeze(FolderSource(folder=tmp_path), schemas)

    assert str(error.value).startswith(f"data/{name}: ")
    assert words in str(error.value)


def test_a_folder_among_the_data_is_refused(tmp_path):
    schemas = Miniature().schemas(tmp_path)
    (tmp_path / "data" / "site 2").mkdir()

    with pytest.raises(DataFileError, match="data/site 2: is a folder, and nothing in it would be"):
        freeze(FolderSource(folder=tmp_path), schemas)


@pytest.mark.parametrize("name", ["README.md", ".DS_Store", "~$pain.xlsx", "Thumbs.db"])
def test_what_people_and_programs_leave_for_themselves_is_no_data(name, tmp_path):
    schemas = Miniature().schemas(tmp_path)
    (tmp_path / "data" / name).write_text("x")

    assert len(freeze(FolderSource(folder=tmp_path), schemas).forms) == 5


def test_a_link_out_of_the_trial_is_refused(tmp_path):
    outside = tmp_path / "secret.csv"
    outside.write_text("subject_id,repeat,started,note\n")
    folder = tmp_path / "trial"
    schemas = Miniature().schemas(folder)
    (folder / "data" / "diary.csv").unlink()
    (folder / "data" / "diary.csv").symlink_to(outside)

    with pytest.raises(DataFileError, match="leads out of the trial's folder"):
        freeze(FolderSource(folder=folder), schemas)


def test_a_link_to_nothing_is_an_error_and_not_an_absent_form(tmp_path):
    schemas = Miniature().schemas(tmp_path)
    (tmp_path / "data" / "diary.csv").unlink()
    (tmp_path / "data" / "diary.csv").symlink_to(tmp_path / "nowhere.csv")

    with pytest.raises(DataFileError, match="does not exist"):
        freeze(FolderSource(folder=tmp_path), schemas)


@pytest.mark.parametrize("typed", ["2025-02-26", "2052-02-26", "2025-11-26", ""])
def test_the_cut_is_what_is_stated_whatever_the_data_hold(typed, tmp_path):
    trial = Miniature()
    ends = trial.data["end_of_study"].replace("S1,2025-02-26", f"S1,{typed}")
    trial.data["end_of_study"] = ends
    schemas, source = trial.schemas(tmp_path), FolderSource(folder=tmp_path)
    stated = replace(schemas, data=replace(schemas.data, cut=date(2025, 3, 31)))
    today = date(2025, 6, 1)

    assert freeze(source, schemas).cut is None
    assert freeze(source, schemas, today=today).cut == pd.Timestamp(today)
    assert freeze(source, stated, today=today).cut == pd.Timestamp("2025-03-31")
    asked = freeze(source, stated, cut=date(2025, 2, 1), today=today)
    assert asked.cut == pd.Timestamp("2025-02-01")
    assert asked.days.today == date(2025, 3, 31)


def test_rows_after_the_cut_are_left_out_with_their_lines_kept(tmp_path):
    snapshot = frozen(Miniature(), tmp_path, cut=date(2025, 1, 15))

    pain = snapshot["pain"]
    assert pain.values[["subject_id", "visit"]].to_numpy().tolist() == [["S1", "BL"], ["S2", "BL"]]
    assert pain.line.tolist() == [2, 4]
    assert pain.raw.index.tolist() == [0, 1]
    assert snapshot["randomisation"].values["subject_id"].tolist() == ["S1", "S2"]
    assert snapshot["diary"].values.shape[0] == 2
    assert snapshot.cut == pd.Timestamp("2025-01-15")


def test_a_european_export_reads_the_same(tmp_path):
    trial = Miniature()
    expected = frozen(trial, tmp_path / "a")["pain"].values
    written = DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY, encoding="cp1252")
    other = Miniature(protocol=protocol(written))
    other.data = {form: european(text) for form, text in other.data.items()}

    pd.testing.assert_frame_equal(frozen(other, tmp_path / "b")["pain"].values, expected)


def european(text):
    rows = [line.split(",") for line in text.splitlines()]
    return "\n".join(";".join(european_cell(cell) for cell in row) for row in rows)


def european_cell(cell):
    parts = cell.split("-")
    return ".".join(reversed(parts)) if len(parts) == 3 else cell.replace(".", ",")
