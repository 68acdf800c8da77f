"""What an import of forms would write, and what it leaves alone."""

from pathlib import Path

import pytest

from trialkit.errors import DataFileError, ProtocolError
from trialkit.imports.taking_in.planned_files import (
    PlannedFile,
    declared_format,
    forms_folder,
    planned_file,
    write_planned,
)
from trialkit.protocol.trial.data_format import DateOrder


def test_a_file_that_is_there_is_kept_where_it_differs_and_somebody_says_so(tmp_path: Path) -> None:
    path = tmp_path / "pain.toml"
    new = planned_file(path, "new", keeps=lambda _: True)
    assert new == PlannedFile(path=path, before=None, after="new", kept=False)
    assert new.is_written
    path.write_text("old", encoding="utf-8")
    kept = planned_file(path, "new", keeps=lambda text: text == "old")
    assert kept == PlannedFile(path=path, before="old", after="new", kept=True)
    assert not kept.is_written
    replaced = planned_file(path, "new", keeps=lambda text: text != "old")
    assert replaced == PlannedFile(path=path, before="old", after="new", kept=False)
    assert replaced.is_written
    same = planned_file(path, "old", keeps=lambda _: True)
    assert (same.kept, same.is_written) == (False, False)


def test_only_what_changes_anything_is_written(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("new.toml", "kept.toml", "same.toml", "other.toml")]
    new, kept, same, other = paths
    for path, text in ((kept, "mine"), (same, "ä"), (other, "before")):
        path.write_text(text, encoding="utf-8")
    files = (
        planned_file(new, "one", keeps=lambda _: True),
        planned_file(kept, "two", keeps=lambda _: True),
        planned_file(same, "ä", keeps=lambda _: False),
        planned_file(other, "four ö", keeps=lambda _: False),
    )
    assert write_planned(files) == (new, other)
    assert [path.read_text(encoding="utf-8") for path in paths] == ["one", "mine", "ä", "four ö"]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pain.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DataFileError, match=r"pain\.toml: cannot be read as UTF-8 text; move it"):
        planned_file(path, "new", keeps=lambda _: False)
    path.unlink()
    path.mkdir()
    with pytest.raises(DataFileError, match="cannot be read"):
        planned_file(path, "new", keeps=lambda _: False)


def test_the_folder_of_forms_is_in_the_trial(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    trial.mkdir()
    assert forms_folder(trial) == trial / "forms"
    outside = tmp_path / "outside"
    outside.mkdir()
    (trial / "forms").symlink_to(outside)
    with pytest.raises(DataFileError, match=r"forms: leads out of the trial's folder"):
        forms_folder(trial)


def test_the_format_that_a_protocol_declares(tmp_path: Path) -> None:
    protocol = tmp_path / "protocol.toml"
    protocol.write_text(
        '[data]\ndelimiter = ";"\ndecimal = ","\ndates = "dmy"\n'
        'missing_codes = [{ code = "SC", label = "site closed" }]\n',
        encoding="utf-8",
    )
    data, complaints = declared_format(tmp_path)
    assert complaints.all() == ()
    assert data is not None
    assert (data.delimiter, data.decimal, data.dates) == (";", ",", DateOrder.DMY)
    assert [code.code for code in data.missing_codes] == ["SC"]
    protocol.write_text("", encoding="utf-8")
    standard, complaints = declared_format(tmp_path)
    assert standard is not None
    assert (standard.delimiter, standard.decimal, complaints.all()) == (",", ".", ())
    protocol.write_text('[data]\ndates = "ydm"\n', encoding="utf-8")
    nothing, complaints = declared_format(tmp_path)
    assert nothing is None
    assert [str(each).split(";")[0] for each in complaints.all()] == [
        "protocol.toml: [data] dates: found 'ydm'"
    ]
    protocol.unlink()
    with pytest.raises(ProtocolError, match=r"protocol\.toml"):
        declared_format(tmp_path)
