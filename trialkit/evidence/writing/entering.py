"""Entries come into a store together with the definitions by which they were made."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.events import LogEnd, Occasion
from trialkit.evidence.writing.appending import append_to
from trialkit.evidence.writing.beginning import publish_in


def enter(
    store: Store, entries: pl.DataFrame, definitions: Mapping[str, str], occasion: Occasion
) -> LogEnd:
    """Write the entries in one batch, and before them the definitions where they are new.

    Raises :class:`EvidenceError`, with nothing written, as :func:`~trialkit.evidence.writing.appending.append`
    does.
    """
    with store.by(occasion.author.person).writing() as connection:
        sha256 = publish_in(connection, definitions, occasion)
        return append_to(connection, entries, replace(occasion, definition=sha256))
