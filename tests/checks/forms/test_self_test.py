"""A form shows by rows of its own that its rules find what they are for, and nothing else."""

import pytest

from tests.checks.examination import Examined
from tests.conftest import EXAMPLE
from tests.miniature import Miniature, dedented
from trialkit.checks.forms.self_test import try_forms
from trialkit.errors import ProtocolError
from trialkit.steps.opening import open_trial

PAIN = """
    [[tests]]
    name = "after the randomisation"
    row = { visit = "W6", visit_date = 2025-02-26, vas_mm = 30.5 }
    others.randomisation = { randomisation_date = 2025-01-15 }
    others."BL.pain" = { vas_mm = 50 }

    [[tests]]
    name = "before the randomisation"
    row = { visit = "W6", visit_date = "2025-01-14" }
    others.randomisation = { randomisation_date = 2025-01-15 }
    breaks = ["PAIN01"]

    [[tests]]
    name = "far from the baseline, and unusual"
    row = { visit = "W6", vas_mm = 96 }
    others."BL.pain" = { vas_mm = 5 }
    breaks = ["PAIN02", "unusual"]

    [[tests]]
    name = "a drug without its name"
    row = { visit = "BL", drug = true, drug_name = "" }
    breaks = ["required_when"]
"""


def tried(trial, folder, form):
    return next(each for each in try_forms(trial.schemas(folder)) if each.form.id == form)


def with_tests(**tests):
    trial = Miniature()
    for form, text in tests.items():
        trial.forms[form] += dedented(text)
    return trial


def test_rows_break_the_rules_that_they_are_said_to_break(tmp_path):
    form = tried(with_tests(pain=PAIN), tmp_path, "pain")

    assert [each.broken for each in form.tried] == [
        (), ("PAIN01",), ("PAIN02", "unusual"), ("required_when",),
    ]  # fmt: skip
    assert form.passed
    assert (form.never_broken, form.never_kept) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ('breaks = ["PAIN01"]', "breaks = []", ("PAIN01",)),
        ('visit_date = "2025-01-14"', 'visit_date = "2025-01-16"', ()),
        ('visit_date = "2025-01-14"', 'visit_date = "14.1.2025"', ("unreadable",)),
    ],
)
def test_a_row_that_breaks_others_or_none_fails(old, new, broken, tmp_path):
    form = tried(with_tests(pain=PAIN.replace(old, new)), tmp_path, "pain")

    assert not form.passed
    failed = [each for each in form.tried if not each.passed]
    assert [each.broken for each in failed] == [broken]
    assert all(each.messages for each in failed if broken)


def test_rules_without_a_row_are_named(tmp_path):
    trial = with_tests(pain=PAIN.replace('breaks = ["PAIN01"]', 'breaks = ["PAIN01"]'))
    form = tried(trial, tmp_path, "randomisation")

    assert form.tried == ()
    assert form.never_broken == form.never_kept == ("RND01",)


def test_cells_of_every_kind_may_be_written_as_toml_writes_them(tmp_path):
    trial = Examined()
    trial.forms["examination"] += dedented("""
        [[tests]]
        name = "all kinds"
        row = { done_on = 2025-01-15, pain_since = "2024-UN-UN", scan_at = 2025-01-14T09:30:00, worse_by = ["lift", "sit"], scan = "any.png", rest_mm = 55, q1 = 1, q2 = 2, total = 3 }

        [[tests]]
        name = "no lifting"
        row = { worse_by = [], rest_mm = 0 }

        [[tests]]
        name = "a calculated value"
        row = { left_mm = 10, right_mm = 20, thickness = 16 }
        breaks = ["miscalculated"]

        [[tests]]
        name = "one side and a wrong total"
        row = { left_mm = 10, q1 = 1, q2 = 2, total = 4 }
        breaks = ["one_side_only", "wrong_sum"]
    """)

    form = tried(trial, tmp_path, "examination")

    assert [each.broken for each in form.tried if not each.passed] == []


WRONG = {
    'breaks = ["PAIN01"]': ('breaks = ["PAIN1"]', "did you mean 'PAIN01'?"),
    "vas_mm = 96": ("vas = 96", "the unknown item 'vas'"),
    "others.randomisation": ("others.randomization", "did you mean 'randomisation'?"),
    'visit = "BL"': ('visit = "W12"', "the visit 'W12'"),
    'name = "a drug without its name"': ('name = "before the randomisation"', "that another test has"),
    "drug = true": ("drug = { a = 1 }", "a cell as in the data file"),
    'others."BL.pain" = { vas_mm = 50 }': ('others."W6.pain" = { vas_mm = 50 }', "this one is the row itself"),
    'breaks = ["required_when"]': ('breks = ["required_when"]', "did you mean 'breaks'?"),
    'row = { visit = "BL"': ('row = { subject_id = "1", visit = "BL"', "a key"),
}  # fmt: skip


@pytest.mark.parametrize("old", WRONG)
def test_a_test_that_names_what_is_not_there_is_a_protocol_error(old, tmp_path):
    new, said = WRONG[old]
    assert old in PAIN

    with pytest.raises(ProtocolError) as error:
        with_tests(pain=PAIN.replace(old, new, 1)).schemas(tmp_path)

    assert said in str(error.value)


def test_every_rule_of_the_example_has_a_row_that_breaks_it_and_one_that_keeps_it():
    forms = try_forms(open_trial(EXAMPLE).schemas)

    assert [each.test.name for form in forms for each in form.tried if not each.passed] == []
    assert [form.never_broken + form.never_kept for form in forms] == [()] * len(forms)


LOG = """
    [form]
    id = "log"
    title = "Sessions"
    kind = "other"
    expected = "as_needed"
    repeating = true

    [[items]]
    id = "pain"
    label = "Pain"
    type = "integer"

    [[rules]]
    id = "RISES"
    expression = "pain < 5 OR PREVIOUS(pain) < 5 OR PREVIOUS(pain, 2) < 5"
    severity = "hard"
    message = "Much pain in three sessions."
    items = ["pain"]

    [[tests]]
    name = "three sessions running"
    row = { repeat = 4, pain = 5 }
    others.log = [{ pain = 1 }, { pain = 6 }, { pain = 7 }]
    breaks = ["RISES"]

    [[tests]]
    name = "two, and one before them"
    row = { repeat = 3, pain = 5 }
    others.log = [{ pain = 9, repeat = 2 }, { pain = 2 }, { pain = 5, repeat = 9 }]
"""


def test_rows_of_a_form_that_repeats_stand_beside_the_row(tmp_path):
    trial = Miniature()
    trial.forms["log"] = dedented(LOG.replace("{ pain = 2 }", "{ pain = 2, repeat = 1 }"))
    trial.data["log"] = "subject_id,repeat,pain\n"
    form = tried(trial, tmp_path, "log")

    assert [each.broken for each in form.tried] == [("RISES",), ()]
    assert form.passed


def test_the_row_itself_stands_there_once(tmp_path):
    trial = Miniature()
    trial.forms["log"] = dedented(LOG.replace("repeat = 4", "repeat = 3"))

    with pytest.raises(ProtocolError, match="unless repeat says which row it is"):
        trial.schemas(tmp_path)
