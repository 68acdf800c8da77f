"""One contract over every source: the same entries give the same data, whatever holds them."""

import csv
from datetime import date

import polars as pl
import pytest

from tests.conftest import few_at_once
from tests.miniature import Miniature
from trialkit.checks.trial.checking import check
from trialkit.errors import DataFileError
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource
from trialkit.store.sources.memory_source import MemorySource

MARKS = "subject_id,visit,form,reason\nS3,W6,pain,REF\n"


def in_a_folder(trial, folder):
    return FolderSource(folder=trial.write(folder))


def in_memory(trial, folder):
    tables = {}
    for name, text in trial.data.items():
        header, *rows = csv.reader(text.splitlines())
        tables[name] = pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")
    return MemorySource(tables=tables)


SOURCES = (in_a_folder, in_memory)
each_source = pytest.mark.parametrize("source", SOURCES)
"""A new source joins the tuple; nothing else is needed to hold it to the contract."""


def unchanged(trial):
    assert "not_done" in trial.data


def unmarked(trial):
    trial.data.pop("not_done")


def without_pain(trial):
    trial.data.pop("pain")


def misspelt(trial):
    trial.data["pian"] = trial.data["pain"]


def entered(change=unchanged):
    trial = Miniature()
    trial.data["not_done"] = MARKS
    change(trial)
    return trial


def wrong_cells(trial):
    trial.data["pain"] = trial.data["pain"].replace("ND", "101").replace(",r,", ",x,")


def with_column(trial):
    header, _, rows = trial.data["pain"].partition("\n")
    trial.data["pain"] = "\n".join(
        [header + ",more", *(f"{row}," for row in rows.splitlines()), ""]
    )


@each_source
@pytest.mark.parametrize("cut", few_at_once([date(2025, 2, 1), None], 1))
@pytest.mark.parametrize(
    "change", [unchanged, wrong_cells, pytest.param(unmarked, marks=pytest.mark.further)]
)
def test_a_source_gives_what_was_entered(source, change, cut, tmp_path):
    trial = entered(change)
    schemas = trial.schemas(tmp_path / "a")
    snapshot = freeze(source(trial, tmp_path / "b"), schemas, cut=cut)
    expected = freeze(FolderSource(folder=tmp_path / "a"), schemas, cut=cut)

    assert (snapshot.cut, snapshot.files) == (expected.cut, expected.files)
    assert (snapshot.not_done is None) == (expected.not_done is None)
    for form in schemas.forms:
        assert snapshot[form.id].entered.equals(expected[form.id].entered)
        assert snapshot[form.id].typed.equals(expected[form.id].typed)
        assert snapshot[form.id].coded.equals(expected[form.id].coded)
        assert snapshot.later(form.id).equals(expected.later(form.id))
    found, same = (check(each, schemas, trial.protocol).to_frame() for each in (snapshot, expected))
    assert found.drop(columns="message").equals(same.drop(columns="message"))
    if change is wrong_cells and cut is None:
        assert {"out_of_range", "not_a_choice"} <= set(found["rule_id"])


@each_source
def test_a_digest_is_of_the_content_and_there_is_one_for_each_table(source, tmp_path):
    trial, other = entered(), entered(wrong_cells)
    schemas = trial.schemas(tmp_path)
    once, again, changed = (
        dict(freeze(source(each, tmp_path / str(number)), schemas).sha256_of_files)
        for number, each in enumerate((trial, entered(), other))
    )

    assert once == again
    assert len(once) == len(trial.data)
    assert [name for name in once if once[name] != changed[name]] == [
        name for name in once if "pain" in name
    ]


@each_source
def test_the_place_of_a_row_is_said_as_its_readers_know_it(source, tmp_path):
    trial = entered()
    trial.data["pain"] += ",BL,2025-01-10,60,l,no,\n"
    schemas = trial.schemas(tmp_path)
    snapshot = freeze(source(trial, tmp_path), schemas)
    frame = check(snapshot, schemas, trial.protocol).to_frame()
    (message,) = frame.loc[frame["rule_id"] == "blank_key", "message"]

    data = snapshot["pain"]
    rows = data.entered["subject_id"].to_list()
    at = rows.index("")
    assert f" in {data.counted} {data.lines[at]} of {data.file}" in message
    assert data.lines[at] == {"line": at + 2, "row": at + 1}[data.counted]


@each_source
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (without_pain, "pain"),
        (with_column, "more"),
        (misspelt, "pian"),
    ],
)
def test_what_is_missing_or_of_no_form_is_refused(source, change, says, tmp_path):
    schemas = Miniature().schemas(tmp_path / "a")

    with pytest.raises(DataFileError, match=says):
        freeze(source(entered(change), tmp_path / "b"), schemas)


@each_source
def test_an_item_that_is_calculated_need_not_be_entered(source, tmp_path):
    trial = entered()
    trial.forms["pain"] += (
        '[[items]]\nid = "twice"\nlabel = "Twice"\ntype = "calculated"\n'
        'calculation = "vas_mm * 2"\n'
    )
    schemas = trial.schemas(tmp_path)
    data = freeze(source(trial, tmp_path), schemas)["pain"]

    raw = source(trial, tmp_path).table(schemas.form("pain"), DataFormat())
    assert raw.left_out == ("twice",)
    assert set(raw.cells["twice"]) == {""}
    assert (data.typed["twice"] == data.typed["vas_mm"] * 2).drop_nulls().all()
    assert data.typed["twice"].null_count() == data.typed["vas_mm"].null_count()
