"""The tables of the report before there are data, made by the code that will make the real ones."""

from collections.abc import Iterator
from dataclasses import replace

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Block
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Paragraph
from trialkit.report.plan.shells.asked import AskedForms
from trialkit.report.plan.shells.flow_shell import flow_shell
from trialkit.report.plan.shells.placeholders import with_places
from trialkit.report.plan.shells.planned_results import has_a_shell, planned_results
from trialkit.report.tables.baseline import baseline_table
from trialkit.report.tables.factorial import factorial_tables
from trialkit.report.tables.harms import harms_differences_table, harms_table
from trialkit.report.tables.main_tables import MAIN_TABLES
from trialkit.report.words.en.wording import listing
from trialkit.results.lookup import ResultIndex

_TABLES = (baseline_table, *MAIN_TABLES.values(), harms_table, harms_differences_table)
_LEAD = (
    "These are the tables that the report will have. An x stands for each digit of a number that is still "
    "to come; no data were read, and nothing here tells of an allocation. Rows for values that are missing "
    "and for events that occur are added where there are any."
)


def shell_blocks(protocol: Protocol, asked: AskedForms | None) -> tuple[Block, ...]:
    """The flow diagram and every main table, without numbers.

    Without forms nobody knows what the rows of the baseline table and of harms are: they are left out.
    """
    forms = AskedForms() if asked is None else asked
    return (
        Paragraph(runs=(_lead(protocol, asked),)),
        *((flow_shell(protocol, forms.flow),) if asked is not None else ()),
        *_tables(protocol, forms),
    )


def _lead(protocol: Protocol, asked: AskedForms | None) -> str:
    without = [each.label for each in protocol.outcomes if not has_a_shell(each)]
    words = [_LEAD]
    words += [f"Not shown: the tables of {listing(without)}."] if without else []
    words += (
        ["The forms are still to be written; flow, baseline and harms follow from them."]
        if asked is None
        else []
    )
    return " ".join(words)


def _tables(protocol: Protocol, asked: AskedForms) -> Iterator[Table]:
    planned = _with_shells(protocol)
    index = ResultIndex(planned_results(planned, asked))
    found = (table(planned, index) for table in _TABLES)
    for made in (*factorial_tables(planned, index), *found):
        if made is not None:
            yield with_places(made)


def _with_shells(protocol: Protocol) -> Protocol:
    """The protocol with the analyses alone whose outcomes these tables have."""
    kept = {each.code for each in protocol.outcomes if has_a_shell(each)}
    analyses = (
        replace(each, outcomes=tuple(code for code in each.outcomes if code in kept))
        for each in protocol.plan.analyses
    )
    plan = replace(protocol.plan, analyses=tuple(each for each in analyses if each.outcomes))
    return replace(protocol, plan=plan)
