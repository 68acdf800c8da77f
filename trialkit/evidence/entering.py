"""Entries come into a store together with the definitions by which they were made."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from trialkit.evidence.appending import append_to
from trialkit.evidence.beginning import publish_in
from trialkit.evidence.events import LogEnd, Occasion
from trialkit.evidence.opening import Store


def enter(
    store: Store, entries: pl.DataFrame, definitions: Mapping[str, str], occasion: Occasion
) -> LogEnd:
    """Write the entries in one batch, and before them the definitions where they are new.

    Raises :class:`EvidenceError`, with nothing written, as :func:`~trialkit.evidence.appending.append`
    does.
    """
    with store.by(occasion.author.person).writing() as connection:
        sha256 = publish_in(connection, definitions, occasion)
        return append_to(connection, entries, replace(occasion, definition=sha256))
