"""The queries of the store that a trial's data are in, for a command that reads them and writes nothing."""

from pathlib import Path

from trialkit.checks.queries.queries import Queries
from trialkit.evidence.database.addressing import StoreAddress
from trialkit.evidence.queries.query_log import queries_of


def stored_queries(folder: Path, said: str, *, until: int | None = None) -> Queries:
    """The queries of the store of the trial in ``folder``, as whoever runs this may see them.

    ``until`` is the last event that counts, None for now. Raises
    :class:`~trialkit.errors.EvidenceError` where no store is.
    """
    with StoreAddress(folder=folder, said=said).read_by_account() as store:
        return queries_of(store, until=until)
