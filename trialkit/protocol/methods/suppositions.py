"""What an analysis supposes of the values that are missing."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from trialkit.protocol.methods.missing_assumptions import MissingAssumption


class Supposition(StrEnum):
    """What must be true of missing values for an estimate to be right, in more words than its kind."""

    COMPLETE_CASES = "complete cases"
    """Who lacks a value is like those of the arm who have one, given the covariates of the model."""
    GIVEN_COVARIATES = "at random given covariates"
    """Whether a value is missing depends on arm, visit and covariates, and not on earlier values."""
    AT_RANDOM = "at random given what is observed"
    """Whether a value is missing depends on what was observed of the participant alone."""
    CENSORED_AS_OTHERS = "censored as others"
    """Who is no longer followed goes on like those of the arm who still are."""
    FAILURE = "failure"
    """Who lacks a value did not do well."""
    RANKED_WORST = "ranked worst"
    """Who lacks a value did worse than everybody who has one; no value stands in its place."""
    AS_REFERENCE = "as in the reference arm"
    """After an event somebody does as those in the reference arm do, in one way or another."""
    LAST_MEAN = "last mean carried forward"
    """After an event somebody stays where those of the own arm were on average at the last visit before."""
    SHIFTED = "shifted"
    """Missing values are better or worse than at random by an amount that is stated."""
    OUTSIDE = "as another program has it"
    """Nobody here can say."""

    @property
    def assumption(self) -> MissingAssumption:
        """Of which kind it is."""
        return _KINDS[self]


_KINDS: Mapping[Supposition, MissingAssumption] = MappingProxyType(
    {
        Supposition.COMPLETE_CASES: MissingAssumption.AS_OBSERVED,
        Supposition.GIVEN_COVARIATES: MissingAssumption.AS_OBSERVED,
        Supposition.AT_RANDOM: MissingAssumption.AT_RANDOM,
        Supposition.CENSORED_AS_OTHERS: MissingAssumption.AS_OBSERVED,
        Supposition.FAILURE: MissingAssumption.STATED,
        Supposition.RANKED_WORST: MissingAssumption.STATED,
        Supposition.AS_REFERENCE: MissingAssumption.STATED,
        Supposition.LAST_MEAN: MissingAssumption.STATED,
        Supposition.SHIFTED: MissingAssumption.STATED,
        Supposition.OUTSIDE: MissingAssumption.UNKNOWN,
    }
)
