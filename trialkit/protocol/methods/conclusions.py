"""What an interval shows of the question that a comparison with a margin asks."""

from typing import assert_never

from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.directions import Direction


def conclude(
    question: MarginQuestion,
    direction: Direction,
    *,
    limits: tuple[float, float],
    margin: float,
    names: tuple[str, str],
) -> tuple[bool, str]:
    """Whether the interval shows what was asked, and what it says in words.

    ``names`` are the experimental and the reference arm; ``limits`` those of their difference.
    """
    experimental, reference = names
    # turned so that positive is better for the experimental arm
    low, high = limits if direction is Direction.HIGHER else (-limits[1], -limits[0])
    match question:
        case MarginQuestion.NON_INFERIORITY:
            shown = low > -margin
            known = f"{experimental} {{}} non-inferior to {reference}"
        case MarginQuestion.EQUIVALENCE:
            shown = low > -margin and high < margin
            known = f"{experimental} {{}} equivalent to {reference}"
        case _:
            assert_never(question)
    if shown:
        side = (
            "excludes being worse by the margin"
            if question is MarginQuestion.NON_INFERIORITY
            else "lies within the margin"
        )
        words = f"{known.format('is')}: the whole interval {side}"
        if low > 0:
            words += f", and excludes no difference: {experimental} is better than {reference}"
        elif high < 0:
            words += (
                f", yet excludes no difference: {experimental} is worse, by less than the margin"
            )
        return True, words
    if high < -margin:
        return False, f"{experimental} is worse than {reference} by more than the margin"
    if question is MarginQuestion.EQUIVALENCE and low > margin:
        return False, f"{experimental} is better than {reference} by more than the margin"
    return False, f"{known.format('was not shown to be')}: the interval reaches the margin"
