"""Analyses of every method find their rows in the table of additional analyses."""

from dataclasses import replace

import pytest

from tests.conftest import Line
from tests.report.factory import content_of, made_up_line, made_up_protocol
from tests.report.test_method_words import specification_of
from trialkit.protocol.plan import Analysis, AnalysisRole
from trialkit.protocol.specifications import SPECIFICATIONS, Bootstrap, Method, Rerandomisation
from trialkit.report.lookup import ResultIndex
from trialkit.report.tables.additional import additional_table, visits_table

OF_RISKS = {
    Method.RISK_DIFFERENCE,
    Method.COCHRAN_MANTEL_HAENSZEL,
    Method.MCNEMAR,
    Method.MCNEMAR_EXACT,
}


def with_sensitivity(method: Method, *, arms: int = 3) -> Line:
    """A made-up trial with one sensitivity analysis of this method."""
    one = made_up_protocol(arms=arms, visits=3)
    specification = specification_of(method)
    if isinstance(specification, Rerandomisation | Bootstrap):
        specification = replace(specification, replicates=999)
    if isinstance(specification, Bootstrap) and arms > 2:
        one = made_up_protocol(arms=2, visits=3)
    extra = Analysis(
        id="extra",
        role=AnalysisRole.SENSITIVITY,
        outcomes=("better" if method in OF_RISKS else "pain",),
        population="itt",
        estimand="E1",
        specification=specification,
    )
    plan = replace(one.plan, analyses=(*one.plan.analyses, extra))
    return made_up_line(protocol=replace(one, plan=plan))


@pytest.mark.parametrize("method", list(SPECIFICATIONS))
def test_any_method_is_reported(method: Method) -> None:
    line = with_sensitivity(method)
    table = additional_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    assert table.claims[0].lacks == ""
    stated = [name for row in table.rows for cell in row.cells[2:] for name in cell.results]
    assert stated
    assert all(name.startswith("extra/") for name in stated)
    assert all("nan" not in cell.text for row in table.rows for cell in row.cells)
    assert content_of(line).checklist.row("28").status.value == "reported"


def test_each_contrast_has_its_row(three_arms: Line) -> None:
    table = additional_table(three_arms.protocol, ResultIndex(three_arms.results))
    assert table is not None
    heads = [row.head for row in table.rows]
    assert len(heads) == len(set(heads))
    assert any("post hoc, not in the plan" in head for head in heads)
    assert any("One session a week vs Leaflet" in head for head in heads)


def test_two_visits_need_no_table_of_visits(example: Line, three_arms: Line) -> None:
    assert visits_table(example.protocol, ResultIndex(example.results)) is None
    table = visits_table(three_arms.protocol, ResultIndex(three_arms.results))
    assert table is not None
    knee = table.groups[0]
    assert [row.head for row in knee.rows] == [visit.label for visit in three_arms.protocol.visits]
    assert [cell.text for cell in knee.rows[0].cells[-2:]] == ["—", "—"]
