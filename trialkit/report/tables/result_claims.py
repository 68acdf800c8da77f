"""What the tables of results answer of item 26 of CONSORT, and which outcome lacks what."""

from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.tables.cells import INTERVAL, contrast_label
from trialkit.report.tables.headlines import Headline
from trialkit.results.lookup import Statistics
from trialkit.results.vocabulary import Stat


def result_claims(found: tuple[Headline, ...], protocol: Protocol) -> tuple[Claim, ...]:
    """What a table of outcomes answers of item 26, and which outcome lacks what.

    Of a part that every outcome lacks it claims that, so that no other table answers for this one;
    nothing where it says no part of any.
    """
    without_n: list[str] = []
    without_effect: list[str] = []
    without_summary: list[str] = []
    for each in found:
        label = each.outcome.label
        visit = each.outcome.time_point
        if not all(Stat.N in each.analysed(arm) for arm in protocol.arms):
            without_n.append(label)
        found_in = [
            each.events(arm) if each.of_risks else each.described(arm, visit=visit)
            for arm in protocol.arms
        ]
        if not all(Stat.N in summary for summary in found_in):
            without_summary.append(label)
        without_effect.extend(
            f"{label}, {contrast_label(arm, protocol)}{lacks}"
            for arm in protocol.experimental
            if (lacks := _lacking_effect(each, arm, found)) is not None
        )
    parts = {
        "number analysed": without_n,
        "number with data": without_summary,
        "result of each group": without_summary,
    }
    comparisons = len(found) * len(protocol.experimental)
    says_any = any(len(without) < len(found) for without in parts.values())
    if not says_any and len(without_effect) == comparisons:
        return ()
    parts["effect with interval"] = without_effect
    return tuple(_claim(part, without) for part, without in parts.items())


def _effects(headline: Headline, arm: Arm) -> tuple[Statistics, ...]:
    """The effects that must be there: one of a mean, an absolute and a relative one of a risk."""
    if not headline.of_risks:
        return (headline.effect(arm),)
    absolute = headline.effect(arm, method=Stat.RISK_DIFFERENCE)
    if Stat.MARGIN in absolute:
        return (absolute,)
    return absolute, headline.effect(arm, method=Stat.RISK_RATIO)


def _lacking_effect(headline: Headline, arm: Arm, found: tuple[Headline, ...]) -> str | None:
    """What a comparison lacks, beside a measure that it has; None where its effects are there.

    What an analysis of risks does not give, such as the difference beside a logistic regression's odds
    ratio, another one of the same outcome in the table may give.
    """
    there = _there(headline, arm)
    if all(there):
        return None
    odds = headline.of_risks and headline.effect(arm, method=Stat.ODDS_RATIO)
    if not any(there) and not (odds and all(stat in odds for stat in INTERVAL)):
        return ""
    for other in found:
        if other.outcome is headline.outcome and other.of_risks:
            there = tuple(map(any, zip(there, _there(other, arm), strict=False)))
    if all(there):
        return None
    return " (no relative effect)" if there[0] else " (no absolute effect)"


def _there(headline: Headline, arm: Arm) -> tuple[bool, ...]:
    """Which of the effects that must be there have their limits."""
    return tuple(all(stat in each for stat in INTERVAL) for each in _effects(headline, arm))


def _claim(part: str, without: list[str]) -> Claim:
    """That the table says a part, but for some outcomes."""
    lacks = f"not for {'; '.join(without)}" if without else ""
    return Claim(item="26", part=part, source=ClaimSource.DATA, lacks=lacks)
