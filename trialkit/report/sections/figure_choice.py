"""Which figures stand among the results and which in the supplement, as the protocol chose."""

from collections.abc import Iterable
from dataclasses import replace

from trialkit.protocol.trial.report_contents import INDIVIDUAL, FigureKind
from trialkit.report.content.content import Figure
from trialkit.report.guidelines.inputs import ReportInputs
from trialkit.report.sections.figures import forest_figure, slope_figures
from trialkit.report.sections.marginal_means import marginal_means_figures
from trialkit.report.sections.supplementary_figures import (
    harms_figure,
    missingness_figures,
    residual_figures,
    responder_curves,
    subgroup_figures,
    waterfalls,
)
from trialkit.results.lookup import ResultIndex


def main_figures(inputs: ReportInputs, index: ResultIndex) -> tuple[Figure, ...]:
    """The figures among the results that this trial has results for."""
    return tuple(
        replace(figure, supplementary=False)
        for figure in _drawn(inputs.protocol.report.figures, inputs, index)
    )


def supplementary_figures(inputs: ReportInputs, index: ResultIndex) -> tuple[Figure, ...]:
    """The other figures; one that stands among the results is not drawn again."""
    report = inputs.protocol.report
    others = [kind for kind in report.supplementary_figures if kind not in report.figures]
    return tuple(replace(figure, supplementary=True) for figure in _drawn(others, inputs, index))


def _drawn(
    kinds: Iterable[FigureKind], inputs: ReportInputs, index: ResultIndex
) -> tuple[Figure, ...]:
    shown = inputs.protocol.report.individual_participants
    return tuple(
        figure
        for kind in dict.fromkeys(kinds)
        if shown or kind not in INDIVIDUAL
        for figure in _of_kind(kind, inputs, index)
    )


def _of_kind(kind: FigureKind, inputs: ReportInputs, index: ResultIndex) -> tuple[Figure, ...]:
    protocol, datasets = inputs.protocol, inputs.datasets
    figures: tuple[Figure, ...]
    match kind:
        case FigureKind.COURSE:
            figures = slope_figures(protocol, datasets, index)
        case FigureKind.FOREST:
            figures = _if_any(forest_figure(protocol, index))
        case FigureKind.SUBGROUPS:
            figures = subgroup_figures(protocol, index)
        case FigureKind.MARGINAL_MEANS:
            figures = marginal_means_figures(protocol, index)
        case FigureKind.RESPONDER_CURVE:
            figures = responder_curves(protocol, datasets, index)
        case FigureKind.WATERFALL:
            figures = waterfalls(protocol, datasets, index)
        case FigureKind.MISSINGNESS:
            figures = missingness_figures(protocol, datasets)
        case FigureKind.ADVERSE_EVENTS:
            figures = _if_any(harms_figure(protocol, index))
        case FigureKind.RESIDUALS:
            figures = residual_figures(protocol, datasets)
    return figures


def _if_any(figure: Figure | None) -> tuple[Figure, ...]:
    return () if figure is None else (figure,)
