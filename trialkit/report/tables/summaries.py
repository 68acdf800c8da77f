"""Cells that sum up an arm by what the plan's aggregation says: mean, median or geometric mean."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from trialkit.protocol.trial.summing_up import SummedUp
from trialkit.report.content.tables import Cell
from trialkit.report.numbers.numbers import (
    FACTOR,
    geometric_mean_sd,
    mean_sd_words,
    n_equals,
    number,
)
from trialkit.report.tables.cells import (
    QUARTILES,
    lacking_cell,
    mean_cell,
    median_cell,
    printed_cell,
    without_number,
)
from trialkit.report.words.en.wording import listing
from trialkit.results.lookup import Statistics, value
from trialkit.results.vocabulary import Stat

MIDDLES: Mapping[SummedUp, Stat] = MappingProxyType(
    {
        SummedUp.MEAN: Stat.MEAN,
        SummedUp.MEDIAN: Stat.MEDIAN,
        SummedUp.GEOMETRIC_MEAN: Stat.GEOMETRIC_MEAN,
    }
)
"""The statistic that stands for a group."""


def geometric_cell(found: Statistics, *, digits: int) -> Cell:
    """Geometric mean (geometric SD); why there is none, where the results say so."""
    stats = (Stat.GEOMETRIC_MEAN, Stat.GEOMETRIC_SD)
    middle, spread = (value(found, stat) for stat in stats)
    without = without_number(found, Stat.GEOMETRIC_MEAN)
    if without is not None:
        return lacking_cell(found, stats, number(middle, digits=digits), without)
    return printed_cell(geometric_mean_sd(middle, spread, digits=digits), found, *stats)


def summary_cell(
    found: Statistics, by: SummedUp, *, digits: int, beside: Statistics | None = None
) -> Cell:
    """What an outcome is summed up by, with its spread.

    Of others than are counted ``beside``, it says of how many.
    """
    cell = _CELLS[by](found, digits=digits)
    own = value(found, Stat.N)
    if not own or beside is None or own == value(beside, Stat.N):
        return cell
    size = printed_cell(n_equals(own), found, Stat.N)
    return Cell(
        text=f"{cell.text}; {size.text}",
        results=(*cell.results, *size.results),
        note=" ".join(dict.fromkeys(filter(None, (cell.note, size.note)))),
    )


_CELLS = MappingProxyType(
    {
        SummedUp.MEAN: mean_cell,
        SummedUp.MEDIAN: median_cell,
        SummedUp.GEOMETRIC_MEAN: geometric_cell,
    }
)


def summary_words(kinds: Iterable[SummedUp]) -> str:
    """What a column of such summaries is called: ``Mean (SD) or median (…)``."""
    found = set(kinds) or {SummedUp.MEAN}
    names = {
        SummedUp.MEAN: mean_sd_words(small=True),
        SummedUp.MEDIAN: f"median ({QUARTILES})",
        SummedUp.GEOMETRIC_MEAN: "geometric mean (geometric SD)",
    }
    words = listing([names[each] for each in SummedUp if each in found], last="or")
    return words[0].upper() + words[1:]


def factor_notes(kinds: Iterable[SummedUp]) -> tuple[str, ...]:
    """What the spread of a geometric mean is, where a table has one."""
    if SummedUp.GEOMETRIC_MEAN not in set(kinds):
        return ()
    return (
        f"{FACTOR}: geometric SD, the factor by which a geometric mean is multiplied and divided.",
    )


def spread_words(kinds: Iterable[SummedUp]) -> str:
    """What a note calls them, which stand in one table: ``Means, medians and their spread``."""
    found = set(kinds)
    if found <= {SummedUp.MEAN}:
        return "Means and standard deviations"
    names = {
        SummedUp.MEAN: "means",
        SummedUp.MEDIAN: "medians",
        SummedUp.GEOMETRIC_MEAN: "geometric means",
    }
    # changes of what is summed up by its geometric mean have means
    shown = [names[each] for each in SummedUp if each in found | {SummedUp.MEAN}]
    words = f"{', '.join(shown)} and their spread"
    return words[0].upper() + words[1:]
