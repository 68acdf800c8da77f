"""Data as they stood are read by the protocol and the forms that were in force then."""

import shutil
from pathlib import Path

import pytest

from trialkit.cli.main import main
from trialkit.errors import EvidenceError, TrialStep
from trialkit.steps.data_door import OWN_DOOR, DataDoor
from trialkit.steps.kept_definitions import are_in, definitions_of, laid_out
from trialkit.steps.opening import open_trial

TRIAL = Path("trial")
STORED = ("--store", "trial/evidence.sqlite")
LAST_OF_OLD = 223
MAPPING = """
reason = "walked, in metres"
moved = [{ form = "assessment", item = "walk_m", to = "walked_m", factor = 1 }]
"""


def called(*words: str, code: int = 0) -> None:
    assert main(words) == code, words


def newer_forms() -> None:
    """A question gets another name, in the form and in the protocol."""
    for name in ("forms/assessment.toml", "protocol.toml"):
        path = TRIAL / name
        path.write_text(path.read_text("utf-8").replace("walk_m", "walked_m"), encoding="utf-8")


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trial in a store, whose forms are newer than the store's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "ann")
    called("new", "trial")
    called("store", "init", "trial")
    called("store", "import", "folder", "trial", "--write")
    called("store", "export", "trial", "exported")
    newer_forms()
    return TRIAL


def migrated() -> None:
    Path("v2.toml").write_text(MAPPING, encoding="utf-8")
    called("store", "migrate", "trial", "--mapping", "v2.toml", "--write")


def test_until_the_store_is_migrated_that_is_what_is_said(trial, capsys):
    called("validate", "trial", *STORED, code=2)

    said = " ".join(capsys.readouterr().err.split())
    assert "forms/assessment.toml: the forms are newer than the store; take it to them: " in said
    assert "trialkit store migrate trial" in said
    assert "walked_m" not in said
    migrated()
    called("validate", "trial", *STORED)


def test_form_that_the_store_was_never_given_is_newer_too(trial, capsys):
    shutil.copy("exported/forms/assessment.toml", trial / "forms")
    shutil.copy("exported/protocol.toml", trial)
    form = (trial / "forms/demographics.toml").read_text("utf-8")
    for before, after in (
        ('"demographics"', '"more"'),
        ("Demographics", "More"),
        ('"more"\nexpected', '"other"\nexpected'),
    ):
        form = form.replace(before, after)
    (trial / "forms/more.toml").write_text(form, encoding="utf-8")
    called("validate", "trial", *STORED, code=2)
    assert "forms/more.toml: the forms are newer than the store" in " ".join(
        capsys.readouterr().err.split()
    )


@pytest.mark.parametrize("moment", [str(LAST_OF_OLD), "2999-01-01"])
def test_data_of_before_are_read_by_the_forms_of_before(trial, capsys, moment):
    if moment == str(LAST_OF_OLD):
        migrated()
    capsys.readouterr()
    called("validate", "trial", *STORED, "--as-of", moment)

    out = " ".join(capsys.readouterr().out.split())
    assert f"those in force at event {LAST_OF_OLD} of the log; the folder has others now" in out
    called("validate", "exported")
    one, other = (Path(each, "output/findings.csv") for each in ("trial", "exported"))
    assert one.read_bytes() == other.read_bytes()


def test_moment_at_which_the_folders_own_were_in_force_says_nothing(trial, capsys):
    migrated()
    capsys.readouterr()
    called("validate", "trial", *STORED, "--as-of", "2999-01-01")

    assert "in force" not in capsys.readouterr().out


def test_store_is_where_the_protocol_says_today(trial):
    """Whatever the protocol said then: a store is moved, and its data with it."""
    shutil.move("trial/evidence.sqlite", "moved.sqlite")
    path = trial / "protocol.toml"
    path.write_text(
        path.read_text("utf-8").replace("[data]\n", '[data]\nstore = "../moved.sqlite"\n')
    )

    opened = open_trial(trial, step=TrialStep.VALIDATE, door=DataDoor(as_of=LAST_OF_OLD))

    assert opened.by_definitions_then
    assert opened.schemas.form("assessment").item("walk_m").label
    assert opened.data.log.seq == LAST_OF_OLD


def test_folder_is_read_where_no_moment_is_named_or_its_own_forms_are_asked_for(trial):
    for door in (OWN_DOOR, DataDoor(as_of=LAST_OF_OLD, by_own_definitions=True)):
        with definitions_of(trial, door) as (place, named):
            assert (place, named) == (trial, door)


def test_kept_definitions_are_the_folders_to_the_letter_or_are_not():
    with laid_out({"protocol.toml": "a", "forms/x.toml": "b"}) as place:
        assert are_in(place, {"protocol.toml": "a", "forms/x.toml": "b"})
        assert not are_in(place, {"protocol.toml": "a", "forms/x.toml": "c"})
        assert not are_in(place, {"protocol.toml": "a"})
        assert not are_in(place, {"protocol.toml": "a", "forms/x.toml": "b", "forms/y.toml": "c"})
    with (
        pytest.raises(EvidenceError, match=r"hold the file '../x', which is none"),
        laid_out({"../x": ""}),
    ):
        pass


@pytest.mark.slow
def test_report_of_before_is_made_again_after_the_migration(trial, tmp_path):
    for name in ("protocol.toml", "forms/assessment.toml"):
        shutil.copy(Path("exported", name), trial / name)
    called("run", "trial", *STORED, "--formats", "html", "--out", "before")
    newer_forms()
    called("verify", "before", "--trial", "trial", *STORED)
    migrated()
    called("verify", "before", "--trial", "trial", *STORED)

    called(
        "run", "trial", *STORED, "--formats", "html", "--as-of", str(LAST_OF_OLD), "--out", "then"
    )
    assert Path("before/results.csv").read_bytes() == Path("then/results.csv").read_bytes()
    called("run", "trial", *STORED, "--formats", "html", "--out", "now")
    called("verify", "now", "--trial", "trial", *STORED)
