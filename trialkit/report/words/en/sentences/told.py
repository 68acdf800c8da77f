"""What the methods text names of all that a report can show: the other side of what is printed.

A reader who meets a statistic finds it in the methods, and finds there nothing that is never shown.
"""

from collections.abc import Iterator
from typing import TypeAlias

from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.pair_comparison import WIN_SCALES
from trialkit.protocol.methods.plan import Analysis
from trialkit.report.words.en.sentences.checks import checks_made
from trialkit.report.words.en.sentences.harms import are_collected
from trialkit.report.words.language.account import Account
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import Shelf
from trialkit.results.results import Result
from trialkit.results.vocabulary import OTHER_RESTRICTED, SUPERIORITY, Stat

Told: TypeAlias = frozenset[tuple[str, str]]
"""An analysis, or a shelf of the results, and what of it is named."""
MEASURES = frozenset(
    {
        Stat.RISK_DIFFERENCE,
        Stat.RISK_RATIO,
        Stat.ODDS_RATIO,
        SUPERIORITY,
        *WIN_SCALES,
        *OTHER_RESTRICTED.values(),
    }
)
"""The measures that an analysis may give of one comparison, by the method of their rows."""
STATISTICS = {
    Stat.HEDGES_G: "Hedges' g",
    Stat.PARTIAL_ETA_SQUARED: "partial eta squared",
    Stat.GENERALISED_ETA_SQUARED: "generalised eta squared",
    Stat.EPSILON_GG: "Greenhouse and Geisser's epsilon",
    Stat.P_VALUE_GG: "p after Greenhouse and Geisser",
    Stat.P_VALUE_HF: "p after Huynh and Feldt",
    Stat.P_ADJUSTED: "adjusted p",
    Stat.STANDARDISED_DIFFERENCE: "standardised differences",
    Stat.DISPERSION: "Pearson's dispersion",
    Stat.THETA: "theta",
    Stat.THETA_SE: "the standard error of theta",
    Stat.ICC: "the intracluster correlation",
    Stat.DESIGN_EFFECT: "the design effect",
}
"""What cannot be read without knowing how it is made, in words."""


def needs_naming(row: Result) -> str:
    """What of a row a methods section must name; empty for what needs no more than its analysis."""
    check = row.term.partition(": ")[0]
    if check in {each.value for each in Check}:
        return check
    if row.stat_name in STATISTICS:
        return row.stat_name
    return row.method if row.stat_name is Stat.ESTIMATE and row.method in MEASURES else ""


def told(account: Account) -> Told:
    """All that the methods text names, by analysis."""
    return frozenset(_told(account))


def _told(account: Account) -> Iterator[tuple[str, str]]:
    protocol = account.protocol
    checks = checks_made(account)
    for analysis in protocol.plan.analyses:
        words = words_of(analysis.specification, protocol)
        named = set(words.tells(analysis.specification))
        if account.standardisers:
            named.add(Stat.HEDGES_G)
        if _is_adjusted(analysis, account):
            named.add(Stat.P_ADJUSTED)
        yield from ((analysis.id, each) for each in (*named, *checks.get(analysis.id, ())))
    index = account.index
    if protocol.experimental and index is not None and are_collected(protocol, index):
        yield Shelf.HARMS, Stat.RISK_DIFFERENCE
    if protocol.report.standardised_differences:
        yield Shelf.BASELINE, Stat.STANDARDISED_DIFFERENCE


def _is_adjusted(analysis: Analysis, account: Account) -> bool:
    """Whether the text on multiplicity says that p values of this analysis are adjusted."""
    plan = account.protocol.plan
    within = any(each.analysis_id == analysis.id and each.adjusted_within for each in account.tests)
    if within or not analysis.family:
        return within
    family = plan.family(analysis.family)
    return family.adjustment is not Adjustment.NONE or bool(family.after)
