"""A small trial as the checks see it: read, its rows placed, its cells looked at."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tests.miniature import Miniature
from trialkit.checks.judging.hits import Hits
from trialkit.checks.judging.others import CellsOfForms, Others, Rows
from trialkit.checks.judging.people import people
from trialkit.checks.judging.shape import TableShape, check_shape
from trialkit.schemas.forms.forms import Schemas
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import Snapshot
from trialkit.store.sources.folder_source import FolderSource


@dataclass(frozen=True, kw_only=True, eq=False)
class AtHand:
    """What the phases of validation pass on to each other, before any of them found anything."""

    schemas: Schemas
    snapshot: Snapshot
    shape: TableShape
    cells: CellsOfForms
    others: Others
    people: pd.DataFrame


def at_hand(trial: Miniature, folder: Path, cut=None) -> AtHand:
    schemas = trial.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=cut)
    shape = check_shape(snapshot, schemas)
    rows = {
        form.id: Rows(
            data=snapshot[form.id],
            usable=shape.forms[form.id].usable,
            shared=shape.forms[form.id].shared,
        )
        for form in schemas.forms
    }
    cells = CellsOfForms(rows, schemas, snapshot.files, snapshot.days)
    return AtHand(
        schemas=schemas,
        snapshot=snapshot,
        shape=shape,
        cells=cells,
        others=Others(schemas=schemas, cells=cells),
        people=people(shape.subjects, schemas, cells),
    )


def said(hits: tuple[Hits, ...] | list[Hits]) -> list[tuple[str, ...]]:
    """Of each finding its form, item, rule, severity, subject, visit and what was entered."""
    return [
        (each.form.id, each.item, each.rule_id, each.severity.value, *place)
        for each in hits
        for place in each.places[["subject_id", "visit", "value"]].itertuples(index=False)
    ]


def messages(hits: tuple[Hits, ...] | list[Hits]) -> list[str]:
    return [message for each in hits for message in each.places["message"]]
