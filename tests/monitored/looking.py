"""The monitored trial as the checks see it, with some of its rows spoiled."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pandas as pd
import pytest

from tests.checks.at_hand import AtHand, at_hand
from tests.monitored.trial import CUT, Tables, copied, tables, write_data, written
from trialkit.checks.judging.hits import Hits
from trialkit.checks.trial.checking import check
from trialkit.files.csv_reading import RawTable, read_table
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store import freezing
from trialkit.store.freezing import parsed
from trialkit.store.snapshot import FormData
from trialkit.store.sources import folder_source


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
    with pytest.MonkeyPatch.context() as patch:  # what was not spoiled is read once
        patch.setattr(folder_source, "read_table", _read_once)
        patch.setattr(freezing, "parsed", _parsed_once)
        return at_hand(_Written(), folder, cut=CUT)  # type: ignore[arg-type]


_TEXTS: dict[tuple[str, bytes], RawTable] = {}
_PARSED: dict[tuple[str, str], FormData] = {}


def _read_once(path: Path, *, file: str, **how: Any) -> RawTable:
    content = path.read_bytes()
    if (file, content) not in _TEXTS:
        _TEXTS[file, content] = read_table(path, file=file, **how)
    return _TEXTS[file, content]


def _parsed_once(raw: RawTable, form: Form, data: DataFormat) -> FormData:
    if (form.id, raw.sha256) not in _PARSED:
        _PARSED[form.id, raw.sha256] = parsed(raw, form, data)
    return _PARSED[form.id, raw.sha256]


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
