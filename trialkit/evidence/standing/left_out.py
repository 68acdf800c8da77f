"""What a mark leaves out: what is withheld from whoever makes it, who could not have looked at it.

It is told by the definitions and by rights, and by no cell: of a form that some arms alone have nothing
says whether somebody has it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.people.marks_apart import APART
from trialkit.evidence.people.sight import Sight
from trialkit.schemas.forms.not_done import NOT_DONE
from trialkit.schemas.reading.judged_part import WHOLE

Places = tuple[tuple[str, str], ...]
"""Forms as the store has them and items of them, or :data:`WHOLE` for all of a form."""
LEFT_OUT = "left_out"
"""Its name in the details of an event."""


def left_out_of(reach: Reach, sight: Sight) -> Places:
    """What within the reach is withheld from somebody; of several participants, of any of them."""
    return tuple(
        (form, item)
        for form, item in sight.places_withheld
        if reach.form in ("", NOT_DONE if form == APART else form)
        and (WHOLE in (item, reach.item) or reach.item == item)
        and not (
            sight.sees_arms(form, reach.subject_id)
            if reach.subject_id
            else sight.sees_arms_throughout(form)
        )
    )


def said_left_out(details: Mapping[str, Any]) -> Places:
    """What an event says that it leaves out."""
    said = details.get(LEFT_OUT, [])
    return tuple((str(form), str(item)) for form, item in said)


def is_left_out(places: Sequence[tuple[str, str]]) -> pl.Expr:
    """Which rows of a frame with ``form`` and ``item``, as the store has them, are among these."""
    whole = [form for form, item in places if item == WHOLE]
    named = [f"{form}\x1f{item}" for form, item in places]
    return pl.col("form").is_in(whole) | pl.concat_str("form", "item", separator="\x1f").is_in(
        named
    )


def told_left_out(places: Places) -> str:
    """In words: ``randomisation.arm, diary``."""
    return ", ".join(f"{form}.{item}" if item else form for form, item in places)
