"""The participant flow is read from the rows that count it, and must add up."""

import pytest

from trialkit.errors import DatasetError
from trialkit.results.answers import EVERYBODY_ANSWERED, Unanswered
from trialkit.results.flow import ArmFlow, Disposition, Reason, Stage, read_flow
from trialkit.results.lookup import ResultIndex, Shelf
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat


def counted(term: str, count: int, arm: str = "") -> Result:
    return Result(
        result_id=f"flow/{term}/{arm}",
        analysis_id=Shelf.FLOW.value,
        role="",
        family="",
        outcome="",
        population="",
        estimand="",
        method="",
        visit="",
        term=term,
        arm=arm,
        stat_name=Stat.N,
        stat=count,
        unit="",
        note="",
    )


ROWS = (
    counted("assessed", 50),
    counted("not randomised: too old", 7),
    counted("not randomised: moved", 0),
    counted("randomised", 43),
    counted("allocated", 20, "P"),
    counted("received", 18, "P"),
    counted("not received: ill", 2, "P"),
    counted("lost: moved", 3, "P"),
    counted("lost: died", 1, "P"),
    counted("lost: no time", 0, "P"),
    counted("discontinued", 5, "P"),
    counted("discontinued: pain", 5, "P"),
    counted("analysed", 17, "P"),
    counted("lost but analysed", 2, "P"),
    counted("excluded: no baseline", 1, "P"),
    counted("allocated", 23, "A"),
    counted("received", 23, "A"),
    counted("not received: ill", 0, "A"),
    counted("discontinued", 0, "A"),
    counted("analysed", 23, "A"),
)


def test_every_box_is_the_count_of_its_row_and_arm() -> None:
    found = read_flow(ResultIndex(Results(rows=ROWS)), {"A": "Active", "P": "Placebo"})
    assert (found.assessed, found.randomised) == (50, 43)
    # of those who were not randomised a reason that nobody had is kept
    assert found.not_randomised == (
        Reason(text="too old", count=7),
        Reason(text="moved", count=0),
    )
    active, placebo = found.arms
    assert active == ArmFlow(
        arm="A",
        label="Active",
        allocated=23,
        received=23,
        not_received=(),
        lost=(),
        discontinued=(),
        analysed=23,
        excluded=(),
        lost_but_analysed=0,
    )
    assert placebo == ArmFlow(
        arm="P",
        label="Placebo",
        allocated=20,
        received=18,
        not_received=(Reason(text="ill", count=2),),
        lost=(Reason(text="moved", count=3), Reason(text="died", count=1)),
        discontinued=(Reason(text="pain", count=5),),
        analysed=17,
        excluded=(Reason(text="no baseline", count=1),),
        lost_but_analysed=2,
    )


def test_a_reason_is_named_after_its_stage() -> None:
    assert Stage.NOT_RECEIVED.because("ill: badly") == "not received: ill: badly"
    odd = (*ROWS[:4], *ROWS[4:7], *ROWS[7:], counted("discontinued: a: b", 1, "A"))
    found = read_flow(ResultIndex(Results(rows=odd)), {"A": "Active", "P": "Placebo"})
    assert found.arms[0].discontinued == (Reason(text="a: b", count=1),)


def changed(term: str, count: int, arm: str = "") -> tuple[Result, ...]:
    rows = tuple(
        counted(term, count, arm) if (row.term, row.arm) == (term, arm) else row for row in ROWS
    )
    assert rows != ROWS
    return rows


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            changed("assessed", 51),
            "flow does not add up: 51 assessed, but 7 excluded and 43 randomised",
        ),
        (
            changed("received", 19, "P"),
            "flow of arm 'P' does not add up: 20 allocated, but 19 received and 2 did not",
        ),
        (
            (*changed("received", 17, "P"), counted("receipt still to come", 2, "P")),
            "flow of arm 'P' does not add up: 20 allocated, but 17 received and 2 did not, 2 not known",
        ),
        (
            (*ROWS, counted("discontinuation not recorded", 16, "P")),
            "flow of arm 'P' does not add up: 20 allocated, but 5 discontinued and 16 not known",
        ),
        (
            changed("analysed", 16, "P"),
            "flow of arm 'P' does not add up: 20 allocated, but 16 analysed and 3 lost or excluded",
        ),
        (
            changed("lost but analysed", 1, "P"),
            "flow of arm 'P' does not add up: 20 allocated, but 17 analysed and 4 lost or excluded",
        ),
    ],
)
def test_a_flow_that_does_not_add_up_is_refused(rows: tuple[Result, ...], said: str) -> None:
    with pytest.raises(DatasetError) as error:
        read_flow(ResultIndex(Results(rows=rows)), {"A": "Active", "P": "Placebo"})
    assert str(error.value) == said


def test_the_randomised_are_those_allocated_to_the_arms() -> None:
    with pytest.raises(DatasetError) as error:
        Disposition(assessed=3, not_randomised=(), randomised=3, arms=())
    assert str(error.value) == "flow does not add up: 3 randomised, 0 allocated"


def test_of_whom_nobody_knows_the_answer_is_in_neither_count() -> None:
    rows = (
        *changed("received", 15, "P"),
        counted("receipt not recorded", 2, "P"),
        counted("receipt still to come", 0, "P"),
        counted("receipt not asked", 1, "P"),
        counted("discontinuation not recorded", 3, "P"),
        counted("discontinuation still to come", 12, "P"),
    )
    flow = read_flow(ResultIndex(Results(rows=rows)), {"A": "Active", "P": "Placebo"})
    active, placebo = flow.arms
    assert placebo.receipt == Unanswered(not_recorded=2, not_asked=1)
    assert placebo.discontinuation == Unanswered(not_recorded=3, to_come=12)
    assert active.receipt == active.discontinuation == EVERYBODY_ANSWERED
    assert flow.unanswered == (
        Stage.RECEIPT_NOT_RECORDED,
        Stage.RECEIPT_NOT_ASKED,
        Stage.DISCONTINUATION_NOT_RECORDED,
        Stage.DISCONTINUATION_TO_COME,
    )


def test_what_no_form_asks_is_no_count() -> None:
    rows = [each for each in ROWS if not each.term.startswith(("received", "disc", "not rec"))]
    flow = read_flow(ResultIndex(Results(rows=tuple(rows))), {"A": "Active", "P": "Placebo"})
    assert [(arm.received, arm.discontinued) for arm in flow.arms] == [(None, None)] * 2
    assert flow.unanswered == ()
