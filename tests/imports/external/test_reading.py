"""Results of other programs are read as text, refused with their line, and never trusted."""

import hashlib
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.planned.external import ASKED, SOUND, plan_with, table_of
from trialkit.errors import TrialkitError
from trialkit.imports.external.reading import read_external
from trialkit.results.external import ExternalTable
from trialkit.results.vocabulary import Stat

DATA = "d" * 64


def taken(folder: Path, text: str | bytes, *, data_sha256: str = DATA) -> ExternalTable:
    """What is read of this file."""
    (folder / "external").mkdir(exist_ok=True)
    content = text.encode() if isinstance(text, str) else text
    (folder / "external" / "cox.csv").write_bytes(content)
    return read_external(folder, plan_with(ASKED), data_sha256=data_sha256)["cox"]


def test_a_sound_file_is_read_row_by_row_with_its_lines(tmp_path: Path) -> None:
    found = taken(tmp_path, SOUND)
    assert found.refused == ""
    assert found.sha256 == hashlib.sha256(SOUND.encode()).hexdigest()
    estimate = next(each for each in found.rows if each.stat_name is Stat.ESTIMATE)
    assert (estimate.line, estimate.arm, estimate.reference, estimate.stat) == (4, "A1", "A0", 0.71)


@pytest.mark.parametrize(
    ("written", "read"),
    [("0.71", 0.71), ("7.1e-1", 0.71), ("-.5", -0.5), ("Inf", math.inf), ("-Inf", -math.inf)],
)
def test_numbers_are_read_as_programs_write_them(tmp_path: Path, written: str, read: float) -> None:
    found = taken(tmp_path, SOUND.replace("conf_low,0.52", f"conf_low,{written}"))
    assert next(e.stat for e in found.rows if e.stat_name is Stat.CONF_LOW) == read


@pytest.mark.parametrize("written", ["NA", "", ".", "NaN"])
def test_no_number_needs_a_reason(tmp_path: Path, written: str) -> None:
    without = SOUND.replace("conf_low,0.52,", f"conf_low,{written},")
    assert "line 5: has neither a number nor a note" in taken(tmp_path, without).refused
    told = SOUND.replace("conf_low,0.52,", f"conf_low,{written},did not converge")
    low = next(e for e in taken(tmp_path, told).rows if e.stat_name is Stat.CONF_LOW)
    assert (low.stat, low.note) == (None, "did not converge")


WRONG = {
    "a name that no statistic has": ("estimate,0.71", "estimat,0.71", "did you mean 'estimate'"),
    "a number of another country": ("0.71", '"0,71"', "which is no number such as 0.71"),
    "a formula": ("0.71", "=1+1", "which is no number such as 0.71"),
    "digits of another script": ("0.71", "٠.٧١", "which is no number such as 0.71"),
    "a number beyond any": ("0.71", "1e999", "which is larger than any number"),
    "a statistic that is there twice": ("se,0.11", "estimate,0.9", "states estimate again"),
    "signs that move a cursor": ("se,0.11,", "se,0.11,a\x1b[2Jb", "or not plain text"),
    "a note without end": ("se,0.11,", f"se,0.11,{'x' * 501}", "longer than 500 characters"),
    "a column that is not known": ("note", "notes", "notes"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, what: str) -> None:
    right, wrong, said = WRONG[what]
    assert right in SOUND
    refused = taken(tmp_path, SOUND.replace(right, wrong)).refused
    assert said in refused
    assert "external/cox.csv" in refused
    assert refused.isprintable()


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    found = read_external(tmp_path, plan_with(ASKED), data_sha256=DATA)["cox"]
    assert found.refused == "external/cox.csv is not there yet"
    assert found.sha256 == ""


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 book", b"\xff\xfea\x00", b"arm\x00,stat"])
def test_what_is_no_csv_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert taken(tmp_path, content).refused


@given(content=st.binary(max_size=200))
def test_no_content_is_a_fault(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    found = taken(tmp_path_factory.mktemp("trial"), content)
    assert found.refused or found.rows == ()


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(SOUND)
    trial = tmp_path / "trial"
    (trial / "external").mkdir(parents=True)
    (trial / "external" / "cox.csv").symlink_to(tmp_path / "secret.csv")
    found = read_external(trial, plan_with(ASKED), data_sha256=DATA)["cox"]
    assert found.refused == "external/cox.csv leads out of the trial's folder"
    assert found.rows == ()


def test_results_of_other_data_are_refused(tmp_path: Path) -> None:
    """A file that names its data is of these data, or of none."""
    own = table_of(data_sha256=DATA)
    assert taken(tmp_path, own).refused == ""
    other = taken(tmp_path, own, data_sha256="e" * 64)
    assert other.refused == "external/cox.csv was made from other data than those of this run"
    assert other.rows == ()
    two = own.replace(DATA, "e" * 64, 1)
    assert "names several data" in taken(tmp_path, two).refused


def test_a_script_that_was_changed_since_the_plan_gives_no_results(tmp_path: Path) -> None:
    (tmp_path / "external").mkdir()
    script = tmp_path / "external" / "cox.R"
    script.write_text("library(survival)\n")
    planned = replace(
        ASKED,
        script="external/cox.R",
        script_sha256=hashlib.sha256(script.read_bytes()).hexdigest(),
    )
    (tmp_path / "external" / "cox.csv").write_text(SOUND)
    plan = plan_with(planned)
    assert read_external(tmp_path, plan, data_sha256=DATA)["cox"].refused == ""
    script.write_text("library(survival)  # exclude four\n")
    refused = read_external(tmp_path, plan, data_sha256=DATA)["cox"].refused
    assert refused == "external/cox.R is not the script of the plan: its SHA-256 is another one"
    script.unlink()
    assert read_external(tmp_path, plan, data_sha256=DATA)["cox"].refused.endswith("is not there")


def test_a_plan_without_such_analyses_reads_nothing(tmp_path: Path) -> None:
    assert read_external(tmp_path, plan_with(None), data_sha256=DATA) == {}


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    found = taken(tmp_path, SOUND + "\n" * 5_000_000)
    assert "5,000,000 are read" in found.refused


def test_trouble_is_no_error(tmp_path: Path) -> None:
    """One file that cannot be used stops no other analysis."""
    try:
        taken(tmp_path, "nonsense")
    except TrialkitError as error:
        pytest.fail(f"{error}")
