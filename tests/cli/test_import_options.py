"""What may be typed for an import, and what stands where nothing was."""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from trialkit.cli.import_options import add_import_sources, mapping, source, trial, writing


@pytest.fixture
def typed():
    parser = ArgumentParser(prog="import", allow_abbrev=False)
    add_import_sources(parser)
    return lambda *words: vars(parser.parse_args(words))


COMMAND = {"command": "importing"}
PLAIN = {
    "dry_run": False, "replace": False, "empty": False, "new_subjects": False, "remove_rows": False,
    "show_identifiers": False, "by": "", "reason": "",
}  # fmt: skip
SWITCHES = {name for name, value in PLAIN.items() if value is False}
ALL = ("--dry-run", "--replace", "--empty", "--new-subjects", "--remove-rows", "--show-identifiers")


def test_a_redcap_project(typed):
    assert typed("redcap", "d.csv") == COMMAND | PLAIN | {
        "source": "redcap", "dictionary": Path("d.csv"), "exports": [], "into": Path(),
        "events": None, "missing": [], "replace_forms": False, "encoding": "utf-8",
        "extra_columns": False,
    }  # fmt: skip
    assert typed(
        "redcap", "d.csv", "a.csv", "b.csv", "--into", "t", "--events", "e.csv",
        "--missing=-99=UNK", "--missing=-98=ND", "--replace-forms", *ALL,
    ) == COMMAND | PLAIN | dict.fromkeys(SWITCHES, True) | {
        "source": "redcap", "dictionary": Path("d.csv"), "exports": [Path("a.csv"), Path("b.csv")],
        "into": Path("t"), "events": Path("e.csv"), "missing": ["-99=UNK", "-98=ND"],
        "replace_forms": True, "encoding": "utf-8", "extra_columns": False,
    }  # fmt: skip


def test_a_workbook(typed):
    expected = COMMAND | PLAIN | {"source": "workbook", "trial": Path("t"), "file": Path("f.xlsx")}

    assert typed("workbook", "t", "f.xlsx") == expected | {"mapping": None}
    assert typed("workbook", "t", "f.xlsx", "--mapping", "m.toml", "--replace") == expected | {
        "mapping": Path("m.toml"),
        "replace": True,
    }


def test_a_table(typed):
    expected = COMMAND | PLAIN | {
        "source": "csv", "trial": Path("t"), "file": Path("f.csv"), "form": "pain", "mapping": None,
    }  # fmt: skip

    assert typed("csv", "t", "f.csv", "--form", "pain") == expected
    assert typed("csv", "t", "f.csv", "--form", "pain", "--empty") == expected | {"empty": True}


def test_a_statistical_file(typed):
    expected = COMMAND | PLAIN | {
        "source": "statfile", "trial": Path("t"), "file": Path("f.sav"), "form": "pain",
        "mapping": None, "subject": "", "missing": [],
    }  # fmt: skip

    words = ("statfile", "t", "f.sav", "--form", "pain")
    assert typed(*words) == expected
    assert typed(*words, "--subject", "ID", "--missing=.A=REF", "--missing=9=ND") == expected | {
        "subject": "ID", "missing": [".A=REF", "9=ND"],
    }  # fmt: skip


def test_an_xlsform(typed):
    expected = COMMAND | PLAIN | {
        "source": "xlsform", "file": Path("f.xlsx"), "trial": Path("t"), "subject": "",
        "submissions": None, "replace_forms": False,
    }  # fmt: skip

    assert typed("xlsform", "f.xlsx", "t") == expected
    more = ("--subject", "id", "--dry-run", "--replace-forms")
    assert typed("xlsform", "f.xlsx", "t", *more) == expected | {
        "subject": "id", "dry_run": True, "replace_forms": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [(), ("json", "t"), ("redcap",), ("workbook", "t"), ("csv", "t", "f.csv"), ("xlsform", "f.xlsx"),
     ("workbook", "t", "f.xlsx", "--dry"), ("xlsform", "f.xlsx", "t", "--repl")],
)  # fmt: skip
def test_a_call_that_lacks_something_or_is_shortened_is_refused(typed, words):
    with pytest.raises(SystemExit):
        typed(*words)


def test_another_source_can_take_the_same_options():
    parser = ArgumentParser(prog="import")
    made = source(parser.add_subparsers(dest="source"), "other", "a file of another kind")
    trial(made)
    mapping(made, required=True)
    writing(made)

    assert vars(parser.parse_args(["other", "t", "--mapping", "m.toml", "--empty"])) == {
        "source": "other", "trial": Path("t"), "mapping": Path("m.toml"), **PLAIN, "empty": True,
    }  # fmt: skip
    assert made.description == "A file of another kind."
    with pytest.raises(SystemExit):
        parser.parse_args(["other", "t"])
