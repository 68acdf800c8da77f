"""What a margin is on each scale of an effect: on which side of no effect it stands, and how far."""

import math

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.conclusions import conclude
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.results.effect import Scale


def better_effect(scale: Scale, direction: Direction, *, of: Summary) -> Direction:
    """Which way an effect is better of an outcome that is better in ``direction``.

    What says that an event comes sooner, as a hazard ratio above 1, runs against the time.
    """
    if not (of is Summary.TIME and scale.of_sooner):
        return direction
    return Direction.LOWER if direction is Direction.HIGHER else Direction.HIGHER


def refuse_margin(
    margin: float, *, scale: Scale, question: MarginQuestion, better: Direction
) -> None:
    """Raise :class:`ProtocolError` for a margin that an effect cannot be held against.

    ``better`` is the direction of the effect. Of a ratio the margin is the value to be excluded, so that
    it stands on the side of worse; for equivalence on either.
    """
    if scale is Scale.PERCENTAGE_POINTS and margin >= 1:
        raise ProtocolError(f"a margin of risks is a share below 1 (0.1 is 10 %), got {margin:g}")
    if not scale.is_ratio:
        return
    if margin == 1:
        raise ProtocolError("a ratio of 1 is no difference, and cannot be a margin")
    wrong = margin > 1 if better is Direction.HIGHER else margin < 1
    if question is MarginQuestion.NON_INFERIORITY and wrong:
        side = "below 1, such as 0.8" if better is Direction.HIGHER else "above 1, such as 1.25"
        raise ProtocolError(
            f"a margin of {margin:g}, which is better than no difference: of this "
            f"{scale.value.replace('_', ' ')} {better.value} is better, so that its margin is {side}"
        )


def conclude_of(
    question: MarginQuestion,
    better: Direction,
    *,
    scale: Scale,
    limits: tuple[float, float],
    margin: float,
    names: tuple[str, str],
) -> tuple[bool, str]:
    """What the limits of an effect on a scale show; see :func:`conclude`."""
    low, high = limits
    if scale.is_ratio:
        low = math.log(low) if low else -math.inf
        high, margin = math.log(high), abs(math.log(margin))
    return conclude(question, better, limits=(low, high), margin=margin, names=names)
