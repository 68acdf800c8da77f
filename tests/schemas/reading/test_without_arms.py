"""What only some arms are asked, or what reads an arm, is in no form that all arms have in common."""

from pathlib import Path

import pytest

from tests.miniature import Miniature
from trialkit.schemas.forms.forms import Purpose
from trialkit.schemas.reading.without_arms import holds_arm, is_for_all, without_arms

ARMS = ("P", "A")
ITEM = '[[items]]\nid = "{0}"\nlabel = "{0}"\ntype = "{1}"\n{2}\n'


def left(trial: Miniature, folder: Path) -> dict[str, list[str]]:
    """The items that are left, by form."""
    shared = without_arms(trial.schemas(folder), ARMS)
    return {form.id: [item.id for item in form.items] for form in shared.forms}


def test_forms_without_arms_are_as_they_are(tmp_path: Path) -> None:
    trial = Miniature()
    whole = trial.schemas(tmp_path)
    assert left(trial, tmp_path) == {
        form.id: [item.id for item in form.items] for form in whole.forms
    }
    arms = [item.id for form in whole.forms for item in form.items if holds_arm(item)]
    assert arms == ["arm"]


@pytest.mark.parametrize(
    ("arms", "is_left"), [('["A"]', False), ('["P"]', False), ('["A", "P"]', True)]
)
def test_a_form_of_some_arms_goes_whole_and_one_of_all_stays_for_everybody(
    arms: str, *, is_left: bool, tmp_path: Path
) -> None:
    trial = Miniature()
    trial.forms["diary"] = trial.forms["diary"].replace("[form]", f"[form]\narms = {arms}")
    diary = trial.schemas(tmp_path).form("diary")
    assert is_for_all(diary, ARMS) is is_left
    assert ("diary" in left(trial, tmp_path)) is is_left
    shared = without_arms(trial.schemas(tmp_path), ARMS)
    assert all(form.arms == () for form in shared.forms)


def test_what_reads_an_arm_goes_however_far_it_is_away(tmp_path: Path) -> None:
    trial = Miniature()
    trial.forms["diary"] += "\n".join(
        (
            ITEM.format("of_arm", "integer", "shown_when = \"randomisation.arm = 'A'\""),
            ITEM.format("behind", "integer", 'shown_when = "of_arm > 3"'),
            ITEM.format("total", "calculated", 'calculation = "of_arm + 1"'),
            ITEM.format("twice", "calculated", 'calculation = "total * 2"'),
            ITEM.format("sum", "integer", 'sum_of = ["of_arm", "free"]'),
            ITEM.format("free", "integer", ""),
            ITEM.format(
                "dated",
                "integer",
                "shown_when = \"randomisation.randomisation_date > '2025-01-01'\"",
            ),
            ITEM.format("with_free", "integer", 'shown_when = "free > 3"'),
        )
    )
    before = left(Miniature(), tmp_path / "before")["diary"]
    assert left(trial, tmp_path / "after")["diary"] == [*before, "free", "dated", "with_free"]


def test_what_was_received_and_why_not_stays_for_all(tmp_path: Path) -> None:
    trial = Miniature()
    trial.forms["end_of_study"] += "\n".join(
        (
            ITEM.format("got", "text", 'purpose = "arm_received"'),
            ITEM.format(
                "why_not",
                "text",
                'purpose = "not_received_reason"\nshown_when = "got <> randomisation.arm"',
            ),
            ITEM.format("how_it_was", "text", "shown_when = \"got = 'A'\""),
        )
    )
    found = left(trial, tmp_path)["end_of_study"]
    assert {"got", "why_not"} <= set(found)
    assert "how_it_was" not in found
    end = trial.schemas(tmp_path).form("end_of_study")
    received = end.item_for(Purpose.ARM_RECEIVED)
    assert received is not None
    assert holds_arm(received)
