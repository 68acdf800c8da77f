"""Analyses of another program in English."""

from trialkit.protocol.methods.external import External
from trialkit.protocol.methods.method import Method
from trialkit.report.content.manifest import SHOWN_HASH
from trialkit.report.words.en.terms import time_points
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.effect import Scale

_EFFECTS = {
    Scale.DIFFERENCE: "difference",
    Scale.RATIO: "ratio",
    Scale.HAZARD_RATIO: "hazard ratio",
    Scale.RATE_RATIO: "rate ratio",
    Scale.PROBABILITY: "probability of the higher value",
    Scale.PERCENTAGE_POINTS: "risk difference",
    Scale.RISK_RATIO: "risk ratio",
    Scale.ODDS_RATIO: "odds ratio",
}


def _describe(specification: External, told: Telling) -> str:
    when = time_points(told.outcomes, told.protocol)
    return (
        f"{specification.description.strip().rstrip('.')} ({when}), which gives a "
        f"{_EFFECTS[specification.scale]}; carried out outside trialkit in "
        f"{specification.program.strip()}{_script(specification)}, with results read from "
        f"{specification.file}{', p one-sided' if specification.one_sided else ''}"
    )


def _script(specification: External) -> str:
    if not specification.script:
        return ""
    fixed = specification.script_sha256[:SHOWN_HASH]
    how = f"SHA-256 {fixed}, fixed in the plan" if fixed else "not fixed in the plan"
    return f" by the script {specification.script} ({how})"


def _variant(specification: External) -> str:
    return f" in {specification.program.strip()}"


def _effect(specification: External) -> str:
    sides = "; p is one-sided" if specification.one_sided else ""
    return (
        f"{_EFFECTS[specification.scale]} ({specification.description.strip().rstrip('.')}; made by "
        f"{specification.program.strip()}, read from {specification.file}{sides})"
    )


WORDS: MethodWords[External] = MethodWords(
    names={Method.EXTERNAL: "analysis"},
    describe=_describe,
    variant=_variant,
    effect=_effect,
    compared=_effect,
    effect_in_text=lambda own: f"The {_EFFECTS[own.scale]}",
    missing=lambda _: (
        "who lacks a value is treated as the script has it, which this report does not judge"
    ),
    sides=lambda own: "one-sided " if own.one_sided else "",
)
