"""Whether somebody may be randomised, as the forms in the store say: there, eligible, with consent, without an arm.

What ``validate`` finds after a randomisation (``not_eligible``, ``no_consent``) is asked before it here. Of
a form that is filled in once somebody is randomised, a blank says nothing yet.
"""

from collections.abc import Iterator

import polars as pl

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.standing.answers_of_one import KnownOfOne, has_answer
from trialkit.schemas.forms.forms import Expected, Form, Item, Purpose
from trialkit.schemas.values.parsing import ParsedColumn, parse_item
from trialkit.steps.stages import OpenedTrial


def refuse_who_may_not_be(
    store: Store, opened: OpenedTrial, known: KnownOfOne, *, account: str, subject: str
) -> None:
    """Raise :class:`EvidenceError` for a participant who is not to be randomised, or is already.

    Clusters that are randomised are no participants, and nothing is asked of them.
    """
    clusters = opened.protocol.clusters
    if clusters is not None and clusters.randomised:
        return
    if not known.is_there:
        raise EvidenceError(
            f"{subject}: has no row in the store; nothing was opened. Look at the number, or enter first what "
            "was asked before randomisation"
        )
    _refuse_in_an_arm(store, opened, known, account, subject)
    for form, item in _of_everybody(opened):
        if why := _why_not(form, item, known, opened):
            raise EvidenceError(
                f"{subject}: {form.id}.{item.id} ({item.label}) {why}; nothing was opened. Who is not eligible, "
                "or has not consented, is not randomised; correct what was entered first, if it is wrong"
            )


def _refuse_in_an_arm(
    store: Store, opened: OpenedTrial, known: KnownOfOne, account: str, subject: str
) -> None:
    for form, item in _of_everybody(opened):
        if item.purpose is Purpose.ARM and has_answer(store, account, subject, form.id, item.id):
            told = f"has an arm in form {form.id!r}" if known.sees_arms else "is randomised already"
            raise EvidenceError(
                f"{subject}: {told}; nothing was opened. Nobody is randomised twice; where the row is of somebody "
                "else, correct it first"
            )


def _of_everybody(opened: OpenedTrial) -> Iterator[tuple[Form, Item]]:
    """Every item of the forms that a participant has one row of."""
    for form in opened.schemas.forms:
        if form.key == ("subject_id",):
            yield from ((form, item) for item in form.items)


def _why_not(form: Form, item: Item, known: KnownOfOne, opened: OpenedTrial) -> str:
    """Why the answer to an item keeps somebody from being randomised; empty if it does not."""
    text = known.answers.get((form.id, item.id), "")
    if item.purpose is Purpose.NOT_ENROLLED_REASON:
        found = _read(text, item, opened)
        return f"says {text!r}" if text and found.codes[0] is None else ""
    if item.purpose not in {Purpose.ELIGIBLE, Purpose.CONSENT_DATE}:
        return ""
    if not text:
        return "" if form.expected is Expected.RANDOMISED else "is blank"
    value = _read(text, item, opened).values[0]
    return f"is {text!r}" if value is None or value is False else ""


def _read(text: str, item: Item, opened: OpenedTrial) -> ParsedColumn:
    return parse_item(pl.Series(item.id, [text], dtype=pl.String), item, data=opened.schemas.data)
