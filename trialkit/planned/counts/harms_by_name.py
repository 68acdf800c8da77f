"""Harms by what they are called: by class, serious ones by term, and which terms are rare."""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pandas as pd

from trialkit.datasets.flags import is_no, is_yes
from trialkit.decimals import as_written
from trialkit.results.harms import EventFact
from trialkit.results.lookup import IN_LEVEL, Before, Term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HarmsTally:
    """What one row counts: events, and the participants who count for them."""

    term: str
    events: pd.Series
    """Whose each event is."""
    people: frozenset[str]
    unknown: frozenset[str] = frozenset()
    """Of whom it is not known whether they had such an event."""
    is_compared: bool = True
    """Whether it is a risk, with limits and a difference; else it is what nobody knows."""


def people_of(events: pd.DataFrame) -> frozenset[str]:
    """Who had any of these events."""
    return frozenset(events["subject_id"])


def by_frequency(events: pd.DataFrame, column: str) -> list[tuple[str, pd.DataFrame]]:
    """The events of each name that is there or that the form lists, the most frequent first."""
    names = events[column]
    listed = isinstance(names.dtype, pd.CategoricalDtype)
    known = list(names.cat.categories) if listed else sorted(names.dropna().unique())
    named = [(str(name), events[names == name]) for name in known]
    return sorted(named, key=lambda each: -len(people_of(each[1])))


def named_tally(term: str, rows: pd.DataFrame, maybe: frozenset[str]) -> HarmsTally:
    """Who had these events; ``maybe`` had one of which it is not known whether it is such."""
    had = people_of(rows)
    return HarmsTally(term=term, events=rows["subject_id"], people=had, unknown=maybe - had)


def rare_terms(
    events: pd.DataFrame, *, arm_of: Mapping[str, str], below: float | None
) -> frozenset[str]:
    """The terms that fewer percent of every arm had than ``below``.

    None of them may be serious: a term with an event that is, or of which nobody knows it, is not rare,
    nor is any where the form does not ask. ``arm_of`` are all participants with their arms.
    """
    if below is None:
        return frozenset()
    sizes = Counter(arm_of.values())
    return frozenset(
        term
        for term, rows in by_frequency(events, "term")
        if is_no(rows["serious"]).all()
        and not _reaches(Counter(map(arm_of.__getitem__, people_of(rows))), sizes, below)
    )


def _reaches(people: Mapping[str, int], sizes: Mapping[str, int], percent: float) -> bool:
    """Whether so many percent of any arm are among these people, in decimal."""
    least = as_written(percent)
    return any(100 * people.get(arm, 0) >= least * size for arm, size in sizes.items())


def class_tallies(events: pd.DataFrame, rare: AbstractSet[str]) -> Iterator[HarmsTally]:
    """Each class of events, followed by its terms; nothing where no event has a class."""
    classes = events["event_class"]
    if classes.isna().all():
        return
    unclassed, unnamed = events[classes.isna()], people_of(events[events["term"].isna()])
    if len(unclassed):
        yield HarmsTally(
            term=Term.NO_CLASS,
            events=unclassed["subject_id"],
            people=people_of(unclassed) - people_of(events[classes.notna()]),
            is_compared=False,
        )
    for name, rows in by_frequency(events, "event_class"):
        # what stands between class and term is no part of a name
        lead = f"{Before.CLASS}{name.replace(IN_LEVEL, ' / ')}"
        yield named_tally(lead, rows, people_of(unclassed))
        for term, of_term in by_frequency(rows, "term"):
            if len(of_term) and term not in rare:
                yield named_tally(f"{lead}{IN_LEVEL}{term}", of_term, unnamed)


def serious_tallies(events: pd.DataFrame, asked: AbstractSet[EventFact]) -> Iterator[HarmsTally]:
    """Each term that was serious in anybody; nothing where the form does not ask either."""
    if not {EventFact.SERIOUS, EventFact.TERM} <= asked:
        return
    serious, unknown = events[is_yes(events["serious"])], events[events["serious"].isna()]
    unnamed = people_of(serious[serious["term"].isna()])
    for term, rows in by_frequency(serious, "term"):
        if len(rows):
            maybe = people_of(unknown[unknown["term"] == term]) | unnamed
            yield named_tally(f"{Before.SERIOUS}{term}", rows, maybe)
