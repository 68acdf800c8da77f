"""The risk of each arm, were everybody in it, of every analysis that states it."""

from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import confidence, percent_points
from trialkit.report.tables.cells import points_cell, printed_cell
from trialkit.report.words.languages import short_name
from trialkit.results.lookup import ResultIndex, Term, value
from trialkit.results.vocabulary import Stat


def standardised_risks_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Standardised risks at the time points; None where no analysis has them."""
    groups = tuple(
        group
        for each in protocol.plan.analyses
        for code in each.outcomes
        if (group := _group(each, code, protocol, index)) is not None
    )
    if not groups:
        return None
    ratio = confidence(protocol.plan.confidence_level)
    return Table(
        anchor="table-standardised-risks",
        caption="Standardised risks at the time point of each outcome",
        stub="Outcome and arm",
        heads=(
            ColumnHead(text=f"Risk, % ({ratio} CI)"),
            ColumnHead(text="SE, percentage points"),
        ),
        groups=groups,
        notes=(
            (
                "The risk in each arm, were all analysed participants in it with the covariates that "
                "they have; limits are Wald's, cut at 0 and 100%."
            ),
        ),
        supplementary=True,
    )


def _group(
    analysis: Analysis, code: str, protocol: Protocol, index: ResultIndex
) -> RowGroup | None:
    outcome = protocol.analysed(analysis, code)
    rows = []
    for arm in protocol.arms:
        found = index.find(
            analysis.id,
            outcome=code,
            visit=outcome.time_point,
            term=Term.STANDARDISED_RISK,
            arm=arm.code,
        )
        if found:
            spread = printed_cell(percent_points(value(found, Stat.SE)), found, Stat.SE)
            rows.append(Row(head=arm.label, indented=True, cells=(points_cell(found), spread)))
    if not rows:
        return None
    method = short_name(analysis.specification, protocol)
    head = f"{outcome.label} \N{EN DASH} {method}, {analysis.role.value}"
    return RowGroup(head=head, rows=tuple(rows))
