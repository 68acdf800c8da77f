"""The queries of a trial where they are kept: in its folder, or in the log of the store that has its data."""

from importlib import import_module
from pathlib import Path

from trialkit.checks.queries.queries import Happening, Queries
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.errors import DataFileError
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.steps.data_door import OWN_DOOR, DataDoor, store_of


def kept_queries(
    folder: Path, data: DataFormat, door: DataDoor = OWN_DOOR, *, until: int | None = None
) -> Queries:
    """The queries as whoever asks may see them; of a store until an event of its log, None for now.

    Those of the folder are not read where the data are in a store, which has its own.
    """
    if not door.leads_to_a_store(data):
        return QueryFolder(trial=folder).read()
    stored = import_module("trialkit.evidence.queries.stored_queries")
    read: Queries = stored.stored_queries(folder, door.store or store_of(folder, data), until=until)
    return read


def refuse_queries_in_a_store(folder: Path, data: DataFormat, *, instead: str) -> None:
    """Raise :class:`DataFileError` where a command that changes ``queries/`` would change what nobody reads."""
    if data.store:
        raise DataFileError(
            f"{folder}: its data are in the evidence store ([data] store of protocol.toml), and so are its "
            f"queries; nothing was written. {instead}"
        )


def what_happened(before: Queries, after: Queries) -> tuple[Happening, ...]:
    """What is new about queries, without the lines that say at which cut the data were validated."""
    news = after.history[len(before.history) :]
    return tuple(each.event for each in news if each.event is not Happening.CUT)
