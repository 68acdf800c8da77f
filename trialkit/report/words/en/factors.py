"""Factors of a factorial trial and their effects in English."""

from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.trial.factors import FactorialContrast, FactorLevel, TrialFactor
from trialkit.report.words.en.wording import listing


def level_words(factor: TrialFactor, level: FactorLevel) -> str:
    """All who are at a level: ``Exercise: training``."""
    return f"{factor.label}: {level.label}"


def compared_levels(factor: TrialFactor, level: FactorLevel) -> str:
    """The two levels that an effect compares."""
    return f"{level.label} vs {factor.reference.label}"


def effect_of_factor(contrast: FactorialContrast) -> str:
    """What an effect is of, without where in the table it stands."""
    pairs = [
        compared_levels(factor, level)
        for factor, level in zip(contrast.factors, contrast.levels, strict=True)
    ]
    if contrast.effect is not FactorialEffect.INTERACTION:
        return f"{contrast.factors[0].label}: {pairs[0]}"
    named = f"Interaction of {listing([each.label for each in contrast.factors])}"
    if all(len(each.levels) == 2 for each in contrast.factors):
        return named
    return f"{named}: {' by '.join(pairs)}"


def where_in_the_table(contrast: FactorialContrast) -> str:
    """Where an effect of one factor stands; nothing of an interaction."""
    if contrast.effect is FactorialEffect.MARGIN:
        return "at the margin"
    if contrast.effect is FactorialEffect.AVERAGED:
        return "averaged over the combinations"
    held = [level_words(factor, level) for factor, level in contrast.held]
    return f"where {listing(held)}" if held else ""


def cell_words(cell: tuple[FactorLevel, ...]) -> str:
    """A combination of levels: ``training, no education``."""
    return ", ".join(each.label for each in cell)
