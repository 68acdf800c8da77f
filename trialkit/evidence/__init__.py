"""The evidence store: who entered what, when and why, in a log that is only ever added to.

It stands on SQLAlchemy (extra ``trialkit[store]``), on a server on psycopg too
(``trialkit[postgres]``).
"""

from importlib.util import find_spec

from trialkit.errors import EvidenceError

if find_spec("sqlalchemy") is None:
    raise EvidenceError(
        "the evidence store stands on SQLAlchemy, which is not there: pip install 'trialkit[store]'"
    )
