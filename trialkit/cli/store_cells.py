"""A difference between two states of the data, cell by cell, on the screen."""

import polars as pl

from trialkit.cli.screen import Screen
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.people.marks_apart import every_form
from trialkit.grammar import by_number
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.identifying import identifying, masked

SHOWN = 20
_COUNTED = (
    EventAction.ROW_ADDED,
    EventAction.FILLED,
    EventAction.CHANGED,
    EventAction.EMPTIED,
    EventAction.ROW_REMOVED,
)
_OF_CELLS = (EventAction.CHANGED, EventAction.EMPTIED, EventAction.ROW_REMOVED, EventAction.FILLED)
"""What is shown first comes first: what was there and would not stay."""


def show_cells(
    entries: pl.DataFrame, schemas: Schemas, screen: Screen, *, everything: bool = False
) -> None:
    """The counts by form, and the cells, those that change first; a new row is told by its cells."""
    if entries.is_empty():
        return
    counts = entries.group_by("form", maintain_order=True).agg(
        *((pl.col("action") == each.value).sum().alias(each.value) for each in _COUNTED)
    )
    screen.show_rows(
        ("form", *(each.value for each in _COUNTED)),
        [
            tuple(f"{cell:,}" if isinstance(cell, int) else cell for cell in row)
            for row in counts.rows()
        ],
    )
    order = {each.value: place for place, each in enumerate(_OF_CELLS)}
    cells = (
        entries.filter(pl.col("action").is_in(list(order)))
        .with_columns(pl.col("action").replace_strict(order).alias("order"))
        .sort("order", maintain_order=True)
    )
    shown = cells if everything else cells.head(SHOWN)
    if shown.is_empty():
        return
    screen.show_rows(
        ("what", "form.item", "row", "is", "becomes"),
        [_row(each, schemas) for each in shown.iter_rows(named=True)],
    )
    if (more := cells.height - shown.height) > 0:
        screen.say(f"... and {more:,} more {by_number(more, 'cell', 'cells')}; --all shows them.")


def _row(entry: dict[str, str], schemas: Schemas) -> tuple[str, ...]:
    hidden = {form.id: identifying(form) for form in every_form(schemas)}.get(entry["form"])
    before, after = entry["old"], entry["new"]
    if entry["item"] and (hidden is None or entry["item"] in hidden):
        before, after = masked(before), masked(after)
    place = f"{entry['form']}.{entry['item']}" if entry["item"] else entry["form"]
    key = (entry["subject_id"], entry["visit"], entry["repeat"] and f"no. {entry['repeat']}")
    return entry["action"], place, " ".join(filter(None, key)), before, after or "(blank)"
