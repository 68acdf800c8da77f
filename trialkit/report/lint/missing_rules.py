"""Rules on missing values: what is supposed of them, how many there are, and in which arm (R15, R34, R35)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.lint.evidence import Evidence, Notice, error, note, warning
from trialkit.report.numbers.numbers import (
    confidence,
    is_number,
    percent_of,
    percent_points,
    points_interval,
)
from trialkit.report.tables.other_assumptions import MissingInOutcome, Shares
from trialkit.report.words.en.wording import listing
from trialkit.results.lookup import Statistics, value
from trialkit.results.vocabulary import Stat

MOST_MISSING = Fraction(2, 5)
"""With more than this missing, results generate hypotheses only, whatever the method: Jakobsen JC, Gluud C,
Wetterslev J, Winkel P. BMC Med Res Methodol 2017;17:162."""
NOTABLE_DIFFERENCE = Fraction(1, 20)
"""Shares of missing values that differ by this much between arms are worth a word."""
_MAIN_ROLES = (AnalysisRole.PRIMARY, AnalysisRole.SECONDARY)

_OF_VALUES = (
    "multiple_imputation with several visits or auxiliary variables, or with a strategy such as "
    "'jump-to-reference'; mmrm or glmm of several visits; responders with missing = 'non_responder'"
)
_OF_ANSWERS = (
    "multiple_imputation with several visits or auxiliary variables, with strategy = 'copy-reference' or a "
    "delta; glmm of several visits; or method = 'external'"
)
_OF_PERIODS = (
    "crossover_model for numbers, which keeps who lacks a period; else method = 'external'"
)
_OF_RATES = (
    "multiple_imputation with strategy = 'copy-reference', a delta or auxiliary variables, which analyses "
    "imputed counts; or at_least with the exposure of what is known"
)
_OF_OTHERS = "such as method = 'external' with {} imputed"
"""What an analysis of incomplete participants may be; of times and levels trialkit has none of its own."""
_INSTEAD = {
    Summary.PROPORTION: _OF_ANSWERS,
    Summary.RATE: _OF_RATES,
    Summary.TIME: _OF_OTHERS.format("times"),
    Summary.RECURRENCE: _OF_OTHERS.format("events"),
    Summary.LEVELS: _OF_OTHERS.format("levels"),
}
_NOT_AT_RANDOM = (
    "multiple_imputation with a strategy such as 'jump-to-reference', tipping_point, responders with "
    "missing = 'non_responder', or method = 'external'"
)
"""What an analysis may be that does not suppose values missing at random."""
_ANSWERS_NOT_AT_RANDOM = "of yes and no multiple_imputation with strategy = 'copy-reference' or a delta, or method = 'external'"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unanswered:
    """The outcomes of a role whose analyses make one assumption, and no other analysis another."""

    words: list[str] = field(default_factory=list)
    kinds: dict[Summary, None] = field(default_factory=dict)
    others: dict[str, None] = field(default_factory=dict)

    def add(self, analysis: Analysis, missing: MissingInOutcome) -> None:
        """Note one analysis with the numbers of its outcome, and the analyses that are no answer."""
        numbers = _shares_in_words(missing.shares, missing.protocol)
        self.words.append(f"{missing.outcome.label}: {numbers}")
        self.kinds[missing.outcome.kind.summary] = None
        self.others.update(dict.fromkeys(missing.not_counted(analysis)))

    @property
    def found(self) -> str:
        """The numbers, and which analyses do not count for what reason."""
        those = f" Not counted: {listing([*self.others])}." if self.others else ""
        return f"{'; '.join(self.words)}.{those}"


def same_assumption(evidence: Evidence) -> Iterator[Notice]:
    """R15: values are missing, and no prespecified analysis makes another assumption about them."""
    for role in _MAIN_ROLES:
        dropped, at_random = _Unanswered(), _Unanswered()
        for analysis, outcome in evidence.main_analyses():
            if analysis.role is not role or evidence.is_to_come(analysis, outcome):
                continue
            missing = _missing(outcome, evidence)
            lacks = any(count for count, _ in missing.shares.values())
            if not lacks or missing.has_answer(analysis):
                continue
            is_random = missing.supposed(analysis) is MissingAssumption.AT_RANDOM
            (at_random if is_random else dropped).add(analysis, missing)
        if dropped.words:
            yield _of_complete_cases(role, dropped, evidence.protocol)
        if at_random.words:
            yield _of_missing_at_random(role, at_random)


def _missing(outcome: Outcome, evidence: Evidence) -> MissingInOutcome:
    return MissingInOutcome(protocol=evidence.protocol, index=evidence.index, outcome=outcome)


def _of_complete_cases(role: AnalysisRole, found: _Unanswered, protocol: Protocol) -> Notice:
    return warning(
        f"Values are missing at the time point, the {role.value} analysis uses complete "
        f"cases, and no sensitivity analysis does otherwise. {found.found}",
        "Add a sensitivity analysis that uses incomplete participants or counts them "
        f"({_instead_of_complete_cases(found.kinds, protocol)}), and say under item 21c what was assumed.",
    )


def _of_missing_at_random(role: AnalysisRole, found: _Unanswered) -> Notice:
    look = warning if role is AnalysisRole.PRIMARY else note
    return look(
        f"Values are missing at the time point, the {role.value} analysis supposes them missing at "
        f"random, and no sensitivity analysis supposes anything else. {found.found}",
        f"Add a sensitivity analysis that does ({_instead_of_at_random(found.kinds)}), and say under item 21c what each "
        "supposes: no data can show that values are missing at random.",
    )


def _instead_of_complete_cases(kinds: Collection[Summary], protocol: Protocol) -> str:
    """What to do for outcomes of these kinds; that of values does for counts among them, too."""
    if protocol.is_crossover:
        return _OF_PERIODS
    if Summary.MEAN in kinds:
        kinds = [each for each in kinds if each is not Summary.RATE]
    return "; ".join(dict.fromkeys(_INSTEAD.get(each, _OF_VALUES) for each in kinds))


def _instead_of_at_random(kinds: Collection[Summary]) -> str:
    """The same where values are supposed missing at random."""
    answers = [_ANSWERS_NOT_AT_RANDOM] if Summary.PROPORTION in kinds else []
    others = [_NOT_AT_RANDOM] if any(each is not Summary.PROPORTION for each in kinds) else []
    return "; ".join([*others, *answers])


def too_many_missing(evidence: Evidence) -> Iterator[Notice]:
    """R34: of a main outcome so many values are missing that no method makes up for them."""
    for role, outcome in _main_outcomes(evidence):
        shares = _missing(outcome, evidence).shares
        if not any(_is_too_many(*each) for each in (*shares.values(), _together(shares))):
            continue
        look = error if role is AnalysisRole.PRIMARY else warning
        yield look(
            f"{outcome.label} ({role.value}) is missing at the time point in "
            f"{_shares_in_words(shares, evidence.protocol)}: in more than {percent_of(2, 5)} of those "
            "expected, all together or in one arm.",
            "No analysis makes up for so many, whatever it supposes. Call the result one that "
            "generates hypotheses wherever it stands, and discuss under item 30 who was lost and why.",
            place=f"[[outcomes]] {outcome.code}",
        )


def _is_too_many(missing: int, expected: int) -> bool:
    return expected > 0 and Fraction(missing, expected) > MOST_MISSING


def _together(shares: Shares) -> tuple[int, int]:
    return sum(each for each, _ in shares.values()), sum(each for _, each in shares.values())


def missing_unequally(evidence: Evidence) -> Iterator[Notice]:
    """R35: of a main outcome more values are missing in one arm than in the reference."""
    level = confidence(evidence.protocol.plan.confidence_level)
    for role, outcome in _main_outcomes(evidence):
        shares = _missing(outcome, evidence).shares
        said = [
            (_is_sure(found), _difference(arm, found, level, evidence.protocol))
            for arm, found in _missing(outcome, evidence).more_than_reference
            if _is_notable(arm, found, shares, evidence.protocol)
        ]
        if not said:
            continue
        look = warning if any(surely for surely, _ in said) else note
        yield look(
            f"{outcome.label} ({role.value}) is missing at the time point in "
            f"{_shares_in_words(shares, evidence.protocol)}: {listing([words for _, words in said])}.",
            "Compare the reasons by arm, say under item 21c which way the comparison would be wrong if "
            "those lost did worse, and let a sensitivity analysis suppose so by arm.",
            place=f"[[outcomes]] {outcome.code}",
        )


def _is_sure(found: Statistics) -> bool:
    """Whether both limits of a difference are on one side of none."""
    low, high = value(found, Stat.CONF_LOW), value(found, Stat.CONF_HIGH)
    return is_number(low) and is_number(high) and (low > 0 or high < 0)


def _is_notable(arm: str, found: Statistics, shares: Shares, protocol: Protocol) -> bool:
    """Whether both limits are on one side of none, or the shares differ by a twentieth.

    In whole numbers, since 7 and 6 of 20 differ by exactly that.
    """
    own, other = (Fraction(*shares[each]) for each in (arm, protocol.reference.code))
    return _is_sure(found) or abs(own - other) >= NOTABLE_DIFFERENCE


def _difference(arm: str, found: Statistics, level: str, protocol: Protocol) -> str:
    """``12.0 percentage points more in Exercise than in Waiting list (95% limits 1.0 to 23.0)``."""
    estimate = float(value(found, Stat.ESTIMATE) or 0)
    low, high = value(found, Stat.CONF_LOW), value(found, Stat.CONF_HIGH)
    if estimate < 0 and is_number(low) and is_number(high):
        low, high = -high, -low
    limits = f" ({level} limits {points_interval(low, high)})" if is_number(low) else ""
    return (
        f"{percent_points(abs(estimate))} percentage points {'more' if estimate > 0 else 'fewer'} in "
        f"{protocol.arm(arm).label} than in {protocol.reference.label}{limits}"
    )


def _main_outcomes(evidence: Evidence) -> Iterator[tuple[AnalysisRole, Outcome]]:
    """Each outcome and time point of the primary and secondary analyses once, in its first role."""
    seen = set[tuple[str, str]]()
    for role in _MAIN_ROLES:
        for analysis, outcome in evidence.main_analyses():
            place = (outcome.code, outcome.time_point)
            if analysis.role is role and place not in seen:
                seen.add(place)
                yield role, outcome


def _shares_in_words(shares: Shares, protocol: Protocol) -> str:
    return ", ".join(
        f"{missing} of {of} ({percent_of(missing, of)}) in {protocol.arm(code).label}"
        for code, (missing, of) in shares.items()
    )
