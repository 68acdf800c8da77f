"""How somebody's study ended beside what there is of them."""

from datetime import date, timedelta

import pytest

from tests.checks.at_hand import at_hand
from tests.conftest import few_at_once
from tests.miniature import Miniature, dedented
from tests.monitored.looking import looked_at, said, setting, where
from tests.monitored.trial import Tables, row_of, tables
from trialkit.checks.judging.hits import Hits
from trialkit.checks.trial.ends import check_ends, says_death
from trialkit.schemas.items.answers import ItemChoice


def found(*spoil) -> tuple[Hits, ...]:
    hand = looked_at(*spoil)
    return check_ends(hand.schemas, people=hand.people, cells=hand.cells)


def rules(hits):
    return [(each.rule_id, each.severity.value) for each in hits]


def fatal(subject="N-003", repeat="1"):
    return setting("adverse_events", {"subject_id": subject, "repeat": repeat}, severity="fatal")


def ending(subject, *, after):
    def spoil(rows: Tables) -> None:
        start = row_of(rows, "randomisation", subject_id=subject)["randomised"]
        end = row_of(rows, "end_of_study", subject_id=subject)
        end["ended"] = str(date.fromisoformat(start) + timedelta(days=after)) if after else ""

    return spoil


def test_visits_after_the_last_day_of_somebody_who_died_are_hard():
    hits = found(fatal(), ending("N-003", after=100))

    assert rules(hits) == [("after_death", "hard")]
    assert where(hits) == [("N-003", "1")]
    message = said(hits)["message"].iloc[0]
    assert message.startswith("Severity: 'fatal', but there are data after ")
    assert message.count(" M6 on ") == 3
    assert " and 1 more. Correct" in message


def test_without_a_last_day_what_comes_after_the_event_is_asked_about():
    hits = found(fatal(), ending("N-003", after=0))

    assert rules(hits) == [("after_death", "soft")]
    assert said(hits)["message"].iloc[0].endswith("or confirm it.")


def test_a_death_with_nothing_after_it_has_no_finding():
    assert found(fatal()) == ()
    assert found() == ()


@pytest.mark.parametrize(
    ("code", "label", "says"),
    [
        ("fatal", "Fatal", True),
        ("5", "Death related to the event", True),
        ("died", "", True),
        ("severe", "Severe, not life-threatening", False),
        ("deadline", "Deadline missed", False),
        ("nonfatal", "Non-fatal", False),
        ("not_fatal", "", False),
        ("1", "No death", False),
        ("4", "Immediate risk of death", False),
        ("family_death", "A death in the family", False),
        ("9", "Not resolved; the participant died", True),
        ("no", "Died", True),
    ],
)
def test_choices_say_death_by_their_words(code, label, says):
    assert says_death(ItemChoice(code=code, label=label)) is says


def test_not_completed_with_all_forms_there_is_asked_about():
    hits = found(setting("end_of_study", {"subject_id": "W-013"}, completed="no"))

    assert rules(hits) == [("all_forms_there", "soft")]
    assert said(hits)["message"].tolist() == [
        "Study completed: 'no', but every form of every visit is there. Correct it, or confirm it."
    ]


def test_a_form_that_lacks_or_holds_no_answer_is_not_there():
    not_completed = setting("end_of_study", {"subject_id": "W-013"}, completed="no")
    lacking = lambda rows: rows["nrs_pain"].remove(
        row_of(rows, "nrs_pain", subject_id="W-013", visit="M6")
    )
    coded = setting("nrs_pain", {"subject_id": "W-013", "visit": "M6"}, nrs="NK")

    assert found(not_completed, lacking) == ()
    assert found(not_completed, coded) == ()
    assert len(tables()["nrs_pain"]) > 200


SERIOUS = """
    [form]
    id = "events"
    title = "Events"
    kind = "adverse_events"
    expected = "as_needed"
    repeating = true

    [[items]]
    id = "began"
    label = "Began"
    type = "date"
    purpose = "event_start"

    [[items]]
    id = "end"
    label = "Outcome"
    type = "choice"
    choices = [{ code = "fatal", label = "Fatal" }, { code = "well", label = "Recovered" }]

    [[items]]
    id = "day"
    label = "Criteria"
    type = "multi_choice"
    choices = [{ code = "death", label = "Death" }, { code = "stay", label = "Hospital stay" }]
"""


def of_miniature(folder, row, form=SERIOUS):
    trial = Miniature()
    trial.forms["events"] = dedented(form)
    trial.data["events"] = f"subject_id,repeat,began,end,day\n{row}\n"
    trial.data["end_of_study"] = trial.data["end_of_study"].replace(
        "S1,2025-02-26", "S1,2025-02-20"
    )
    hand = at_hand(trial, folder)
    return check_ends(hand.schemas, people=hand.people, cells=hand.cells)


@pytest.mark.parametrize(
    ("answers", "item"),
    few_at_once([("fatal,stay", "end"), ("well,stay death", "day"), ("well,death", "day")], 1),
)
def test_a_death_is_found_whatever_the_item_is_called_and_among_several_criteria(
    answers, item, tmp_path
):
    hits = of_miniature(tmp_path, f"S1,1,2025-02-10,{answers}")

    assert [(each.item, each.rule_id) for each in hits] == [(item, "after_death")]
    assert of_miniature(tmp_path / "other", "S1,1,2025-02-10,well,stay") == ()


STATED = SERIOUS.replace('label = "Fatal" }', 'label = "Gestorben", death = true }')


@pytest.mark.parametrize(
    ("form", "answers", "found_at"),
    [
        (STATED, "fatal,stay", ["end"]),
        (STATED.replace("adverse_events", "other"), "fatal,stay", ["end"]),
        (STATED.replace('"Recovered" }', '"Death, or well" }'), "well,stay", []),
        (SERIOUS.replace('"Fatal" }', '"Fatal", death = false }'), "fatal,stay", []),
        (SERIOUS.replace('label = "Fatal"', 'label = "Gestorben"'), "fatal,stay", ["end"]),
        (SERIOUS.replace('code = "fatal", label = "Fatal"', 'code = "fatal", label = "x"').replace(
            "adverse_events", "other"), "fatal,stay", []),
        (SERIOUS.replace("adverse_events", "serious_events"), "fatal,stay", ["end"]),
    ],
)  # fmt: skip
def test_what_a_form_states_of_death_goes_before_words(form, answers, found_at, tmp_path):
    hits = of_miniature(tmp_path, f"S1,1,2025-02-10,{answers}", form)

    assert [each.item for each in hits] == found_at
