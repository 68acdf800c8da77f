"""Each printed number's way back: to the rows of the results, the population and the data's hash."""

from collections.abc import Iterable, Iterator

from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Block, Fact, Figure, Section, Trace
from trialkit.report.content.manifest import SHOWN_HASH, Manifest
from trialkit.report.content.running_text import numbers_of
from trialkit.report.content.tables import Table
from trialkit.report.tables.cells import compared_arms
from trialkit.report.words.en.wording import counted
from trialkit.report.words.languages import short_name
from trialkit.results.lookup import ResultIndex, Shelf, value
from trialkit.results.notes import origin_of
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

SHELVES = {
    Shelf.DESCRIPTIVE: "description of the outcomes",
    Shelf.BASELINE: "description at baseline",
    Shelf.HARMS: "harms",
    Shelf.ADHERENCE: "adherence",
    Shelf.FLOW: "participant flow",
    Shelf.POPULATIONS: "analysis populations",
    Shelf.MISSING: "missing values",
    Shelf.CONCOMITANT: "concomitant care",
    Shelf.DEVIATIONS: "deviations from the protocol",
    Shelf.INTERCURRENT: "intercurrent events",
}
EACH_CELL = Fact(term="Each cell", text="trialkit trace TRIAL 'ID', with the id below in quotes")
"""No call to copy: an id holds words that a site entered. A trail shows arms, so that a report without
arms does not speak of it."""
DATASETS = {"findings": "the listing of the validation (findings.csv)"}


def trace_numbers(
    sections: Iterable[Section], *, protocol: Protocol, index: ResultIndex, manifest: Manifest
) -> tuple[Trace, ...]:
    """One trace for each set of results, or dataset, that any number of the report prints."""
    printed = dict.fromkeys(
        source for section in sections for block in section.all_blocks() for source in _of(block)
    )
    data = Fact(term="Data", text=manifest.data_sha256[:SHOWN_HASH], code=True)
    return tuple(
        _of_results(f"trace-{number}", results, data, protocol, index)
        if results
        else _of_dataset(f"trace-{number}", dataset, data)
        for number, (results, dataset) in enumerate(printed, start=1)
    )


def printed_results(sections: Iterable[Section]) -> frozenset[str]:
    """The ids of all results and series that these sections print or draw."""
    return frozenset(
        name
        for section in sections
        for block in section.all_blocks()
        for results, _ in _of(block)
        for name in results
    )


def _of(block: Block) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the numbers of a block are made from, in reading order."""
    match block:
        case Table():
            for row in block.rows:
                for cell in row.cells:
                    if cell.results or cell.dataset:
                        yield cell.results, cell.dataset
        case Figure(drawn_from=series) if series:
            yield series, ""
        case _:
            pass
    yield from ((each.results, "") for each in numbers_of(block))


def _of_dataset(anchor: str, dataset: str, data: Fact) -> Trace:
    return Trace(
        anchor=anchor,
        results=(),
        dataset=dataset,
        title=f"Counted in {DATASETS.get(dataset, dataset)}",
        facts=(data,),
        values=(),
    )


def _of_results(
    anchor: str, results: tuple[str, ...], data: Fact, protocol: Protocol, index: ResultIndex
) -> Trace:
    drawn = [each for each in map(index.series_named, results) if each is not None]
    if drawn:
        return _of_series(anchor, results, drawn, data, protocol)
    rows = [index.row(name) for name in results]
    return Trace(
        anchor=anchor,
        results=results,
        dataset="",
        title=title_of(rows[0], protocol),
        facts=(
            *facts_of(rows[0], protocol, index),
            data,
            *(() if protocol.is_pooled else (EACH_CELL,)),
        ),
        values=_values(rows),
    )


def _of_series(
    anchor: str, results: tuple[str, ...], drawn: list[Series], data: Fact, protocol: Protocol
) -> Trace:
    """What a figure draws: each series with the number of its points, which series.csv lists."""
    first = drawn[0]
    label = protocol.outcome(first.outcome).label
    return Trace(
        anchor=anchor,
        results=results,
        dataset="",
        title=f"{label}: drawn from series.csv",
        facts=(Fact(term="Analysis", text=first.analysis_id), data),
        values=tuple(
            Fact(term=each.result_id, text=counted(len(each.points), "point"), code=True)
            for each in drawn
        ),
    )


def title_of(row: Result, protocol: Protocol) -> str:
    """What a result is about, in the words of the protocol."""
    outcomes = {each.code: each.label for each in protocol.outcomes}
    outcomes |= {f"{each.form}.{each.item}": each.label for each in protocol.characteristics}
    visits = {each.code: each.label for each in protocol.visits}
    arms = {each.code: each.label for each in protocol.arms}
    planned = next((each for each in protocol.outcomes if each.code == row.outcome), None)
    contrast = None if planned is None else protocol.effect(row.analysis_id, planned)
    contrasts = compared_arms(contrast, protocol)
    parts = (
        outcomes.get(row.outcome, row.outcome) or row.outcome,
        visits.get(row.visit, row.visit),
        contrasts.get(row.term, row.term),
        arms.get(row.arm) or contrasts.get(row.arm, row.arm),
    )
    return ", ".join(part for part in parts if part) or row.analysis_id


def facts_of(row: Result, protocol: Protocol, index: ResultIndex) -> Iterator[Fact]:
    """The analysis, the population, its size, and where what it rests on was entered."""
    planned = {each.id: each for each in protocol.plan.analyses}.get(row.analysis_id)
    if planned is None:
        shelf = SHELVES.get(row.analysis_id)  # type: ignore[call-overload]
        yield Fact(term="Analysis", text=shelf or row.analysis_id)
    else:
        words = (
            f"{planned.id} ({planned.role.value}): {short_name(planned.specification, protocol)}"
        )
        yield Fact(term="Analysis", text=words)
    labels = {each.code: each.label for each in protocol.populations}
    everybody = "all assessed" if row.analysis_id == Shelf.FLOW else "all randomised"
    yield Fact(term="Population", text=labels.get(row.population, everybody))
    size = _size(row, protocol, index)
    if size:
        yield Fact(term="n", text=size)
    outside = None if planned is None else planned.specification.made_outside
    further = planned.specification.further_outcomes if planned is not None and row.term else ()
    entered = ", ".join(
        filter(None, (_entered_in(code, protocol) for code in (row.outcome, *further)))
    )
    if outside is not None:
        yield Fact(
            term="Read from",
            text=f"{origin_of(row.note) or outside.file}, made by {outside.program}",
        )
    elif entered:
        yield Fact(term="Entered in", text=entered)


def _entered_in(outcome: str, protocol: Protocol) -> str:
    """The items that an outcome, or a characteristic, is read from; empty for what is counted."""
    places = {
        each.code: ", ".join((f"{each.form}.{each.item}", *_days_of(each)))
        for each in protocol.outcomes
    }
    names = {each.name for each in protocol.characteristics}
    return places.get(outcome, outcome if outcome in names else "")


def _days_of(outcome: Outcome) -> Iterator[str]:
    """The items that begin or end its time at risk."""
    for _, asked in () if outcome.risk is None else outcome.risk.dates:
        yield asked.date


def _size(row: Result, protocol: Protocol, index: ResultIndex) -> str:
    """How many the numbers are of: those of the row itself, else those analysed in each arm."""
    own = index.find(
        row.analysis_id,
        outcome=row.outcome,
        visit=row.visit,
        term=row.term,
        arm=row.arm,
        having=Stat.N,
    )
    if Stat.N in own:
        size = value(own, Stat.N)
        return "" if size is None else str(size)
    sizes = []
    for arm in protocol.arms:
        found = index.find(
            row.analysis_id, outcome=row.outcome, term="", arm=arm.code, having=Stat.N
        )
        if value(found, Stat.N) is not None:
            sizes.append(f"{arm.label} {value(found, Stat.N)}")
    return "; ".join(sizes)


def _values(rows: list[Result]) -> tuple[Fact, ...]:
    """Each statistic under its ``result_id``; what all ids begin with is said once, before them."""
    shared = {row.result_id.rpartition("/")[0] for row in rows}
    if len(rows) == 1 or len(shared) > 1:
        return tuple(Fact(term=row.result_id, text=_value(row), code=True) for row in rows)
    first, *others = rows
    return (
        Fact(term=first.result_id, text=_value(first), code=True),
        *(
            Fact(term=f"\N{HORIZONTAL ELLIPSIS}/{row.stat_name}", text=_value(row), code=True)
            for row in others
        ),
    )


def _value(row: Result) -> str:
    """The unrounded statistic, as ``results.csv`` holds it."""
    return row.note if row.stat is None else repr(row.stat)
