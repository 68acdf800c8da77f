"""The monitored trial as the checks see it, with some of its rows spoiled."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

from tests.checks.at_hand import AtHand, at_hand
from tests.monitored.trial import CUT, Tables, copied, tables, write_data, written
from trialkit.checks.judging.hits import Hits
from trialkit.checks.trial.checking import check
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.loading import form_schemas


@cache
def _read() -> tuple[Path, Protocol, Schemas]:
    folder = written(Path(mkdtemp()), tables())
    protocol = load_protocol(folder)
    return folder, protocol, form_schemas(folder, protocol)


def protocol() -> Protocol:
    """The protocol of the trial."""
    return _read()[1]


class _Written:
    """The trial where its folder is."""

    def schemas(self, _: Path) -> Schemas:
        return _read()[2]


def looked_at(*spoil: Callable[[Tables], object], rows: Tables | None = None) -> AtHand:
    """The trial with its rows spoiled, as the phases of validation pass it on."""
    if rows is None and not spoil:
        return _as_it_is()
    rows = copied(tables() if rows is None else rows)
    for each in spoil:
        each(rows)
    return _looked_at(rows)


@cache
def _as_it_is() -> AtHand:
    return _looked_at(copied(tables()))


def _looked_at(rows: Tables) -> AtHand:
    folder = _read()[0]
    write_data(folder, rows)
    return at_hand(_Written(), folder, cut=CUT)  # type: ignore[arg-type]


def findings_and_forms(*spoil: Callable[[Tables], object]) -> tuple[pd.DataFrame, Schemas]:
    """All that validation finds in the trial with its rows spoiled, and the forms of it."""
    at = looked_at(*spoil)
    return check(at.snapshot, at.schemas, protocol()).to_frame(), at.schemas


def said(hits: tuple[Hits, ...]) -> pd.DataFrame:
    """Subject, visit, number and message of what was found."""
    if not hits:
        return pd.DataFrame(columns=["subject_id", "visit", "repeat", "message"])
    places = pd.concat([each.places for each in hits], ignore_index=True)
    return places[["subject_id", "visit", "repeat", "message"]]


def where(hits: tuple[Hits, ...]) -> list[tuple[str, ...]]:
    """The places of what was found, each without its empty parts."""
    rows = said(hits)[["subject_id", "visit", "repeat"]].itertuples(index=False, name=None)
    return [tuple(part for part in row if part) for row in rows]


def setting(form: str, key: dict[str, str], **cells: str) -> Callable[[Tables], object]:
    """Sets cells of every row with this key."""

    def spoil(rows: Tables) -> None:
        for row in rows[form]:
            if key.items() <= row.items():
                row.update(cells)

    return spoil
