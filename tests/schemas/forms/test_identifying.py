"""What names a person has a mark in its place, which changes with it and does not tell it."""

from dataclasses import replace

import polars as pl

from tests.imports.taking_in.test_difference import form, schemas
from trialkit.schemas.forms.forms import Item, Purpose
from trialkit.schemas.forms.identifying import (
    for_display,
    hides,
    identifying,
    masked,
    masked_texts,
    unmasked,
)
from trialkit.schemas.items.item_types import ItemType

NAMED = form(
    Item(id="name", label="Name", type=ItemType.TEXT, identifier=True),
    Item(
        id="born",
        label="Born",
        type=ItemType.DATE,
        identifier=True,
        purpose=Purpose.RANDOMISATION_DATE,
    ),
    Item(id="vas", label="Pain", type=ItemType.DECIMAL, purpose=Purpose.VISIT_DATE),
)


def test_a_mark_changes_with_the_answer_and_not_with_its_space() -> None:
    assert masked("Ann") == masked(" Ann ") != masked("Bob")
    assert "Ann" not in masked("Ann")
    assert len(masked("Ann")) == len(masked("a much longer name"))
    assert (masked(""), masked("  ")) == ("", "")
    column = masked_texts(pl.Series("name", ["Ann", None, ""]))
    assert (column.name, column.to_list()) == ("name", [masked("Ann"), "", ""])


def test_only_what_names_a_person_is_masked() -> None:
    assert identifying(NAMED) == {"name", "born"}
    assert for_display(NAMED, "vas", "3") == "3"
    assert for_display(NAMED, "name", "Ann") == masked("Ann")


def test_a_purpose_is_hidden_where_its_item_names_a_person() -> None:
    assert hides(schemas(NAMED), Purpose.RANDOMISATION_DATE)
    assert not hides(schemas(NAMED), Purpose.VISIT_DATE)
    assert not hides(schemas(NAMED), Purpose.ARM)


def test_whoever_may_see_it_has_forms_without_the_mark() -> None:
    seen = unmasked(schemas(NAMED))
    assert identifying(seen.forms[0]) == frozenset()
    assert [item.id for item in seen.forms[0].items] == ["name", "born", "vas"]
    plain = schemas(replace(NAMED, items=NAMED.items[2:]))
    assert unmasked(plain) == plain
