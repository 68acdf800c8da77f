"""Pain that rises in several sessions running is asked about, in one form as in the instrument."""

import pytest

from tests.checks.session_logs import item, repeating_form
from tests.miniature import Miniature, dedented
from trialkit.checks.forms.self_test import try_forms
from trialkit.checks.one_file.alone import form_alone
from trialkit.checks.one_file.beyond_the_row import beyond_the_row
from trialkit.errors import ProtocolError
from trialkit.schemas.instruments import INSTRUMENTS
from trialkit.schemas.instruments.form_file import form_text

LOG = repeating_form(
    "log", "Sessions",
    item("before", "Pain before", "decimal", 'purpose = "pain_before"'),
    item("during", "Pain during", "decimal", 'purpose = "pain_during"'),
    kind="sessions",
    more="stopping = { rise = 1.5, sessions = 2 }",
)  # fmt: skip
ROWS = [
    "S1,1,0,1.5", "S1,2,1,2.5", "S1,3,2,3",          # two running, then less
    "S2,1,0,5", "S2,2,,5", "S2,3,0,5", "S2,4,1,3",   # what is not known ends the run
    "S3,1,0,9",                                      # one session is no run of two
]  # fmt: skip


def signals(trial: Miniature, folder, rows=ROWS):
    trial.data["log"] = "subject_id,repeat,before,during\n" + "\n".join(rows) + "\n"
    found = trial.findings(folder)
    return found[found["rule_id"] == "stopping_signal"]


def test_the_last_of_the_sessions_running_is_asked_about(tmp_path):
    trial = Miniature()
    trial.forms["log"] = LOG
    found = signals(trial, tmp_path)
    assert found[["subject_id", "repeat"]].values.tolist() == [["S1", "2"], ["S2", "4"]]
    assert found["severity"].tolist() == ["soft", "soft"]
    assert found["message"].iloc[0] == (
        "Pain during: 2.5; pain rose by 1.5 or more in each of 2 sessions running. Say whether the "
        "training was changed or stopped, or correct what was entered."
    )


def test_a_session_that_nobody_came_to_is_passed_over(tmp_path):
    trial = Miniature()
    came = dedented("""
        [[items]]
        id = "came"
        label = "Attended"
        type = "yes_no"
        purpose = "attended"
    """)
    trial.forms["log"] = LOG + came
    trial.data["log"] = (
        "subject_id,repeat,before,during,came\n"
        "S1,1,0,4,yes\nS1,2,,,no\nS1,3,0,4,yes\nS2,1,0,4,yes\nS2,2,,,\nS2,3,0,4,yes\n"
    )
    found = trial.findings(tmp_path)
    found = found[found["rule_id"] == "stopping_signal"]
    assert found[["subject_id", "repeat"]].values.tolist() == [["S1", "3"]]


def test_the_threshold_is_that_of_the_form(tmp_path):
    trial = Miniature()
    trial.forms["log"] = LOG.replace("rise = 1.5, sessions = 2", "rise = 5, sessions = 1")
    found = signals(trial, tmp_path)
    assert found[["subject_id", "repeat"]].values.tolist() == [
        ["S2", "1"],
        ["S2", "3"],
        ["S3", "1"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("rise = 1.5", "rise = 0", "rise is a number of points above 0"),
        ("sessions = 2", "sessions = 11", "sessions is from 1 to 10"),
        ('purpose = "pain_before"', "", "no item with purpose = 'pain_before'"),
        ('kind = "sessions"', 'kind = "other"', "a form of kind sessions with repeating = true"),
        ('type = "decimal"\npurpose = "pain_during"', 'type = "text"\npurpose = "pain_during"',
         "an item of type integer or decimal"),
    ],
)  # fmt: skip
def test_a_signal_that_could_not_be_seen_is_refused(tmp_path, old, new, says):
    trial = Miniature()
    assert old in LOG
    trial.forms["log"] = LOG.replace(old, new)
    with pytest.raises(ProtocolError) as refused:
        trial.schemas(tmp_path)
    assert says in str(refused.value)


def test_a_test_of_the_form_may_meet_it(tmp_path):
    trial = Miniature()
    trial.forms["log"] = LOG + dedented("""
        [[tests]]
        name = "two running"
        row = { repeat = 2, before = 1, during = 3 }
        others.log = [{ before = 0, during = 2 }]
        breaks = ["stopping_signal"]
    """)
    trial.data["log"] = ""
    form = next(each for each in try_forms(trial.schemas(tmp_path)) if each.form.id == "log")
    assert form.passed


def test_a_file_that_streams_by_looks_for_it_among_the_rows_of_a_participant(tmp_path):
    trial = Miniature()
    trial.forms["log"] = LOG
    trial.data["log"] = ""
    schemas = trial.schemas(tmp_path)
    form, signal = schemas.form("log"), "the stopping signal over several sessions"
    alone = form_alone(form, schemas)
    assert signal in alone.not_checked
    assert alone.form.stopping is None
    assert signal not in form_alone(form, schemas, beyond_the_row(form, schemas)).not_checked


def test_the_instrument_carries_it_into_the_form(tmp_path):
    text = form_text(INSTRUMENTS["session_log"], visits=())
    assert "stopping = { rise = 2, sessions = 3 }" in text
    trial = Miniature()
    trial.forms["session_log"] = text
    trial.data["session_log"] = ""
    form = trial.schemas(tmp_path).form("session_log")
    assert form.stopping is not None
