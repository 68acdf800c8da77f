"""Raised citations stand behind the stop that their author wrote after them, and come back before it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from trialkit.report.content.marks import Citation, CitedWork, MarkedText
from trialkit.report.content.text import Run

_STOPS = (".", ",")
"""What raised numbers stand behind, and not before."""
Runs: TypeAlias = tuple[Run, ...]


def behind_stops(runs: Runs) -> Iterator[Run]:
    """The runs with each citation behind the stop that follows it, and no blank before it."""
    left = list(runs)
    for place, run in enumerate(left):
        following = left[place + 1] if place + 1 < len(left) else ""
        if isinstance(run, Citation):
            if isinstance(following, str):
                stop = _stop_of(following)
                left[place + 1 : place + 2] = [following[len(stop) :]]
                if stop:
                    yield stop
            yield run
            continue
        said = _without_blank(run) if isinstance(following, Citation) else run
        if said != "":
            yield said


def _stop_of(following: str) -> str:
    return following[:1] if following.startswith(_STOPS) else ""


def _without_blank(run: Run) -> Run:
    """What stands before a raised number."""
    if isinstance(run, str):
        return run.rstrip(" ")
    return replace(run, text=run.text.rstrip(" ")) if isinstance(run, MarkedText) else run


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """How an author wrote a citation."""

    blank: str
    """The blank before it."""
    stop: str
    """The stop after it."""


class WrittenPlaces:
    """Where an author's citations stood in each text, so that raised ones go back there.

    The first citation of some works that is asked for is the first one that cites them, and so on;
    one that was not there before stands as most authors write it, before the stop that ends a word.
    """

    def __init__(self, texts: Iterable[Runs]) -> None:
        self._left: dict[tuple[CitedWork, ...], list[_Place]] = {}
        for runs in texts:
            for number, run in enumerate(runs):
                if isinstance(run, Citation):
                    before = runs[number - 1] if number else ""
                    following = runs[number + 1] if number + 1 < len(runs) else ""
                    place = _Place(
                        blank=" " if _ends_blank(before) else "",
                        stop=_stop_of(following) if isinstance(following, str) else "",
                    )
                    self._left.setdefault(run.works, []).append(place)

    def put_back(self, runs: Runs) -> Iterator[Run]:
        """The runs of a document, whose citations are raised, as their author would have written them."""
        made: list[Run] = []
        for run in runs:
            if isinstance(run, Citation):
                before = made.pop() if made and isinstance(made[-1], str) else ""
                assert isinstance(before, str)
                place = self._place(run.works, before, is_first=not made and not before)
                moves = place.stop != "" and before.endswith(place.stop)
                said = before[: -len(place.stop)] if moves else before
                made += [said.rstrip(" ") + place.blank, run, place.stop if moves else ""]
            elif made and isinstance(made[-1], str) and isinstance(run, str):
                made[-1] += run
            else:
                made.append(run)
        return (run for run in made if run != "")

    def _place(self, works: tuple[CitedWork, ...], before: str, *, is_first: bool) -> _Place:
        waiting = self._left.get(works)
        if waiting:
            return waiting.pop(0)
        stop = before[-1:] if before.endswith(_STOPS) else ""
        return _Place(blank="" if is_first else " ", stop=stop)


def _ends_blank(run: Run) -> bool:
    text = run if isinstance(run, str) else run.text if isinstance(run, MarkedText) else ""
    return text.endswith(" ")
