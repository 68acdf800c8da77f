"""Works get their numbers in the order in which the report cites them first."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from trialkit.report.citing.form import ReferenceForm
from trialkit.report.content.marks import Citation, CitationMark, CitedWork
from trialkit.report.content.references import CitedReference, References
from trialkit.report.content.text import Run

SHORTEST_RANGE = 3
"""So many numbers that follow each other are printed as the first and the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """The numbers that were given; one for each report."""

    form: ReferenceForm
    describe: Callable[[str], tuple[Run, ...]]
    """What gives the reference of a work, by its key."""
    _numbers: dict[str, int] = field(default_factory=dict)
    _references: list[CitedReference] = field(default_factory=list)
    _in_cells: list[Citation] = field(default_factory=list)

    @property
    def references(self) -> References:
        """The works that have a number, in order."""
        return References(entries=tuple(self._references), in_cells=bool(self._in_cells))

    def numbered(self, citation: Citation) -> Citation:
        """The same citation with what is printed for it.

        Raises :class:`ReportError` for a work that the trial's files do not have.
        """
        marks = self._marks_of(citation)
        if not self.form.raised:
            marks = (CitationMark(text="("), *marks, CitationMark(text=")"))
        return replace(citation, marks=marks, raised=self.form.raised)

    def in_a_cell(self, citation: Citation) -> str:
        """The citation as plain text in brackets, for cells that hold nothing else."""
        self._in_cells.append(citation)
        return f"[{''.join(mark.text for mark in self._marks_of(citation))}]"

    def _marks_of(self, citation: Citation) -> tuple[CitationMark, ...]:
        places: dict[int, CitedWork] = {}
        for work in citation.works:
            places.setdefault(self._number(work), work)
        return self._marks(sorted(places.items()))

    def _number(self, work: CitedWork) -> int:
        if work.key not in self._numbers:
            number = len(self._numbers) + 1
            runs = self.describe(work.key)
            self._numbers[work.key] = number
            self._references.append(CitedReference(key=work.key, anchor=_anchor(number), runs=runs))
        return self._numbers[work.key]

    def _marks(self, works: list[tuple[int, CitedWork]]) -> tuple[CitationMark, ...]:
        located = any(work.locator for _, work in works)
        between = "; " if located and not self.form.raised else ","
        marks: list[CitationMark] = []
        for stretch in _stretches(works):
            if marks:
                marks.append(CitationMark(text=between))
            first, last = stretch[0][0], stretch[-1][0]
            if len(stretch) >= SHORTEST_RANGE:
                marks += [_mark(first), CitationMark(text=self.form.range_dash), _mark(last)]
                continue
            for place, (number, work) in enumerate(stretch):
                if place:
                    marks.append(CitationMark(text=between))
                marks.append(_mark(number))
                if work.locator:
                    marks.append(CitationMark(text=self._located(work.locator)))
        return tuple(marks)

    def _located(self, locator: str) -> str:
        return f"({locator})" if self.form.raised else f", {locator}"


def _anchor(number: int) -> str:
    return f"reference-{number}"


def _mark(number: int) -> CitationMark:
    return CitationMark(text=str(number), anchor=_anchor(number))


def _stretches(works: list[tuple[int, CitedWork]]) -> list[list[tuple[int, CitedWork]]]:
    """Works whose numbers follow each other; one with a place in it stands alone."""
    found: list[list[tuple[int, CitedWork]]] = []
    for number, work in works:
        before = found[-1][-1] if found else None
        follows = before is not None and before[0] + 1 == number and not before[1].locator
        if follows and not work.locator:
            found[-1].append((number, work))
        else:
            found.append([(number, work)])
    return found
