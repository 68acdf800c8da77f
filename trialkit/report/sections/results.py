"""Results: what happened, from enrolment to harms."""

from trialkit.grammar import by_number
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import ClaimSource
from trialkit.report.content.content import Block, Section
from trialkit.report.content.tables import Table
from trialkit.report.content.text import CrossReference, Paragraph, PrintedNumber, Run
from trialkit.report.guidelines.answers import Answers, says
from trialkit.report.guidelines.inputs import ReportInputs
from trialkit.report.numbers.numbers import count, day
from trialkit.report.sections.factor_flow import flow_by_factor
from trialkit.report.sections.figure_choice import main_figures
from trialkit.report.sections.flow import flow_figure, flow_of
from trialkit.report.sections.missing_values import missing_values
from trialkit.report.sections.results_text import (
    flow_number,
    not_risk_free,
    noun_of,
    primary_headlines,
    primary_result,
)
from trialkit.report.tables.additional import additional_table
from trialkit.report.tables.baseline import baseline_table
from trialkit.report.tables.delivery import adherence_table, concomitant_table
from trialkit.report.tables.described import described_table
from trialkit.report.tables.factorial import factorial_tables
from trialkit.report.tables.harms import harms_table
from trialkit.report.tables.headlines import headlines
from trialkit.report.tables.main_tables import main_tables
from trialkit.report.words.en.dates import TrialDates, on_days
from trialkit.report.words.en.sentences.harms import harms_result
from trialkit.report.words.en.sentences.pooled import (
    NO_PRIMARY_RESULT,
    NO_SESSIONS,
    NOT_COMPARED,
    has_other_doses,
)
from trialkit.report.words.en.wording import capitalised
from trialkit.results.flow import Disposition, Stage
from trialkit.results.lookup import ResultIndex, Shelf, value
from trialkit.results.vocabulary import Stat

_AT_ITEM_10 = {"28": ("other analyses",)}
"""Without a record of the plan the gap stands at the item on changes, once."""


def results(
    inputs: ReportInputs, index: ResultIndex, dates: TrialDates, answers: Answers
) -> Section:
    """The whole section."""
    protocol = inputs.protocol
    return Section(
        anchor="results",
        title="Results",
        sections=(
            answers.section(
                "flow-of-participants",
                "Participant flow",
                {
                    "22a": (
                        _flow_sentence(protocol, index),
                        flow_by_factor(protocol, index),
                        flow_figure(protocol, index),
                    ),
                    "22b": (),
                },
                elsewhere={"22b": ("losses and exclusions",)},
            ),
            answers.section(
                "recruitment",
                "Recruitment and follow-up",
                {
                    "23a": (
                        _recruited(dates, index),
                        _followed(dates, still_to_come(protocol, index)[0]),
                    ),
                    "23b": (),
                },
            ),
            answers.section(
                "baseline", "Baseline characteristics", {"25": (baseline_table(protocol, index),)}
            ),
            answers.section(
                "delivery",
                "Interventions as delivered",
                {
                    "24a": (adherence_table(protocol, index), _no_sessions(protocol)),
                    "24b": (concomitant_table(protocol, index),),
                },
            ),
            _outcomes(inputs, index, answers),
            _harms(inputs, index, answers),
            answers.section(
                "ancillary",
                "Additional analyses",
                {"28": (_ancillary(inputs, index),)},
                elsewhere={} if inputs.history.is_recorded else _AT_ITEM_10,
            ),
            missing_values(protocol, index),
        ),
    )


def _flow_sentence(protocol: Protocol, index: ResultIndex) -> Paragraph:
    each = [flow_number(index, Stage.ANALYSED, arm=arm.code) for arm in protocol.arms]
    flow = flow_of(protocol, index)
    analysed = PrintedNumber(
        text=count(sum(arm.analysed for arm in flow.arms)),
        results=tuple(name for number in each for name in number.results),
    )
    assessed, randomised = (
        flow_number(index, stage) for stage in (Stage.ASSESSED, Stage.RANDOMISED)
    )
    return Paragraph(
        runs=(
            "Of ",
            assessed,
            f" {noun_of(assessed, 'person', 'people')} assessed for eligibility, ",
            randomised,
            f" {noun_of(randomised, 'was', 'were')} randomised and ",
            analysed,
            f" {noun_of(analysed, *_analysed_words(protocol, flow))} the primary outcome (",
            CrossReference(anchor="figure-flow"),
            ")." if flow.is_analysed or protocol.is_pooled else f"); {NO_PRIMARY_RESULT}.",
        )
    )


def _analysed_words(protocol: Protocol, flow: Disposition) -> tuple[str, str]:
    """What became of those who are analysed; without a primary result nobody is, in a pooled report yet."""
    needed = "what is needed to analyse"
    if protocol.is_pooled:
        return f"has {needed}", f"have {needed}"
    if not flow.is_analysed:
        return f"had {needed}", f"had {needed}"
    return "was analysed for", "were analysed for"


def _recruited(dates: TrialDates, index: ResultIndex) -> Block | None:
    """From when to when participants were randomised, or that nobody was so far."""
    first, last, lacks = dates.first_randomised, dates.last_randomised, ""
    if value(index.find(Shelf.FLOW, term=Stage.RANDOMISED), Stat.N) == 0:
        text, lacks = "nobody was randomised by the data cut.", "nobody was randomised so far"
    elif first is None or last is None:
        return None
    else:
        text = f"participants were randomised {on_days(first, last)}."
    screened = f"Screening began on {day(dates.first_screened)}; " if dates.first_screened else ""
    said = capitalised(f"{screened}{text}")
    return says("23a", "recruitment", said, source=ClaimSource.DATA, lacks=lacks)


def _followed(dates: TrialDates, to_come: int) -> Block | None:
    """When the last participant ended follow-up; while some are still followed, that it goes on."""
    if dates.last_followed is None:
        return None
    if to_come:
        text = (
            f"Follow-up goes on; of those who ended it, the last did so on "
            f"{day(dates.last_followed)}."
        )
        return says("23a", "follow-up", text, source=ClaimSource.DATA, lacks="follow-up goes on")
    text = (
        f"The last participant ended follow-up, for benefits and harms, on "
        f"{day(dates.last_followed)}."
    )
    return says("23a", "follow-up", text, source=ClaimSource.DATA)


def still_to_come(protocol: Protocol, index: ResultIndex) -> tuple[int, int]:
    """For how many the primary outcome is still to come at the data cut, and of how many."""
    primary = protocol.primary
    cells = [
        index.find(Shelf.MISSING, outcome=primary.code, visit=primary.time_point, arm=arm)
        for arm in protocol.arm_codes
    ]
    to_come = int(sum(value(cell, Stat.N_NOT_DUE) or 0 for cell in cells))
    return to_come, to_come + int(sum(value(cell, Stat.N) or 0 for cell in cells))


def _no_sessions(protocol: Protocol) -> Block | None:
    """Why a pooled report is silent on sessions, where it is."""
    return Paragraph(runs=(NO_SESSIONS,)) if has_other_doses(protocol) else None


def _outcomes(inputs: ReportInputs, index: ResultIndex, answers: Answers) -> Section:
    protocol = inputs.protocol
    tables: tuple[Table | None, ...]
    sentences: tuple[Paragraph, ...]
    if protocol.is_pooled:
        sentences = (Paragraph(runs=(NOT_COMPARED,)),)
        tables = (described_table(protocol, index),)
    else:
        sentences = tuple(
            Paragraph(runs=primary_result(each)) for each in primary_headlines(protocol, index)
        )
        tables = (*factorial_tables(protocol, index), *main_tables(protocol, index))
    figures = main_figures(protocol, index)
    courses = [each for each in figures if each.name.startswith("course_")]
    others = [each for each in figures if each not in courses]
    return Section(
        anchor="outcome-results",
        title="Outcomes and estimation",
        items=("26",),
        blocks=answers.to(
            "26",
            *sentences,
            *courses,
            *tables,
            *others,
            _where_more(inputs),
        ),
    )


def _where_more(inputs: ReportInputs) -> Paragraph:
    """The supplementary tables that complete the numbers."""
    anchors = ["table-missing"]
    if len(inputs.protocol.visits) > 2 and not inputs.protocol.is_pooled:
        anchors.append("table-visits")
    runs: list[Run] = [
        "Missing values and their reasons are in ",
        CrossReference(anchor=anchors[0]),
    ]
    if len(anchors) > 1:
        runs += ["; all visits are in ", CrossReference(anchor=anchors[1])]
    return Paragraph(runs=(*runs, "."))


def _harms(inputs: ReportInputs, index: ResultIndex, answers: Answers) -> Section:
    protocol = inputs.protocol
    table = harms_table(protocol, index)
    sentences: list[Block] = []
    sentences.append(Paragraph(runs=harms_result(protocol, index)))
    if table is not None:
        limits = not_risk_free(protocol, index)
        if limits:
            sentences.append(Paragraph(runs=limits))
    before = inputs.results.conduct.events_before_randomisation
    if table is not None and before:
        noun = by_number(before, "event", "events")
        text = f"{before} {noun} before randomisation {by_number(before, 'is', 'are')} not counted."
        sentences.append(Paragraph(runs=(text,)))
    return Section(
        anchor="harms",
        title="Harms",
        items=("27",),
        blocks=answers.to("27", *sentences, table),
    )


def _ancillary(inputs: ReportInputs, index: ResultIndex) -> Block | None:
    if inputs.protocol.is_pooled:
        return None
    found = headlines(inputs.protocol, index)
    if not all(each.is_main or each.of_factors for each in found):
        return additional_table(inputs.protocol, index, inputs.history)
    text = "No analysis beyond the primary and secondary ones was made."
    return says("28", "other analyses", text, source=ClaimSource.PROTOCOL)
