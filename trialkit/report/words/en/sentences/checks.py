"""The assumptions of the main analyses that are checked, and how the methods text says so."""

from collections.abc import Mapping

from trialkit.grammar import by_number
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.wording import listing, lowered
from trialkit.report.words.language.account import Account
from trialkit.results.lookup import ResultIndex

CHECKS = {
    Check.NORMALITY: "Normality of residuals",
    Check.EQUAL_VARIANCE: "Homogeneity of variance",
    Check.EQUAL_COVARIANCE: "Homogeneity of covariance",
    Check.SPHERICITY: "Sphericity",
    Check.EQUAL_SLOPES: "Homogeneity of slopes",
    Check.PROPORTIONALITY: "Proportionality of the odds",
    Check.PROPORTIONAL_HAZARDS: "Proportionality of the hazards",
}
"""The checks that are printed; single participants and pairwise tests stay in the results."""
_CHECKED = frozenset({AnalysisRole.PRIMARY, AnalysisRole.SECONDARY})


def printed_checks(protocol: Protocol) -> frozenset[Check]:
    """The checks that a table of this trial has; two visits are spherical whatever they hold."""
    return frozenset(CHECKS) - (
        frozenset({Check.SPHERICITY}) if len(protocol.visits) < 3 else frozenset()
    )


def checks_made(account: Account) -> Mapping[str, tuple[Check, ...]]:
    """The checks that the results hold and a table prints, by main analysis; none before there are data."""
    if account.index is None:
        return {}
    protocol = account.protocol
    return {
        each.id: found
        for each in protocol.plan.analyses
        if each.role in _CHECKED and (found := _of(each.id, protocol, account.index))
    }


def _of(analysis_id: str, protocol: Protocol, index: ResultIndex) -> tuple[Check, ...]:
    there = {each.term.partition(": ")[0] for each in index.addresses(analysis_id)}
    return tuple(each for each in CHECKS if each in there and each in printed_checks(protocol))


def checks_sentence(account: Account) -> str:
    """Which assumptions were checked, and that nothing was chosen by it; empty where none was."""
    made = {check for found in checks_made(account).values() for check in found}
    named = [lowered(words) for check, words in CHECKS.items() if check in made]
    if not named:
        return ""
    were = by_number(len(named), "was", "were")
    return (
        f"Of the models of the primary and secondary analyses {listing(named)} {were} checked; no "
        "method was chosen by it."
    )
