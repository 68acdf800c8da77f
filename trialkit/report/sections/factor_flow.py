"""The participant flow of a factorial trial by factor: the margins of the arms that the diagram has."""

from trialkit.protocol.trial.factors import FactorLevel, TrialFactor, level_term
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.text import Paragraph, PrintedNumber, Run
from trialkit.report.numbers.numbers import count
from trialkit.results.flow import Stage
from trialkit.results.lookup import ResultIndex, Shelf, ids, value
from trialkit.results.vocabulary import Stat


def flow_by_factor(protocol: Protocol, index: ResultIndex) -> Paragraph | None:
    """How many were allocated to each level of each factor, and how many of them are analysed."""
    runs: list[Run] = []
    for factor in protocol.factors:
        runs.append(f"{' ' if runs else 'By factor: '}{factor.label}, ")
        for place, level in enumerate(factor.levels):
            runs += ["; " if place else "", *_level(factor, level, index)]
        runs.append(".")
    return Paragraph(runs=tuple(runs)) if runs else None


def _level(factor: TrialFactor, level: FactorLevel, index: ResultIndex) -> list[Run]:
    term = level_term(factor, level)
    return [
        f"{level.label} ",
        _number(Stage.ALLOCATED, term, index),
        " allocated, ",
        _number(Stage.ANALYSED, term, index),
        " analysed for the primary outcome",
    ]


def _number(stage: Stage, term: str, index: ResultIndex) -> PrintedNumber:
    found = index.find(Shelf.FLOW, term=stage.at(term))
    return PrintedNumber(text=count(value(found, Stat.N)), results=ids(found, Stat.N))
