"""The columns of numbers beside a forest: how many of each arm and what they had, and p values."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol as Shape

from trialkit.printable import fit_for_xml
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.summing_up import SummedUp
from trialkit.report.lettering.text_width import wrap
from trialkit.report.numbers.numbers import (
    DASH,
    count,
    fraction_percent,
    number,
    p_symbol,
    p_value,
)
from trialkit.report.tables.headlines import Headline
from trialkit.report.tables.p_values import adjustment_notes
from trialkit.report.tables.summaries import MIDDLES
from trialkit.report.words.en.american import spelled
from trialkit.report.words.en.rates import rate_unit
from trialkit.report.words.en.terms import EFFECTS, better_word
from trialkit.report.words.en.wording import capitalised, listing
from trialkit.results.agreement import is_one_sided, limits_of, p_beside
from trialkit.results.effect import Scale
from trialkit.results.lookup import value
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

ARM_HEAD = 62.0
"""The names of arms over their columns are wrapped to this width, in points."""
SIZE = 8.0
_SHORT = MappingProxyType(
    {SummedUp.MEAN: "mean", SummedUp.MEDIAN: "median", SummedUp.GEOMETRIC_MEAN: "geom. mean"}
)
"""What a group is summed up by, in the width of a column."""


class OfAnArm(Shape):
    """An effect of an arm, of whatever figure."""

    @property
    def headline(self) -> Headline:
        """The outcome and its analysis."""
        ...

    @property
    def arm(self) -> Arm:
        """The arm that is compared with the reference."""
        ...


def headlines_of(effects: Iterable[OfAnArm]) -> tuple[Headline, ...]:
    """The outcomes of these effects, each with its analysis once."""
    once = {(one.headline.analysis.id, one.headline.outcome.code): one.headline for one in effects}
    return tuple(once.values())


def arm_heads(headlines: Sequence[Headline], protocol: Protocol) -> tuple[str, ...]:
    """The heads of the columns of the reference and of the experimental arm."""
    kinds = {each.summary for each in headlines}
    if kinds == {Summary.MEAN, Summary.PROPORTION}:
        return named_heads(protocol, "n; or n/N (%)")
    heads = {
        Summary.MEAN: _summary([each for each in headlines if each.summary is Summary.MEAN]),
        Summary.RATE: "n; rate",
        Summary.PROPORTION: "n/N (%)",
        Summary.LEVELS: "n",
        Summary.TIME: "n/N (%)",
        Summary.RECURRENCE: "n; rate",
    }
    said = dict.fromkeys(heads[each] for each in heads if each in kinds)
    return named_heads(protocol, " or ".join(said))


def named_heads(protocol: Protocol, what: str) -> tuple[str, ...]:
    """The names of the arms over columns that say this of them."""
    one = len(protocol.experimental) == 1
    experimental = protocol.experimental[0].label if one else "Experimental arm"
    return tuple(
        "\n".join((*wrap(fit_for_xml(label), size=SIZE, width=ARM_HEAD, bold=True), what))
        for label in (protocol.reference.label, experimental)
    )


def _summary(headlines: Sequence[Headline]) -> str:
    kinds = {each.outcome.summed_up for each in headlines if each.summary is Summary.MEAN}
    if not kinds:
        return "n"
    return f"n; {_SHORT[kinds.pop()]}" if len(kinds) == 1 else "n; middle"


def favours(label: str) -> str:
    """What a side of no effect is called that speaks for an arm."""
    return f"{spelled('Favours')} {label}"


def favoured_sides(protocol: Protocol, *, lower_is_better: bool) -> tuple[str, str]:
    """What the sides below and above no effect are called, by the arm that they speak for."""
    one = len(protocol.experimental) == 1
    experimental = protocol.experimental[0].label if one else "experimental arm"
    labels = (experimental, protocol.reference.label)
    below, above = labels if lower_is_better else reversed(labels)
    return favours(below), favours(above)


def described_cells(headline: Headline, arm: Arm) -> tuple[str, ...]:
    """What the reference and the experimental arm had: n and mean, or n/N (%)."""
    return tuple(_described(headline, each) for each in (headline.protocol.reference, arm))


def _described(headline: Headline, arm: Arm) -> str:
    return _DESCRIBED[headline.summary](headline, arm)


def _share(headline: Headline, arm: Arm) -> str:
    found = headline.events(arm)
    return fraction_percent(value(found, Stat.EVENTS), value(found, Stat.N))


def _middle(headline: Headline, arm: Arm) -> str:
    outcome = headline.outcome
    found = headline.described(arm, visit=outcome.time_point)
    middle = value(found, MIDDLES[outcome.summed_up])
    words = (
        f"{count(value(headline.analysed(arm), Stat.N))}; {number(middle, digits=outcome.digits)}"
    )
    return f"{words} [{count(value(found, Stat.N))}]" if _of_others(headline, arm) else words


def _rate(headline: Headline, arm: Arm) -> str:
    outcome = headline.outcome
    found = headline.described(arm, visit=outcome.time_point)
    rate = number(value(found, Stat.RATE), digits=outcome.digits)
    return f"{count(value(headline.analysed(arm), Stat.N))}; {rate}"


def _levels(headline: Headline, arm: Arm) -> str:
    return count(value(headline.analysed(arm), Stat.N))


_DESCRIBED: Mapping[Summary, Callable[[Headline, Arm], str]] = MappingProxyType(
    {
        Summary.MEAN: _middle,
        Summary.PROPORTION: _share,
        Summary.RATE: _rate,
        Summary.LEVELS: _levels,
        Summary.TIME: _share,
        Summary.RECURRENCE: _rate,
    }
)
"""What a cell of an arm says, by what the arms are summed up by."""


def _of_others(headline: Headline, arm: Arm) -> bool:
    """Whether the mean is of others than are analysed: of everybody who has a value."""
    described = value(headline.described(arm, visit=headline.outcome.time_point), Stat.N)
    return described is not None and described != value(headline.analysed(arm), Stat.N)


def means_words(headlines: Sequence[Headline]) -> str:
    """What the columns of the arms say, for the caption."""
    measured = [each for each in headlines if each.summary is Summary.MEAN]
    rates = [each for each in headlines if each.outcome.kind.counts_events]
    if rates and not measured:
        return _rates_words(rates)
    if not measured:
        return _counted_words(headlines)
    kinds = {each.outcome.summed_up for each in measured}
    middle = " or ".join(f"{each}s" for each in SummedUp if each in kinds)
    analysed = spelled("analysed")
    others = any(_of_others(each, arm) for each in measured for arm in each.protocol.arms)
    of_whom = f", in brackets of how many where of others than are {analysed}" if others else ""
    return f"n: participants {analysed}; {middle} are those observed at the outcome's time point{of_whom}"


def _counted_words(headlines: Sequence[Headline]) -> str:
    """What is counted where nothing is summed up by a middle or a rate."""
    kinds = {each.summary for each in headlines}
    had = {Summary.PROPORTION: "outcome", Summary.TIME: "event"}
    of_whom = " or ".join(words for each, words in had.items() if each in kinds)
    words = [f"n/N: participants with the {of_whom}, of those analysed"] if of_whom else []
    words += ["n: participants analysed"] if kinds - {*had} else []
    return spelled("; ".join(words))


def better_words(headlines: Sequence[Headline]) -> Iterator[str]:
    """On which side of no effect an advantage lies, by outcome where they differ."""
    of_wins = [each for each in headlines if each.scale.of_better]
    better: dict[str, list[str]] = {}
    for each in headlines:
        if not each.scale.of_better:
            labels = better.setdefault(better_word(each.outcome), [])
            labels += [] if each.outcome.label in labels else [each.outcome.label]
    if len(better) == 1 and not of_wins:
        yield f"Of these outcomes {next(iter(better))} is better"
    else:
        for word, labels in better.items():
            yield f"{capitalised(word)} is better of {listing(labels)}"
    if of_wins:
        named = dict.fromkeys(f"{each.outcome.label}, {EFFECTS[each.scale]}" for each in of_wins)
        yield f"Above 1 is better, whichever values are, of {'; '.join(named)}"
    if any(each.scale is Scale.HAZARD_RATIO for each in headlines):
        yield "A hazard ratio above 1 means that the event comes sooner"
    if any(each.scale is Scale.SUBDISTRIBUTION_HAZARD_RATIO for each in headlines):
        yield "A subdistribution hazard ratio above 1 means that more have the event"
    if any(each.summary is Summary.TIME and each.scale is Scale.RATIO for each in headlines):
        yield "A ratio of restricted mean times above 1 means that the event comes later"


def _rates_words(headlines: Sequence[Headline]) -> str:
    units = dict.fromkeys(
        f"{each.outcome.label} per {rate_unit(each.outcome)}" for each in headlines
    )
    return f"n: participants {spelled('analysed')}; rates are those observed ({', '.join(units)})"


def p_heads(effects: Iterable[OfAnArm]) -> tuple[str, ...]:
    """The heads of the columns of p values: raw ones, adjusted ones, both or none."""
    found = tuple(effects)
    raw = (p_symbol(),) if any(_raw(each) is not None for each in found) else ()
    adjusted = any(_adjusted(each) is not None for each in found)
    return (*raw, *((f"adj. {p_symbol()}",) if adjusted else ()))


def p_cells(effect: OfAnArm, heads: Sequence[str]) -> tuple[str, ...]:
    """The p values of an effect under these heads; a dash where it has none."""
    alpha = effect.headline.protocol.plan.alpha
    found = (_raw(effect) if head == p_symbol() else _adjusted(effect) for head in heads)
    return tuple(DASH if p is None else p_value(p, alpha=alpha) for p in found)


def p_notes(effects: Iterable[OfAnArm]) -> Iterator[str]:
    """Whether p values are adjusted, by what, and that one-sided ones are left out."""
    found = tuple(effects)
    heads = p_heads(found)
    if not heads:
        return
    if any(_adjusted(each) is not None for each in found):
        notes = [note.removesuffix(".") for note in adjustment_notes(headlines_of(found))]
        yield from notes or ["Adjusted p values are those of the plan; intervals are not adjusted"]
    else:
        yield "P values are not adjusted"
    if any(is_one_sided(_test(each)) for each in found):
        yield "One-sided p values are left out"


def _raw(effect: OfAnArm) -> float | None:
    """The two-sided p value that belongs to an interval of one comparison alone."""
    row = _test(effect)
    own = limits_of(effect.headline.effect(effect.arm))
    if row is None or is_one_sided(row) or p_beside(own) is not Stat.P_VALUE:
        return None
    return row.stat


def _adjusted(effect: OfAnArm) -> float | None:
    if is_one_sided(_test(effect)):
        return None
    return value(effect.headline.test(effect.arm), Stat.P_ADJUSTED)


def _test(effect: OfAnArm) -> Result | None:
    return effect.headline.test(effect.arm).get(Stat.P_VALUE)
