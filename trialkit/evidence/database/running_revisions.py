"""The one module that Alembic is called in: the scripts of the revisions, and how they are run.

There is no file of settings and no environment script: the scripts that come with trialkit are read,
from its own folder and nowhere else, and nothing is made of a template. The transaction is the
caller's, so that a revision is there with all that belongs to it, or not at all.
"""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from trialkit.evidence.database.table_listing import FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRevision:
    """One version of the tables."""

    number: str
    told: str
    """What it brings, in words."""
    rebuilds: bool
    """Whether it makes tables that are filled from the log."""


def revisions_after(start: str) -> tuple[TableRevision, ...]:
    """Those that a store of a revision has yet to go through, in their order; of ``""``, all."""
    return tuple(
        TableRevision(number=each.revision, told=each.module.TOLD, rebuilds=each.module.REBUILDS)
        for each in reversed(list(_scripts().walk_revisions()))
        if each.revision > start
    )


def last_revision() -> str:
    """The newest one, after which nothing comes."""
    return str(_scripts().get_current_head())


def run_revisions(
    connection: sa.Connection,
    carry_out: Callable[[tuple[str, ...]], None],
    *,
    start: str,
    until: str,
    is_marked: bool,
) -> None:
    """Take the tables from one revision to another, within the transaction that the caller is in.

    ``carry_out`` runs statements that need the names of a schema and of an account. A store that says
    nothing of its revision is marked with ``start`` first; that of an empty database is ``""``.
    """
    scripts = _scripts()
    if start and not is_marked:
        MigrationContext.configure(connection).stamp(scripts, start)
    environment = EnvironmentContext(
        Config(), scripts, fn=lambda heads, _: scripts._upgrade_revs(until, heads)
    )
    with environment:
        environment.configure(connection=connection)
        environment.run_migrations(engine=connection.dialect.name, carry_out=carry_out)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(FOLDER, version_locations=[FOLDER])
