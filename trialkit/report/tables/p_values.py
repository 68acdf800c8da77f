"""The columns of p values beside effects: in each row the p value that belongs to its interval."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from trialkit.report.content.tables import Cell, ColumnHead
from trialkit.report.numbers.numbers import DASH, p_symbol
from trialkit.report.tables.cells import EMPTY, p_cell
from trialkit.report.tables.headlines import Headline
from trialkit.report.words.en.terms import ADJUSTMENTS, CONTRAST_ADJUSTMENTS
from trialkit.report.words.en.wording import listing, lowered
from trialkit.results.agreement import is_one_sided, limits_of, p_beside
from trialkit.results.effect import Status
from trialkit.results.lookup import Statistics
from trialkit.results.vocabulary import Stat

_ONE_SIDED = "one-sided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An effect, and the statistics that hold its p values, which may stand at another address."""

    effect: Statistics
    test: Statistics

    @property
    def has_raw(self) -> bool:
        """Whether its raw p value may be printed: not beside an interval that answers for several."""
        beside = p_beside(limits_of(self.effect))
        return Stat.P_VALUE in self.test and beside is Stat.P_VALUE

    @property
    def is_one_sided(self) -> bool:
        """Whether its p values ask in one direction only."""
        return is_one_sided(self.test.get(Stat.P_VALUE))


@dataclass(frozen=True, slots=True, kw_only=True)
class PColumns:
    """Which columns of p values a table has, and whether all of their p values are one-sided."""

    raw: bool
    adjusted: bool
    one_sided: bool

    @property
    def width(self) -> int:
        """How many columns there are."""
        return self.raw + self.adjusted

    @property
    def heads(self) -> tuple[ColumnHead, ...]:
        """Their heads."""
        raw = f"One-sided {p_symbol()}" if self.one_sided else p_symbol()
        adjusted = f"Adjusted {p_symbol()}"
        return tuple(
            ColumnHead(text=text)
            for text, there in ((raw, self.raw), (adjusted, self.adjusted))
            if there
        )

    @property
    def empty(self) -> tuple[Cell, ...]:
        """The cells of a row that is compared with nothing."""
        return (EMPTY,) * self.width

    def cells(self, tested: Compared, *, alpha: float) -> tuple[Cell, ...]:
        """The p values of an effect; a dash where none belongs to its interval."""
        raw = p_cell(tested.test, alpha=alpha) if tested.has_raw else Cell(text=DASH)
        adjusted = p_cell(tested.test, Stat.P_ADJUSTED, alpha=alpha)
        if tested.is_one_sided and not self.one_sided:
            raw, adjusted = _marked(raw), _marked(adjusted)
        return (*((raw,) if self.raw else ()), *((adjusted,) if self.adjusted else ()))

    @property
    def dashes(self) -> tuple[Cell, ...]:
        """The cells of an effect that is not tested."""
        return (Cell(text=DASH),) * self.width


def _marked(cell: Cell) -> Cell:
    """A one-sided p value among others, which says what it is."""
    return replace(cell, text=f"{cell.text} [{_ONE_SIDED}]") if cell.results else cell


def p_columns(tested: Iterable[Compared]) -> PColumns:
    """The columns that these effects need; one of raw p values where nothing is tested, too."""
    kept = [each for each in tested if each.test]
    adjusted = any(Stat.P_ADJUSTED in each.test for each in kept)
    sides = {each.is_one_sided for each in kept if Stat.P_VALUE in each.test}
    return PColumns(
        raw=any(each.has_raw for each in kept) or not adjusted,
        adjusted=adjusted,
        one_sided=sides == {True},
    )


def columns_of(found: Iterable[Headline]) -> PColumns:
    """The columns that hold every comparison of these headlines with the reference arm."""
    return p_columns(pair for each in found for pair in comparisons(each))


def comparisons(headline: Headline) -> tuple[Compared, ...]:
    """The comparisons of a headline with the reference arm."""
    method = headline.measure
    return tuple(
        Compared(effect=headline.effect(arm, method=method), test=headline.test(arm))
        for arm in headline.protocol.experimental
    )


def adjustment_notes(found: Iterable[Headline]) -> Iterator[str]:
    """What adjusts the p values of a table, and whether the intervals beside them are adjusted, too."""
    headlines = tuple(found)
    yield from _within(headlines)
    families = {each.analysis.family for each in headlines}
    for family in headlines[0].protocol.plan.families if headlines else ():
        if family.code in families and family.adjustment in ADJUSTMENTS:
            words = f"{ADJUSTMENTS[family.adjustment]}, {lowered(family.label)}"
            outside = "; a dash: not adjusted" if len(families) > 1 else ""
            yield f"Adjusted {p_symbol()}: {words}{outside}. Intervals are not adjusted."


def _within(headlines: tuple[Headline, ...]) -> Iterator[str]:
    """Of analyses that adjust for the number of their arms: how, and what that makes of limits."""
    by_method: dict[str, dict[str, None]] = {}
    for each in headlines:
        contrast = each.contrast
        if contrast is not None and contrast.adjusts_itself and _has_adjusted(each):
            by_method.setdefault(contrast.p_adjusted_by, {})[each.outcome.label] = None
    for method, labels in by_method.items():
        how = CONTRAST_ADJUSTMENTS[method]
        yield f"Adjusted {p_symbol()} of {listing(list(labels))}: after {how}."


def _has_adjusted(headline: Headline) -> bool:
    rows = (each.test.get(Stat.P_ADJUSTED) for each in comparisons(headline))
    return any(row is not None and row.status is not Status.NOT_ASKED for row in rows)
