"""What tells an arm of a question is kept apart from it, and a server lets it be written.

What a revision does stays as it is: a later change of the tables is a revision of its own.
"""

from collections.abc import Callable

revision = "0005"
down_revision = "0004"
TOLD = "of questions that are asked from now on, what tells an arm is kept apart"
"""What it does, for whoever is asked whether to do it."""
REBUILDS = False
"""Whether it makes tables that are filled from the log."""


def upgrade(*, engine: str, carry_out: Callable[[tuple[str, ...]], None]) -> None:
    """Make it in a store of the revision before."""
    if engine == "postgresql":
        carry_out(_POSTGRES)


_POSTGRES = ("INSERT INTO action_right VALUES ('query kept apart', 'read')",)
