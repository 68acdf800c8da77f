"""The visits that a trial has before it, from its data as they are."""

from datetime import date

from trialkit.checks.trial.upcoming import Upcoming, upcoming
from trialkit.errors import DataFileError
from trialkit.protocol.tables.choices import suggestion
from trialkit.steps.stages import OpenedTrial
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource


def look_ahead(
    trial: OpenedTrial, *, first: date, last: date, site: str | None, today: date | None
) -> Upcoming:
    """The visits that may take place from ``first`` to ``last``, of one site where it is named.

    Raises :class:`DataFileError` for a span that ends before it begins, or an unknown site.
    """
    if last < first:
        raise DataFileError(f"--from {first} lies after --to {last}; exchange the two")
    known = [each.code for each in trial.protocol.sites]
    if site is not None and site not in known:
        listed = ", ".join(known) or "none"
        raise DataFileError(
            f"--site: {site!r} is no site of the trial{suggestion(site, known)}; known: {listed}"
        )
    source = FolderSource(folder=trial.folder)
    snapshot = freeze(source, trial.schemas, today=today)
    found = upcoming(snapshot, trial.schemas, trial.protocol, first=first, last=last)
    if site is None:
        return found
    own = found.visits[found.visits["site"] == site].reset_index(drop=True)
    return Upcoming(visits=own, undated=found.undated)
