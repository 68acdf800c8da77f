"""What needs a reason is said in words, and not by the name of the event."""

from trialkit.evidence.log.actions import EventAction


def test_what_needs_a_reason_is_named_as_what_somebody_does() -> None:
    named = {each: each.deed for each in EventAction if each.needs_reason}

    assert named[EventAction.UNFROZEN] == "lifting a freeze"
    assert all(named.values())
    assert len(set(named.values())) == len(named)
    assert EventAction.FILLED.deed == ""
