"""An estimate, its interval and its p value in a sentence."""

from tests.report.factory import made_up_line
from trialkit.report.content.text import PrintedNumber, Run
from trialkit.report.sections.effect_runs import (
    estimate_runs,
    number_run,
    p_runs,
    unit_words,
    with_limits,
)
from trialkit.report.tables.cells import INTERVAL
from trialkit.report.tables.headlines import main_headlines
from trialkit.results.lookup import ResultIndex, value
from trialkit.results.vocabulary import Stat


def said(runs: list[Run]) -> str:
    return "".join(run.text if isinstance(run, PrintedNumber) else str(run) for run in runs)


def test_a_difference_has_its_unit_its_interval_and_the_rows_that_they_come_from() -> None:
    line = made_up_line()
    headline = main_headlines(line.protocol, ResultIndex(line.results))[0]
    found = headline.effect(line.protocol.experimental[0])
    unit = unit_words(headline)
    assert unit == f" {headline.outcome.unit}"
    runs = estimate_runs(found, unit, headline, digits=1)
    estimate, low, high = (float(value(found, stat) or 0) for stat in INTERVAL)
    text = said(runs).replace("\N{MINUS SIGN}", "-")
    assert text == f"{estimate:.1f}{unit} (95% CI {low:.1f} to {high:.1f})"
    assert runs[0].results == (found[Stat.ESTIMATE].result_id,)
    assert (
        with_limits(found, INTERVAL, digits=1)
        .replace("\N{MINUS SIGN}", "-")
        .startswith(f"{estimate:.1f} ({low:.1f} to")
    )
    assert number_run(found, Stat.SE, digits=2).results == (found[Stat.SE].result_id,)
    test = headline.test(line.protocol.experimental[0])
    assert said(p_runs(test, Stat.P_VALUE, "; ", alpha=0.05)).startswith("; p\N{NO-BREAK SPACE}")
    assert p_runs({}, Stat.P_VALUE, "; ", alpha=0.05) == []
