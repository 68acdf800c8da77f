"""Discussion, and the tables behind the results."""

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Block, Section
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Bullets
from trialkit.report.guidelines.answers import Answers
from trialkit.report.guidelines.inputs import ReportInputs
from trialkit.report.marks.reading import protocol_runs
from trialkit.report.sections.figure_choice import supplementary_figures
from trialkit.report.sections.flow import flow_table
from trialkit.report.tables.at_visits import visits_table
from trialkit.report.tables.clusters import clusters_table
from trialkit.report.tables.crossover import periods_table
from trialkit.report.tables.definitions import estimands_table, outcome_definitions
from trialkit.report.tables.delivery import deviations_table
from trialkit.report.tables.dispersion import dispersion_table
from trialkit.report.tables.harms import harms_differences_table
from trialkit.report.tables.intercurrent import recorded_events_table
from trialkit.report.tables.models import adjusted_means_table, anova_table, diagnostics_table
from trialkit.report.tables.participants import populations_table
from trialkit.report.tables.standardised_risks import standardised_risks_table
from trialkit.report.tables.validation import findings_table
from trialkit.results.lookup import ResultIndex

SUPPLEMENT = "supplement"


def discussion(answers: Answers) -> Section:
    """Interpretation and limitations, which only the author can write."""
    return Section(
        anchor="discussion",
        title="Discussion",
        sections=(
            answers.section("interpretation", "Interpretation", {"29": ()}),
            answers.section("limitations", "Limitations", {"30": ()}),
        ),
    )


def _figures(protocol: Protocol, index: ResultIndex) -> tuple[Section, ...]:
    figures = supplementary_figures(protocol, index)
    if not figures:
        return ()
    return (
        Section(
            anchor="supplementary-figures", title="Supplementary figures", blocks=tuple(figures)
        ),
    )


def supplement(inputs: ReportInputs, index: ResultIndex) -> Section:
    """The sources of what the protocol says, and the supplementary tables and figures."""
    protocol = inputs.protocol
    tables: tuple[Table | None, ...] = (
        outcome_definitions(protocol.as_written),
        estimands_table(protocol.as_written),
        recorded_events_table(protocol.as_written),
        flow_table(protocol, index),
        populations_table(protocol, index),
        deviations_table(protocol, index),
        None if protocol.is_pooled else visits_table(protocol, index),
        harms_differences_table(protocol, index),
        anova_table(protocol, index),
        adjusted_means_table(protocol, index),
        standardised_risks_table(protocol, index),
        dispersion_table(protocol, index),
        clusters_table(protocol, index),
        periods_table(protocol, index),
        diagnostics_table(protocol, index),
        None if protocol.is_pooled else findings_table(inputs.findings),
    )
    sources: tuple[Block, ...] = ()
    if protocol.trial.sources:
        items = tuple(map(protocol_runs, protocol.trial.sources))
        sources = (Bullets(items=items, lead="Sources of what is said about the trial"),)
    return Section(
        anchor=SUPPLEMENT,
        title="Supplement",
        sections=(
            Section(
                anchor="supplementary-tables",
                title="Supplementary tables",
                blocks=tuple(table for table in tables if table is not None),
            ),
            *_figures(protocol, index),
        ),
        blocks=sources,
    )
