"""What each role may do: one table, which the doors ask and the database of a server keeps too."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from trialkit.evidence.log.actions import EventAction
from trialkit.protocol.trial.roles import TrialRole


class Right(StrEnum):
    """Something that one person may do and another may not."""

    READ = "read"
    """See what the forms hold, and the log of it, but for the arms."""
    READ_ARMS = "read arms"
    """See, and enter, what tells an arm."""
    ENTER = "enter"
    CHANGE = "change"
    """Give another value, or take one away."""
    IMPORT = "import"
    """Bring in the tables of a file."""
    EXPORT = "export"
    READ_LOG = "read the log"
    QUERY = "query"
    ANSWER = "answer queries"
    MARK = "mark as reviewed"
    """Against the source, by data management or medically: the mark says which."""
    LOCK = "lock"
    UNLOCK = "unlock"
    SIGN = "sign"
    ALLOCATE = "randomise"
    UNBLIND = "unblind one participant"
    DEFINE = "publish definitions and open forms"
    PLACE = "say at which site a participant is"
    GRANT = "grant and revoke rights"
    REDACT = "redact"
    ANCHOR = "anchor"
    BACK_UP = "back up"
    VERIFY = "verify"


_SEES = frozenset({Right.READ, Right.READ_LOG})
_OF_SITE = _SEES | {
    Right.ENTER, Right.CHANGE, Right.IMPORT, Right.EXPORT, Right.ANSWER, Right.ALLOCATE,
}  # fmt: skip

RIGHTS_OF: Mapping[TrialRole, frozenset[Right]] = MappingProxyType(
    {
        TrialRole.COORDINATOR: _OF_SITE,
        TrialRole.INVESTIGATOR: _OF_SITE | {Right.SIGN, Right.UNBLIND, Right.MARK},
        TrialRole.MONITOR: _SEES | {Right.QUERY, Right.MARK},
        TrialRole.DATA_MANAGER: _SEES | {
            Right.ENTER, Right.CHANGE, Right.IMPORT, Right.EXPORT, Right.QUERY, Right.ANSWER,
            Right.MARK, Right.LOCK, Right.UNLOCK, Right.DEFINE, Right.PLACE, Right.GRANT,
            Right.REDACT, Right.ANCHOR, Right.BACK_UP, Right.VERIFY,
        },
        TrialRole.BLINDED_STATISTICIAN: _SEES | {Right.EXPORT},
        TrialRole.UNBLINDED_STATISTICIAN: _SEES | {Right.EXPORT, Right.READ_ARMS},
        TrialRole.AUDITOR: _SEES | {Right.EXPORT, Right.VERIFY},
    }
)  # fmt: skip
"""``READ_ARMS`` can be granted beside a role where the protocol says so; see ``granting``."""

NEEDED: Mapping[EventAction, Right] = MappingProxyType(
    {
        EventAction.DEFINED: Right.DEFINE,
        EventAction.FORM_OPENED: Right.DEFINE,
        EventAction.MIGRATED: Right.DEFINE,
        EventAction.TABLES_MIGRATED: Right.DEFINE,
        EventAction.ROW_ADDED: Right.ENTER,
        EventAction.FILLED: Right.ENTER,
        EventAction.CHANGED: Right.CHANGE,
        EventAction.EMPTIED: Right.CHANGE,
        EventAction.ROW_REMOVED: Right.CHANGE,
        EventAction.REDACTED: Right.REDACT,
        EventAction.ANCHORED: Right.ANCHOR,
        EventAction.FROZEN: Right.LOCK,
        EventAction.UNFROZEN: Right.LOCK,
        EventAction.LOCKED: Right.LOCK,
        EventAction.UNLOCK_ASKED: Right.UNLOCK,
        EventAction.UNLOCKED: Right.UNLOCK,
        EventAction.MARKED: Right.MARK,
        EventAction.MARK_WITHDRAWN: Right.MARK,
        EventAction.SIGNED: Right.SIGN,
        EventAction.QUERY_CUT: Right.QUERY,
        EventAction.QUERY_KEPT_APART: Right.QUERY,  # and to read arms, as the place needs it
        EventAction.QUERY_DRAFTED: Right.QUERY,
        EventAction.QUERY_OPENED: Right.QUERY,
        EventAction.QUERY_CHANGED: Right.QUERY,
        EventAction.QUERY_REVISED: Right.QUERY,
        EventAction.QUERY_ANSWERED: Right.ANSWER,
        EventAction.QUERY_REOPENED: Right.QUERY,
        EventAction.QUERY_RETURNED: Right.QUERY,
        EventAction.QUERY_RESOLVED: Right.QUERY,
        EventAction.QUERY_COMMENTED: Right.READ,
        EventAction.QUERY_APPLIED: Right.CHANGE,
        EventAction.QUERY_CLOSED: Right.QUERY,
        EventAction.QUERY_CANCELLED: Right.QUERY,
        EventAction.ENTERED_AGAIN: Right.ENTER,
        EventAction.ADJUDICATED: Right.CHANGE,
        EventAction.GRANTED: Right.GRANT,
        EventAction.REVOKED: Right.GRANT,
        EventAction.PLACED: Right.PLACE,
        EventAction.SLOT_USED: Right.ALLOCATE,
        EventAction.UNBLINDED: Right.UNBLIND,
    }
)
"""What an event needs; the first one of a store, which makes its beginner, needs nothing."""
OF_ANYBODY = frozenset({EventAction.PASSPHRASE_SET, EventAction.PASSPHRASE_REFUSED})
"""What everybody with a role does, about their own account alone."""
