"""Every method says what it supposes of missing values, in words of its own or of its kind."""

from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from tests.report.factory import made_up_protocol
from tests.report.words.specifications import PROTOCOL
from tests.variations import specification_of
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRank, MissingRule
from trialkit.protocol.methods.imputation import VarianceMeant
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.report.words.en.sentences.suppositions import (
    ALIKE,
    AS_OBSERVED,
    BRIEFLY,
    NOT_IMPUTED,
    NOT_JUDGED,
    SUPPOSED,
    TRIMMED,
    VARIANCES,
    supposed_words,
    supposition_of,
    variance_words,
)


def supposed(specification: Specification) -> str:
    """What an analysis by this specification supposes, of an outcome that it takes."""
    taken = next(
        each for each in PROTOCOL.outcomes if specification.takes(specification.method, each.type)
    )
    first = PROTOCOL.plan.analyses[0]
    planned = replace(first, outcomes=(taken.code,), specification=specification)
    return supposed_words(planned, PROTOCOL)


def test_nothing_that_can_be_supposed_is_without_words() -> None:
    assert set(SUPPOSED) == set(BRIEFLY) == set(Supposition)
    assert set(VARIANCES) == set(VarianceMeant)
    assert len(set(SUPPOSED.values())) == len(SUPPOSED)


@pytest.mark.parametrize("method", list(SPECIFICATIONS))
def test_every_method_says_what_it_supposes_and_what_its_error_measures(method: Method) -> None:
    own = specification_of(method)
    said = supposed(own)
    assert len(said.split()) > 4
    assert not said.endswith(".")
    assert variance_words(own)


def test_covariates_are_what_those_who_lack_a_value_are_alike_in() -> None:
    alike = SUPPOSED[Supposition.COMPLETE_CASES] + ALIKE
    bare = Ancova(covariates=(), response=Response.CHANGE)
    assert supposed(Ancova()) == alike
    assert supposed(replace(bare, covariates=("demographics.sex",))) == alike
    assert supposed(bare) == SUPPOSED[Supposition.COMPLETE_CASES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imputing(Ancova):
    """An analysis of covariance as if values were imputed."""

    meant: VarianceMeant

    SUPPOSES: ClassVar[Supposition] = Supposition.AS_REFERENCE

    @property
    def variance_meant(self) -> VarianceMeant:
        return self.meant


def test_which_variance_is_meant_is_said_of_who_imputes_and_that_nothing_is_of_others() -> None:
    for meant in VarianceMeant:
        assert variance_words(Imputing(meant=meant)) == VARIANCES[meant]
        assert variance_words(Imputing(meant=meant)).startswith(meant.value)
    assert variance_words(Ancova()) == NOT_IMPUTED
    failing = ResponderComparison(missing=MissingRule.NON_RESPONDER, improved_by=5)
    assert variance_words(failing) == AS_OBSERVED
    assert variance_words(specification_of(Method.EXTERNAL)) == NOT_JUDGED


def test_of_trimmed_means_no_value_is_said_to_be_put_in() -> None:
    ranked, left_out = (TrimmedMean(missing=MissingRank(each)) for each in ("worst", "left_out"))
    assert variance_words(ranked) == TRIMMED
    assert "none is imputed" in TRIMMED
    assert variance_words(left_out) == NOT_IMPUTED
    assert supposed(ranked) == "who lacks a value did worse than everybody who has one"
    assert BRIEFLY[ranked.supposes] == "missing ranks worst and is trimmed"


def test_a_model_of_visits_supposes_what_complete_cases_do_where_one_follow_up_is_asked() -> None:
    protocol = made_up_protocol(visits=3)
    first = protocol.plan.analyses[0]
    model = replace(first, specification=Mmrm())
    assert supposition_of(model, protocol) is Supposition.AT_RANDOM
    asked = {first.outcomes[0]: ("V0", "V2")}
    assert supposition_of(model, protocol, asked) is Supposition.COMPLETE_CASES
    assert supposed_words(model, protocol, asked) != supposed_words(model, protocol)
