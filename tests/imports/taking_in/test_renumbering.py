"""Rows that the source no longer has: listed, told where they are only renumbered, taken out when asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.imports.taking_in.test_difference import (
    COLUMNS,
    DATA,
    data_file,
    incoming,
    schemas,
)
from tests.signed import SIGNED
from trialkit.errors import DataFileError
from trialkit.imports.taking_in.difference import CellDifference, difference
from trialkit.imports.taking_in.renumbering import Renumbered, renumbered
from trialkit.imports.taking_in.writing import write_import
from trialkit.store.changes.change_log import What, read_changes

HEAD = "subject_id,visit,vas,drug\n"
THERE = HEAD + "001,BL,2,yes\n001,W6,1,no\n002,BL,3,no\n"


def compared(folder: Path, *rows: tuple[str, ...], whole: bool = True) -> CellDifference:
    come = incoming(COLUMNS, *rows)
    return difference(folder, schemas(), replace(come, whole=frozenset({"pain"} if whole else ())))


def test_only_a_source_of_all_rows_has_lost_any(tmp_path: Path) -> None:
    data_file(tmp_path, THERE)
    rows = (("001", "BL", "2", "yes"),)
    assert compared(tmp_path, *rows, whole=False).gone == 0
    found = compared(tmp_path, *rows)
    assert found.forms[0].gone_keys == (("001", "W6"), ("002", "BL"))


def test_rows_stay_until_they_are_to_go(tmp_path: Path) -> None:
    path = data_file(tmp_path, THERE)
    found = compared(
        tmp_path, ("001", "BL", "2", "yes"), ("001", "W6", "4", "no"), ("003", "BL", "5", "")
    )
    write_import(compared(tmp_path, ("001", "BL", "2", "yes")), DATA, signed=SIGNED)
    assert path.read_text(encoding="utf-8") == THERE
    write_import(found, DATA, signed=SIGNED, replace=True, remove=True)
    gone = [line for line in read_changes(tmp_path / "data") if line.what is What.REMOVED]
    assert {line.subject_id for line in gone} == {key[0] for key in found.forms[0].gone_keys}
    assert all(line.old and not line.new for line in gone)
    assert path.read_text(encoding="utf-8") == (HEAD + "001,BL,2,yes\n001,W6,4,no\n003,BL,5,\n")


def test_rows_alone_can_go(tmp_path: Path) -> None:
    path = data_file(tmp_path, THERE)
    write_import(compared(tmp_path, ("002", "BL", "3", "no")), DATA, signed=SIGNED, remove=True)
    assert path.read_text(encoding="utf-8") == HEAD + "002,BL,3,no\n"


def test_an_empty_source_takes_nothing_out(tmp_path: Path) -> None:
    path = data_file(tmp_path, THERE)
    with pytest.raises(DataFileError, match="none of the 3 rows that are there were taken out"):
        write_import(compared(tmp_path), DATA, signed=SIGNED, remove=True)
    assert path.read_text(encoding="utf-8") == THERE


def test_who_has_all_answers_of_somebody_gone_was_renumbered(tmp_path: Path) -> None:
    data_file(tmp_path, THERE)
    whole = compared(tmp_path, ("101", "BL", "2", "yes"), ("101", "W6", "1", "no"))
    assert renumbered(whole) == (Renumbered(before="001", now="101"),)
    half = compared(tmp_path, ("101", "BL", "2", "yes"), ("101", "W6", "9", "no"))
    assert renumbered(half) == ()
    two = compared(tmp_path, ("101", "BL", "3", "no"), ("102", "BL", "3", "no"))
    assert renumbered(two) == ()
    assert renumbered(compared(tmp_path, ("001", "BL", "2", "yes"))) == ()


def test_blank_rows_are_nobodys_answers(tmp_path: Path) -> None:
    data_file(tmp_path, HEAD + "001,BL,,\n")
    assert renumbered(compared(tmp_path, ("101", "BL", "", ""))) == ()
