"""The flow is drawn and tabulated with each arm's own counts, each leading to its row."""

from dataclasses import replace

from tests.report.factory import made_up_protocol
from tests.report.rows import index_of, result, rows
from tests.report.sections.telling import answered, plain
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.report.content.tables import Table
from trialkit.report.sections.flow import flow_figure, flow_of, flow_table
from trialkit.report.words.en.sentences.pooled import NO_PRIMARY_RESULT
from trialkit.results.effect import Status
from trialkit.results.flow import Reason
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TRIAL = made_up_protocol()
COUNTS = {
    ("assessed", ""): 40, ("not randomised: Declined", ""): 7, ("not randomised: Unfit", ""): 2,
    ("randomised", ""): 31,
    ("allocated", "A0"): 15, ("received", "A0"): 14, ("not received: Withdrew", "A0"): 1,
    ("lost: Moved", "A0"): 3, ("discontinued", "A0"): 0, ("analysed", "A0"): 12,
    ("allocated", "A1"): 16, ("received", "A1"): 16, ("lost: Moved", "A1"): 1,
    ("lost: Died", "A1"): 4, ("discontinued", "A1"): 6, ("discontinued: Pain", "A1"): 6,
    ("analysed", "A1"): 10, ("excluded: Wrong arm", "A1"): 1,
}  # fmt: skip


def row(term: str, arm: str, count: int) -> Result:
    return result(Stat.N, count, analysis_id="flow", outcome="", term=term, arm=arm)


def sessions(arm: str, attended: float, prescribed: float) -> tuple[Result, ...]:
    numbers = {Stat.ATTENDED: attended, Stat.PRESCRIBED: prescribed, Stat.PERCENT: 80.0}
    return rows(numbers, analysis_id="adherence", outcome="", arm=arm)


def flow(*more: Result) -> ResultIndex:
    return index_of(*(row(*where, count) for where, count in COUNTS.items()), *more)


def lines(table: Table) -> list[tuple[str, str, bool, tuple[str, ...]]]:
    return [
        (group.head, each.head, each.indented, tuple(cell.text for cell in each.cells))
        for group in table.groups
        for each in group.rows
    ]


def test_the_flow_has_the_arms_in_the_order_and_by_the_names_of_the_protocol() -> None:
    turned = replace(TRIAL, arms=TRIAL.arms[::-1])
    found = flow_of(turned, flow())
    assert [(arm.arm, arm.label, arm.allocated, arm.analysed) for arm in found.arms] == [
        ("A1", "Arm 1", 16, 10), ("A0", "Arm 0", 15, 12),
    ]  # fmt: skip
    assert found.not_randomised == (
        Reason(text="Declined", count=7), Reason(text="Unfit", count=2),
    )  # fmt: skip


def test_each_line_of_the_table_has_every_arm_s_count() -> None:
    table = flow_table(TRIAL, flow())
    assert [head.text for head in table.heads] == ["All", "Arm 0", "Arm 1"]
    numbers = {
        head: cells for _, head, _, cells in lines(table) if head in {
            "Moved", "Died", "Withdrew", "Pain", "Wrong arm", "Declined", "Unfit"}
    }  # fmt: skip
    assert numbers == {
        "Declined": ("7", "", ""), "Unfit": ("2", "", ""), "Withdrew": ("", "1", "0"),
        "Moved": ("", "3", "1"), "Died": ("", "0", "4"), "Pain": ("", "0", "6"),
        "Wrong arm": ("", "0", "1"),
    }  # fmt: skip
    assert [group.head for group in table.groups] == [
        "Enrolment", "Allocation", "Follow-up", "Analysis",
    ]  # fmt: skip
    under = {head: group for group, head, indented, _ in lines(table) if indented}
    assert under["Declined"] == "Enrolment"
    assert under["Withdrew"] == "Allocation"
    assert under["Died"] == "Follow-up"
    assert under["Wrong arm"] == "Analysis"


def test_the_counted_heads_of_the_table_are_not_indented() -> None:
    heads = [(group, cells) for group, _, indented, cells in lines(flow_table(TRIAL, flow()))
             if not indented]  # fmt: skip
    assert heads == [
        ("Enrolment", ("40", "", "")),
        ("Enrolment", ("9", "", "")),
        ("Enrolment", ("31", "", "")),
        ("Allocation", ("", "15", "16")),
        ("Allocation", ("", "14", "16")),
        ("Allocation", ("", "1", "0")),
        ("Follow-up", ("", "3", "5")),
        ("Follow-up", ("", "0", "6")),
        ("Analysis", ("", "12", "10")),
        ("Analysis", ("", "0", "1")),
    ]  # fmt: skip


def test_a_cell_leads_to_the_row_that_it_prints() -> None:
    table = flow_table(TRIAL, flow())
    behind = {
        (each.head, column): cell.results
        for each in table.rows
        for column, cell in zip(("all", "A0", "A1"), each.cells, strict=True)
        if cell.results
    }
    assert behind["Declined", "all"] == ("flow/not randomised: Declined/n",)
    assert behind["Moved", "A0"] == ("flow/lost: Moved/A0/n",)
    assert behind["Moved", "A1"] == ("flow/lost: Moved/A1/n",)
    assert ("Died", "A0") not in behind, "the arm has no such line"


def test_sessions_are_told_of_the_arms_that_log_them() -> None:
    assert all(group.head != "Told beside the flow, no part of its sums"
               for group in flow_table(TRIAL, flow()).groups)  # fmt: skip
    table = flow_table(TRIAL, flow(*sessions("A1", 76, 95)))
    last = table.groups[-1]
    assert last.head == "Told beside the flow, no part of its sums"
    (told,) = last.rows
    assert told.head == "Sessions attended, n/N (%)"
    assert [cell.text for cell in told.cells] == ["", "", "76/95 (80%)"]


def test_sessions_of_which_nobody_asks_who_came_are_logged_and_not_attended() -> None:
    unasked = replace(
        result(Stat.UNKNOWN, None, analysis_id="adherence", outcome="", arm="A1"),
        status=Status.NOT_COLLECTED,
    )
    index = flow(*sessions("A1", 76, 95), unasked)
    (told,) = flow_table(TRIAL, index).groups[-1].rows
    assert told.head == "Sessions logged, n/N (%)"
    figure = flow_figure(TRIAL, index)
    for text in (figure.svg, figure.description):
        assert "Sessions logged 76/95 (80%)" in text.replace("</tspan>", "")
        assert "ttended" not in text


def test_the_diagram_says_its_counts_and_answers_item_22() -> None:
    figure = flow_figure(replace(TRIAL, trial=replace(TRIAL.trial, synthetic="Not real data")),
                         flow(*sessions("A1", 76, 95)))  # fmt: skip
    assert (figure.anchor, figure.name) == ("figure-flow", "flow")
    assert figure.title == "Participant flow, Made-up trial"
    assert plain(figure.notes) == "The same numbers are in [table-flow]."
    assert "Not real data" in figure.svg
    for text in (figure.svg, figure.description):
        assert "Sessions attended 76/95 (80%)" in text.replace("</tspan>", "")
    assert answered(figure.claims) == {
        ("22a", "randomised"): "", ("22a", "received"): "",
        ("22a", "analysed for the primary outcome"): "", ("22b", "losses and exclusions"): "",
    }  # fmt: skip
    assert "Not real data" not in flow_figure(TRIAL, flow()).svg


def test_of_whom_nobody_knows_is_a_line_of_its_own_where_there_is_anybody() -> None:
    heads = [head for _, head, *_ in lines(flow_table(TRIAL, flow()))]
    assert not [head for head in heads if "recorded" in head]
    changed = [
        row(term, arm, COUNTS[term, arm] - 2 * ((term, arm) == ("received", "A1")))
        for term, arm in COUNTS
    ]
    more = (row("receipt not recorded", "A1", 2), row("discontinuation still to come", "A0", 3))
    index = index_of(*changed, *more)
    found = {head: cells for _, head, _, cells in lines(flow_table(TRIAL, index))}
    assert found["Receipt of the intervention not recorded"] == ("", "0", "2")
    assert found["Discontinuation still to be recorded at the data cut"] == ("", "3", "0")
    assert "Discontinuation not recorded" not in found
    figure = flow_figure(TRIAL, index)
    assert "Receipt of the intervention not recorded 2" in figure.description
    assert "Discontinuation still to be recorded at the data cut 3" in figure.description


def test_what_no_form_asks_is_not_collected_and_no_zero() -> None:
    asked = {
        where: count
        for where, count in COUNTS.items()
        if "received" not in where[0] and "discontinued" not in where[0]
    }
    index = index_of(*(row(*where, count) for where, count in asked.items()))
    found = {head: cells for _, head, _, cells in lines(flow_table(TRIAL, index))}
    nowhere = ("", "not collected", "not collected")
    assert found["Received allocated intervention"] == nowhere
    assert found["Discontinued intervention"] == nowhere
    assert "Did not receive allocated intervention" not in found
    figure = flow_figure(TRIAL, index)
    assert "Received allocated intervention not collected" in figure.description
    assert {claim.part: claim.lacks for claim in figure.claims} == {
        "randomised": "",
        "received": "not collected",
        "analysed for the primary outcome": "",
        "losses and exclusions": "discontinuation not collected",
    }


def test_without_a_primary_result_nobody_was_analysed() -> None:
    (primary,) = (each for each in TRIAL.plan.analyses if each.role is AnalysisRole.PRIMARY)
    lacking = replace(
        result(Stat.ESTIMATE, None, analysis_id=primary.id, outcome=primary.outcomes[0]),
        status=Status.NOT_ESTIMABLE,
        note="not estimable: all values are equal",
    )
    index = flow(lacking)
    figure = flow_figure(TRIAL, index)
    said = "With what the analysis of the primary outcome needs"
    assert said in figure.description
    assert "Analysed for primary outcome" not in figure.description
    assert said in [row.head for row in flow_table(TRIAL, index).rows]
    assert answered(figure.claims)["22a", "analysed for the primary outcome"] == (NO_PRIMARY_RESULT)
    assert "Analysed for primary outcome" in flow_figure(TRIAL, flow()).description
