"""By which door a trial's data come: the files of its folder, or its evidence store.

The store is loaded only where a trial, or a call, says that the data are in one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.protocol.loading import FILE, read_protocol
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.store.log_mark import LogMark
from trialkit.store.sources.folder_source import FolderSource
from trialkit.store.sources.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDoor:
    """What a call says of where the data are; nothing for what the protocol says."""

    store: str = ""
    """A URL or a file of a store."""
    as_of: date | int | None = None
    """The end of a day in UTC, or the last event of the log that counts; None for now."""
    by_own_definitions: bool = False
    """Whether protocol and forms are the folder's also at another moment."""

    def leads_to_a_store(self, data: DataFormat) -> bool:
        """Whether the data are in a store and not in ``data/``."""
        return bool(self.store or self.as_of is not None or data.store)


OWN_DOOR = DataDoor()
"""That of the protocol, as the data are now."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrialData:
    """The data of a trial as they can be frozen, and where in a log they were taken from."""

    source: Source
    log: LogMark | None = None
    """None for the files of a folder."""
    withheld: Mapping[str, Collection[str]] = field(default_factory=dict)
    """What whoever asks may not read, by form: items, or a whole form; nothing where all is read."""


def data_of(
    folder: Path, data: DataFormat, door: DataDoor = OWN_DOOR, *, in_part: bool = False
) -> TrialData:
    """The data of the trial in ``folder``, by the door of the call, else by that of the protocol.

    ``in_part`` is for what can leave out what is withheld from whoever asks.

    Raises :class:`~trialkit.errors.EvidenceError` for a store that is not there or a moment that its
    log does not have, and for whom something is withheld from, unless the data are asked for in part.
    """
    if not door.leads_to_a_store(data):
        return TrialData(source=FolderSource(folder=folder))
    stored = import_module(_STORED).store_source(
        folder, door.store or store_of(folder, data), as_of=door.as_of, in_part=in_part
    )
    return TrialData(source=stored, log=stored.log, withheld=stored.withheld)


def definitions_then(folder: Path, door: DataDoor) -> Mapping[str, str]:
    """The texts of protocol and forms in force at the moment that the door names, by their files.

    Raises :class:`~trialkit.errors.EvidenceError` as :func:`data_of` does.
    """
    then: Mapping[str, str] = import_module(_STORED).definitions_then(
        folder, door.store, as_of=door.as_of
    )
    return then


_STORED = "trialkit.evidence.contents.store_source"


def store_of(folder: Path, data: DataFormat) -> str:
    """The store that a protocol names, a file from the trial's folder; empty for the usual one."""
    if not data.store or "://" in data.store:
        return data.store
    return str(folder / data.store)


def refuse_data_in_a_store(folder: Path, *, instead: str) -> None:
    """Raise :class:`DataFileError` where a command that changes or shows ``data/`` has nothing there."""
    read = read_protocol(folder).read if (folder / FILE).is_file() else None
    if read is not None and read.data.store:
        raise DataFileError(
            f"{folder}: its data are in the evidence store ([data] store of {FILE}), and not in data/; "
            f"{instead}"
        )
