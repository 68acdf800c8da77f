"""The mixed analysis of variance in English."""

from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.report.words.en.terms import ROMAN, several_arms, time_points, visits_analysed
from trialkit.report.words.en.wording import counted
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat

_SPHERICITY = (
    ". With more than two visits, p values of terms with visits are given uncorrected and with "
    "Greenhouse and Geisser's and Huynh and Feldt's corrections"
)


def _describe(specification: MixedAnova, told: Telling) -> str:
    text = (
        f"mixed analysis of variance, arm between and visit within participants, "
        f"{counted(told.visits, 'visit')}{_named(specification, told)}, type {ROMAN[specification.sum_of_squares]} sums of "
        "squares. The question is the arm by visit interaction; the effect is the difference "
        f"between arms in mean change from baseline ({time_points(told.outcomes, told.protocol)})"
    )
    text += several_arms(adjustment=specification.adjustment)
    text += ". Terms are given with partial and generalised eta squared"
    return text + (_SPHERICITY if told.visits > 2 else "")


def _named(specification: MixedAnova, told: Telling) -> str:
    """Which visits these are, where the plan chose some."""
    chosen = visits_analysed(specification.visits, told.protocol, unless="")
    return f" (baseline, {chosen})" if chosen else ""


WORDS: MethodWords[MixedAnova] = MethodWords(
    names={Method.MIXED_ANOVA: "mixed analysis of variance"},
    describe=_describe,
    tells=lambda _: frozenset(
        {
            Stat.PARTIAL_ETA_SQUARED,
            Stat.GENERALISED_ETA_SQUARED,
            Stat.EPSILON_GG,
            Stat.P_VALUE_GG,
            Stat.P_VALUE_HF,
        }
    ),
    effect=lambda _: "difference in mean change from baseline (mixed analysis of variance)",
    terms=lambda own: f"type {ROMAN[own.sum_of_squares]}",
    response=lambda _: Response.CHANGE,
)
