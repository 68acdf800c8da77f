"""What an effect is called in a head or a row: a difference needs no name, and all others have one."""

from collections.abc import Iterable

from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.report.tables.headlines import Headline
from trialkit.report.words.en.terms import effect_words
from trialkit.report.words.en.wording import capitalised
from trialkit.report.words.languages import words_of
from trialkit.results.effect import Scale

GEOMETRIC = "ratio of geometric means"
_OF_DAYS = frozenset({Summary.TIME, Summary.RECURRENCE})
"""Of what differences are of several kinds."""


def effect_name(headline: Headline) -> str:
    """What an analysis estimates: as its method calls it, else as its scale is called."""
    specification, contrast = headline.analysis.specification, headline.contrast
    if headline.is_superiority or contrast is None:
        return effect_words(headline.scale, headline.summary)
    if contrast.of_logarithms:
        return GEOMETRIC
    own = words_of(specification, headline.protocol).called(specification)
    return own or effect_words(headline.scale, headline.summary)


def says_itself(scale: Scale, summary: Summary) -> bool:
    """Whether it is a plain difference, which needs no name; those of times and of events are of several kinds."""
    return scale in {Scale.DIFFERENCE, Scale.PERCENTAGE_POINTS} and summary not in _OF_DAYS


def order_note(scales: Iterable[Scale | None]) -> str:
    """Which arm the effects of a table put first, and what they do with it; no scale is a difference."""
    found = [each or Scale.DIFFERENCE for each in scales]
    ratios = any(each.is_ratio for each in found)
    probabilities = any(each.is_probability for each in found)
    differences = not found or any(not (each.is_ratio or each.is_probability) for each in found)
    what = "differences" if ratios or probabilities else "effects"
    minus = f"{what} are experimental minus reference, in the unit of the outcome where no other is named"
    parts = [minus] if differences else []
    parts += ["ratios are experimental over reference"] if ratios else []
    parts += ["probabilities are of experimental against reference"] if probabilities else []
    return f"{capitalised('; '.join(parts))}."
