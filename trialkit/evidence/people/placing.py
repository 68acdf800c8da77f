"""At which site a participant is: where the first row was entered, or where somebody says."""

from collections.abc import Mapping, Sequence

import polars as pl
import sqlalchemy as sa

from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries, of_actions
from trialkit.evidence.log.reading import some_at_once
from trialkit.evidence.log.tables import FORM_ROW
from trialkit.evidence.people.people import People
from trialkit.evidence.people.sight import sites_of
from trialkit.protocol.tables.canonical import canonical


def placed_at(sites: Mapping[str, str]) -> pl.DataFrame:
    """The entries that place participants at sites; at least one."""
    return entries(
        [
            {
                "action": EventAction.PLACED,
                "subject_id": subject,
                "details": canonical({"site": site}),
            }
            for subject, site in sites.items()
        ]
    )


def with_rows(connection: sa.Connection, subjects: Sequence[str]) -> frozenset[str]:
    """Those of the participants of whom something was entered."""
    asked = sa.select(FORM_ROW.c.subject_id).distinct()
    return frozenset(
        subject
        for some in some_at_once(subjects)
        for subject in connection.execute(asked.where(FORM_ROW.c.subject_id.in_(some))).scalars()
    )


def with_places(
    connection: sa.Connection, people: People, said: pl.DataFrame, site: str
) -> pl.DataFrame:
    """The entries of somebody at a site, and before them the places of those who are new there.

    Participants who are nowhere and have rows already were entered by somebody of no site; they stay
    with those who see every site until somebody places them.
    """
    added = list(dict.fromkeys(of_actions(said, [EventAction.ROW_ADDED])["subject_id"]))
    if not site or not added or not people.has_begun:
        return said
    known = sites_of(connection, added)
    strange = [each for each in added if each not in known]
    there = with_rows(connection, strange)
    fresh = [each for each in strange if each not in there]
    return pl.concat([placed_at(dict.fromkeys(fresh, site)), said]) if fresh else said
