"""What is said of a REDCap project: which forms are new, changed or kept, and what is left out."""

from argparse import Namespace
from pathlib import Path

import pytest

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.redcap_import import import_redcap
from trialkit.cli.screen import Screen

CLASSIC = Path(__file__).parents[1] / "imports" / "redcap_projects" / "classic"


@pytest.fixture
def call(tmp_path, capsys):
    def called(**changed):
        arguments = {
            "dictionary": CLASSIC / "dictionary.csv", "exports": [CLASSIC / "export.csv"],
            "into": tmp_path / "trial", "encoding": "utf-8", "extra_columns": False,
            "events": None, "missing": ["NA=NA"], "replace_forms": False,
            "dry_run": False, "replace": False, "empty": False, "new_subjects": False, "show_identifiers": False,
            "remove_rows": False, "by": "Ann", "reason": "",
        }  # fmt: skip
        code = import_redcap(Namespace(**{**arguments, **changed}), Screen())
        assert code == ExitCode.FINE
        return capsys.readouterr().out.splitlines()

    return called


def test_what_is_new_is_named_and_everything_left_out_listed_in_a_file(call, tmp_path):
    said = call()

    folder = tmp_path / "trial"
    assert said[0] == "4 new: protocol.toml, redcap.toml, intake.toml, con_form.toml"
    listing = next(folder.rglob("redcap_left_out.csv"))
    with listing.open(encoding="utf-8") as file:
        left_out = len(file.readlines()) - 1
    (counted,) = (line for line in said if line.endswith(" not carried over:"))
    assert counted == f"{left_out} things are not carried over:"
    listed = [line for line in said if line.startswith("  - ")]
    assert len(listed) == min(left_out, 20)
    assert said[-2:] == [
        f"All that was left out, with its place and the reason: {listing}",
        f"Next:  trialkit validate {folder}",
    ]
    for path in (folder / "forms" / "intake.toml", folder / "data" / "intake.csv"):
        assert f"  {path}" in said
        assert path.is_file()


def test_a_second_import_writes_nothing(call, tmp_path):
    call()
    before = {path: path.read_bytes() for path in (tmp_path / "trial").rglob("*.*")}

    said = call()

    assert not any(" new: " in line for line in said)
    assert said[-2:] == [
        "Nothing to write: the trial says this already.",
        f"Next:  trialkit validate {tmp_path / 'trial'}",
    ]
    assert {path: path.read_bytes() for path in (tmp_path / "trial").rglob("*.*")} == before


def test_a_form_changed_by_hand_is_kept_until_it_is_to_be_replaced(call, tmp_path):
    call()
    form = tmp_path / "trial" / "forms" / "intake.toml"
    original = form.read_text("utf-8")
    form.write_text(original + "# mine\n", "utf-8")

    kept = call(dry_run=True)
    assert kept[0] == (
        "intake.toml was changed by hand and is kept; pass --replace-forms to take the dictionary's."
    )
    assert "  -# mine" in kept
    assert "  +++ from the dictionary" in kept
    assert kept[-1] == "Dry run: nothing was written."

    rehearsed = call(dry_run=True, replace_forms=True)
    assert rehearsed[0] == "intake.toml changes."
    assert form.read_text("utf-8").endswith("# mine\n")

    taken = call(replace_forms=True)
    assert taken[0] == "intake.toml changes."
    assert "  -# mine" not in taken
    assert f"  {form}" in taken
    assert form.read_text("utf-8") == original
