"""Every option of every method is felt in the words.

Options and their values are found by introspection (``tests/variations.py``): a new method or option
is covered as it comes. What they do to the results is in ``tests/planned/test_options_are_felt.py``.
"""

from dataclasses import replace

import pytest

from tests.report.factory import content_of, made_up_line
from tests.report.words.specifications import PROTOCOL, told
from tests.variations import CASES, is_enum, pairs, specification_of
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import Standardiser
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    MarginalWeights,
)
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.report.words.languages import LANGUAGES


def text_of(specification: Specification, language: str) -> str:
    """All that a report says of a specification, for any kind of outcome."""
    words = LANGUAGES[language].methods[specification.method]
    said = [words.describe(specification, told(code)) for code in OF_KINDS]
    said += [words.short_name(specification), words.effect(specification)]
    return "\n".join([*said, words.compared(specification), words.missing(specification)])


OF_KINDS = [
    next(each.code for each in PROTOCOL.outcomes if each.type is kind) for kind in OutcomeType
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("method", "option"), CASES)
def test_an_option_changes_the_words(method: Method, option: str, language: str) -> None:
    found = pairs(method, option)
    assert found or is_enum(method, option), "say in variations.py a value that is not refused"
    silent = [(a, b) for a, b in found if text_of(a, language) == text_of(b, language)]
    assert silent == []


SMALL = (
    MeanComparison(method=Method.WELCH_T, standardiser=Standardiser.REFERENCE),
    Ancova(weights=MarginalWeights.PROPORTIONAL, covariates=("demographics.sex",)),
    Ancova(comparisons=Comparisons.ALL_PAIRS, adjustment=ContrastAdjustment.TUKEY),
    Subgroups(by="demographics.sex", response=Response.CHANGE),
    MarginComparison(method=Method.NON_INFERIORITY, margin=5, alpha=0.05),
    Mmrm(covariates=(), covariates_by_visit=("baseline",)),
)


@pytest.mark.slow
@pytest.mark.parametrize("specification", SMALL, ids=str)
def test_an_option_reaches_the_report_of_a_trial(specification: Specification) -> None:
    """From the plan through the analysis to the report: the words beside those of the default."""
    default = specification_of(specification.method)
    assert reported(specification) != reported(default)


def reported(specification: Specification) -> str:
    """What the report of a small trial says under its statistical methods."""
    drawn = (OutcomeType.CONTINUOUS, OutcomeType.BINARY)
    one = replace(
        PROTOCOL, outcomes=tuple(each for each in PROTOCOL.outcomes if each.type in drawn)
    )
    analyses = (replace(one.plan.analyses[0], specification=specification), one.plan.analyses[1])
    line = made_up_line(protocol=replace(one, plan=replace(one.plan, analyses=analyses)))
    methods = next(each for each in content_of(line).sections if each.anchor == "methods")
    statistics = next(each for each in methods.sections if each.anchor == "statistics")
    return "\n".join(str(block) for block in statistics.blocks)
