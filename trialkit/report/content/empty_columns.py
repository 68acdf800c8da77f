"""A column in which nothing stands says nothing: it goes, with its head."""

from dataclasses import replace

from trialkit.report.content.tables import ColumnHead, Table


def without_empty_columns(table: Table) -> Table:
    """The table without the columns of which every cell is blank; one that is all blank stays."""
    kept = [
        place
        for place in range(len(table.heads))
        if not table.rows or any(row.cells[place].text.strip() for row in table.rows)
    ]
    if not kept or len(kept) == len(table.heads):
        return table
    return replace(
        table,
        heads=tuple(table.heads[place] for place in kept),
        spanning=_spanning(table.spanning, kept),
        groups=tuple(
            replace(
                group,
                rows=tuple(
                    replace(row, cells=tuple(row.cells[place] for place in kept))
                    for row in group.rows
                ),
            )
            for group in table.groups
        ),
    )


def _spanning(spanning: tuple[ColumnHead, ...], kept: list[int]) -> tuple[ColumnHead, ...]:
    """The heads above the others, each as wide as what is left under it."""
    found, first = [], 0
    for head in spanning:
        under = sum(first <= place < first + head.span for place in kept)
        first += head.span
        if under:
            found.append(replace(head, span=under))
    return tuple(found)
