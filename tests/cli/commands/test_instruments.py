"""Instruments listed, shown, and added to a trial that stays whole."""

from argparse import Namespace

import pytest

from trialkit.cli.commands import instruments
from trialkit.cli.exit_codes import ExitCode
from trialkit.errors import DataFileError, ProtocolError
from trialkit.newtrial.writing import write_new_trial
from trialkit.schemas.instruments import INSTRUMENTS


def called(capsys, action, **given):
    code = instruments.run(Namespace(action=action, **given))
    assert code == ExitCode.FINE
    return capsys.readouterr().out.splitlines()


def test_each_instrument_has_a_line_with_its_name_and_what_it_measures(capsys):
    said = called(capsys, "list")

    assert [line.split()[0] for line in said] == list(INSTRUMENTS)
    (odi,) = (line for line in said if line.startswith("odi "))
    assert odi.split(maxsplit=1)[1] == f"{INSTRUMENTS['odi'].name}: {INSTRUMENTS['odi'].measures}"
    # the names begin at one place
    assert {
        line.index(each.name) for line, each in zip(said, INSTRUMENTS.values(), strict=True)
    } == {max(map(len, INSTRUMENTS)) + 2}


def test_a_card_tells_the_ends_the_direction_and_the_thresholds_of_each_score(capsys):
    said = called(capsys, "show", instrument="odi")

    # the Oswestry disability index runs from 0 to 100 %, and 10 points or 30 % matter (Ostelo 2008)
    (score,) = (line for line in said if line.startswith("odi_score: "))
    assert score.endswith(" (%), 0 to 100, higher is worse")
    assert any("minimal important change: 10 or 30 % of baseline (low back pain" in s for s in said)
    assert [line.split()[0] for line in said[1:4]] == ["measures", "reference", "words"]


@pytest.fixture
def trial(tmp_path):
    write_new_trial(tmp_path / "trial")
    return tmp_path / "trial"


def test_a_form_and_its_empty_table_are_written_and_named(trial, capsys):
    said = called(capsys, "add", instrument="odi", trial=trial, visits=" BL, W6,")

    form, data = trial / "forms" / "odi.toml", trial / "data" / "odi.csv"
    assert said[0] == f"{form} and {data} were written; the form is yours to edit."
    assert 'visits = ["BL", "W6"]' in form.read_text("utf-8")
    (heading,) = data.read_text("utf-8").splitlines()
    assert heading.split(",")[:4] == ["subject_id", "visit", "visit_date", "odi_1"]
    assert any(line.startswith("To make ") and "put into protocol.toml" in line for line in said)


def test_data_that_are_there_stay(trial, capsys):
    data = trial / "data" / "odi.csv"
    data.write_text("mine\n", "utf-8")

    called(capsys, "add", instrument="odi", trial=trial, visits="BL")

    assert data.read_text("utf-8") == "mine\n"


def test_nothing_is_written_over_a_form_or_for_an_unknown_visit(trial, capsys):
    for visits, words in (("", "odi is asked at visits; give --visits, of BL, W6"),
                          ("BL,W7", "--visits: 'W7' is no visit of the protocol, which has BL, W6")):  # fmt: skip
        with pytest.raises(ProtocolError) as refused:
            called(capsys, "add", instrument="odi", trial=trial, visits=visits)
        assert words in str(refused.value)
    form = trial / "forms" / "odi.toml"
    assert not form.exists()
    form.write_text("mine", "utf-8")
    with pytest.raises(DataFileError, match="is there already; nothing was written"):
        called(capsys, "add", instrument="odi", trial=trial, visits="BL")
    assert form.read_text("utf-8") == "mine"
