"""How an outcome and its effects are called in the heads of the tables of results."""

import re
from collections.abc import Iterable

from trialkit.protocol.methods.method import Response
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.tables.row_looks import row_look
from trialkit.report.words.en.terms import SUPERIORITY_HEAD, better_word
from trialkit.report.words.en.wording import lowered
from trialkit.report.words.languages import words_of
from trialkit.results.effect import DIFFERENCES, Scale


def effect_head(found: Iterable[Headline]) -> str:
    """What a column of effects holds: differences, ratios, probabilities, or several of them."""
    scales = {each.scale for each in found if each.contrast is not None}
    if scales == {Scale.PROBABILITY}:
        return SUPERIORITY_HEAD
    if scales <= DIFFERENCES:
        return "Difference"
    return "Ratio" if all(scale.is_ratio for scale in scales) else "Effect"


def outcome_head(outcome: Outcome, headline: Headline, protocol: Protocol) -> str:
    """An outcome as the head of its rows: unit, standing, direction and time point."""
    unit = f", {outcome.unit}" if outcome.unit and not _says(outcome.label, outcome.unit) else ""
    when = lowered(protocol.visit(outcome.time_point).label)
    label = row_look(
        protocol, RowTable.OUTCOMES, outcome.code, label=f"{outcome.label}{unit}"
    ).label
    if headline.of_factors and _is_of_changes(headline):
        label += ", change from baseline"
    role = headline.analysis.role.value
    standing = f"{outcome.role.value} outcome"
    if headline.counts_responders:
        standing = f"responders, {role} analysis"
    elif role != outcome.role.value:
        standing += f", {role} analysis"
    if is_one_of_several(headline):
        specification = headline.analysis.specification
        standing += f" by {words_of(specification, protocol).names[specification.method]}"
    return f"{label} \N{EN DASH} {standing}, {when}, {better_word(outcome)} is better"


def _is_of_changes(headline: Headline) -> bool:
    """Whether changes are compared; tables of factors have no column of changes that would say so."""
    specification = headline.analysis.specification
    return words_of(specification, headline.protocol).response(specification) is Response.CHANGE


def is_one_of_several(headline: Headline) -> bool:
    """Whether other analyses of the same role compare the same outcome, so that only the method differs."""
    alike = [
        each
        for each in main_headlines(headline.protocol, headline.index)
        if _of_what(each) == _of_what(headline)
    ]
    return len(alike) > 1


def _of_what(headline: Headline) -> tuple[object, ...]:
    """The outcome, its time point, the standing of the analysis, and whether responders are counted."""
    outcome = headline.outcome
    return outcome.code, outcome.time_point, headline.analysis.role, headline.counts_responders


def at_its_time(headline: Headline) -> str:
    """The time point in words, where the analysis has another one than its outcome; else blank."""
    protocol, at = headline.protocol, headline.outcome.time_point
    if at == protocol.outcome(headline.outcome.code).time_point:
        return ""
    return lowered(protocol.visit(at).label)


def _says(label: str, unit: str) -> bool:
    """Whether a label has the unit as a word of its own: the kg of ``Weight in kg``.

    A unit of one letter has to stand where units stand: the C of ``Vitamin C`` is no coulomb.
    """
    word = rf"(?<!\w){re.escape(unit)}(?!\w)"
    if len(unit) == 1:
        word = rf"(?:,\s*|\(|\bin\s+){re.escape(unit)}\)?\s*$"
    return re.search(word, label) is not None


def outcome_with_unit(outcome: Outcome) -> str:
    """An outcome with its unit, as the head of its rows."""
    return f"{outcome.label}, {outcome.unit}" if outcome.unit else outcome.label
