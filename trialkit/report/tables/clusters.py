"""The clusters in each analysis that allows for them: how many, how large, and how alike within."""

from collections.abc import Iterator

from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import confidence
from trialkit.report.tables.cells import EMPTY, count_cell, interval_cell, number_cell
from trialkit.report.words.en.wording import capitalised
from trialkit.report.words.languages import short_name
from trialkit.results.lookup import Before, ResultIndex, Statistics, Term
from trialkit.results.vocabulary import Stat

CORRELATION = (Stat.ICC, Stat.CONF_LOW, Stat.CONF_HIGH)
IN_THE_MODEL = "In the model: "
OF_THE_MODEL = (
    "In the model, a correlation is that of two participants of one level of the grouping, given the "
    "fixed effects: its variance, and those of the groupings that it stands within, over all variances. "
    "Its limits are those of the profile likelihood."
)


def clusters_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """A group of rows for each analysis of clusters; None where there is none."""
    clusters = protocol.clusters
    if clusters is None:
        return None
    groups = tuple(
        RowGroup(head=_head(analysis, outcome, protocol), rows=rows)
        for analysis in protocol.plan.analyses
        if analysis.specification.READS_CLUSTERS
        for outcome in map(protocol.outcome, analysis.outcomes)
        if (rows := tuple(_rows(analysis, outcome, protocol, index)))
    )
    if not groups:
        return None
    ratio = confidence(protocol.plan.confidence_level)
    return Table(
        anchor="table-clusters",
        caption=f"{capitalised(clusters.plural)} in the analyses that allow for them",
        stub="Analysis and arm",
        heads=(
            ColumnHead(text=capitalised(clusters.plural)),
            ColumnHead(text="Participants in each, mean"),
            ColumnHead(text="Coefficient of variation of the size"),
            ColumnHead(text=f"Intracluster correlation ({ratio} CI)"),
            ColumnHead(text="Design effect"),
        ),
        groups=groups,
        notes=(
            (
                "The intracluster correlation is estimated by the analysis of variance within arms, of all "
                "arms together; it may lie below 0 by chance. The limits are Searle's. The design effect is "
                "that of the sizes that there are, a correlation below 0 taken as 0."
            ),
            *([OF_THE_MODEL] if _have_groupings(groups) else []),
        ),
        supplementary=True,
    )


def _have_groupings(groups: tuple[RowGroup, ...]) -> bool:
    return any(row.head.startswith(IN_THE_MODEL) for each in groups for row in each.rows)


def _head(analysis: Analysis, outcome: Outcome, protocol: Protocol) -> str:
    method = short_name(analysis.specification, protocol)
    return f"{outcome.label} \N{EN DASH} {method}, {analysis.role.value}"


def _rows(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> Iterator[Row]:
    def found(arm: str) -> Statistics:
        return index.find(
            analysis.id,
            outcome=outcome.code,
            visit=outcome.time_point,
            term=Term.CLUSTERS,
            arm=arm,
        )

    for arm in protocol.arms:
        sizes = found(arm.code)
        if sizes:
            yield Row(
                head=arm.label,
                indented=True,
                cells=(
                    count_cell(sizes, Stat.N_CLUSTERS),
                    number_cell(sizes, Stat.CLUSTER_SIZE, digits=1),
                    number_cell(sizes, Stat.CLUSTER_SIZE_CV, digits=2),
                    EMPTY,
                    EMPTY,
                ),
            )
    alike = found("")
    clusters = protocol.clusters
    if alike:
        yield Row(
            head=f"All arms with {clusters.plural}" if clusters and clusters.arms else "All arms",
            indented=True,
            cells=(
                EMPTY,
                EMPTY,
                EMPTY,
                interval_cell(alike, CORRELATION, digits=3),
                number_cell(alike, Stat.DESIGN_EFFECT, digits=2),
            ),
        )
    yield from _of_groupings(analysis, outcome, index)


def _of_groupings(analysis: Analysis, outcome: Outcome, index: ResultIndex) -> Iterator[Row]:
    """The correlation of each grouping of a mixed model that has several."""
    for address in index.addresses(analysis.id, outcome=outcome.code):
        if address.term.startswith(Before.INTERCEPTS):
            found = index.at(address)
            label = address.term.removeprefix(Before.INTERCEPTS)
            yield Row(
                head=f"{IN_THE_MODEL}{label}",
                indented=True,
                cells=(EMPTY, EMPTY, EMPTY, interval_cell(found, CORRELATION, digits=3), EMPTY),
            )
