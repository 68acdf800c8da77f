"""Digits of numbers become an x, and nothing else does."""

from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import n_equals
from trialkit.report.plan.shells.placeholders import PEOPLE, PlaceOfRows, with_places
from trialkit.results.effect import ONE_SIDED, Effect, Scale
from trialkit.results.vocabulary import Stat


def shell(cell: Cell, *, head: str = "Arm") -> Table:
    table = Table(
        anchor="table-outcomes",
        caption="Outcomes at week 6",
        stub="Outcome",
        heads=(ColumnHead(text=head),),
        groups=(RowGroup(head="Pain, 0 to 10", rows=(Row(head="Arm 1", cells=(cell,)),)),),
        notes=("Measured in 2 ways.",),
    )
    return with_places(table)


def test_a_number_has_an_x_for_each_digit_and_leads_nowhere() -> None:
    table = shell(Cell(text="55.5 (22.2)", results=("a/b",)))
    assert table.rows[0].cells[0] == Cell(text="xx.x (xx.x)")
    assert (table.rows[0].head, table.groups[0].head) == ("Arm 1", "Pain, 0 to 10")
    assert table.notes == ("Measured in 2 ways.",)
    assert table.anchor == "shell-outcomes"


def test_what_is_of_the_plan_keeps_its_digits() -> None:
    limits = Cell(text="11.1 (11.1 to 11.1) [90% CI]", results=("a",))
    assert shell(limits).rows[0].cells[0].text == "xx.x (xx.x to xx.x) [90% CI]"
    assert shell(Cell(text="day 42")).rows[0].cells[0].text == "day 42"
    assert shell(limits, head="Dose 88 mg").heads[0].text == "Dose 88 mg"


def test_the_size_of_an_arm_in_a_head_is_a_place_too() -> None:
    head = shell(Cell(text=""), head=f"Dose 88 mg ({n_equals(PEOPLE)})").heads[0].text
    assert head == f"Dose 88 mg ({n_equals(PEOPLE)})".replace("= 88", "= xx").replace(
        "=\N{NO-BREAK SPACE}88", "=\N{NO-BREAK SPACE}xx"
    )


def test_a_one_sided_p_value_is_told_apart_from_its_limits() -> None:
    place = PlaceOfRows(analysis_id="a").of(Effect(scale=Scale.DIFFERENCE, one_sided=True))
    low, p = place.rows(Stat.CONF_LOW, Stat.P_VALUE)
    assert p.interval_kind == ONE_SIDED
    assert low.interval_kind != ONE_SIDED
