"""Families alone: who is in them, what opens them, and what adjusts twice."""

import pytest

from tests.protocol.test_plan_consistency import extra, family, plan
from trialkit.protocol.family_consistency import complain_of_families
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.tables.raw_tables import Table


def places(raw: Table) -> list[tuple[str, str, str]]:
    complaints = Complaints("protocol.toml")
    complain_of_families(raw, complaints)
    return [(each.table, each.key, each.found) for each in complaints.all()]


def test_a_family_that_nobody_names_is_found_and_nothing_else_of_the_plan() -> None:
    raw = plan(extra(family="f", outcomes=[]), families=[family("f"), family("g")])
    assert places(raw) == [("families 'g'", "code", "no analysis with this family")]


def test_p_values_are_adjusted_once() -> None:
    raw = plan(extra(family="f", adjustment="tukey"), families=[family("f")])
    assert places(raw) == [
        ("analyses 'x'", "adjustment", "'tukey', beside 'holm' of the family 'f'")
    ]
    assert places(plan(extra(family="f"), families=[family("f")])) == []


@pytest.mark.parametrize(("arms", "opens"), [(("P", "A"), True), (("P", "A", "B"), False)])
def test_a_family_without_adjustment_opens_another_where_it_has_one_contrast(
    arms: tuple[str, ...], opens: bool
) -> None:
    raw = plan(
        extra(family="f"),
        extra(id="y", family="g"),
        families=[family("f", "none"), family("g", after="f")],
        arms=[{"code": code} for code in arms],
    )
    told = [("families 'g'", "after", "'f', whose adjustment is 'none'")]
    assert places(raw) == ([] if opens else told)
