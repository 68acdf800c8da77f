"""What holds for all comparisons: direction, level, standardised effects, and their number."""

from collections.abc import Iterator

from trialkit.protocol.compared import compared
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.plan import Family
from trialkit.report.numbers.numbers import confidence, plain
from trialkit.report.words.en.terms import ADJUSTMENTS, STANDARDISERS
from trialkit.report.words.en.wording import capitalised, counted, listing, lowered
from trialkit.report.words.language.account import Account
from trialkit.report.words.language.tense import Tense

_WERE = {Tense.PLANNED: "will be", Tense.DONE: "were"}
_WAS = {Tense.PLANNED: "will be", Tense.DONE: "was"}


def general_sentences(account: Account) -> str:
    """What holds for every comparison: direction, level, effect sizes."""
    protocol = compared(account.protocol)
    ratio = confidence(protocol.plan.confidence_level)
    if not protocol.experimental:
        return f"The trial has one arm; intervals are two-sided {ratio} confidence intervals."
    experimental = listing([arm.label for arm in protocol.experimental])
    text = (
        f"{_order(account, experimental)}, with two-sided {ratio} confidence intervals; "
        f"the two-sided significance level is {plain(protocol.plan.alpha)}."
    )
    standardisers = list(_standardisers(account))
    if standardisers:
        text += (
            " Standardised differences are Hedges' g with its confidence interval; "
            f"{'; '.join(standardisers)}."
        )
    if protocol.report.standardised_differences:
        text += (
            " Arms are described at baseline by standardised differences, in standard deviations; "
            "they are not tested."
        )
    return text


def _order(account: Account, experimental: str) -> str:
    """Which arm an effect of each kind puts first; the arms are named once, beside the first kind."""
    if account.compares_factors and not account.scales:
        return _of_factors(account)
    scales = account.scales
    ratios = any(each.is_ratio for each in scales)
    probabilities = any(each.is_probability for each in scales)
    others = any(not (each.is_ratio or each.is_probability) for each in scales)
    kinds = [("differences", "minus")] if others or not scales else []
    kinds += [("ratios", "over")] if ratios else []
    kinds += [("probabilities", "against")] if probabilities else []
    (what, sign), *more = kinds
    reference = compared(account.protocol).reference.label
    first = f"{capitalised(what)} are experimental ({experimental}) {sign} reference ({reference})"
    also = [_of_factors(account)] if account.compares_factors else []
    others_said = [f"{each} experimental {sign} reference" for each, sign in more]
    return listing([first, *others_said, *(f"d{each[1:]}" for each in also)])


def _of_factors(account: Account) -> str:
    """Which level of a factor its effect puts first."""
    reference = listing([each.reference.label for each in account.protocol.factors])
    return f"Differences of a factor are a level minus its reference level ({reference})"


def _standardisers(account: Account) -> Iterator[str]:
    """What Hedges' g is a multiple of, of each value that is compared so."""
    for of_final, label in ((False, "a change"), (True, "a final value")):
        own = [STANDARDISERS[each] for each in account.standardisers if each.of_final is of_final]
        if own:
            yield f"for {label}, the standardiser is {listing(own, last='or')}"


def multiplicity_sentences(account: Account) -> str:
    """How the number of tests was dealt with, or that it was not."""
    plan, tests = account.protocol.plan, account.tests
    within = [each for each in tests if each.adjusted_within]
    together = [each for each in tests if not each.adjusted_within]
    sentences: list[str] = []
    covered: set[str] = set()
    for family in plan.families:
        number = sum(each.family == family.code for each in together)
        if number:
            covered.add(family.code)
            sentences += _of_family(family, number, account)
    if within:
        sentences.append(
            f"{capitalised(counted(len(within), 'comparison'))} {_be(len(within), account)} "
            "adjusted for the number of arms alone, within the analysis of each outcome."
        )
    rest = sum(each.family not in covered for each in together)
    if rest:
        comparisons = "comparison" if rest == 1 else counted(rest, "comparison")
        other = "other " if covered or within else ""
        not_adjusted = (
            "will not be adjusted"
            if account.tense is Tense.PLANNED
            else f"{_be(rest, account)} not adjusted"
        )
        sentences.append(f"The {other}{comparisons} {not_adjusted} for multiplicity.")
    return " ".join(sentences)


def _be(number: int, account: Account) -> str:
    return (_WAS if number == 1 else _WERE)[account.tense]


def _of_family(family: Family, number: int, account: Account) -> Iterator[str]:
    label = lowered(family.label)
    comparisons = counted(number, "comparison")
    if family.adjustment is Adjustment.NONE:
        yield f"P values of {label} ({comparisons}) are not adjusted."
    else:
        yield (
            f"P values of {label} ({comparisons}) {_WERE[account.tense]} adjusted together by "
            f"{ADJUSTMENTS[family.adjustment]}; raw and adjusted values are both given."
        )
    if family.after:
        earlier = lowered(account.protocol.plan.family(family.after).label)
        yield (f"{capitalised(label)}: tested only if every hypothesis of {earlier} is rejected.")
