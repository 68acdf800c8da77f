"""A condition that can never hold is refused where it is written; one that can, is not."""

import itertools
from datetime import date

import pytest

from tests.miniature import Miniature
from tests.schemas.rules.test_expression import form, item
from trialkit.errors import ProtocolError
from trialkit.schemas.expressions.walking import every_part, words
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.expression import calculation, condition, refuse_idle_rule
from trialkit.schemas.rules.grammar import expression_tree
from trialkit.schemas.rules.named_values import named_value
from trialkit.schemas.rules.names import Scope
from trialkit.schemas.rules.possible import (
    outcomes,
    refuse_blanks,
    refuse_impossible,
    refuse_what_never_fails,
)


def limited(name: str, kind: ItemType, low: object, high: object) -> Item:
    return Item(id=name, label=name, type=kind, range=Range(low=low, high=high))  # type: ignore[arg-type]


FORM = form(
    "f",
    limited("age", ItemType.INTEGER, 18, 110),
    limited("vas", ItemType.DECIMAL, 0, 100),
    limited("on", ItemType.DATE, date(2025, 1, 1), date(2025, 12, 31)),
    item("free", ItemType.DECIMAL),
    item("n", ItemType.INTEGER),
    item("p", ItemType.YES_NO),
    item("why", ItemType.TEXT),
    item("other", ItemType.TEXT),
    item("side", ItemType.CHOICE, "l", "r", "b"),
    item("drugs", ItemType.MULTI_CHOICE, "a", "b"),
    item("about", ItemType.PARTIAL_DATE),
    item("at", ItemType.TIME),
    visits=("BL", "W6"),
)
SCOPE = Scope(form=FORM, forms={"f": FORM}, missing_codes=("ND", "REF"))

WRITE_IS_NULL = "write {0} IS NULL or {0} IS NOT NULL"
BLANKS = [
    ("why <> ''", "why"),
    ("why = ''", "why"),
    ("'' <> why", "why"),
    ("why != ' '", "why"),
    ("why > ''", "why"),
    ("p = FALSE OR why <> ''", "why"),
    ("NOT (why = '')", "why"),
    ("NOT why = ''", "why"),
    ("why IN ('', 'ill')", "why"),
    ("why NOT IN ('')", "why"),
    ("why BETWEEN '' AND 'z'", "why"),
    ("COALESCE(why = '', FALSE)", "why"),
    ("IF(why <> '', 1, 0) = 1", "why"),
    ("f.why <> ''", "f.why"),
    ("BL.f.why <> ''", "BL.f.why"),
    ("COALESCE(why, other) <> ''", "COALESCE(why, other)"),
    ("side <> ''", "side"),
    ("age <> ''", "age"),
    ("p = ''", "p"),
    ("on = ''", "on"),
    ("visit = ''", "visit"),
    ("why__missing <> ''", "why__missing"),
]


@pytest.mark.parametrize(("text", "name"), BLANKS)
def test_a_comparison_with_a_blank_is_refused_and_told_what_to_write(text: str, name: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        condition(text, SCOPE)
    assert WRITE_IS_NULL.format(name) in str(refused.value)
    with pytest.raises(ProtocolError):
        refuse_blanks(expression_tree(text))


@pytest.mark.parametrize(
    "text",
    ["COALESCE(why, '') <> ''", "COALESCE(why, '') = ''", "IF(p = TRUE, why, '') = ''",
     "why IS NULL", "why IS NOT NULL AND why <> 'ill'", "LENGTH(COALESCE(why, '')) = 0"],
)  # fmt: skip
def test_a_blank_that_the_condition_makes_itself_can_be_compared(text: str) -> None:
    assert condition(text, SCOPE).text == text


def test_a_calculation_may_not_compare_with_a_blank_either() -> None:
    with pytest.raises(ProtocolError, match="write why IS NULL"):
        calculation("IF(why = '', 0, 1)", SCOPE)
    with pytest.raises(ProtocolError, match="200, which age can never be"):
        calculation("IF(age = 200, 0, 1)", SCOPE)


NEVER = [
    ("age > 200", "age > 200, which can never be true; its form has it from 18 to 110"),
    ("200 < age", "200 < age, which can never be true"),
    ("age >= 110.5", "can never be true"),
    ("age < 18", "age < 18, which can never be true"),
    ("age = 200", "200, which age can never be; its form has it from 18 to 110"),
    ("age <> 999", "999, which age can never be"),
    ("age IN (17, 18)", "17, which age can never be"),
    ("age BETWEEN 150 AND 200", "age BETWEEN 150 AND 200, which can never be true"),
    ("age BETWEEN 40 AND 30", "can never be true"),
    ("n = 1.5", "1.5, which n can never be"),
    ("n > 3 AND n < 4", "n > 3 AND n < 4, which can never be true"),
    ("vas = -1", "-1, which vas can never be; its form has it from 0 to 100"),
    ("on > DATE '2026-01-01'", "can never be true"),
    ("on = '2024-12-31'", "'2024-12-31', which on can never be"),
    ("p = TRUE OR age > 110", "age > 110, which can never be true"),
    ("NOT (age <= 110)", "NOT (age <= 110), which can never be true"),
    ("why = 'ND'", "'ND', which why can never be, since it is a missing code; write why__missing = 'ND'"),
    ("why <> 'REF'", "write why__missing = 'REF'"),
    ("LENGTH(why) = 0", "0, which LENGTH(why) can never be"),
    ("LENGTH(why) > 0", "LENGTH(why) > 0, which tells nothing"),
    ("LENGTH(why) >= 1", "write why IS NULL or why IS NOT NULL"),
    ("1 > LENGTH(why)", "write why IS NULL or why IS NOT NULL"),
    ("side = 'l' AND side = 'r'", "side = 'l' AND side = 'r', which can never be true"),
    ("side = 'l' AND p = TRUE AND side = 'r'", "can never be true"),
    ("side <> 'l' AND side <> 'r' AND side <> 'b'", "can never be true"),
    ("p AND NOT p", "can never be true"),
    ("p = TRUE AND p = FALSE", "can never be true"),
    ("p = TRUE AND (age > 60 AND (why IS NOT NULL AND age < 50))", "can never be true"),
    ("why IS NULL AND why = 'ill'", "why IS NULL AND why = 'ill', which can never be true"),
    ("NOT (side <> 'l' OR side <> 'r')", "can never be true"),
    ("free > 3 AND free <= 3", "can never be true"),
    ("n <> n", "n <> n, which can never be true"),
    ("visit = 'BL' AND visit = 'W6'", "can never be true"),
    ("visit IS NULL", "visit IS NULL, which can never be true"),
    ("drugs__count < 0", "can never be true"),
    ("drugs__a = TRUE AND drugs__a = FALSE", "can never be true"),
    ("1 = 2", "1 = 2, which can never be true"),
    ("p AND FALSE", "can never be true"),
    ("vas > 1 AND free + 1 > 2 AND vas < 1", "can never be true"),
    ("IF(age > 200, p, NOT p)", "age > 200, which can never be true"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), NEVER)
def test_what_can_never_be_true_is_refused_with_the_part_that_cannot(text: str, told: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        condition(text, SCOPE)
    assert told in str(refused.value)
    with pytest.raises(ProtocolError):
        refuse_impossible(expression_tree(text), SCOPE)


CAN = [
    "age >= 18", "age > 109", "age <= 200", "age BETWEEN 100 AND 200", "vas = 100", "vas > 99.9",
    "on >= '2025-12-31'", "side = 'l' OR side = 'r'", "side <> 'l' AND side <> 'r'", "n > 3 AND n < 5",
    "free > 3 AND free < 4", "LENGTH(why) > 1", "LENGTH(why) <= 10", "why__missing = 'ND'",
    "age IS NULL", "why < 'b' AND why > 'a'", "about > '2025-01-01' AND about < '2025-01-02'",
    "p AND NOT COALESCE(p, FALSE)", "drugs__count = 0", "at = '08:30' OR at > '09:00'",
    "visit <> 'W6' OR why IS NOT NULL", "visit = 'W6' AND side = 'l'", "n = n", "TRUE",
    "age = free AND age <> 30", "why = other AND why <> 'x'",
]  # fmt: skip


@pytest.mark.parametrize("text", CAN)
def test_what_can_be_true_is_taken(text: str) -> None:
    assert condition(text, SCOPE).text == text


IDLE = [
    "side <> 'l' OR side <> 'r'",
    "p = TRUE OR p = FALSE",
    "why IS NULL OR why IS NOT NULL",
    "n <= 3 OR n > 3",
    "NOT (n = 1 AND n = 2 OR n < 1 AND n > 1)",
    "n = n",
    "TRUE",
]


@pytest.mark.parametrize("text", IDLE)
def test_a_rule_that_holds_whatever_is_entered_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="can never be false, so that the rule finds nothing"):
        refuse_what_never_fails(expression_tree(text), SCOPE)
    with pytest.raises(ProtocolError):
        refuse_idle_rule(text, SCOPE)


@pytest.mark.parametrize(
    "text", ["age >= 18", "side IN ('l', 'r', 'b')", "why IS NOT NULL", "n > 3 OR n < 3"]
)
def test_a_rule_that_says_what_the_form_says_too_is_taken(text: str) -> None:
    refuse_idle_rule(text, SCOPE)


def test_parts_without_a_name_in_common_are_worked_out_apart() -> None:
    """Together they are more combinations than are tried."""
    names = ("age", "vas", "on", "free", "n", "p", "why", "other", "side", "at")
    stated = ("20", "1", "'2025-02-01'", "3", "3", "TRUE", "'a'", "'a'", "'l'", "'08:30'")
    each = [f"({name} = {value})" for name, value in zip(names, stated, strict=True)]
    assert outcomes(expression_tree(" AND ".join(each)), SCOPE) == {True, False, None}
    pairs = itertools.pairwise(each)
    linked = " OR ".join(f"({one} AND {other})" for one, other in pairs)
    assert outcomes(expression_tree(linked), SCOPE) == {True, False, None}


def test_parts_are_written_as_rules_write_them() -> None:
    for text in (*CAN, *IDLE, "why IS NOT NULL", "-n < -3", "on > '2025-01-31'"):
        tree = expression_tree(text)
        assert expression_tree(words(tree)) == tree, text
    assert [words(each) for each in every_part(expression_tree("ABS(n - 1) > 2"))] == [
        "n", "1", "n - 1", "ABS(n - 1)", "2", "ABS(n - 1) > 2",
    ]  # fmt: skip


def test_values_that_stand_for_all_others_lie_at_between_and_beyond_the_stated_ones() -> None:
    def tried(text: str, *stated: object) -> list[object]:
        found = named_value(expression_tree(text), SCOPE, limited=True)
        assert found is not None
        return list(found.values(stated))  # type: ignore[arg-type]

    assert tried("vas", 50.0, 200.0) == [0, 25, 50, 75, 100]
    assert tried("free", 1.0) == [0, 1, 2]
    assert {18.0, 110.0, 30.0, 31.0, 29.0} < set(tried("age", 30.0))
    assert min(tried("age", 30.0)) == 18
    assert tried("side", "l") == ["l", "r", "b"]
    assert tried("why", "ill", "ND") == ["ill", "another or ill or ND"]
    assert tried("p") == [True, False]
    assert min(tried("LENGTH(why)", 3.0)) == 1
    assert named_value(expression_tree("about"), SCOPE, limited=True) is None
    assert named_value(expression_tree("n + 1"), SCOPE, limited=True) is None


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("shown_when = \"drug = TRUE\"", "shown_when = \"note <> ''\"", "[items 'drug_name'] shown_when"),
        ("required_when = \"drug = TRUE\"", "required_when = \"note <> ''\"",
         "[items 'drug_name'] required_when"),
        ("visit <> 'W6' OR ABS", "drug_name = '' OR ABS", "[rules 'PAIN02'] expression"),
        ("ABS(vas_mm - BL.pain.vas_mm) <= 60", "note <> 'a' OR note <> 'b'",
         "[rules 'PAIN02'] expression"),
    ],
)  # fmt: skip
def test_it_is_refused_wherever_a_form_states_it(old, new, place, tmp_path) -> None:
    trial = Miniature()
    trial.forms["pain"] = trial.forms["pain"].replace(old, new, 1).replace(
        "[[rules]]", '[[items]]\nid = "note"\nlabel = "Note"\ntype = "text"\n\n[[rules]]', 1
    )  # fmt: skip
    with pytest.raises(ProtocolError) as refused:
        trial.schemas(tmp_path)
    assert f"forms/pain.toml: {place}" in str(refused.value)


def test_a_chain_of_any_length_is_looked_up_part_by_part() -> None:
    chain = " OR ".join(f"side = 'l' AND n = {number}" for number in range(1500))
    assert condition(chain, SCOPE).references
