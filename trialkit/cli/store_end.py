"""Where the log of a store ends, as every command says it that has written there."""

from trialkit.cli.screen import Screen
from trialkit.evidence.log.events import LogEnd


def show_end(head: LogEnd, screen: Screen) -> None:
    """The last event, and its hash whole: whoever writes it down can hold the store to it."""
    screen.say(f"The log ends with event {head.seq}, whose hash is {head.hash}", whole=[head.hash])
