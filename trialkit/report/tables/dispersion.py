"""How much more counts vary than Poisson's, of every analysis that says it."""

from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import DASH, number
from trialkit.report.tables.cells import lacking_cell, printed_cell, without_number
from trialkit.report.words.en.wording import capitalised
from trialkit.report.words.languages import short_name
from trialkit.results.lookup import ResultIndex, Statistics, Term, value
from trialkit.results.vocabulary import Stat

_DIGITS = 2


def dispersion_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Theta, or Pearson's dispersion, of the models of counts; None where no analysis has them."""
    groups = []
    for code in (each.code for each in protocol.outcomes):
        rows = tuple(
            row
            for each in protocol.plan.analyses
            if code in each.outcomes and (row := _row(each, code, protocol, index)) is not None
        )
        if rows:
            groups.append(RowGroup(head=protocol.outcome(code).label, rows=rows))
    if not groups:
        return None
    return Table(
        anchor="table-dispersion",
        caption="Dispersion of the counts, by analysis",
        stub="Outcome and analysis",
        heads=(ColumnHead(text="Theta (SE)"), ColumnHead(text="Pearson's dispersion")),
        groups=tuple(groups),
        notes=(
            (
                "Theta: the variance of a number of events with the mean m is m + m² / theta. Pearson's "
                "dispersion: chi-squared over its degrees of freedom, 1 where the variance is the mean."
            ),
        ),
        supplementary=True,
    )


def _row(analysis: Analysis, code: str, protocol: Protocol, index: ResultIndex) -> Row | None:
    found = index.find(
        analysis.id,
        outcome=code,
        visit=protocol.analysed(analysis, code).time_point,
        term=Term.DISPERSION,
    )
    if not found:
        return None
    method = capitalised(short_name(analysis.specification, protocol))
    cells = (_theta(found), _number(found, Stat.DISPERSION))
    return Row(head=f"{method} ({analysis.role.value})", indented=True, cells=cells)


def _theta(found: Statistics) -> Cell:
    without = without_number(found, Stat.THETA)
    if without is not None:
        return lacking_cell(found, (Stat.THETA,), DASH, without)
    if Stat.THETA not in found:
        return Cell(text=DASH)
    theta, se = (number(value(found, each), digits=_DIGITS) for each in (Stat.THETA, Stat.THETA_SE))
    return printed_cell(f"{theta} ({se})", found, Stat.THETA, Stat.THETA_SE)


def _number(found: Statistics, stat: Stat) -> Cell:
    if stat not in found:
        return Cell(text=DASH)
    return printed_cell(number(value(found, stat), digits=_DIGITS), found, stat)
