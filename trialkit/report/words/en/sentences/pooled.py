"""What a report says of itself in which nobody sees arms."""

from collections.abc import Iterator

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.wording import listing

HEAD = "Pooled report: all participants together, no arms"
NOT_COMPARED = (
    "All participants are described together. No analysis of the plan was carried out, since each "
    "compares arms or tells of one."
)
NO_SESSIONS = (
    "Sessions attended are left out: what is planned differs between arms, so that they would tell "
    "of one of them."
)
ALLOCATED = "Allocated to any arm"
ANALYSED = "With what the analysis of the primary outcome needs"
NO_PRIMARY_RESULT = "the primary analysis has no result"
TOGETHER = "of all participants together, not of each group"


def notice(protocol: Protocol) -> str:
    """What a reader must know first: that all arms are pooled, and what is left out for it."""
    left_out = list(_left_out(protocol))
    named = (
        f" Left out, since not every arm is asked alike: {listing(left_out)}." if left_out else ""
    )
    return (
        "This is a pooled report, and a draft: all participants stand together as one arm, so that "
        "whoever reads it need not learn of any arm. No analysis that compares arms was carried "
        f"out.{named}"
    )


def _left_out(protocol: Protocol) -> Iterator[str]:
    """The outcomes and characteristics of the protocol that a pooled one has not."""
    written = protocol.as_written
    outcomes = {each.code for each in protocol.outcomes}
    characteristics = {each.name for each in protocol.characteristics}
    yield from (each.label for each in written.outcomes if each.code not in outcomes)
    yield from (
        each.label or each.item
        for each in written.characteristics
        if each.name not in characteristics
    )


def has_other_doses(protocol: Protocol) -> bool:
    """Whether sessions are planned, but not alike for every arm."""
    planned = [
        None if arm.intervention is None else arm.intervention.sessions
        for arm in protocol.as_written.arms
    ]
    pooled = protocol.reference.intervention
    return protocol.is_pooled and any(planned) and pooled is None


def unless_pooled(protocol: Protocol, words: str, otherwise: str = "") -> str:
    """Words on arms, where there are arms to see."""
    return otherwise if protocol.is_pooled else words
