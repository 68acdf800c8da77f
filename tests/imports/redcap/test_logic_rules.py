"""The rules that follow from a field: calculations, limits that are fields, ticks, rankings."""

from collections.abc import Mapping

import pytest

from tests.imports.redcap.fields import field
from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.imports.redcap.choices import Choice
from trialkit.imports.redcap.items import DraftedItem, draft_item
from trialkit.imports.redcap.logic import FieldName
from trialkit.imports.redcap.logic_rules import Speaker, rankings, with_rules
from trialkit.imports.redcap.translation import Translator
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Rule, Severity
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.names import Scope


def drafted(name: str, kind: str = "text", **more: object) -> DraftedItem:
    found = draft_item(field(name, kind=kind, **more), name, purpose=None, missing={}, new_codes={})
    assert found is not None
    return found


def speaker(*drafts: DraftedItem) -> Speaker:
    """Speaks of these items, and of a number a, a number b and a text t."""
    known = (
        Item(id="a", label="A", type=ItemType.DECIMAL),
        Item(id="b", label="B", type=ItemType.DECIMAL),
        Item(id="t", label="T", type=ItemType.TEXT),
    )
    items = (*known, *(each.item for each in drafts))
    choices: Mapping[str, tuple[Choice, ...]] = {each.item.id: each.choices for each in drafts}
    form = Form(
        id="f", title="f", kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=(),
        repeating=False, items=items, rules=(), file="", sha256="",
    )  # fmt: skip

    def find(name: FieldName) -> RedcapAnswer:
        for item in items:
            if item.id == name.name:
                offered = choices.get(item.id, ())
                return RedcapAnswer(name=item.id, type=item.type, choices=offered)
        raise ExpressionError(f"{name} is unknown")

    return Speaker(
        translator=Translator(find=find),
        scope=Scope(form=form, forms={"f": form}, missing_codes=()),
    )


def soft(id_: str, expression: str, message: str, item: str) -> Rule:
    return Rule(
        id=id_, expression=expression, severity=Severity.SOFT, message=message, items=(item,)
    )


def test_a_field_without_anything_has_no_rules() -> None:
    draft = drafted("x", validation="integer", low="1", high="5")
    assert with_rules(draft, speaker(draft)).rules == ()
    assert with_rules(draft, speaker(draft)).draft == draft


def test_a_calculated_number_still_follows_from_the_others() -> None:
    draft = drafted("c", "calc", choices="[a] + 2 * [b]")
    found = with_rules(draft, speaker(draft))
    assert found.draft == draft
    assert found.rules == (
        soft(
            "calc_c", "c = a + 2 * b",
            "c: REDCap has {c}, which does not follow from the answers as they are now.", "c",
        ),
    )  # fmt: skip


CALCULATIONS = {
    "[zzz] + 1": "[zzz] is unknown",
    "[c] + 1": "it names the field that it governs",
    "[t] ^ 2 + find([a])": "the function find() with 1 values",
    "": "",
}


@pytest.mark.parametrize(("logic", "why"), CALCULATIONS.items())
def test_a_calculation_that_cannot_be_said_is_listed(logic: str, why: str) -> None:
    draft = drafted("c", "calc", choices=logic)
    found = with_rules(draft, speaker(draft))
    assert found.rules == ()
    (trouble,) = found.draft.troubles
    assert trouble.found == f"the calculation {logic}"
    assert trouble.why.startswith(why)
    assert trouble.why.endswith("; the values are kept as REDCap computed them, and not checked")


def test_a_limit_that_is_a_field_is_a_rule_and_no_longer_a_trouble() -> None:
    draft = drafted("x", validation="number", low="[a]", high="[b]")
    assert len(draft.troubles) == 2
    found = with_rules(draft, speaker(draft))
    assert found.draft.troubles == ()
    assert [(rule.id, rule.message, rule.items) for rule in found.rules] == [
        ("min_x", "{x} is beyond its minimum, the answer to a.", ("x",)),
        ("max_x", "{x} is beyond its maximum, the answer to b.", ("x",)),
    ]
    assert [rule.expression for rule in found.rules] == ["x >= a", "x <= b"]
    assert {rule.severity for rule in found.rules} == {Severity.SOFT}


def test_a_limit_that_is_no_field_stays_a_trouble() -> None:
    draft = drafted("x", validation="number", low="[zzz]", high="today")
    found = with_rules(draft, speaker(draft))
    assert found.rules == ()
    assert [each.found for each in found.draft.troubles] == [
        "the minimum '[zzz]'", "the maximum 'today'",
    ]  # fmt: skip
    half = drafted("x", validation="number", low="[zzz]", high="[b]")
    one = with_rules(half, speaker(half))
    assert [rule.id for rule in one.rules] == ["max_x"]
    assert [each.found for each in one.draft.troubles] == ["the minimum '[zzz]'"]


def test_not_more_boxes_than_the_tag_says_may_be_ticked() -> None:
    def rules(kind: str, annotation: str) -> tuple[Rule, ...]:
        draft = drafted("x", kind, choices="1, A | 2, B | 3, C", annotation=annotation)
        return with_rules(draft, speaker(draft)).rules

    assert rules("checkbox", "@MAXCHECKED=2") == (
        soft("most_x", "x__count <= 2", "More than 2 answers are ticked: {x}.", "x"),
    )
    assert rules("checkbox", "@MAXCHECKED=many") == ()
    assert rules("checkbox", "@HIDDEN") == ()
    assert rules("radio", "@MAXCHECKED=2") == ()


def test_a_long_name_is_cut_and_told_apart_by_its_end() -> None:
    def id_of(name: str) -> str:
        draft = drafted(name, "checkbox", choices="1, A", annotation="@MAXCHECKED=1")
        return with_rules(draft, speaker(draft)).rules[0].id

    # most_ and 35 letters are 40
    assert id_of("x" * 35) == "most_" + "x" * 35
    cut, other = id_of("x" * 36), id_of("x" * 35 + "y")
    assert (len(cut), len(other)) == (40, 40)
    assert cut[:33] == other[:33] == "most_" + "x" * 27 + "_"
    assert cut[33:].isdigit()
    assert cut != other


def ranked(
    name: str, matrix: str = "m", *, ranking: bool = True, kind: str = "radio"
) -> DraftedItem:
    return drafted(name, kind, choices="1, A | 2, B", matrix=matrix, ranking=ranking)


def test_no_two_answers_of_a_ranking_are_the_same() -> None:
    one, two, three = ranked("p"), ranked("q"), ranked("r")
    apart = ranked("s", "n"), ranked("u", "m", ranking=False), ranked("v", "")
    drafts = (one, two, three, *apart)
    (found,) = rankings(drafts, speaker(*drafts))
    # one of a matrix alone, one that is not ranked and one of no matrix have no rule
    assert found.draft == one
    assert found.rules == (
        soft(
            "rank_p", "p <> q AND p <> r AND q <> r",
            "Two answers of the ranking are the same: {p}.", "p",
        ),
    )  # fmt: skip


def test_each_ranking_has_its_own_rule() -> None:
    drafts = ranked("p"), ranked("s", "n"), ranked("q"), ranked("u", "n")
    found = rankings(drafts, speaker(*drafts))
    assert [each.rules[0].expression for each in found] == ["p <> q", "s <> u"]


def test_a_ranking_that_no_rule_can_say_is_listed() -> None:
    drafts = ranked("p"), ranked("q", kind="checkbox")
    (found,) = rankings(drafts, speaker(*drafts))
    assert found.rules == ()
    (trouble,) = found.draft.troubles
    assert trouble.found == "the ranking m"
    assert trouble.why.endswith("; not checked")


def test_a_condition_may_not_name_the_item_that_it_governs() -> None:
    draft = drafted("x")
    says = speaker(draft)
    assert says.condition("[a] > 1", draft.item).text == "a > 1"
    assert says.condition("[x] = 'a'").text == "COALESCE(x = 'a', FALSE)"
    with pytest.raises(ExpressionError, match=r"^it names the field that it governs$"):
        says.condition("[x] = 'a'", draft.item)
    with pytest.raises(ExpressionError, match="t is a text and"):
        says.run("t > 1")


@pytest.mark.parametrize("validation", ["date_ymd", "datetime_dmy"])
def test_a_day_of_today_as_limit(validation: str) -> None:
    last = drafted("x", validation=validation, high="today")
    first = drafted("x", validation=validation, low="Now")

    found = with_rules(last, speaker(last))
    assert (found.rules, found.draft.troubles, found.draft.item.ahead) == ((), (), False)

    found = with_rules(first, speaker(first))
    assert found.draft.item.ahead
    assert [each.found for each in found.draft.troubles] == ["the minimum 'Now'"]
    assert found.draft.troubles[0].why.startswith("it holds on the day of entry alone")


def test_limits_with_a_time_are_rules() -> None:
    draft = drafted("x", validation="datetime_dmy", low="31.01.2025 08:00", high="[x2]")
    other = drafted("x2", validation="datetime_dmy")
    found = with_rules(draft, speaker(draft, other))

    assert [rule.expression for rule in found.rules] == ["x >= '2025-01-31 08:00'", "x <= x2"]
    clock = drafted("c", validation="time_hh_mm_ss", low="08:00:00", high="x")
    (rule, _) = with_rules(clock, speaker(clock)).rules
    assert rule.expression == "c >= '08:00:00'"


TEXTS = {
    "@CALCTEXT(if([a] > 1, 'high', 'low'))": "x = IF((a > 1) IS NULL, NULL, a > 1, 'high', 'low')",
    "@HIDDEN @CALCTEXT(concat([t], '!'))": "x = CONCAT(COALESCE(CONCAT(t), ''), '!')",
}


@pytest.mark.parametrize(("annotation", "rule"), TEXTS.items())
def test_a_calculated_text_is_a_rule(annotation: str, rule: str) -> None:
    draft = drafted("x", annotation=annotation)
    found = with_rules(draft, speaker(draft))
    assert [each.expression for each in found.rules] == [rule]
    assert found.draft.troubles == ()


def test_a_calculated_date_is_a_rule_in_days_alone() -> None:
    other = drafted("d", validation="date_ymd")
    draft = drafted("x", validation="date_ymd", annotation="@CALCDATE([d], 28, 'd')")
    (rule,) = with_rules(draft, speaker(draft, other)).rules
    assert rule.expression == "x = d + (28)"

    months = drafted("x", validation="date_ymd", annotation="@CALCDATE([d], 1, 'M')")
    found = with_rules(months, speaker(months, other))
    assert found.rules == ()
    assert [each.found for each in found.draft.troubles] == ["@CALCDATE([d], 1, 'M')"]
