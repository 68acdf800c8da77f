"""Effects in subgroups in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import plain
from trialkit.report.words.en.terms import (
    adjusted_for,
    covariate_words,
    risks_compared,
    time_points,
    value_of,
)
from trialkit.report.words.en.wording import capitalised, sentence
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat

_NAME = "subgroups"
_UNTESTED = (
    "Effects of single subgroups are not tested; the test of the interaction says whether they "
    "differ."
)
_WHERE = "a cut point belongs to the level above it"


def _describe(specification: Subgroups, told: Telling) -> str:
    by = covariate_words(specification.by, told.protocol)
    levels = f"{by}{_cut(specification)}"
    when = time_points(told.outcomes, told.protocol)
    if told.of_risks:
        effect = f"{risks_compared(specification.measures)} ({when}), unadjusted,"
    else:
        adjusted = adjusted_for(specification.beside_levels, told.protocol)
        effect = f"effect on the {value_of(specification.response, when)}{adjusted}"
        effect += "," if adjusted else ""
    described = f"{effect} within each level of {levels}, and a test of the interaction"
    if not told.of_risks and specification.by in specification.beside_levels:
        described += f". The model has {by} as levels and, among the covariates, as a number"
    return described


def _cut(specification: Subgroups) -> str:
    """The levels of a number, and which of them a cut point is in."""
    if specification.cuts is None:
        return ""
    return f" ({', '.join(specification.cuts.levels(say=plain))}; {_WHERE})"


def _level(specification: Subgroups, level: str) -> str:
    """The numbers of a level as the page prints numbers; its unit stays."""
    cuts = specification.cuts
    if cuts is None:
        return level
    for own, said in zip(cuts.levels(), cuts.levels(say=plain), strict=True):
        if level == own or level.startswith(f"{own} "):
            return f"{said}{level.removeprefix(own)}"
    return level


def _row(specification: Subgroups, protocol: Protocol) -> str:
    return f"{_NAME} by {covariate_words(specification.by, protocol)}"


def _at_cut_points(specification: Subgroups) -> str:
    return sentence(capitalised(_WHERE)) if specification.cuts else ""


def _notes(specification: Subgroups) -> tuple[str, ...]:
    return tuple(filter(None, (_UNTESTED, _at_cut_points(specification))))


WORDS: MethodWords[Subgroups] = MethodWords(
    names={Method.SUBGROUPS: _NAME},
    describe=_describe,
    tells=lambda _: frozenset({Stat.RISK_DIFFERENCE, Stat.RISK_RATIO, Stat.ODDS_RATIO}),
    variant=lambda own: f" by {own.by}",
    row=_row,
    level=_level,
    at_cut_points=_at_cut_points,
    notes=_notes,
)
