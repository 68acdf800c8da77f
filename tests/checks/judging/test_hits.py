"""What one check found: the rows, their keys, what was entered there, and what is said of it."""

import numpy as np
import pandas as pd
import pytest

from tests.checks.at_hand import at_hand
from tests.checks.examination import Examined
from trialkit.checks.judging.hits import (
    as_entered,
    as_text,
    doubted_rows,
    hits_at_rows,
    hits_without_row,
)
from trialkit.schemas.forms.forms import Severity

PLACES = ["row", "subject_id", "visit", "repeat", "value", "missing_code", "message"]


@pytest.fixture(scope="module")
def hand(tmp_path_factory):
    trial = Examined()
    trial.forms["examination"] += """
[[rules]]
id = "TWO"
expression = "left_mm <= right_mm"
severity = "hard"
message = "Left is thicker."
items = ["left_mm", "right_mm"]
"""
    return at_hand(trial, tmp_path_factory.mktemp("trial"))


def at(hand, form, rows, *, item, words=lambda entered: "<" + entered + ">"):
    return hits_at_rows(
        hand.schemas.form(form),
        hand.snapshot[form],
        np.array(rows),
        words,
        item=item,
        rule_id="some_rule",
        severity=Severity.SOFT,
    )


def test_each_row_has_its_key_and_its_text_or_its_code_and_words_of_what_was_entered(hand):
    (found,) = at(hand, "pain", [1, 5], item="vas_mm")

    assert found.places[PLACES].to_numpy().tolist() == [
        [1, "S1", "W6", "", "30.5", "", "<30.5>"],
        [5, "S3", "W6", "", "", "ND", "<ND>"],
    ]
    assert found.rows.tolist() == [1, 5]
    assert (found.form.id, found.item, found.rule_id, found.severity.value, found.label) == (
        "pain",
        "vas_mm",
        "some_rule",
        "soft",
        "Pain",
    )


def test_a_row_counted_by_number_says_its_number(hand):
    (found,) = at(hand, "sessions", [2, 0], item="held_on")

    assert found.places[PLACES].to_numpy().tolist() == [
        [2, "S1", "", "3", "2025-02-03", "", "<2025-02-03>"],
        [0, "S1", "", "1", "2025-01-20", "", "<2025-01-20>"],
    ]


@pytest.mark.parametrize(
    ("item", "label", "value"),
    [("", "Pain", ""), ("visit", "Visit", "BL"), ("subject_id", "Subject", "S2")],
)
def test_a_finding_about_the_row_or_its_key_is_labelled_so(hand, item, label, value):
    (found,) = at(hand, "pain", [2], item=item)

    assert (found.label, found.places["value"].tolist()) == (label, [value])
    assert found.places["message"].tolist() == [f"<{value}>"]


def test_without_a_row_nothing_is_found(hand):
    nobody = pd.Series([], dtype="str")

    assert at(hand, "pain", [], item="vas_mm") == ()
    assert (
        hits_without_row(
            hand.schemas.form("pain"), nobody, nobody, rule_id="x", severity=Severity.HARD
        )
        == ()
    )


def test_what_is_about_participants_has_no_row(hand):
    (found,) = hits_without_row(
        hand.schemas.form("pain"),
        pd.Series(["S1", "S3"], index=[7, 4]),
        pd.Series(["one", "three"], index=[2, 9]),
        visits=pd.Series(["BL", "W6"], index=[1, 3]),
        values=pd.Series(["7", "8"], index=[5, 6]),
        item="side",
        rule_id="some_rule",
        severity=Severity.NOTE,
    )

    assert found.places[PLACES].to_numpy().tolist() == [
        [-1, "S1", "BL", "", "7", "", "one"],
        [-1, "S3", "W6", "", "8", "", "three"],
    ]
    assert (found.label, found.severity, found.rule_id) == ("Side", Severity.NOTE, "some_rule")


def hit(hand, form, rows, rule_id, *, severity=Severity.HARD, item=""):
    data = hand.snapshot[form]
    return hits_at_rows(
        hand.schemas.form(form),
        data,
        np.array(rows),
        lambda entered: entered,
        item=item,
        rule_id=rule_id,
        severity=severity,
    )


def test_a_cell_is_in_doubt_by_a_hard_rule_that_names_it_or_by_its_order_of_dates(hand):
    form = hand.schemas.form("examination")
    found = (
        *hit(hand, "examination", [1], "TWO"),
        *hit(hand, "examination", [0], "EXA01", item="pain_since"),
        *hit(hand, "examination", [1], "date_order", item="scan_at"),
        *hit(hand, "pain", [4], "date_order", item="visit_date"),
    )

    def doubted(item):
        return doubted_rows(found, form, form.item(item)).tolist()

    assert (doubted("left_mm"), doubted("right_mm")) == ([1], [1])
    assert (doubted("pain_since"), doubted("done_on")) == ([0], [0])
    assert (doubted("scan_at"), doubted("rest_mm")) == ([1], [])
    pain = hand.schemas.form("pain")
    assert doubted_rows(found, pain, pain.item("visit_date")).tolist() == [4]


def test_a_soft_rule_and_a_check_of_the_cell_leave_no_doubt(hand):
    form = hand.schemas.form("examination")
    found = (
        *hit(hand, "examination", [0], "EXA02", severity=Severity.SOFT, item="rest_mm"),
        *hit(hand, "examination", [1], "out_of_range", item="rest_mm"),
        *hit(hand, "examination", [1], "date_order", severity=Severity.SOFT, item="rest_mm"),
    )

    assert doubted_rows(found, form, form.item("rest_mm")).tolist() == []


def test_the_rows_in_doubt_are_those_of_all_that_was_found(hand):
    form = hand.schemas.form("examination")
    found = (*hit(hand, "examination", [1], "TWO"), *hit(hand, "examination", [0], "TWO"))

    assert sorted(doubted_rows(found, form, form.item("left_mm"))) == [0, 1]


def test_a_calculated_cell_that_was_left_blank_says_what_was_calculated(tmp_path):
    trial = Examined()
    header, first, last = trial.data["examination"].splitlines()
    second = first.replace("S1,", "S2,")
    trial.data["examination"] = f"{header},thickness\n{first},31\n{second},\n{last},\n"
    hand = at_hand(trial, tmp_path)
    form, data = hand.schemas.form("examination"), hand.snapshot["examination"]

    # (30 + 31.5) / 2 = 30.75 where nobody entered it; nothing where one side lacks
    assert as_entered(form, data, "thickness").tolist() == ["31", "30.75", ""]
    assert as_entered(form, data, "right_mm").tolist() == ["31.5", "31.5", "ND"]


def test_values_become_text_under_a_plain_index():
    values = pd.Series(["a", None, "b"], index=[4, 2, 8], dtype="object")

    assert as_text(values).to_dict() == {0: "a", 1: "", 2: "b"}
    assert as_text(pd.Series([3, pd.NA], dtype="Int64")).tolist() == ["3", ""]
