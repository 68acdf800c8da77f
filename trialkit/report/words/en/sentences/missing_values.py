"""How missing values are dealt with: what each analysis uses, and what it supposes of the rest."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.report.words.en.sentences.suppositions import supposed_words, supposition_of
from trialkit.report.words.en.wording import listing, lowered
from trialkit.report.words.language.account import Account
from trialkit.report.words.language.tense import Tense
from trialkit.report.words.languages import words_of

_VALUE = "uses participants with a value at {visits}"
_USED: Mapping[Summary, str] = MappingProxyType(
    {
        **dict.fromkeys(Summary, _VALUE),
        Summary.RATE: "uses participants with a count at {visits}",
        Summary.TIME: ("uses participants whose time at risk is known"),
        Summary.RECURRENCE: (
            "uses participants whose time at risk is known, with their events until it ended"
        ),
    }
)
"""Whom an analysis uses, by what its outcome is summed up by."""


_SAID_AT_THE_END = frozenset(
    {
        Supposition.COMPLETE_CASES,
        Supposition.FAILURE,
        Supposition.RANKED_WORST,
        Supposition.OUTSIDE,
    }
)
"""What the sentences say once for all methods, or what an analysis uses says already."""


def used_words(analysis: Analysis, account: Account) -> str:
    """What an analysis uses of the values that there are, as a predicate."""
    protocol, specification = account.protocol, analysis.specification
    own = words_of(specification, protocol).missing(specification)
    if own:
        return own
    outcome = protocol.analysed(analysis, analysis.outcomes[0])
    needed = account.visits_used(analysis, outcome)
    visits = listing([lowered(protocol.visit(code).label) for code in needed])
    exposed = " and its exposure" if outcome.exposure and outcome.kind.is_rate else ""
    return f"{_USED[outcome.kind.summary].format(visits=visits)}{exposed}"


def missing_data_sentences(account: Account) -> str:
    """How each method of the plan deals with missing values."""
    protocol = account.protocol
    by_method: dict[str, list[str]] = {}
    imputing = own = False
    for analysis in protocol.plan.analyses:
        specification = analysis.specification
        words = words_of(specification, protocol)
        imputing = imputing or words.imputes(specification)
        rule = used_words(analysis, account)
        described = bool(words.supposed(specification, protocol))
        supposes = supposition_of(analysis, protocol, account.measured)
        if not described and supposes not in _SAID_AT_THE_END:
            rule += f"; {supposed_words(analysis, protocol, account.measured)}"
        outside = specification.made_outside is not None
        own = own or not outside
        name = words.short_name(specification) if outside else words.names[specification.method]
        said_of = by_method.setdefault(name, [])
        if rule not in said_of:
            said_of.append(rule)
    said = "; ".join(
        f"{name} {', and in another analysis '.join(rules)}" for name, rules in by_method.items()
    )
    planned = account.tense is Tense.PLANNED
    was = "will be" if planned else "was"
    imputed = f"Beyond that, nothing {was} imputed" if imputing else f"No value {was} imputed"
    if by_method and not own:
        return f"By method: {said}."
    if any(each.specification.made_outside for each in protocol.plan.analyses):
        imputed = f"{imputed} by trialkit"
    return (
        f"By method: {said}. {imputed}; analyses of complete cases are valid if values are "
        f"missing independently of what they would have been. Who {was} left out of an analysis, "
        f"and why, {'will be' if planned else 'is'} counted with its results."
    )
