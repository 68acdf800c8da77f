"""What forms state is compiled once, and what cannot be understood is said where it stands."""

from dataclasses import replace

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.trial.data_format import DataFormat, MissingCode
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Rule, Severity
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.conditions import (
    calculations,
    compiled,
    complain_of_circles,
    scope_of,
    understood,
    with_declared,
)

DATA = DataFormat(missing_codes=(MissingCode(code="SC", label="site closed"),))


def item(name: str, kind: ItemType = ItemType.DECIMAL, **more: object) -> Item:
    return Item(id=name, label=name, type=kind, **more)


def reckoned(name: str, text: str) -> Item:
    return item(name, ItemType.CALCULATED, calculation=text)


def rule(text: str) -> Rule:
    return Rule(id="R1", expression=text, severity=Severity.SOFT, message="m", items=("a",))


def form(name: str, *items: Item, rules: tuple[Rule, ...] = ()) -> Form:
    return Form(
        id=name, title=name, kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=(),
        repeating=False, items=items, rules=rules, file=f"forms/{name}.toml", sha256="",
    )  # fmt: skip


DEMO = form("demo", item("age"))
PAIN = form(
    "pain",
    item("a"),
    item("b", shown_when="a > 1", required_when="a > 2"),
    item("c", shown_when="a > 1"),
    reckoned("d", "a + demo.age"),
    rules=(rule("a < demo.age"),),
)


def test_the_scope_of_a_form_is_the_trial() -> None:
    scope = scope_of(PAIN, (PAIN, DEMO), DATA)
    assert (scope.form, dict(scope.forms)) == (PAIN, {"pain": PAIN, "demo": DEMO})
    assert scope.missing_codes[-2:] == ("NA", "SC")


def test_every_expression_is_compiled_by_its_text() -> None:
    pain, demo = compiled((PAIN, DEMO), DATA)
    assert (pain, demo) == (PAIN, DEMO)
    assert set(pain.conditions) == {"a > 1", "a > 2", "a < demo.age"}
    assert set(pain.calculations) == {"a + demo.age"}
    assert (dict(demo.conditions), dict(demo.calculations)) == ({}, {})
    for text, condition in pain.conditions.items():
        assert condition.text == text
    assert [each.column for each in pain.calculations["a + demo.age"].references] == [
        "pain.a", "demo.age",
    ]  # fmt: skip


def test_everything_that_cannot_be_understood_is_said_where_it_stands() -> None:
    wrong = form(
        "pain",
        item("a", shown_when="zzz > 1", required_when="a > 1"),
        reckoned("d", "a >"),
        reckoned("e", "e + 1"),
        rules=(rule("a = 'x'"),),
    )
    read, complaints = understood((wrong, DEMO), DATA)
    assert [(each.file, each.table, each.key) for each in complaints] == [
        ("forms/pain.toml", "items 'a'", "shown_when"),
        ("forms/pain.toml", "items 'a'", "required_when"),
        ("forms/pain.toml", "items 'd'", "calculation"),
        ("forms/pain.toml", "items 'e'", "calculation"),
        ("forms/pain.toml", "rules 'R1'", "expression"),
    ]
    assert complaints[1].found == "'a', which is the item that the condition governs"
    assert complaints[3].found == "'e', which is the item that the condition governs"
    assert [each.expected.split()[1] for each in complaints] == [
        "condition", "condition", "calculation", "calculation", "condition",
    ]  # fmt: skip
    assert [each.id for each in read] == ["pain", "demo"]
    with pytest.raises(ProtocolError) as error:
        compiled((wrong, DEMO), DATA)
    assert error.value.complaints == complaints


def test_a_rule_may_name_the_items_that_it_is_about() -> None:
    assert understood((form("pain", item("a"), rules=(rule("a > 1"),)),), DATA)[1] == ()


def test_what_names_something_unread_is_left_for_the_next_time() -> None:
    wrong = form("pain", item("a"), item("b", shown_when="odd > 1"), rules=(rule("odder > 1"),))
    _, complaints = understood((wrong,), DATA, unread=frozenset({"odd"}))
    # only the whole word is that item
    assert [each.table for each in complaints] == ["rules 'R1'"]


def test_what_follows_from_sums_and_sides_is_compiled_beside_it() -> None:
    summed = form(
        "pain", item("a"), item("b"), item("t", sum_of=("a", "b")), rules=(rule("a > 1"),)
    )
    (read,), _ = understood((summed,), DATA)
    (found,) = with_declared((read,), DATA)
    assert set(read.conditions) == {"a > 1"}
    assert set(found.conditions) > {"a > 1"}
    assert found.conditions["a > 1"] is read.conditions["a > 1"]
    (declared,) = set(found.conditions) - {"a > 1"}
    assert {each.item for each in found.conditions[declared].references} == {"a", "b", "t"}


def chain(*items: Item) -> tuple[Form, ...]:
    return compiled((form("f", item("a"), *items), form("g", reckoned("z", "f.y * 2"))), DATA)


def test_a_calculation_comes_after_those_that_it_reads() -> None:
    forms = chain(reckoned("x", "g.z + 1"), reckoned("y", "a + 1"))
    order = [(of.id, each.id) for of, each in calculations(forms)]
    assert order == [("f", "y"), ("g", "z"), ("f", "x")]
    assert list(complain_of_circles(forms)) == []


def test_a_circle_is_told_with_its_way() -> None:
    forms = chain(reckoned("x", "g.z + 1"), reckoned("y", "x + 1"))
    with pytest.raises(ProtocolError, match=r"^items that are calculated in a circle: ") as error:
        calculations(forms)
    way = str(error.value).partition(": ")[2].split(" from ")
    assert set(way) == {"f.x", "f.y", "g.z"}
    assert way[0] == way[-1]
    (complaint,) = complain_of_circles(forms)
    assert (complaint.file, complaint.table, complaint.key) == ("forms/", "items", "calculation")
    assert complaint.found == str(error.value)
    assert complaint.expected == "calculations that begin with what was entered"


def test_what_was_compiled_is_no_part_of_what_a_form_is() -> None:
    (pain, _) = compiled((PAIN, DEMO), DATA)
    assert replace(pain, conditions={}) == pain
