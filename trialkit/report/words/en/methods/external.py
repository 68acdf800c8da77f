"""Analyses of another program in English."""

from trialkit.protocol.methods.external import External
from trialkit.protocol.methods.method import Method
from trialkit.report.content.manifest import SHOWN_HASH
from trialkit.report.words.en.terms import EFFECTS, time_points
from trialkit.report.words.en.wording import capitalised
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.notes import OF_UNKNOWN_DATA
from trialkit.results.vocabulary import Stat


def _describe(specification: External, told: Telling) -> str:
    when = time_points(told.outcomes, told.protocol)
    return (
        f"{specification.description.strip().rstrip('.')} ({when}), which gives "
        f"{_with_article(EFFECTS[specification.scale])}; carried out outside trialkit in "
        f"{specification.program.strip()}{_script(specification)}, with results read from "
        f"{specification.file}{_data(told)}{', p one-sided' if specification.one_sided else ''}"
    )


def _with_article(noun: str) -> str:
    return f"{'an' if noun.startswith('o') else 'a'} {noun}"


def _data(told: Telling) -> str:
    """That the file does not say of which data it is, where it does not."""
    unsaid = any(OF_UNKNOWN_DATA in note for _, note in told.notes(Stat.ESTIMATE))
    return ", which does not say of which data they are" if unsaid else ""


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
        f"{EFFECTS[specification.scale]} ({specification.description.strip().rstrip('.')}; made by "
        f"{specification.program.strip()}, read from {specification.file}{sides})"
    )


WORDS: MethodWords[External] = MethodWords(
    names={Method.EXTERNAL: "analysis"},
    describe=_describe,
    variant=_variant,
    effect=_effect,
    compared=lambda own: capitalised(_effect(own)),
    effect_in_text=lambda own: f"The {EFFECTS[own.scale]}",
    missing=lambda _: (
        "deals with missing values as its script has it, which this report does not judge"
    ),
    sides=lambda own: "one-sided " if own.one_sided else "",
)
