"""What stands beside the treatments' effects in a crossover trial: period, sequence and carry-over."""

from collections.abc import Iterator

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import confidence, p_symbol
from trialkit.report.tables.cells import EMPTY, interval_cell, lacking_cell, p_cell
from trialkit.report.tables.headlines import Headline, headlines
from trialkit.report.words.en.wording import listing
from trialkit.report.words.languages import short_name
from trialkit.results.lookup import ResultIndex, Statistics, Term
from trialkit.results.vocabulary import Stat

NAMES = {
    Term.PERIOD: "Period",
    Term.SEQUENCE: "Sequence",
    Term.CARRY_OVER: "Carry-over",
}
ESTIMATE = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)


def periods_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """A group of rows for each analysis of periods; None where there is none."""
    if not protocol.is_crossover or protocol.is_pooled:
        return None
    groups = tuple(
        RowGroup(head=_head(each), rows=rows)
        for each in headlines(protocol, index)
        if each.analysis.specification.READS_PERIODS and (rows := tuple(_rows(each)))
    )
    if not groups:
        return None
    labels = listing([each.label for each in protocol.periods])
    return Table(
        anchor="table-periods",
        caption="Effects beside those of the treatments, by analysis",
        stub="Analysis and effect",
        heads=(
            ColumnHead(text=f"Estimate ({confidence(protocol.plan.confidence_level)} CI)"),
            ColumnHead(text=p_symbol()),
        ),
        groups=groups,
        notes=(
            (
                f"Periods: {labels}; the difference between periods is later minus earlier, whatever the "
                "treatment, or the odds ratio of the event in the later one."
            ),
            (
                "Carry-over compares what the sequences have in all (a difference of sums) or, in a model, "
                "the treatment before. It has little power, and no analysis was chosen by it: that "
                "treatments do not last into the next period rests on the washout."
            ),
        ),
        supplementary=True,
    )


def _head(headline: Headline) -> str:
    method = short_name(headline.analysis.specification, headline.protocol)
    return f"{headline.outcome.label} \N{EN DASH} {method}, {headline.analysis.role.value}"


def _rows(headline: Headline) -> Iterator[Row]:
    for term, name in NAMES.items():
        found = headline.index.find(
            headline.analysis.id,
            outcome=headline.outcome.code,
            visit=headline.outcome.time_point,
            term=term,
        )
        if found:
            cells = (_estimate(found, headline), _p(found, headline))
            yield Row(head=name, cells=cells, indented=True)


def _estimate(found: Statistics, headline: Headline) -> Cell:
    """The estimate with its limits; a test of a model has none."""
    if Stat.ESTIMATE not in found:
        return EMPTY
    return interval_cell(found, ESTIMATE, digits=headline.digits)


def _p(found: Statistics, headline: Headline) -> Cell:
    row = found.get(Stat.P_VALUE)
    if row is None or row.stat is None:
        return EMPTY if row is None else lacking_cell(found, (Stat.P_VALUE,), "", row)
    return p_cell(found, alpha=headline.protocol.plan.alpha)
