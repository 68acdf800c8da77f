"""What a difference between arms is with so much added to imputed values, and from which delta on it tips."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import confidence, number, p_symbol, plain
from trialkit.report.tables.cells import interval_cell, lacking_cell, p_cell, printed_cell
from trialkit.report.tables.tipping_grid import StatedGrid, stated_grids
from trialkit.report.words.en.important_difference import important_effect
from trialkit.report.words.en.tipping import (
    NEVER,
    importance_words,
    significance_words,
    unmoved_words,
    worse_words,
)
from trialkit.report.words.en.wording import listing, lowered
from trialkit.results.effect import Scale
from trialkit.results.lookup import ResultIndex, value
from trialkit.results.vocabulary import Stat

MOST_COLUMNS, MOST_ROWS = 7, 13
"""Of a grid in two directions, so much is printed: every second point, or every third, and so on."""
DELTA_DIGITS = 2


def tipping_tables(protocol: Protocol, index: ResultIndex) -> tuple[Table, ...]:
    """A table for each tipping point analysis and outcome of the plan."""
    together: dict[tuple[str, str], list[StatedGrid]] = {}
    for grid in stated_grids(protocol, index):
        key = (grid.headline.analysis.id, grid.headline.outcome.code)
        together.setdefault(key, []).append(grid)
    return tuple(_table(f"{'-'.join(key)}", grids) for key, grids in together.items())


def _table(name: str, grids: Sequence[StatedGrid]) -> Table:
    first = grids[0]
    outcome, protocol = first.headline.outcome, first.protocol
    when = lowered(protocol.visit(outcome.time_point).label)
    unit = f", {outcome.unit}" if outcome.unit else ""
    heads = _two_way_heads(first) if first.is_two_way else _one_way_heads(first)
    stated = any(grid.is_stated for grid in grids)
    return Table(
        anchor=f"table-tipping-{name}",
        caption=(
            f"{outcome.label}, {when}: difference between arms with a delta added to imputed values of "
            f"{first.moved.label}{f' and of {first.other.label}' if first.is_two_way else ''}"
        ),
        stub=f"Delta in {first.moved.label}{unit}",
        heads=heads,
        groups=tuple(_group(grid, several=len(grids) > 1) for grid in grids),
        notes=tuple(_notes(first, grids)) if stated else (),
        claims=(
            Claim(
                item="28",
                part="other analyses",
                source=ClaimSource.DATA,
                lacks="" if stated else f"no result of {first.headline.analysis.id}",
            ),
        ),
    )


def _one_way_heads(grid: StatedGrid) -> tuple[ColumnHead, ...]:
    level = confidence(value(grid.at(0.0), Stat.CONF_LEVEL) or 1 - grid.protocol.plan.alpha)
    return (ColumnHead(text=f"Difference ({level} CI)"), ColumnHead(text=p_symbol()))


def _two_way_heads(grid: StatedGrid) -> tuple[ColumnHead, ...]:
    return tuple(
        ColumnHead(text=f"{plain(each)} in {grid.other.label}")
        for each in _thinned(grid.moves.other_deltas, MOST_COLUMNS)
    )


def _group(grid: StatedGrid, *, several: bool) -> RowGroup:
    head = grid.contrast if several else ""
    if not grid.is_stated:
        why = grid.why_not
        row = why.get(Stat.ESTIMATE)
        cell = (
            Cell(text=NEVER)
            if row is None
            else lacking_cell(why, (Stat.ESTIMATE,), "\N{EM DASH}", row)
        )
        cells = _where_nothing_is_added(grid, cell)
        return RowGroup(head=head, rows=(Row(head="Every delta", cells=cells),))
    rows = _two_way_rows(grid) if grid.is_two_way else _one_way_rows(grid)
    return RowGroup(head=head, rows=(*rows, *_tips(grid)))


def _one_way_rows(grid: StatedGrid) -> Iterator[Row]:
    digits, alpha = grid.headline.outcome.digits, grid.protocol.plan.alpha
    for delta in grid.moves.deltas:
        found = grid.at(delta)
        cells = (interval_cell(found, digits=digits), p_cell(found, alpha=alpha))
        yield Row(head=_said(delta), cells=cells)


def _two_way_rows(grid: StatedGrid) -> Iterator[Row]:
    for delta in _thinned(grid.moves.deltas, MOST_ROWS):
        cells = (
            _both(grid, delta, other) for other in _thinned(grid.moves.other_deltas, MOST_COLUMNS)
        )
        yield Row(head=_said(delta), cells=tuple(cells))


def _both(grid: StatedGrid, delta: float, other: float) -> Cell:
    """The difference, and p in brackets."""
    found = grid.at(delta, other)
    estimate = number(value(found, Stat.ESTIMATE), digits=grid.headline.outcome.digits)
    p = p_cell(found, alpha=grid.protocol.plan.alpha).text
    return printed_cell(f"{estimate} ({p})", found, Stat.ESTIMATE, Stat.P_VALUE)


def _said(delta: float) -> str:
    return plain(delta) if delta else "0 (nothing added)"


def _tips(grid: StatedGrid) -> Iterator[Row]:
    """With which delta conclusions change, where nothing is added in the other arm; the rest is empty."""
    outcome = grid.headline.outcome
    better = outcome.direction.value == "lower"
    important = important_effect(outcome, Scale.DIFFERENCE, lower_is_better=better)
    asked = {Stat.TIPPING_DELTA: significance_words(grid.protocol.plan.alpha)}
    if important is not None:
        asked[Stat.IMPORTANCE_DELTA] = importance_words(important, outcome.unit)
    for stat, words in asked.items():
        found = value(grid.tips, stat)
        text = NEVER if found is None else number(found, digits=DELTA_DIGITS)
        cell = replace(printed_cell(text, grid.tips, stat), note="")
        yield Row(head=words, cells=_where_nothing_is_added(grid, cell))


def _where_nothing_is_added(grid: StatedGrid, cell: Cell) -> tuple[Cell, ...]:
    """The cell in the column of no delta in the other arm; with one arm in that of the difference."""
    blank = Cell(text="")
    if not grid.is_two_way:
        return (cell, blank)
    shown = _thinned(grid.moves.other_deltas, MOST_COLUMNS)
    return tuple(blank if other else cell for other in shown)


def _notes(grid: StatedGrid, grids: Sequence[StatedGrid]) -> Iterator[str]:
    if not any(_moves_anything(each) for each in grids):
        yield f"{unmoved_words(grid.moved.label)}."
    yield f"{worse_words(grid.headline.outcome)}."
    if grid.is_two_way:
        moves = grid.moves
        yield (
            f"Difference ({p_symbol()}), {grid.contrast}; where it tips is said with nothing added in "
            f"{grid.other.label}. P values are not adjusted."
        )
        shown = len(_thinned(moves.deltas, MOST_ROWS)) * len(
            _thinned(moves.other_deltas, MOST_COLUMNS)
        )
        if shown < len(moves.deltas) * len(moves.other_deltas):
            yield "Not every point of the grid is printed; all are in the results and in the figure."
    else:
        contrasts = listing([each.contrast for each in grids])
        yield f"Difference: {contrasts}. P values are not adjusted."


def _moves_anything(grid: StatedGrid) -> bool:
    """Whether the difference depends on what is added at all."""
    moves = grid.moves
    stated = {value(grid.at(delta), Stat.ESTIMATE) for delta in moves.deltas}
    return len(stated) > 1 or len(moves.deltas) == 1


def _thinned(deltas: Sequence[float], most: int) -> tuple[float, ...]:
    """So many at most, in even steps from 0 on, which is among them."""
    zero = list(deltas).index(0.0)
    step = 1
    while len(deltas[zero % step :: step]) > most:
        step += 1
    return tuple(deltas[zero % step :: step])
