"""What can be said of a change is shown as it is written, and reading it closes that change."""

import tomllib
from pathlib import Path

import pytest

from trialkit.schemas.versions.definition_change import ChangeWeight, DefinitionChange
from trialkit.schemas.versions.mapping import DataMapping, MovedItem, left_open, to_copy
from trialkit.schemas.versions.mapping_file import read_mapping

LOST, MAPPED = ChangeWeight.DESTRUCTIVE, ChangeWeight.NEEDS_MAPPING


def change(
    what: str,
    weight: ChangeWeight = MAPPED,
    *,
    form: str = "pain",
    item: str = "vas",
    after: str = "",
    code: str = "",
) -> DefinitionChange:
    return DefinitionChange(
        weight=weight, form=form, item=item, what=what, before="", after=after, why="", code=code
    )


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (change("label"), 'accepted = [{ form = "pain", item = "vas", what = "label" }]'),
        (change("rule R1", item=""), 'accepted = [{ form = "pain", what = "rule R1" }]'),
        (change("decimal", form="", item=""), 'accepted = [{ what = "decimal" }]'),
        (change("choices", LOST, code='a"b'), r'codes = [{ form = "pain", item = "vas", code = "a\"b", to = … }]'),
        (change("unit"), 'moved = [{ form = "pain", item = "vas", to = "vas", factor = … }]'),
    ],
)  # fmt: skip
def test_line_to_copy_closes_the_change(made: DefinitionChange, shown: str, tmp_path: Path) -> None:
    assert to_copy(made) == shown
    path = tmp_path / "v2.toml"
    number = "10" if "factor" in shown else '"z"'
    path.write_text(f'reason = "x"\n{shown.replace("…", number)}\n', encoding="utf-8")

    assert not list(left_open([made], read_mapping(path)))


def test_item_that_goes_is_moved_or_dropped_and_a_form_cannot_be_said() -> None:
    moved, dropped = to_copy(change("item", LOST)).split(" or ")
    assert moved == 'moved = [{ form = "pain", item = "vas", to = … }]'
    assert tomllib.loads(dropped) == {"dropped": [{"form": "pain", "item": "vas"}]}
    assert to_copy(change("form", LOST, item="")) == ""


def test_item_that_another_is_moved_to_is_said() -> None:
    moved = MovedItem(form="pain", item="vas_cm", to="vas", factor=10)
    said = DataMapping(reason="x", moved=(moved,))
    added = change("item", after="Pain")

    assert said.covers(added)
    assert not said.covers(change("item", after="Pain", item="other"))
    assert list(left_open([added], None)) == [added]
