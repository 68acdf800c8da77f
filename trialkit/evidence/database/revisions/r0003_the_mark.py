"""The store says of which revision its tables are, and its log that they were taken to a newer one.

What a revision does stays as it is: a later change of the tables is a revision of its own.
"""

from collections.abc import Callable

revision = "0003"
down_revision = "0002"
TOLD = "the store says of which revision its tables are"
"""What it does, for whoever is asked whether to do it."""
REBUILDS = False
"""Whether it makes tables that are filled from the log."""


def upgrade(*, engine: str, carry_out: Callable[[tuple[str, ...]], None]) -> None:
    """Make it in a store of the revision before; the table of the mark is there by then."""
    if engine == "postgresql":
        carry_out(_POSTGRES)


_POSTGRES = (
    "INSERT INTO action_right VALUES ('tables migrated', 'publish definitions and open forms')",
    "REVOKE ALL ON alembic_version FROM PUBLIC, {role}",
    "GRANT SELECT ON alembic_version TO {role}",
)
