"""How missing values and harms are dealt with, and by which programs."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.manifest import Manifest
from trialkit.report.numbers.numbers import confidence
from trialkit.report.words.en.sentences.harms import by_arm
from trialkit.report.words.en.wording import listing, lowered
from trialkit.report.words.language.account import Account
from trialkit.report.words.language.tense import Tense
from trialkit.report.words.languages import words_of

_VALUE = "uses participants with a value at {visits}"
_USED: Mapping[Summary, str] = MappingProxyType(
    {
        **dict.fromkeys(Summary, _VALUE),
        Summary.RATE: "uses participants with a count at {visits}",
        Summary.TIME: (
            "uses participants whose time at risk is known; who is not followed to the end is "
            "censored when last at risk, as if what followed were like that of the others"
        ),
        Summary.RECURRENCE: (
            "uses participants whose time at risk is known, with their events until it ended, as if what "
            "followed were like that of the others who are still followed"
        ),
    }
)
"""Whom an analysis uses, by what its outcome is summed up by."""


def missing_data_sentences(account: Account) -> str:
    """How each method of the plan deals with missing values."""
    protocol = account.protocol
    by_method: dict[str, list[str]] = {}
    imputing = own = False
    for analysis in protocol.plan.analyses:
        specification = analysis.specification
        words = words_of(specification, protocol)
        imputing = imputing or words.imputes(specification)
        rule = words.missing(specification)
        if not rule:
            outcome = protocol.analysed(analysis, analysis.outcomes[0])
            needed = account.visits_used(analysis, outcome)
            visits = listing([lowered(protocol.visit(code).label) for code in needed])
            rule = _USED[outcome.kind.summary].format(visits=visits)
            rule += " and its exposure" if outcome.exposure and outcome.kind.is_rate else ""
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


def harms_sentences(account: Account) -> str:
    """How harms were compared."""
    protocol = account.protocol
    return (
        f"Harms are counted in {by_arm(protocol, account.index)}, as participants with at least "
        f"one event and as events{_harms_limits(protocol)}. "
        "By severities that have an order, each participant is counted once, by the worst. What is "
        "not recorded of an event is counted apart and taken for neither yes nor no; the counts "
        "that it leaves open have no limits and no difference. "
        "No p values are computed for harms."
    )


def _harms_limits(protocol: Protocol) -> str:
    """The limits that the tables of harms print, by the names of their methods."""
    level = confidence(protocol.plan.confidence_level)
    zero = f"; where nobody in an arm had one, its risk has the exact (Clopper and Pearson) upper {level} limit"
    if not protocol.experimental or protocol.is_crossover:
        return zero
    return f"; differences of risks have Newcombe's hybrid score {level} intervals{zero}"


def software_sentence(manifest: Manifest) -> str:
    """The programs and their versions."""
    named = {each.name: each.version for each in manifest.versions}
    libraries = [
        f"{name} {named[key]}"
        for key, name in (
            ("pingouin", "pingouin"),
            ("scipy", "SciPy"),
            ("numpy", "NumPy"),
            ("pandas", "pandas"),
        )
        if key in named
    ]
    own = f"trialkit {named.get('trialkit', '')}".strip()
    text = f"Analyses were made with {own} under Python {named.get('Python', '')}".strip()
    return f"{text} ({', '.join(libraries)})." if libraries else f"{text}."
