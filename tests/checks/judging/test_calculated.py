"""What was entered for a calculated item is compared with what follows from the other items."""

import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.checks.examination import Examined
from tests.conftest import few_at_once
from trialkit.checks.judging.calculated import check_calculated


def found(folder, thickness, *, left="30", right="31.5", fixed=""):
    """What is found where ``thickness``, their mean, was entered for S1, and nothing for S3."""
    trial = Examined()
    if fixed:
        trial.forms["examination"] += """
[[items]]
id = "fixed"
label = "Fixed"
type = "calculated"
calculation = "2 + 3"
"""
    header, first, last = trial.data["examination"].splitlines()
    more, mine, theirs = (",fixed", f",{fixed}", ",5") if fixed else ("", "", "")
    first = first.replace("30,31.5", f"{left},{right}")
    trial.data["examination"] = (
        f"{header},thickness{more}\n{first},{thickness}{mine}\n{last},{theirs}\n"
    )
    hand = at_hand(trial, folder)
    return check_calculated(hand.cells["examination"], hand.others)


def cells(item, rule, value):
    return [("examination", item, rule, "hard", "S1", "", value)]


# (30 + 31.5) / 2 = 30.75
@pytest.mark.parametrize(
    "entered", few_at_once(["", "  ", "30.75", " 30.750 ", "30.8", "30.7", "31"], 3)
)
def test_what_is_equal_as_far_as_it_was_written_is_right(entered, tmp_path):
    assert found(tmp_path, entered) == ()


@pytest.mark.parametrize(
    "entered", few_at_once(["30.74", "30.76", "30.6", "30.9", "30", "32", "-31"], 3)
)
def test_what_differs_by_more_than_its_rounding_is_found(entered, tmp_path):
    hits = found(tmp_path, entered)

    assert said(hits) == cells("thickness", "miscalculated", entered)
    assert messages(hits) == [
        (
            f"Mean thickness: {entered} mm was entered, but 30.75 mm follows from "
            "“Thickness left” and “Thickness right”. Correct it or what it is calculated from, or leave it blank."
        )
    ]


@pytest.mark.parametrize(
    ("entered", "is_found"), [("30.75", True), ("30.76", False), ("30.8", False)]
)
def test_the_rounding_is_half_of_the_last_decimal(entered, is_found, tmp_path):
    # (30 + 31.511) / 2 = 30.7555, which is 30.76 to two decimals and 30.8 to one
    assert bool(found(tmp_path, entered, right="31.511")) is is_found


def test_of_large_values_the_last_bits_do_not_count(tmp_path):
    def of_a_milliard(folder, entered):
        return bool(found(tmp_path / folder, entered, left="1000000000", right="1000000000"))

    # a milliardth of the value is 1, and half of the last decimal 0.05
    assert (of_a_milliard("a", "1000000001.0"), of_a_milliard("b", "1000000001.1")) == (False, True)


def test_what_cannot_be_read_is_found_as_such(tmp_path):
    hits = found(tmp_path, "3o")

    assert said(hits) == cells("thickness", "unreadable", "3o")
    assert messages(hits)[0].startswith(
        "Mean thickness: '3o' cannot be read as a number such as 12.5 in mm; correct it"
    )


def test_a_value_where_one_lacks_that_it_follows_from_is_found(tmp_path):
    hits = found(tmp_path, "30.75", right="ND")

    assert said(hits) == cells("thickness", "miscalculated", "30.75")
    assert hits[0].places["missing_code"].tolist() == [""]
    assert (
        "cannot be calculated from “Thickness left” and “Thickness right”, since a value is missing"
        in (messages(hits)[0])
    )


def test_nothing_is_said_where_one_cannot_be_right_that_it_follows_from(tmp_path):
    assert found(tmp_path, "30.75", right="3o") == ()


@pytest.mark.parametrize("entered", ["?", "zero"])
def test_what_was_entered_stands_in_the_finding_and_not_the_code_of_another_item(entered, tmp_path):
    places = found(tmp_path, entered, right="ND")[0].places

    assert places[["value", "missing_code"]].to_numpy().tolist() == [[entered, ""]]


def test_a_missing_code_in_its_place_is_no_value_that_differs(tmp_path):
    assert found(tmp_path, "ND") == ()


def test_an_item_that_follows_from_no_other_is_compared_too(tmp_path):
    assert found(tmp_path / "right", "", fixed="5") == ()

    hits = found(tmp_path / "wrong", "", fixed="7")

    assert said(hits) == cells("fixed", "miscalculated", "7")
    assert messages(hits)[0].startswith("Fixed: 7 was entered, but 5 is what the form says.")


def test_two_calculated_items_are_each_compared(tmp_path):
    hits = found(tmp_path, "32", fixed="7")

    assert [(hit[1], hit[6]) for hit in said(hits)] == [("thickness", "32"), ("fixed", "7")]
