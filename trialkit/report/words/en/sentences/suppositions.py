"""What each analysis supposes of missing values, and what its standard error measures, in English."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.protocol.methods.imputation import VarianceMeant
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.language.account import Measured
from trialkit.report.words.languages import words_of

EVERY_VISIT: Measured = MappingProxyType({})
"""Where no data are at hand that say at which visits an outcome is asked."""

SUPPOSED: Mapping[Supposition, str] = MappingProxyType(
    {
        Supposition.COMPLETE_CASES: (
            "who lacks a value would have had one like that of others in the same arm"
        ),
        Supposition.GIVEN_COVARIATES: (
            "whether one is missing may depend on the arm, the visit and covariates, and on nothing else"
        ),
        Supposition.AT_RANDOM: "values may be missing at random given those observed",
        Supposition.CENSORED_AS_OTHERS: (
            "who is not followed to the end is censored when last at risk, as if what followed were "
            "like that of the others"
        ),
        Supposition.FAILURE: "who lacks a value did not improve",
        Supposition.RANKED_WORST: "who lacks a value did worse than everybody who has one",
        Supposition.AS_REFERENCE: (
            "from an event on, values that are missing are like those of the reference arm"
        ),
        Supposition.LAST_MEAN: (
            "from an event on, values that are missing stay at the mean of the own arm before it"
        ),
        Supposition.SHIFTED: (
            "values that are missing are better or worse by a stated amount than at random"
        ),
        Supposition.OUTSIDE: "what its script supposes, which this report does not judge",
    }
)
BRIEFLY: Mapping[Supposition, str] = MappingProxyType(
    {
        Supposition.COMPLETE_CASES: "complete cases",
        Supposition.GIVEN_COVARIATES: "at random given covariates",
        Supposition.AT_RANDOM: "at random given what is observed",
        Supposition.CENSORED_AS_OTHERS: "censored",
        Supposition.FAILURE: "missing counts as not improved",
        Supposition.RANKED_WORST: "missing ranks worst and is trimmed",
        Supposition.AS_REFERENCE: "as in the reference arm",
        Supposition.LAST_MEAN: "last mean carried forward",
        Supposition.SHIFTED: "shifted",
        Supposition.OUTSIDE: "as its script has it",
    }
)
"""The same in a few words, as the row of a figure has it."""
ALIKE = " with the same covariates"
VARIANCES: Mapping[VarianceMeant, str] = MappingProxyType(
    {
        VarianceMeant.INFORMATION_ANCHORED: (
            "information-anchored: as much information is lost through missing values as at random"
        ),
        VarianceMeant.REPEATED_SAMPLING: (
            "repeated-sampling: what the estimate would vary by if the trial were repeated"
        ),
    }
)
NOT_IMPUTED = "of the values that are used; none is imputed"
AS_OBSERVED = "of all values; those put in the place of missing ones count like observed ones"
TRIMMED = (
    "of the values left after the worst share of each arm is cut off; who lacks a value ranks worst, "
    "and none is imputed"
)
NOT_JUDGED = "as its script has it"

_OWN_VARIANCES: Mapping[Supposition, str] = MappingProxyType(
    {Supposition.OUTSIDE: NOT_JUDGED, Supposition.RANKED_WORST: TRIMMED}
)


def supposition_of(
    analysis: Analysis, protocol: Protocol, measured: Measured = EVERY_VISIT
) -> Supposition:
    """What an analysis supposes of its first outcome, at the visits at which that is ``measured``."""
    outcome = protocol.analysed(analysis, analysis.outcomes[0])
    asked = measured.get(outcome.code)
    at = None if asked is None else {*asked, outcome.time_point}
    return analysis.specification.supposes_of(protocol.measured(outcome, at))


def supposed_words(analysis: Analysis, protocol: Protocol, measured: Measured = EVERY_VISIT) -> str:
    """What must be true of missing values, as part of a sentence; every method has words here."""
    specification = analysis.specification
    own = words_of(specification, protocol).supposed(specification, protocol)
    if own:
        return own
    supposes = supposition_of(analysis, protocol, measured)
    alike = supposes is Supposition.COMPLETE_CASES and _has_covariates(specification, protocol)
    return f"{SUPPOSED[supposes]}{ALIKE if alike else ''}"


def variance_words(specification: Specification) -> str:
    """What the standard error measures, as part of a sentence."""
    meant = specification.variance_meant
    if meant is not None:
        return VARIANCES[meant]
    said = _OWN_VARIANCES.get(specification.supposes)
    if said is not None:
        return said
    stated = specification.supposes.assumption is MissingAssumption.STATED
    return AS_OBSERVED if stated else NOT_IMPUTED


def _has_covariates(specification: Specification, protocol: Protocol) -> bool:
    """Whether those who are compared are alike in covariates; strata and subgroups among them."""
    read = specification.reads
    kinds = {each.kind for each in protocol.outcomes}
    return read.adjusts_for_baseline or any(read.baseline_items(kind) for kind in kinds)
