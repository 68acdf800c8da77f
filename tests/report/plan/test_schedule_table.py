"""The drawing and the table of the schedule say the same, in words too."""

from tests.report.factory import made_up_protocol
from tests.report.plan.test_schedule import EVENTS, PAIN, SCREENING, with_weeks
from trialkit.report.content.content import Figure
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Paragraph
from trialkit.report.plan.schedule import schedule_of
from trialkit.report.plan.schedule_table import describe_schedule, schedule_blocks


def test_the_table_has_a_column_a_time_point_and_a_group_for_each_part() -> None:
    _, figure, table = schedule_blocks(with_weeks(5), (SCREENING, PAIN, EVENTS))
    assert isinstance(figure, Figure)
    assert isinstance(table, Table)
    assert [group.head for group in table.groups] == [
        "Enrolment", "Interventions", "Assessments", "Harms",
    ]  # fmt: skip
    assert table.heads[1].text == "Baseline, day 0 (\N{MINUS SIGN}3 to 3)"
    assert [head.span for head in table.spanning] == [2, 1, 2, 1]
    words = " ".join(row.head for row in table.rows)
    assert all(line.label in words for line in schedule_of(with_weeks(5), (PAIN, EVENTS)).lines)


def test_the_schedule_is_told_in_words() -> None:
    told = describe_schedule(schedule_of(with_weeks(5), (PAIN, EVENTS)))
    assert told == (
        "Arm 0: randomisation and week 4. Arm 1: randomisation and week 4. "
        "Pain: baseline and week 4. Adverse events: at no visit (each time)."
    )


def test_what_is_not_known_is_not_claimed() -> None:
    lead, *_ = schedule_blocks(made_up_protocol(), ())
    assert isinstance(lead, Paragraph)
    (claim,) = lead.claims
    assert claim.part == "interventions"
    assert claim.lacks == "for how many weeks is not said for Arm 0 and Arm 1"
    assert "still to be written" in str(lead.runs[0])


def test_a_schedule_of_many_visits_has_a_table_and_a_drawing_for_each_part() -> None:
    blocks = schedule_blocks(made_up_protocol(visits=12), (PAIN,))
    captions = [block.caption for block in blocks if isinstance(block, Table)]
    assert [caption[-13:] for caption in captions] == ["(part 1 of 2)", "(part 2 of 2)"]
    assert len({block.anchor for block in blocks}) == len(blocks)


def test_a_last_part_of_what_is_at_no_visit_is_drawn_too() -> None:
    blocks = schedule_blocks(made_up_protocol(visits=8), (PAIN, EVENTS))
    last = [block for block in blocks if isinstance(block, Figure)][-1]
    assert "each time" in last.svg


def test_what_is_the_same_of_several_arms_is_said_once_beside_the_drawing() -> None:
    _, figure, _ = schedule_blocks(made_up_protocol(arms=3), (PAIN,))
    assert isinstance(figure, Figure)
    assert figure.notes == ("Arm 0, Arm 1 and Arm 2: how long it is given is not stated. ",)
