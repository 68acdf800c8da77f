"""Every option of every method is felt in the words.

Options and their values are found by introspection: a new method or option is covered as it comes.
"""

from collections.abc import Iterator
from dataclasses import Field, fields, replace
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from tests.report.factory import content_of, made_up_line
from tests.report.words.specifications import PROTOCOL, specification_of, told
from trialkit.errors import ProtocolError
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
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.report.words.languages import LANGUAGES

CHARACTERISTICS = ("demographics.age", "demographics.sex")
SILENT = {
    ("Ancova", "sum_of_squares"): "the results state no term of an ANCOVA, only its contrasts, "
    "which are the same by every type",
}
"""Options whose values change no word, and why that is right."""


def alternatives(kind: Any, now: object) -> Iterator[object]:
    """Admissible values of a type other than the one that stands there now."""
    if get_origin(kind) in {Union, UnionType}:
        for each in get_args(kind):
            yield from [None] if each is NoneType else alternatives(each, now)
    elif get_origin(kind) is tuple:
        yield ()
        yield from ((each,) for each in alternatives(get_args(kind)[0], None))
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from kind
    elif kind is bool:
        yield from (True, False)
    elif kind is str:
        yield from CHARACTERISTICS
    elif kind is int:
        yield from (1, 2, 3, 4, 999, 12_345)
    elif kind is float:
        yield from (0.01, 0.05, 0.3, 7.0)
    else:
        raise NotImplementedError(f"say in this test which values a {kind!r} may have")


def options(method: Method) -> Iterator[Field[Any]]:
    yield from (each for each in fields(SPECIFICATIONS[method]) if each.name != "method")


def text_of(specification: Specification, language: str) -> str:
    """All that a report says of a specification, for any kind of outcome."""
    words = LANGUAGES[language].methods[specification.method]
    said = [words.describe(specification, told(code)) for code in OF_KINDS]
    said += [words.short_name(specification), words.effect(specification)]
    return "\n".join([*said, words.compared(specification), words.missing(specification)])


OF_KINDS = [
    next(each.code for each in PROTOCOL.outcomes if each.type is kind) for kind in OutcomeType
]


def changed(specification: Specification, name: str, kind: Any) -> Iterator[Specification]:
    """The specification with each other admissible value of an option."""
    now = getattr(specification, name)
    for value in alternatives(kind, now):
        try:
            other = replace(specification, **{name: value})
        except ProtocolError:
            continue
        if other != specification:
            yield other


def pairs(method: Method, name: str) -> list[tuple[Specification, Specification]]:
    """Specifications that differ in one option alone; where it needs another one, with that."""
    hints = get_type_hints(SPECIFICATIONS[method])
    first = specification_of(method)
    starts = [first]
    for other in options(method):
        if other.name != name:
            starts += changed(first, other.name, hints[other.name])
    return [(start, end) for start in starts for end in changed(start, name, hints[name])]


def is_enum(method: Method, option: str) -> bool:
    """Whether all values of an option are known, so that one that cannot change is refused."""
    return isinstance(get_type_hints(SPECIFICATIONS[method])[option], type(Enum))


CASES = [(method, each.name) for method in SPECIFICATIONS for each in options(method)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("method", "option"), CASES)
def test_an_option_changes_the_words(method: Method, option: str, language: str) -> None:
    found = pairs(method, option)
    if (SPECIFICATIONS[method].__name__, option) in SILENT:
        assert {text_of(a, language) == text_of(b, language) for a, b in found} == {True}
        return
    assert found or is_enum(method, option), "say in alternatives() a value that is not refused"
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
    one = PROTOCOL
    analyses = (replace(one.plan.analyses[0], specification=specification), one.plan.analyses[1])
    line = made_up_line(protocol=replace(one, plan=replace(one.plan, analyses=analyses)))
    methods = next(each for each in content_of(line).sections if each.anchor == "methods")
    statistics = next(each for each in methods.sections if each.anchor == "statistics")
    return "\n".join(str(block) for block in statistics.blocks)
