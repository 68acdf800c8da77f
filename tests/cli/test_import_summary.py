"""What an import leaves on the screen: the counts, the first cells and rows, and what was left out."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.miniature import Miniature
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_summary import (
    refuse_nothing,
    show_difference,
    show_left_out,
    show_lines,
    take_in,
)
from trialkit.cli.screen import Screen
from trialkit.errors import DataFileError
from trialkit.imports.taking_in.difference import difference
from trialkit.imports.taking_in.incoming import Incoming, IncomingTable, LeftOut
from trialkit.imports.taking_in.planned_files import PlannedFile
from trialkit.steps.stages import OpenedTrial


@pytest.fixture
def trial(tmp_path):
    mini = Miniature()
    return OpenedTrial(folder=tmp_path, protocol=mini.protocol, schemas=mini.schemas(tmp_path))


def arriving(form, columns, left_out=()):
    cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    places = tuple(f"line {number}" for number in range(2, cells.height + 2))
    table = IncomingTable(form_id=form, cells=cells, places=places)
    return Incoming(source="new.csv", tables=(table,), left_out=left_out)


# of the pain form: one cell filled, two changed, one emptied, a row as it is, and a new one
PAIN = {
    "subject_id": ["S1", "S2", "S3", "S1", "S4"],
    "visit": ["BL", "BL", "BL", "W6", "W6"],
    "vas_mm": ["51", "60.0", "70", "30.5", "12"],
    "side": ["l", "l", "r", "", ""],
}


def incoming(left_out=()):
    return arriving("pain", PAIN, left_out)


def lines(capsys):
    """The lines of a table without their borders, each as its words."""
    said = capsys.readouterr().out.splitlines()
    found = [
        " ".join(line.translate(dict.fromkeys(map(ord, "│┃┏┓┡┩└┘┳╇┴━─"))).split()) for line in said
    ]
    return [line for line in found if line]


def test_the_difference_is_counted_by_form_and_its_cells_listed_the_changed_first(trial, capsys):
    show_difference(difference(trial.folder, trial.schemas, incoming()), Screen())

    said = lines(capsys)
    assert said[:2] == [
        "form new rows filled changed emptied unchanged rows",
        "pain 1 1 2 1 0",
    ]
    assert said[2] == "effect row form.item is in the file where"
    assert [line.split()[0] for line in said[3:7]] == ["changed", "changed", "emptied", "filled"]
    assert "S1" in said[3]
    assert said[3].endswith("pain.vas_mm 50 51 line 2")
    assert said[4].endswith("pain.side r l line 3")
    assert said[5].endswith("pain.side l - line 5")
    assert said[6].endswith("pain.side - r line 4")
    assert said[7:] == ["+ pain: subject_id S4, visit W6, vas_mm 12 (line 6)"]


def test_an_import_that_changes_nothing_is_counted_alone(trial, capsys):
    same = arriving("pain", {"subject_id": ["S1"], "visit": ["BL"], "vas_mm": ["50.0"]})

    show_difference(difference(trial.folder, trial.schemas, same), Screen())

    assert lines(capsys)[1:] == ["pain 0 0 0 0 1"]


def test_three_new_rows_are_shown_and_twenty_cells(trial, capsys):
    many = arriving(
        "diary",
        {"subject_id": ["S1"] * 5, "repeat": ["1", "3", "4", "5", "6"], "note": list("abcde")},
    )
    show_difference(difference(trial.folder, trial.schemas, many), Screen())
    said = lines(capsys)
    assert [line for line in said if line.startswith("+")] == [
        "+ diary: subject_id S1, repeat 3, note b (line 3)",
        "+ diary: subject_id S1, repeat 4, note c (line 4)",
        "+ diary: subject_id S1, repeat 5, note d (line 5)",
        "+ diary: and 1 more row",
    ]

    (trial.folder / "data" / "diary.csv").write_text(
        "subject_id,repeat,started,note\n" + "".join(f"S1,{n},,old\n" for n in range(23)), "utf-8"
    )
    all_new = arriving(
        "diary",
        {
            "subject_id": ["S1"] * 23,
            "repeat": [str(n) for n in range(23)],
            "note": ["new"] * 23,
        },
    )
    show_difference(difference(trial.folder, trial.schemas, all_new), Screen())
    said = lines(capsys)
    assert sum(line.startswith("changed") for line in said) == 20
    assert said[-1] == "... and 3 more cells"


def call(**asked):
    every = ("replace", "empty", "dry_run", "new_subjects", "remove_rows", "show_identifiers")
    return Namespace(**dict.fromkeys(every, False) | {"by": "Ann", "reason": ""} | asked)


def taken(trial, capsys, what, **asked):
    arguments = call(**asked)
    code = take_in(trial, what, arguments, Screen())
    return code, capsys.readouterr().out.splitlines()


def pain(trial):
    return (trial.folder / "data" / "pain.csv").read_text("utf-8")


def test_a_dry_run_says_what_needs_asking_and_writes_nothing(trial, capsys):
    before = pain(trial)

    code, said = taken(trial, capsys, incoming(), dry_run=True)

    assert (code, pain(trial)) == (ExitCode.FINE, before)
    assert said[-2:] == [
        "2 values would be overwritten, which needs --replace.",
        "Dry run: nothing was written.",
    ]
    one = arriving("pain", {"subject_id": ["S1"], "visit": ["BL"], "vas_mm": ["51"]})
    assert taken(trial, capsys, one, dry_run=True)[1][-2].startswith("1 value would be")
    _, asked = taken(trial, capsys, incoming(), dry_run=True, replace=True)
    assert "overwritten" not in "".join(asked)


def test_nothing_is_overwritten_unasked(trial, capsys):
    before = pain(trial)

    with pytest.raises(DataFileError, match="'50' would become '51'"):
        taken(trial, capsys, incoming())

    assert pain(trial) == before


@pytest.mark.parametrize(("empty", "side"), [(False, "l"), (True, "")])
def test_what_was_asked_for_is_written_and_named(empty, side, trial, capsys):
    code, said = taken(trial, capsys, incoming(), replace=True, empty=empty)

    assert code == ExitCode.FINE
    assert said[-3:] == [
        f"  {trial.folder / 'data' / 'pain.csv'}",
        f"  {trial.folder / 'data' / 'changes.csv'}",
        f"Next:  trialkit validate {trial.folder}",
    ]
    assert "S1,BL,2025-01-14,51,l,no," in pain(trial)
    assert "S2,BL,2025-01-15,60,l,no," in pain(trial)
    assert f"S1,W6,2025-02-26,30.5,{side},yes,ibuprofen" in pain(trial)
    assert "S3,BL,2025-01-16,70,r,no," in pain(trial)


def test_the_same_again_writes_nothing(trial, capsys):
    same = arriving("pain", {"subject_id": ["S1"], "visit": ["BL"], "vas_mm": ["50.0"]})

    code, said = taken(trial, capsys, same)

    assert (code, said[-1]) == (ExitCode.FINE, "Nothing to write: the data say this already.")


def test_what_was_left_out_is_counted_and_named(trial, capsys):
    one = LeftOut(place="row 3", found="x", why="no item")
    two = LeftOut(place="row 4", found="y", why="no form")

    show_left_out([], Screen())
    assert capsys.readouterr().out == ""
    show_left_out([one], Screen())
    assert capsys.readouterr().out.splitlines() == [
        "1 thing was left out, or taken otherwise:",
        "  - row 3: x: no item",
    ]
    show_left_out([one, two], Screen())
    assert capsys.readouterr().out.splitlines() == [
        "2 things were left out, or taken otherwise:",
        "  - row 3: x: no item",
        "  - row 4: y: no form",
    ]
    _, said = taken(trial, capsys, incoming((two,)), dry_run=True)
    assert "  - row 4: y: no form" in said


def changed(before, after):
    return PlannedFile(
        path=Path("trial", "forms", "pain.toml"), before=before, after=after, kept=False
    )


def test_the_lines_of_a_file_that_change_are_shown(capsys):
    show_lines(changed("a\nb\nc\n", "a\nx\nc\n"), Screen(), now="from elsewhere")

    assert capsys.readouterr().out.splitlines() == [
        "  --- forms/pain.toml",
        "  +++ from elsewhere",
        "  @@ -1,3 +1,3 @@",
        "   a",
        "  -b",
        "  +x",
        "   c",
    ]


@pytest.mark.parametrize(("added", "more"), [(57, []), (59, ["  ... and 2 more lines"])])
def test_sixty_lines_are_shown(added, more, capsys):
    show_lines(changed(None, "x\n" * added), Screen(), now="new")

    said = capsys.readouterr().out.splitlines()
    assert said[3:60] == ["  +x"] * 57
    assert said[60:] == more


LOST = (LeftOut(place="new.csv, line 2", found="visit 'W9'", why="no visit of the form"),)


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_file_of_which_everything_was_left_out_is_no_import(trial, capsys, dry_run):
    nothing = arriving("pain", {key: [] for key in PAIN}, LOST)
    asked = call(dry_run=dry_run)
    with pytest.raises(DataFileError, match=r"new\.csv: no answer could be taken, since all of it"):
        take_in(trial, nothing, asked, Screen())
    assert "visit 'W9'" in capsys.readouterr().out


def test_nothing_in_a_file_is_no_loss(trial, capsys):
    asked = call()
    empty = arriving("pain", {key: [] for key in PAIN})
    assert take_in(trial, empty, asked, Screen()) == ExitCode.FINE
    assert "Nothing to write" in capsys.readouterr().out
    refuse_nothing("a.xlsx", taken=True, left_out=LOST, what="no form could be written")


def test_rows_that_the_source_no_longer_has_are_listed_and_go_when_asked(trial, capsys):
    whole = replace(
        arriving("pain", {key: cells[:2] for key, cells in PAIN.items()}), whole={"pain"}
    )
    path = trial.folder / "data" / "pain.csv"
    before = path.read_text("utf-8")

    code, said = taken(trial, capsys, whole, dry_run=True, remove_rows=True)
    assert code == ExitCode.FINE
    assert path.read_text("utf-8") == before
    (head,) = (line for line in said if "not in new.csv" in line)
    gone = [line for line in said if line.startswith("  - pain: subject_id")]
    assert head.startswith(f"{len(gone)} rows that are there are not in new.csv, and taken out:")

    _, kept = taken(trial, capsys, whole, replace=True)
    assert any("kept; --remove-rows takes such rows out" in line for line in kept)
    assert path.read_text("utf-8").count("\n") == before.count("\n")
    taken(trial, capsys, whole, replace=True, remove_rows=True)
    assert path.read_text("utf-8").count("\n") == 3
