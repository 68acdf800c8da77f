"""The outputs of an earlier run go when those of this one have come, and for no other reason."""

import errno
import os
from pathlib import Path

import pytest

from trialkit.checks.queries.queries import Queries
from trialkit.errors import AnalysisError, DataFileError
from trialkit.outputs.replacing import leaving_at_least, replace_outputs

NO_QUERIES = Queries()
EARLIER = {
    "findings.csv": b"f",
    "results.csv": b"r",
    "report.html": b"h",
    "manifest.json": b"{}",
    "figures/a.svg": b"a",
    "figures/a.png": b"a",
}
MINE = {"notes.txt": b"mine", "figures/photo.png": b"mine"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for name, content in (EARLIER | MINE).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_new_files_take_the_place_of_all_earlier_ones(out: Path) -> None:
    written = replace_outputs(out, {"results.csv": b"new"}, queries=NO_QUERIES)
    assert written == [out / "results.csv"]
    assert files_of(out) == MINE | {"results.csv": b"new"}


def test_what_is_still_true_is_kept(out: Path) -> None:
    replace_outputs(
        out,
        {"report.html": b"new"},
        queries=NO_QUERIES,
        keeping={"findings.csv": b"f", "results.csv": b"x"},
    )
    assert files_of(out) == MINE | {"report.html": b"new", "findings.csv": b"f"}


def test_drawings_without_a_manifest_are_somebody_elses(out: Path) -> None:
    (out / "manifest.json").unlink()
    replace_outputs(out, {}, queries=NO_QUERIES)
    assert files_of(out) == MINE | {"figures/a.svg": b"a", "figures/a.png": b"a"}


def test_a_full_disk_leaves_the_earlier_outputs(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = files_of(out)
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DataFileError, match="no room is left"):
        replace_outputs(out, {"results.csv": b"new"}, queries=NO_QUERIES)
    assert files_of(out) == before


def test_only_what_the_trial_says_itself_takes_earlier_outputs_away(out: Path) -> None:
    before = files_of(out)
    for error in (DataFileError("the folder for temporary files is full"), KeyboardInterrupt()):
        with pytest.raises(type(error)), leaving_at_least(out, dict, queries=NO_QUERIES):
            raise error
        assert files_of(out) == before
    with (
        pytest.raises(AnalysisError),
        leaving_at_least(out, lambda: {"findings.csv": b"new"}, queries=NO_QUERIES),
    ):
        raise AnalysisError("singular")
    assert files_of(out) == MINE | {"findings.csv": b"new"}
