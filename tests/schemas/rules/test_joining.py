"""The table that a rule runs over: own rows, rows of other forms, of other visits, and what is wrong."""

from datetime import date

import polars as pl
import pytest

from trialkit.schemas.forms.expressions import Kind, Reference
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.joining import as_computed, as_read, joined


def item(name: str, kind: ItemType, *codes: str) -> Item:
    choices = tuple(ItemChoice(code=code, label=code) for code in codes)
    return Item(id=name, label=name, type=kind, choices=choices)


def read(
    of: Item, values: pl.Series, codes: list[str | None], wrong: list[bool]
) -> dict[str, list[object]]:
    parts = as_read(of, values, pl.Series(codes, dtype=pl.Enum(["ND", "UNK"])), pl.Series(wrong))
    return {name: column.to_list() for name, column in parts.items()}


def test_a_value_that_cannot_be_right_is_unknown() -> None:
    found = read(
        item("n", ItemType.INTEGER),
        pl.Series([1, 2, None], dtype=pl.Int64),
        [None, None, "UNK"],
        [False, True, False],
    )
    assert found == {
        "n": [1.0, None, None],
        "n__missing": [None, None, "UNK"],
        "n__wrong": [False, True, False],
    }


def test_of_several_choices_there_is_a_column_for_each_and_their_number() -> None:
    found = read(
        item("c", ItemType.MULTI_CHOICE, "a", "ab", "b"),
        pl.Series(["a b", "", None, "ab", "b"]),
        [None, None, "ND", None, None],
        [False, False, False, False, True],
    )
    assert found == {
        "c": ["a b", "", None, "ab", None],
        "c__count": [2.0, 0.0, None, 1.0, None],
        "c__chosen_a": [True, False, None, False, None],
        "c__chosen_ab": [False, False, None, True, None],
        "c__chosen_b": [True, False, None, False, None],
        "c__missing": [None, None, "ND", None, None],
        "c__wrong": [False, False, False, False, True],
    }


def test_a_date_that_is_known_in_part_has_its_first_and_its_last_day() -> None:
    found = read(
        item("d", ItemType.PARTIAL_DATE),
        pl.Series(["2024-02-UN", "2025-UN-UN", "2025-03-31", None, "2025-03-30"]),
        [None] * 5,
        [False, False, False, False, True],
    )
    assert found["d"] == [date(2024, 2, 1), date(2025, 1, 1), date(2025, 3, 31), None, None]
    assert found["d__latest"] == [
        date(2024, 2, 29),
        date(2025, 12, 31),
        date(2025, 3, 31),
        None,
        None,
    ]


def test_rules_compute_with_floats_and_texts() -> None:
    assert as_computed(pl.Series([1, None], dtype=pl.Int64)).dtype == pl.Float64
    enum = as_computed(pl.Series(["a", None], dtype=pl.Enum(["a", "b"])))
    assert (enum.dtype, enum.to_list()) == (pl.String, ["a", None])
    dates = pl.Series([date(2025, 1, 1)])
    assert as_computed(dates) is dates


def form(name: str, *visits: str, repeating: bool = False) -> Form:
    return Form(
        id=name, title=name, kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=visits,
        repeating=repeating, items=(), rules=(), file="", sha256="",
    )  # fmt: skip


def table(
    keys: dict[str, list[str]], rows: list[int | None], **items: list[object]
) -> pl.DataFrame:
    columns: dict[str, object] = {**keys, "__row": rows, "__shared": [False] * len(rows)}
    for name, cells in items.items():
        columns[name] = cells
        columns[f"{name}__missing"] = [None if cell is not None else "ND" for cell in cells]
        columns[f"{name}__wrong"] = [cell == 99.0 for cell in cells]
    return pl.DataFrame(columns)


PAIN = table(
    {"subject_id": ["S1", "S2", "S1", "S3"], "visit": ["BL", "BL", "W6", "BL"]},
    [0, 1, 2, None],
    vas=[10.0, 20.0, 30.0, None],
)
MOOD = table(
    {"subject_id": ["S1", "S1", "S2"], "visit": ["W6", "BL", "W6"]},
    [0, 1, None],
    low=[6.0, 99.0, 7.0],
)
DEMO = table({"subject_id": ["S2", "S1"]}, [0, None], age=[52.0, 51.0])
TABLES = {"pain": PAIN, "mood": MOOD, "demo": DEMO}


def reference(name: str, item_id: str, visit: str = "", **more: object) -> Reference:
    return Reference(**{"form": name, "item": item_id, "visit": visit, "kind": Kind.NUMBER, **more})


def test_rows_that_are_due_and_not_there_are_not_judged() -> None:
    found = joined([reference("pain", "vas")], form("pain", "BL", "W6"), PAIN, TABLES)
    assert found.columns == ["__row", "subject_id", "visit", "pain.vas", "pain.vas__wrong"]
    assert found["__row"].to_list() == [0, 1, 2]
    assert found["pain.vas"].to_list() == [10.0, 20.0, 30.0]


def test_another_form_is_read_at_the_visit_of_the_row_and_at_one_that_is_named() -> None:
    wanted = [
        reference("mood", "low"),
        reference("mood", "low", "BL"),
        reference("demo", "age"),
        reference("pain", "vas", "BL"),
        reference("mood", "low", code=True),
    ]
    found = joined(wanted, form("pain", "BL", "W6"), PAIN, TABLES)
    assert found.rows() == found.sort("__row").rows()
    columns = found.to_dict(as_series=False)
    assert columns["mood.low"] == [99.0, None, 6.0]
    assert columns["BL.mood.low"] == [99.0, None, 99.0]
    assert columns["demo.age"] == [51.0, 52.0, 51.0]
    # the baseline stands beside the later visit of the same participant
    assert columns["BL.pain.vas"] == [10.0, 20.0, 10.0]
    assert columns["mood.low__missing"] == [None, None, None]
    # what is wrong at one place is not wrong at another, and what is not there is not wrong
    assert columns["mood.low__wrong"] == [True, False, False]
    assert columns["BL.mood.low__wrong"] == [True, False, True]
    assert columns["demo.age__wrong"] == [False, False, False]


def test_a_key_is_never_wrong_and_a_code_stands_beside_its_value() -> None:
    rows = table({"subject_id": ["S1", "S2"], "visit": ["BL", "W6"]}, [4, 7], vas=[None, 99.0])
    wanted = [
        reference("pain", "visit", kind=Kind.TEXT),
        reference("pain", "vas", code=True, kind=Kind.TEXT),
    ]
    found = joined(wanted, form("pain", "BL", "W6"), rows, {}).to_dict(as_series=False)
    assert found["pain.visit"] == ["BL", "W6"]
    assert found["pain.visit__wrong"] == [False, False]
    assert found["pain.vas__missing"] == ["ND", None]
    assert found["pain.vas__wrong"] == [False, True]
    assert found["__row"] == [4, 7]


def test_parts_of_an_item_are_columns_of_their_own() -> None:
    rows = pl.DataFrame(
        {
            "subject_id": ["S1"], "repeat": ["2"], "__row": [0],
            "c": ["a"], "c__count": [1.0], "c__chosen_a": [True], "c__wrong": [False],
            "d": [date(2025, 1, 1)], "d__latest": [date(2025, 1, 31)], "d__wrong": [True],
        }
    )  # fmt: skip
    wanted = [
        reference("log", "c", of="__count"),
        reference("log", "c", of="__chosen_a", kind=Kind.BOOLEAN),
        reference("log", "d", partial=True, kind=Kind.DATE),
    ]
    found = joined(wanted, form("log", repeating=True), rows, {})
    # repeat is no key by which other forms are found
    assert found.to_dicts() == [
        {
            "__row": 0, "subject_id": "S1", "log.c__count": 1.0, "log.c__wrong": False,
            "log.c__chosen_a": True, "log.d": date(2025, 1, 1), "log.d__latest": date(2025, 1, 31),
            "log.d__wrong": True,
        }
    ]  # fmt: skip


def test_of_a_row_whose_key_another_row_has_nothing_is_known_elsewhere() -> None:
    shared = DEMO.with_columns(__shared=pl.Series([True, False]))
    wanted = [reference("demo", "age"), reference("demo", "age", code=True, kind=Kind.TEXT)]
    found = joined(wanted, form("pain", "BL", "W6"), PAIN, {**TABLES, "demo": shared})
    columns = found.to_dict(as_series=False)
    assert columns["demo.age"] == [51.0, None, 51.0]
    assert columns["demo.age__missing"] == [None, None, None]
    assert columns["demo.age__wrong"] == [False, True, False]
    # the row itself knows what it says
    own = PAIN.with_columns(__shared=True)
    itself = joined([reference("pain", "vas")], form("pain", "BL", "W6"), own, TABLES)
    assert itself["pain.vas"].to_list() == [10.0, 20.0, 30.0]


def test_a_participant_may_not_be_there_twice_where_one_row_is_read() -> None:
    twice = pl.concat([DEMO, DEMO])
    with pytest.raises(pl.exceptions.ComputeError):
        joined(
            [reference("demo", "age")], form("pain", "BL", "W6"), PAIN, {**TABLES, "demo": twice}
        )
