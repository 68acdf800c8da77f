"""``trialkit instruments`` from the command line."""

from pathlib import Path

import pytest

from trialkit.cli.main import main
from trialkit.newtrial.writing import write_new_trial
from trialkit.schemas.instruments import INSTRUMENTS

DOCS = Path(__file__).parents[2] / "docs" / "instruments.md"


def test_the_page_says_what_show_says(capsys):
    page = DOCS.read_text(encoding="utf-8")
    for id_ in INSTRUMENTS:
        assert main(["instruments", "show", id_]) == 0
        assert f"## {id_}\n\n```\n{capsys.readouterr().out}```\n" in page, id_


@pytest.fixture
def trial(tmp_path):
    write_new_trial(tmp_path / "trial")
    return tmp_path / "trial"


def test_all_are_listed_and_each_can_be_shown(capsys):
    assert main(["instruments", "list"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert "odi" in listed
    for id_ in listed:
        assert main(["instruments", "show", id_]) == 0
    shown = capsys.readouterr().out
    assert "minimal important change: 10 or 30 % of baseline (low back pain; Ostelo" in shown
    assert "no threshold was found" in shown
    assert "source not seen" in shown


def test_a_form_is_added_and_the_trial_still_validates(trial, capsys):
    assert main(["instruments", "add", str(trial), "odi", "--visits", "BL, W6"]) == 0
    assert 'item = "odi_score"' in capsys.readouterr().out
    header = (trial / "data" / "odi.csv").read_text(encoding="utf-8")
    assert header.startswith("subject_id,visit,visit_date,odi_1,")
    assert "odi_score" not in header
    assert main(["validate", str(trial)]) == 1  # every participant lacks the new form
    assert "odi" in (trial / "output" / "findings.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["odi", "--visits", "BL,W7"], "'W7' is no visit of the protocol"),
        (["odi"], "give --visits"),
        (["oddi", "--visits", "BL"], "did you mean 'odi'"),
    ],
)
def test_a_mistake_is_explained_and_writes_nothing(trial, capsys, call, words):
    before = sorted(trial.rglob("*"))
    assert main(["instruments", "add", str(trial), *call]) == 2
    assert words in capsys.readouterr().err
    assert sorted(trial.rglob("*")) == before


def test_a_form_that_is_there_is_not_written_over(trial, capsys):
    assert main(["instruments", "add", str(trial), "nrs_pain", "--visits", "BL"]) == 0
    file = trial / "forms" / "nrs_pain.toml"
    file.write_text(file.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    assert main(["instruments", "add", str(trial), "nrs_pain", "--visits", "BL"]) == 2
    assert "nothing was written" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8").endswith("# mine\n")


def test_a_log_of_sessions_is_tied_to_no_visit(trial):
    assert main(["instruments", "add", str(trial), "session_log"]) == 0
