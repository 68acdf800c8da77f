"""Changes of forms on the screen, those first that weigh most."""

from collections import Counter
from collections.abc import Sequence

from trialkit.cli.screen import Screen
from trialkit.cli.tone import Tone
from trialkit.grammar import counted
from trialkit.schemas.versions.comparing import heaviest
from trialkit.schemas.versions.definition_change import ChangeWeight, DefinitionChange

_TONES = {
    ChangeWeight.DESTRUCTIVE: Tone.ERROR,
    ChangeWeight.NEEDS_MAPPING: Tone.WARNING,
    ChangeWeight.SAFE: Tone.GOOD,
}
_SHOWN = 60


def show_changes(changes: Sequence[DefinitionChange], screen: Screen) -> None:
    """Every change under its weight, and how many there are."""
    for weight, tone in _TONES.items():
        of_weight = [each for each in changes if each.weight is weight]
        if of_weight:
            screen.say(_HEADS[weight], tone)
            for change in of_weight:
                screen.say(f"  {_line(change)}")
    screen.say(_summary(changes), _TONES[heaviest(changes) or ChangeWeight.SAFE])


def _line(change: DefinitionChange) -> str:
    what = "" if change.what in {"form", "item"} else f", {change.what}"
    if change.before and change.after:
        how = f"{_short(change.before)} -> {_short(change.after)}"
    elif change.after:
        how = f"new: {_short(change.after)}"
    else:
        how = f"gone: {_short(change.before)}"
    return f"{change.place}{what}: {how}; {change.why}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"


def _summary(changes: Sequence[DefinitionChange]) -> str:
    if not changes:
        return "Both versions ask the same."
    of = Counter(each.weight for each in changes)
    parts = [f"{of[weight]} {_WORDS[weight]}" for weight in _TONES if of[weight]]
    return f"{counted(len(changes), 'change')}: {', '.join(parts)}."


_HEADS = {
    ChangeWeight.DESTRUCTIVE: "Destructive:",
    ChangeWeight.NEEDS_MAPPING: "Needs a mapping:",
    ChangeWeight.SAFE: "Safe:",
}
_WORDS = {
    ChangeWeight.DESTRUCTIVE: "destructive",
    ChangeWeight.NEEDS_MAPPING: "to be mapped",
    ChangeWeight.SAFE: "safe",
}
