"""The form of an instrument, and the outcome of a score, as the text that a trial then owns.

The texts are written out here; they are not what the code once returned.
"""

import tomllib
from dataclasses import replace

from trialkit.schemas.forms.forms import Expected, FormKind, Purpose, Rule, Severity
from trialkit.schemas.instruments.form_file import form_text, outcome_text
from trialkit.schemas.instruments.formulas import Formula
from trialkit.schemas.instruments.instrument import (
    AskedVisits,
    Instrument,
    Score,
    ScoreDirection,
    Threshold,
    ThresholdKind,
)
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType

WORSE, BETTER = ScoreDirection.HIGHER_IS_WORSE, ScoreDirection.HIGHER_IS_BETTER
IMPORTANT = Threshold(
    kind=ThresholdKind.IMPORTANT_CHANGE, value=2.5, percent=30, source='The "big" study'
)
ERROR = Threshold(kind=ThresholdKind.MEASUREMENT_ERROR, value=1, source="A study")
SHARE = Threshold(kind=ThresholdKind.IMPORTANT_CHANGE, percent=20, source="A share")
WHAT = Instrument(
    id="grip",
    name="Grip test",
    measures="strength of the hand",
    items=(
        AskedVisits(
            id="left", label="Left hand", type=ItemType.DECIMAL, unit="kg", low=1, high=80,
            other_side="right",
        ),
        AskedVisits(id="right", label="Right hand", type=ItemType.DECIMAL, unit="kg", low=3),
        AskedVisits(
            id="effort", label="Effort", type=ItemType.CHOICE, required=True,
            choices=tuple(
                ItemChoice(code=code, label=f"No. {code}") for code in ("1", "2", "4", "8")
            ),
        ),
        AskedVisits(id="again", label="Repeated", type=ItemType.YES_NO, shown_when="effort = '1'"),
        AskedVisits(
            id="who", label="Who measured", type=ItemType.TEXT, identifier=True,
        ),
    ),
    scores=(
        Score(
            id="grip_sum", label="Grip of both", unit="kg", direction=BETTER, low=0,
            formula=Formula(expression="left + right"), missing_rule="both hands",
            thresholds=(ERROR, SHARE, IMPORTANT),
        ),
        Score(
            id="effort_score", label="Effort", direction=WORSE,
            formula=Formula(expression="effort"),
        ),
        Score(
            id="grip_half", label="Half", unit="kg", direction=ScoreDirection.NEITHER,
            formula=Formula(expression="right / 2"),
        ),
        Score(
            id="effort_twice", label="Effort twice", direction=ScoreDirection.UNKNOWN,
            formula=Formula(expression="2 * TO_NUMBER(effort)"),
        ),
        Score(
            id="grip_again", label="Again", direction=WORSE,
            formula=Formula(expression="IF(again, left, right)"), missing_rule="say whether again",
        ),
    ),
    reference="Grip et al. 2001",
    rights="free",
    notes=("use the same device", "sit"),
    checks=(
        Rule(
            id="G1", expression="left <= 60", severity=Severity.NOTE, message="{left}?",
            items=("left",),
        ),
    ),
    kind=FormKind.OTHER,
    expected=Expected.EVERYONE,
)  # fmt: skip
FORM = """\
# Grip test: strength of the hand.
# Reference: Grip et al. 2001.
# Words: free.
# Note: use the same device.
# Note: sit.
[form]
id = "grip"
title = "Grip test"
kind = "other"
expected = "everyone"
visits = ["BL", "W6"]

[[items]]
id = "visit_date"
label = "Date"
type = "date"
required = true
purpose = "visit_date"

[[items]]
id = "left"
label = "Left hand"
type = "decimal"
unit = "kg"
range = { low = 1, high = 80 }
other_side = "right"

[[items]]
id = "right"
label = "Right hand"
type = "decimal"
unit = "kg"
range = { low = 3 }

[[items]]
id = "effort"
label = "Effort"
type = "choice"
choices = [
  { code = "1", label = "No. 1" },
  { code = "2", label = "No. 2" },
  { code = "4", label = "No. 4" },
  { code = "8", label = "No. 8" },
]
required = true

[[items]]
id = "again"
label = "Repeated"
type = "yes_no"
shown_when = "effort = '1'"

[[items]]
id = "who"
label = "Who measured"
type = "text"
identifier = true

# both hands
# standard error of measurement: 1 kg (A study)
# minimal important change: or 20 % of baseline (A share)
# minimal important change: 2.5 kg or 30 % of baseline (The "big" study)
[[items]]
id = "grip_sum"
label = "Grip of both"
type = "calculated"
unit = "kg"
calculation = "left + right"

# all items must be answered
[[items]]
id = "grip_half"
label = "Half"
type = "calculated"
unit = "kg"
calculation = "right / 2"

# all items must be answered
[[items]]
id = "effort_twice"
label = "Effort twice"
type = "calculated"
unit = "points"
calculation = "2 * TO_NUMBER(effort)"

# say whether again
[[items]]
id = "grip_again"
label = "Again"
type = "calculated"
unit = "points"
calculation = "IF(again, left, right)"

[[rules]]
id = "G1"
expression = "left <= 60"
severity = "note"
message = "{left}?"
items = ["left"]

[[rules]]
id = "GRIP_SCORE1"
expression = "grip_sum IS NOT NULL OR grip_sum__missing IS NOT NULL"
severity = "soft"
message = "There is no score “Grip of both”: both hands. Enter what was answered, or the reason \
why it was not."
items = ["grip_sum"]

[[rules]]
id = "GRIP_SCORE2"
expression = "grip_again IS NOT NULL OR grip_again__missing IS NOT NULL"
severity = "soft"
message = "There is no score “Again”: say whether again. Enter what was answered, or the reason \
why it was not."
items = ["grip_again"]

[[tests]]
name = "a blank sheet"
row = { visit = "BL" }
breaks = ["GRIP_SCORE1", "GRIP_SCORE2"]

[[tests]]
name = "a sheet that is filled in"
row = { visit = "BL", left = "40", right = "8", effort = "4", again = "yes" }
"""


def test_a_form_asks_the_items_reckons_the_scores_and_asks_for_those_that_lack() -> None:
    # grip_half reads an item that grip_sum has asked about, effort_twice one that is required,
    # effort_score is an answer as it stands: none of them is demanded
    assert form_text(WHAT, visits=("BL", "W6")) == FORM


def test_a_form_without_visits_asks_no_date() -> None:
    found = tomllib.loads(form_text(WHAT, visits=()))
    assert "visits" not in found["form"]
    assert found["items"][0]["id"] == "left"
    assert "visit" not in found["tests"][0]["row"]


def test_a_form_that_has_a_date_gets_no_second_one() -> None:
    day = AskedVisits(
        id="day", label="Day", type=ItemType.DATE, purpose=Purpose.SESSION_DATE, required=True
    )
    found = tomllib.loads(form_text(replace(WHAT, items=(*WHAT.items, day)), visits=("BL",)))
    dates = [each for each in found["items"] if each["type"] == "date"]
    assert dates == [
        {
            "id": "day",
            "label": "Day",
            "type": "date",
            "required": True,
            "purpose": "session_date",
        }
    ]


def test_a_form_that_repeats_demands_no_score_and_needs_no_test() -> None:
    found = tomllib.loads(form_text(replace(WHAT, repeating=True), visits=()))
    assert found["form"]["repeating"] is True
    assert [each["id"] for each in found["rules"]] == ["G1"]
    assert "tests" not in found


OUTCOME = """\
[[outcomes]]
code = "grip_sum"
label = "Grip of both"
type = "continuous"
role = "secondary"
form = "grip"
item = "grip_sum"
time_point = ""  # the visit
metric = ""  # "change from baseline", "final value"
unit = "kg"
direction = "higher"
minimal_important_change = 2.5
minimal_important_change_source = "The \\"big\\" study"
"""


def test_an_outcome_names_its_item_its_direction_and_what_change_matters() -> None:
    # an error of measurement and a share of the baseline are no important change in its unit
    assert outcome_text(WHAT, WHAT.score("grip_sum")) == OUTCOME


def test_of_two_important_changes_the_first_is_offered() -> None:
    score = WHAT.score("grip_sum")
    second = replace(IMPORTANT, value=7.0, source="Another")
    found = tomllib.loads(outcome_text(WHAT, replace(score, thresholds=(IMPORTANT, second))))
    assert found["outcomes"][0]["minimal_important_change"] == 2.5


def test_a_single_answer_is_its_own_outcome_and_less_of_a_burden_is_better() -> None:
    (found,) = tomllib.loads(outcome_text(WHAT, WHAT.score("effort_score")))["outcomes"]
    assert (found["code"], found["item"], found["direction"], found["unit"]) == (
        "effort_score", "effort", "lower", "points",
    )  # fmt: skip
    assert "minimal_important_change" not in found


def test_a_direction_that_no_source_names_is_left_to_the_protocol() -> None:
    for score in ("grip_half", "effort_twice"):
        text = outcome_text(WHAT, WHAT.score(score))
        assert "direction" not in tomllib.loads(text)["outcomes"][0]
        assert '# direction = "lower" or "higher" is better: no source was found' in text
