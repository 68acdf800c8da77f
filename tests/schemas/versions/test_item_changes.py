"""Types and limits: what was an answer still is one, or the change is not called safe."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import UNLIMITED, ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.versions.definition_change import ChangeWeight
from trialkit.schemas.versions.item_changes import item_added, item_changes, item_removed

_CHOICES = (ItemChoice(code="a", label="A"), ItemChoice(code="b", label="B"))
_SAFE_PAIRS = {
    ("integer", "decimal"), ("integer", "visual_analogue"), ("decimal", "visual_analogue"),
    ("visual_analogue", "decimal"), ("date", "partial_date"), ("choice", "multi_choice"),
}  # fmt: skip


def item_of(kind: ItemType, limits: Range = UNLIMITED) -> Item:
    choices = _CHOICES if "choices" in kind.kind.keys else ()
    anchors = ("none", "worst") if "anchors" in kind.kind.keys else ()
    calculation = "1 + 1" if "calculation" in kind.kind.keys else ""
    return Item(
        id="x", label="X", type=kind, choices=choices, anchors=anchors, calculation=calculation,
        range=limits,
    )  # fmt: skip


@pytest.mark.parametrize(("old", "new"), sorted(product(ItemType, repeat=2)))
def test_types_that_hold_all_earlier_answers_are_safe_and_no_others(
    old: ItemType, new: ItemType
) -> None:
    weights = [
        weight for weight, what, *_ in item_changes(item_of(old), item_of(new)) if what == "type"
    ]
    if old is new:
        assert weights == []
    elif new is ItemType.TEXT and old is not ItemType.CALCULATED:
        assert weights == [ChangeWeight.NEEDS_MAPPING]
    else:
        safe = (old.value, new.value) in _SAFE_PAIRS
        assert weights == [ChangeWeight.SAFE if safe else ChangeWeight.DESTRUCTIVE]


ends = st.none() | st.integers(-5, 5).map(float)


@st.composite
def limits(draw: st.DrawFn) -> Range:
    low, high = draw(ends), draw(ends)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Range(low=low, high=high)


@given(old=limits(), new=limits())
def test_a_range_is_safe_just_when_no_value_falls_out_of_it(old: Range, new: Range) -> None:
    def inside(value: int, range_: Range) -> bool:
        return (range_.low is None or value >= range_.low) and (  # type: ignore[operator]
            range_.high is None or value <= range_.high  # type: ignore[operator]
        )

    said = [
        weight
        for weight, what, *_ in item_changes(
            item_of(ItemType.INTEGER, old), item_of(ItemType.INTEGER, new)
        )
        if what == "range"
    ]
    falls_out = any(inside(value, old) and not inside(value, new) for value in range(-7, 8))
    if old == new:
        assert said == []
    else:
        assert said == [ChangeWeight.NEEDS_MAPPING if falls_out else ChangeWeight.SAFE]


def test_what_is_asked_more_or_less() -> None:
    plain = Item(id="x", label="X", type=ItemType.TEXT)
    required = Item(id="x", label="X", type=ItemType.TEXT, required=True)
    assert item_added(plain)[0] is ChangeWeight.SAFE
    assert item_added(required)[0] is ChangeWeight.NEEDS_MAPPING
    assert item_removed(plain)[0] is ChangeWeight.DESTRUCTIVE
    assert item_removed(item_of(ItemType.CALCULATED))[0] is ChangeWeight.SAFE
