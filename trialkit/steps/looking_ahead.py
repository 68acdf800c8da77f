"""The visits that a trial has before it, from its data as they are."""

from dataclasses import replace
from datetime import date

from trialkit.checks.trial.upcoming import Upcoming, upcoming
from trialkit.errors import DataFileError, ProtocolError
from trialkit.protocol.tables.choices import suggestion
from trialkit.schemas.forms.forms import Purpose
from trialkit.steps.stages import OpenedTrial
from trialkit.store.freezing import freeze


def look_ahead(
    trial: OpenedTrial, *, first: date, last: date, site: str | None, today: date | None
) -> Upcoming:
    """The visits that may take place from ``first`` to ``last``, of one site where it is named.

    Raises :class:`DataFileError` for a span that ends before it begins, or an unknown site.
    """
    if last < first:
        raise DataFileError(f"--from {first} lies after --to {last}; exchange the two")
    if not any(form.item_for(Purpose.RANDOMISATION_DATE) for form in trial.schemas.forms):
        raise ProtocolError(
            "no form asks for the date of randomisation, from which the days of visits are counted; "
            'give a form of kind "randomisation" an item with purpose = "randomisation_date", '
            "such as forms/randomisation.toml of `trialkit new`"
        )
    snapshot = freeze(trial.data.source, trial.schemas, today=today)
    found = upcoming(snapshot, trial.schemas, trial.protocol, first=first, last=last)
    if site is None:
        return found
    if site not in found.sites:
        listed = ", ".join(found.sites) or "none"
        close = suggestion(site, list(found.sites))
        raise DataFileError(f"--site: {site!r} is no site of the trial{close}; known: {listed}")
    own = found.visits[found.visits["site"] == site].reset_index(drop=True)
    return replace(found, visits=own)
