"""What an event of the log can say, and what it needs to say it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class EventAction(StrEnum):
    """What was done."""

    BEGAN = "store begun"
    """The first event: which store it is, of which trial."""
    DEFINED = "definitions published"
    """A version of protocol and forms, by which what follows was entered."""
    FORM_OPENED = "form opened"
    """A form can be filled in from now on, and has these columns."""
    ROW_ADDED = "row added"
    FILLED = "filled"
    """A blank cell got a value."""
    CHANGED = "changed"
    """Another value took the place of one."""
    EMPTIED = "emptied"
    """A value was taken away."""
    ROW_REMOVED = "row removed"
    """The row was taken out; what was in it was emptied before."""
    REDACTED = "redacted"
    """A text of an earlier event was taken out of the log; its digest stays."""
    ANCHORED = "anchored"
    """The hash of an earlier event was written down outside the store."""
    FROZEN = "frozen"
    """Nothing is entered there any more but what an answered query asks for."""
    UNFROZEN = "unfrozen"
    LOCKED = "locked"
    """Nothing that forms hold changes there any more, by whatever door."""
    UNLOCK_ASKED = "unlocking asked for"
    """One person says why it should be unlocked; another one does it."""
    UNLOCKED = "unlocked"
    MARKED = "marked as reviewed"
    """Somebody looked at it: a monitor at its source, a data manager at what it says."""
    MARK_WITHDRAWN = "mark withdrawn"
    SIGNED = "signed"
    PASSPHRASE_SET = "passphrase set"
    """The account has a passphrase to sign with, or another one from now on; it is not in the log."""
    PASSPHRASE_REFUSED = "passphrase refused"
    """Somebody gave another one."""
    QUERY_CUT = "queries at a data cut"
    QUERY_KEPT_APART = "query kept apart"
    """What tells an arm of the line about the query that follows."""
    QUERY_DRAFTED = "query drafted"
    """Written down, and not asked yet."""
    QUERY_OPENED = "query opened"
    QUERY_CHANGED = "query changed"
    QUERY_REVISED = "query revised"
    QUERY_ANSWERED = "query answered"
    QUERY_REOPENED = "query reopened"
    QUERY_RETURNED = "query returned"
    QUERY_RESOLVED = "query resolved"
    """The data do not have the finding any more."""
    QUERY_COMMENTED = "query commented"
    QUERY_APPLIED = "answer applied"
    """The right value of the answer was entered; the entry stands before it."""
    QUERY_CLOSED = "query closed"
    """By a person."""
    QUERY_CANCELLED = "query cancelled"
    """It should not have been asked."""
    MIGRATED = "forms migrated"
    """Newer forms hold from now on; what was said of data entered before stands in the details."""
    TABLES_MIGRATED = "tables migrated"
    """A newer trialkit keeps the store from now on; the log is as it was."""
    ENTERED_AGAIN = "entered again"
    """A second person entered a cell; ``old`` is what stood there, by the first."""
    ADJUDICATED = "adjudicated"
    """Of two entries that differ it was decided what stands."""
    GRANTED = "granted"
    """Somebody has a role from now on, at a site and for a form or everywhere."""
    REVOKED = "revoked"
    """An earlier grant ends."""
    PLACED = "placed at a site"
    """A participant is at this site from now on."""
    SLOT_USED = "slot used"
    """A participant has a place on the allocation list; which arm that is stands in the vault."""
    UNBLINDED = "unblinded"
    """The arm of one participant was told to who acts; it does not stand here."""

    @property
    def is_of_a_query(self) -> bool:
        """Whether it says something of a query."""
        return self in _OF_A_QUERY

    @property
    def is_held_back(self) -> bool:
        """Whether a freeze or a lock refuses it."""
        return self.is_of_data or self in _OF_ENTRY

    @property
    def is_of_data(self) -> bool:
        """Whether it makes, changes or takes away what a form holds."""
        return self in _OF_DATA

    @property
    def needs_reason(self) -> bool:
        """Whether nobody may do it without saying why."""
        return self in _WITH_REASON

    @property
    def deed(self) -> str:
        """What it is that needs a reason, in words that begin a sentence; empty of any other."""
        return _WITH_REASON.get(self, "")


def change_of(old: str, new: str) -> EventAction:
    """What makes a cell that holds one text hold another one; a blank one holds ``""``."""
    if not old:
        return EventAction.FILLED
    return EventAction.CHANGED if new else EventAction.EMPTIED


_OF_DATA = frozenset(
    {
        EventAction.FORM_OPENED,
        EventAction.ROW_ADDED,
        EventAction.FILLED,
        EventAction.CHANGED,
        EventAction.EMPTIED,
        EventAction.ROW_REMOVED,
    }
)
_OF_A_QUERY = frozenset(each for each in EventAction if each.name.startswith("QUERY_"))
_OF_ENTRY = frozenset({EventAction.DEFINED, EventAction.ENTERED_AGAIN, EventAction.ADJUDICATED})
_WITH_REASON: Mapping[EventAction, str] = MappingProxyType(
    {
        EventAction.ADJUDICATED: "deciding between two entries",
        EventAction.CHANGED: "changing a value",
        EventAction.EMPTIED: "taking a value away",
        EventAction.ROW_REMOVED: "taking out a row",
        EventAction.REDACTED: "taking out a text",
        EventAction.UNFROZEN: "lifting a freeze",
        EventAction.UNLOCK_ASKED: "asking to unlock",
        EventAction.MARK_WITHDRAWN: "taking back a mark",
        EventAction.QUERY_CANCELLED: "cancelling a query",
        EventAction.REVOKED: "ending a role",
        EventAction.UNBLINDED: "unblinding a participant",
    }
)


OF_CELLS = tuple(
    each.value for each in (EventAction.FILLED, EventAction.CHANGED, EventAction.EMPTIED)
)
"""What changes the text of a cell."""
GIVING = (EventAction.FILLED.value, EventAction.CHANGED.value)
"""Those of them after which a text stands there."""
NEEDING_REASON = tuple(each.value for each in EventAction if each.needs_reason)
OF_WHOMEVER = (EventAction.REVOKED.value, EventAction.ANCHORED.value)
"""What is about an event of any participant and form; all else is about one of its own."""


class Door(StrEnum):
    """The way by which an event came in."""

    ENTRY = "entry"
    IMPORT = "import"
    API = "api"
    QUERY = "query"
    STORE = "store"
    """The store itself, when it was begun, anchored or taken to a new version."""
