"""Where an audit trail says a subject's slot, whatever state it is in, and how sure that is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from trialkit.design.randomisation.audit import START, Action, Entry, Line, claim_of, entries_of
from trialkit.design.randomisation.ledger import SUBJECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where a subject's slot is stated."""

    line: int
    subject: str
    entered: Mapping[str, str]
    slot: int
    is_sure: bool
    """Whether the line, and each that corrected the name since, is as it was written."""


def sighting_of(lines: Sequence[Line], subject: str) -> Sighting | None:
    """What the lines say about a subject's slot, one that is as it was written before any other."""
    sightings = [each for each in _sightings(lines) if each.subject == subject]
    sure = [each for each in sightings if each.is_sure]
    if not sure:
        return sightings[0] if sightings else None
    agree = all((each.entered, each.slot) == (sure[0].entered, sure[0].slot) for each in sure)
    return replace(sure[0], is_sure=agree)


def may_be_renamed(lines: Sequence[Line], sighting: Sighting) -> bool:
    """Whether lines behind the sighting are lost in which two people could have exchanged names.

    One is not enough: a name is free for another only after its owner got a new one.
    """
    own = lines[sighting.line - 1]
    return _lost(lines, sighting.line, own.seq if isinstance(own, Entry) else sighting.line) > 1


def _lost(lines: Sequence[Line], start: int, seq: int) -> int:
    """How many lines from a place on cannot be read, were changed or were taken out, at most.

    Where some cannot be read and nothing comes behind them but an emergency, others may be gone too.
    """
    hashes = {START, *(entry.hash for entry in entries_of(lines))}
    lost = illegible = 0
    for line in lines[start:]:
        if isinstance(line, Entry):
            follows = line.previous in hashes
            if line.action is Action.UNBLINDED and follows:  # the last that could be read
                lost += _unknown(illegible)
            else:
                lost += illegible if follows else max(illegible, line.seq - 1 - seq)
            lost += not line.is_intact
            seq, illegible = line.seq, 0
        elif claim_of(line):
            seq += 1
        else:
            illegible += 1
    return lost + _unknown(illegible)


def _unknown(illegible: int) -> int:
    """At least so many where lines cannot be read and no number behind them says how many there were."""
    return max(illegible, 2) if illegible else 0


def _sightings(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Every line that says who has which slot, each subject by the name known at the end."""
    for number, line in enumerate(lines, start=1):
        if claim := claim_of(line):
            is_intact = isinstance(line, Entry) and line.is_intact
            for name, is_sure in _names_at_the_end(claim.subject, lines[number:]).items():
                yield Sighting(
                    line=number,
                    subject=name,
                    entered=claim.stratum,
                    slot=claim.slot,
                    is_sure=is_intact and is_sure,
                )


def _names_at_the_end(subject: str, later: Sequence[Line]) -> dict[str, bool]:
    """The name after all corrections, and whether it is sure.

    A correction that was changed may have been another's, so that both names are possible.
    """
    names = {subject: True}
    for entry in entries_of(later):
        is_rename = (entry.action, entry.field) == (Action.CORRECTED, SUBJECT)
        if is_rename and entry.subject in names:
            was_sure = names.pop(entry.subject)
            if not entry.is_intact:
                names[entry.subject] = False
            names[entry.new] = was_sure and entry.is_intact
        elif is_rename and entry.new in names:  # it was free: a line that renamed ours is lost
            names[entry.new] = False
    return names
