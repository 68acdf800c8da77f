"""What is missing, what each analysis supposes of it, and how far the result rests on that."""

from collections.abc import Iterator

from trialkit.grammar import by_number
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Block, Section
from trialkit.report.content.text import CrossReference, Paragraph, PrintedNumber, Run
from trialkit.report.numbers.numbers import fraction_percent
from trialkit.report.sections.figure_choice import missing_data_figures
from trialkit.report.tables.imputed import imputed_table
from trialkit.report.tables.intercurrent import intercurrent_table, treated_table
from trialkit.report.tables.other_assumptions import MissingInOutcome
from trialkit.report.tables.participants import missing_table
from trialkit.report.tables.suppositions import suppositions_table
from trialkit.report.tables.tipping import tipping_tables
from trialkit.report.words.en.wording import lowered
from trialkit.report.words.language.account import Account, measured_visits
from trialkit.results.lookup import ResultIndex, Shelf, Statistics, ids, value
from trialkit.results.vocabulary import Stat


def missing_values(protocol: Protocol, index: ResultIndex) -> Section:
    """The section: amount, suppositions, and the sensitivity analyses beside the primary one."""
    account = Account(
        protocol=protocol.as_written,
        measured=measured_visits(index, protocol),
        index=None if protocol.is_pooled else index,
    )
    table = suppositions_table(account)
    figures = () if protocol.is_pooled else missing_data_figures(protocol, index)
    blocks: tuple[Block | None, ...] = (
        *(_amount(outcome, protocol, index) for outcome in _primary(protocol)),
        missing_table(protocol, index),
        intercurrent_table(protocol, index),
        None if protocol.is_pooled else treated_table(protocol, index),
        *(() if protocol.is_pooled else _unchecked(protocol, index)),
        table,
        None if protocol.is_pooled else imputed_table(protocol, index),
        *(() if protocol.is_pooled else tipping_tables(protocol, index)),
        *figures,
    )
    return Section(
        anchor="missing-data",
        title="Missing data and intercurrent events"
        if protocol.intercurrent_events
        else "Missing data",
        blocks=tuple(block for block in blocks if block is not None),
    )


def _primary(protocol: Protocol) -> tuple[Outcome, ...]:
    """The outcomes of primary analyses, each at the time point that is compared."""
    found = {
        (code, analysis.time_point): protocol.analysed(analysis, code)
        for analysis in protocol.plan.analyses
        if analysis.role is AnalysisRole.PRIMARY
        for code in analysis.outcomes
    }
    return tuple(found.values())


def _amount(outcome: Outcome, protocol: Protocol, index: ResultIndex) -> Paragraph | None:
    """Of how many of each arm the primary outcome is missing; None where nothing was expected."""
    runs: list[Run] = []
    for arm in protocol.arms:
        found = _missing(outcome, arm.code, index)
        if not value(found, Stat.N):
            continue
        text = fraction_percent(
            value(found, Stat.N_MISSING), value(found, Stat.N), in_sentence=True
        )
        number = PrintedNumber(text=text, results=ids(found, Stat.N_MISSING, Stat.N, Stat.PERCENT))
        runs += [", " if runs else "", f"{arm.label} ", number]
    if not runs:
        return None
    visit = lowered(protocol.visit(outcome.time_point).label)
    which = by_number(len(_primary(protocol)), "the", "a")
    lead = f"Of {lowered(outcome.label)} ({visit}), {which} primary outcome, values are missing: "
    return Paragraph(
        runs=(lead, *runs, ". All outcomes, visits and reasons are in ",
              CrossReference(anchor="table-missing"), "."),
    )  # fmt: skip


def _missing(outcome: Outcome, arm: str, index: ResultIndex) -> Statistics:
    return index.find(
        Shelf.MISSING, outcome=outcome.code, visit=outcome.time_point, term="", arm=arm
    )


def _unchecked(protocol: Protocol, index: ResultIndex) -> Iterator[Paragraph]:
    """That nothing was tried beside what the primary analysis supposes of values that are missing."""
    for outcome in _primary(protocol):
        lack = sum(
            value(_missing(outcome, arm.code, index), Stat.N_MISSING) or 0 for arm in protocol.arms
        )
        missing = MissingInOutcome(protocol=protocol, index=index, outcome=outcome)
        unanswered = not all(
            missing.has_answer(each)
            for each in protocol.plan.analyses
            if each.role is AnalysisRole.PRIMARY
            and outcome.code in each.outcomes
            and protocol.analysed(each, outcome.code).time_point == outcome.time_point
        )
        if lack and unanswered:
            text = (
                f"No sensitivity analysis of {lowered(outcome.label)} supposes anything else of its "
                "missing values than the primary analysis does."
            )
            yield Paragraph(runs=(text,))
