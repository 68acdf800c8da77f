"""The tables of what is held, asked and signed: what the log comes to, and the secrets of accounts.

All but ``secret`` can be made from the log again at any time.
"""

import sqlalchemy as sa

from trialkit.evidence.log.tables import METADATA

HOLD = sa.Table(
    "hold",
    METADATA,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Text, nullable=False, index=True),
    sa.Column("kept", sa.Text, nullable=False),
)
"""The freezes and locks that stand: ``seq`` is the event that placed one, ``kept`` JSON of the rest."""
STANDING_QUERY = sa.Table(
    "standing_query",
    METADATA,
    sa.Column("query_key", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("kept", sa.Text, nullable=False),
)
"""The queries as they stand: ``seq`` is the last event about one, ``kept`` JSON of what it is about.
Texts that could hold an identifier are in the log alone."""
CONTROL = (HOLD, STANDING_QUERY)
"""What the log comes to."""
SECRET = sa.Table(
    "secret",
    METADATA,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("key", sa.LargeBinary, nullable=False),
    sa.Column("cost", sa.Text, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
"""What tells the passphrase of an account, by scrypt; ``seq`` is the event that says it was set."""
