"""Which figures stand among the results and which in the supplement, as the protocol chose."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import INDIVIDUAL, FigureKind
from trialkit.report.content.content import Figure
from trialkit.report.figures.factorial_figure import factorial_figures
from trialkit.report.figures.forest_figure import forest_figures
from trialkit.report.figures.harms_figure import harms_figures
from trialkit.report.figures.level_figure import level_figures
from trialkit.report.figures.margin_figure import margin_figures
from trialkit.report.figures.marginal_means_figure import marginal_means_figures
from trialkit.report.figures.missingness_figure import missingness_figures
from trialkit.report.figures.recurrence_figure import recurrence_figures
from trialkit.report.figures.residuals_figure import residual_figures
from trialkit.report.figures.responder_figure import responder_figures
from trialkit.report.figures.sensitivity_figure import sensitivity_figures
from trialkit.report.figures.slope_figure import slope_figures
from trialkit.report.figures.subgroup_figure import subgroup_figures
from trialkit.report.figures.times_figure import times_figures
from trialkit.report.figures.tipping_figure import tipping_figures
from trialkit.report.figures.waterfall_figure import waterfall_figures
from trialkit.results.lookup import ResultIndex


def _over_time(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """The curves of events that happen once, and of those that happen again."""
    return (*times_figures(protocol, index), *recurrence_figures(protocol, index))


MAKERS: Mapping[FigureKind, Callable[[Protocol, ResultIndex], tuple[Figure, ...]]] = (
    MappingProxyType(
        {
            FigureKind.COURSE: slope_figures,
            FigureKind.LEVELS: level_figures,
            FigureKind.TIMES: _over_time,
            FigureKind.MARGINS: margin_figures,
            FigureKind.FACTORS: factorial_figures,
            FigureKind.FOREST: forest_figures,
            FigureKind.SENSITIVITY: sensitivity_figures,
            FigureKind.TIPPING: tipping_figures,
            FigureKind.SUBGROUPS: subgroup_figures,
            FigureKind.MARGINAL_MEANS: marginal_means_figures,
            FigureKind.RESPONDER_CURVE: responder_figures,
            FigureKind.WATERFALL: waterfall_figures,
            FigureKind.MISSINGNESS: missingness_figures,
            FigureKind.ADVERSE_EVENTS: harms_figures,
            FigureKind.RESIDUALS: residual_figures,
        }
    )
)
"""What makes the figures of a kind that a trial has results for; they draw results alone."""

OF_PARALLEL_ARMS = frozenset({FigureKind.RESPONDER_CURVE, FigureKind.WATERFALL})
"""Figures of the change from the trial's baseline, which in a crossover trial is of no treatment."""

OF_MISSING_DATA = frozenset({FigureKind.SENSITIVITY, FigureKind.TIPPING})
"""Figures that stand with what is said of missing values."""


def main_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """The figures beside the tables of outcomes that this trial has results for."""
    kinds = [each for each in protocol.report.figures if each not in OF_MISSING_DATA]
    return tuple(_drawn(kinds, protocol, index))


def missing_data_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """The figures of the results that stand in the section on missing data."""
    kinds = [each for each in protocol.report.figures if each in OF_MISSING_DATA]
    return tuple(_drawn(kinds, protocol, index))


def supplementary_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """The other figures; one that stands among the results is not drawn again."""
    report = protocol.report
    others = [kind for kind in report.supplementary_figures if kind not in report.figures]
    return tuple(replace(each, supplementary=True) for each in _drawn(others, protocol, index))


def _drawn(kinds: Iterable[FigureKind], protocol: Protocol, index: ResultIndex) -> Iterable[Figure]:
    shown = protocol.report.individual_participants
    for kind in dict.fromkeys(kinds):
        if protocol.is_crossover and kind in OF_PARALLEL_ARMS:
            continue
        if shown or kind not in INDIVIDUAL:
            yield from MAKERS[kind](protocol, index)
