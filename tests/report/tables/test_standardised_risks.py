"""The table of standardised risks prints each arm's risk of every analysis that states it."""

from dataclasses import replace

from tests.report.factory import made_up_line, made_up_protocol
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.report.numbers.numbers import percent_points
from trialkit.report.tables.standardised_risks import standardised_risks_table
from trialkit.results.lookup import ResultIndex, Term
from trialkit.results.vocabulary import Stat


def test_every_arm_has_its_risk_with_its_limits_in_percent() -> None:
    made = made_up_protocol(arms=3, visits=2)
    (one,) = [each for each in made.plan.analyses if "better" in each.outcomes]
    own = replace(one, specification=StandardisedRiskComparison())
    analyses = tuple(own if each is one else each for each in made.plan.analyses)
    protocol = replace(made, plan=replace(made.plan, analyses=analyses))
    index = ResultIndex(made_up_line(protocol=protocol).results)
    table = standardised_risks_table(protocol, index)
    assert table is not None
    (group,) = table.groups
    assert [row.head for row in group.rows] == [arm.label for arm in protocol.arms]
    for arm, row in zip(protocol.arms, group.rows, strict=True):
        found = index.find(own.id, outcome="better", term=Term.STANDARDISED_RISK, arm=arm.code)
        risk, low, high, se = (
            percent_points(found[stat].stat)
            for stat in (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.SE)
        )
        assert [cell.text for cell in row.cells] == [f"{risk} ({low} to {high})", se]
        assert found[Stat.ESTIMATE].result_id in row.cells[0].results


def test_without_such_an_analysis_there_is_no_table() -> None:
    line = made_up_line()
    assert standardised_risks_table(line.protocol, ResultIndex(line.results)) is None
