"""Tipping points in English."""

from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import p_symbol, plain
from trialkit.report.words.en.imputing import (
    IMPUTES_FOR_ALL,
    how_drawn,
    how_imputed,
    short_supposition,
    supposed,
    variance_meant,
)
from trialkit.report.words.en.terms import adjusted_for, better_word, time_points
from trialkit.report.words.en.wording import counted, lowered
from trialkit.report.words.language.method_words import MethodWords, Telling

_NAME = "tipping point analysis"


def _grid(grid: DeltaGrid) -> str:
    return f"{plain(grid.first)} to {plain(grid.last)} in steps of {plain(grid.step)}"


def _label(code: str, protocol: Protocol) -> str:
    return next((each.label for each in protocol.arms if each.code == code), code)


def _moved(specification: TippingPoint, told: Telling) -> str:
    """What is added, in which arm, and which sign is worse."""
    protocol = told.protocol
    text = (
        f"to each value of {_label(specification.arm, protocol)} that is imputed after such an "
        "event, a delta is added: "
        f"{_grid(specification.deltas)}"
    )
    if specification.other_deltas is not None:
        text += f", and {_grid(specification.other_deltas)} in the arm that it is compared with"
    worse = {"higher": "negative", "lower": "positive"}
    signs = {better_word(each) for each in told.outcomes}
    said = [f"{worse[sign]} deltas are worse values" for sign in sorted(signs) if sign in worse]
    return "; ".join([text, *said])


def _describe(specification: TippingPoint, told: Telling) -> str:
    protocol = told.protocol
    alpha = plain(protocol.plan.alpha)
    important = any(each.important_difference is not None for each in told.outcomes)
    also = ", and the estimate is the important difference" if important else ""
    return (
        f"{_NAME}: {how_imputed(specification, told)}. {supposed(specification, protocol)}. "
        f"{how_drawn(specification)}; {_moved(specification, told)}. Each imputed data set was analysed "
        f"by analysis of covariance{adjusted_for(specification.analysed_covariates, protocol)} "
        f"({time_points(told.outcomes, protocol)}); {variance_meant(specification)}. Reported is the "
        f"difference between arms for each delta, and with which one {p_symbol()} is {alpha}{also}"
    )


def _variant(specification: TippingPoint) -> str:
    several = len(specification.deltas.deltas)
    return f", {short_supposition(specification)}: {counted(several, 'delta')}"


def _row(specification: TippingPoint, protocol: Protocol) -> str:
    arm = _label(specification.arm, protocol)
    both = (
        "" if specification.other_deltas is None else ", and others in the arm it is compared with"
    )
    return f"{_NAME}{_variant(specification)} in {arm}{both}"


def _supposed(specification: TippingPoint, protocol: Protocol) -> str:
    arm = _label(specification.arm, protocol)
    text = f"{lowered(supposed(specification, protocol))}; then those of {arm} are by "
    text += f"{_grid(specification.deltas)} larger"
    if specification.other_deltas is not None:
        text += f", and those of the arm it is compared with by {_grid(specification.other_deltas)}"
    return text


WORDS: MethodWords[TippingPoint] = MethodWords(
    names={Method.TIPPING_POINT: _NAME},
    describe=_describe,
    variant=_variant,
    row=_row,
    missing=lambda _: IMPUTES_FOR_ALL,
    supposed=_supposed,
    imputes=lambda _: True,
    response=lambda _: Response.FINAL,
)
