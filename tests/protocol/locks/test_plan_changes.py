"""What differs between two plans."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.locks.recorded import MADE_UP, without
from trialkit.protocol.locks.plan_changes import ChangeKind, plan_changes
from trialkit.protocol.locks.written_plan import MANY, written_plan

PLAN = written_plan(MADE_UP)
IDS = [each.id for each in MADE_UP.plan.analyses]


def test_the_same_plan_has_no_change() -> None:
    assert plan_changes(PLAN, PLAN) == ()


def test_an_added_a_removed_and_a_changed_part() -> None:
    less = written_plan(without(MADE_UP, IDS[-1]))
    (added,) = [each for each in plan_changes(less, PLAN) if each.table == "analyses"]
    (removed,) = [each for each in plan_changes(PLAN, less) if each.table == "analyses"]
    assert (added.name, added.kind) == (IDS[-1], ChangeKind.ADDED)
    assert (removed.name, removed.kind) == (IDS[-1], ChangeKind.REMOVED)

    stricter = replace(MADE_UP, plan=replace(MADE_UP.plan, alpha=0.01))
    (levels,) = plan_changes(PLAN, written_plan(stricter))
    assert (levels.table, levels.name, levels.keys) == ("plan", "", ("alpha",))


def test_what_changed_within_a_table_is_named_by_its_place() -> None:
    first, *others = MADE_UP.outcomes
    moved = replace(MADE_UP, outcomes=(replace(first, where={"side": ("left",)}), *others))
    (change,) = plan_changes(PLAN, written_plan(moved))
    assert (change.table, change.name, change.keys) == ("outcomes", first.code, ("where",))


WRITTEN = st.fixed_dictionaries(
    {
        table: st.dictionaries(
            st.sampled_from("abc"), st.fixed_dictionaries({"x": st.integers(0, 2)})
        )
        for table in MANY
    }
)


@given(WRITTEN, WRITTEN)
def test_nothing_differs_that_is_not_told_and_back_is_the_other_way_round(one, other) -> None:
    there, back = plan_changes(one, other), plan_changes(other, one)
    turned = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}
    assert (there == ()) == (one == other)
    assert {(c.table, c.name, turned.get(c.kind, c.kind)) for c in there} == {
        (c.table, c.name, c.kind) for c in back
    }
