"""Of two entries that differ somebody decides what stands, and says why."""

import polars as pl

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction, change_of
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.reaches import Level, Reach
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.standing.entries_compared import compared
from trialkit.evidence.writing.appending import append_to
from trialkit.schemas.forms.forms import Schemas


def adjudicate(
    store: Store, schemas: Schemas, cell: Reach, text: str, occasion: Occasion, *, reason: str
) -> LogEnd:
    """Decide what stands in a cell of which both entries differ.

    The value and the decision are written together. Raises :class:`EvidenceError` for a cell of which
    there is nothing to decide, and without a reason.
    """
    with store.by(occasion.author.person).writing() as connection:
        here = pl.all_horizontal(pl.col(name) == said for name, said in cell.place.items())
        sight = sight_of(connection, occasion.author.person)
        differing = compared(connection, schemas, sight).differences.filter(
            here, pl.col("copy") == 0
        )
        if cell.level is not Level.ITEM or differing.is_empty():
            raise EvidenceError(
                f"{cell.told}: there is no difference of two entries to decide; 'store compare' lists them"
            )
        found = differing.row(0, named=True)
        decision = {
            "action": EventAction.ADJUDICATED,
            "old": found["now"],
            "new": text,
            "about": found["second_seq"],
        }
        said = [
            {**each, **cell.place, "reason": reason}
            for each in (*_correction(found["now"], text), decision)
        ]
        return append_to(connection, entries(said), occasion)


def _correction(now: str, text: str) -> tuple[dict[str, object], ...]:
    """The change that makes the cell say so; none where it does."""
    if text == now:
        return ()
    return ({"action": change_of(now, text), "old": now, "new": text},)
