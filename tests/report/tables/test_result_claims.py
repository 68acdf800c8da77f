"""What the tables of results answer of item 26, and what they say is wanting."""

from tests.line import Line
from trialkit.report.tables.cells import INTERVAL
from trialkit.report.tables.headlines import main_headlines
from trialkit.report.tables.result_claims import result_claims
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat


def test_a_risk_without_its_absolute_effect_lacks_that_alone(three_arms: Line) -> None:
    def claimed(*without: Stat) -> str:
        rows = tuple(
            row
            for row in three_arms.results.rows
            if not (row.method in without and row.stat_name in INTERVAL)
        )
        index = ResultIndex(Results(rows=rows))
        found = tuple(each for each in main_headlines(three_arms.protocol, index) if each.of_risks)
        claims = result_claims(found, three_arms.protocol)
        return next(each.lacks for each in claims if each.part == "effect with interval")

    assert claimed() == ""
    assert "(no absolute effect)" in claimed(Stat.RISK_DIFFERENCE)
    assert "(no absolute effect)" in claimed(Stat.RISK_DIFFERENCE, Stat.RISK_RATIO)
    assert "(no relative effect)" in claimed(Stat.RISK_RATIO)
    none = claimed(Stat.RISK_DIFFERENCE, Stat.RISK_RATIO, Stat.ODDS_RATIO)
    assert none
    assert "(no " not in none
