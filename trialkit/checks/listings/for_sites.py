"""What of a listing a site may read: nothing of other sites, no note, and nothing that shows an arm.

A note compares a value with those of all sites. An arm that was entered, and a block, are for the
coordinator to put right; that the arm received is blank shows nothing, and is asked about. Whoever or
whatever looks like another may be another site's, and is told without a name.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trialkit.checks.judging.shape import NEAREST
from trialkit.checks.listings.marking import Listing
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Schemas, Severity
from trialkit.schemas.forms.placeholders import placeholders
from trialkit.schemas.forms.secrecy import secret_items


def for_site(listing: Listing, site: str, schemas: Schemas) -> Listing:
    """The listing of one site as it may be given to that site."""
    return for_sites(listing.of_site(site), schemas)


def for_sites(listing: Listing, schemas: Schemas) -> Listing:
    """The listing without what no site may read."""
    frame = listing.frame
    items = {(form.id, item) for form in schemas.forms for item in secret_items(form)}
    rules = {place for form in schemas.forms for place in _printing(form)}
    places = zip(frame["form"], frame["item"], frame["rule_id"], frame["value"] != "", strict=True)
    hidden = [
        ((form, item) in items and is_entered) or (form, rule) in rules
        for form, item, rule, is_entered in places
    ]
    is_note = frame["severity"] == Severity.NOTE.value
    told = frame[~is_note & ~np.array(hidden, dtype=bool)]
    said = [
        _without_others(*of_one)
        for of_one in zip(
            told["rule_id"], told["label"], told["value"], told["message"], strict=True
        )
    ]
    return Listing(frame=told.assign(message=pd.Series(said, index=told.index, dtype="str")))


def _without_others(rule: str, label: str, value: str, message: str) -> str:
    """A message without the name of a participant, or the words, that may be another site's."""
    match rule:
        case BuiltIn.LOOKALIKE_SUBJECT:
            return (
                f"Subject {value} looks like another participant of the trial: are they one person? "
                "Correct the subject, or confirm that they are two; the coordinator can tell which."
            )
        case BuiltIn.LOOKALIKE_TERM:
            return (
                f"{label}: this looks like another term that was entered in the trial: are they one? "
                "Correct the spelling, or confirm that they are two; the coordinator can tell which. So "
                "far they are counted as two."
            )
        case BuiltIn.UNKNOWN_SUBJECT:
            return message.partition(NEAREST)[0]
    return message


def _printing(form: Form) -> Iterator[tuple[str, str]]:
    """The rules whose words print a secret item, each with its form."""
    items = secret_items(form)
    for rule in form.rules:
        if items & set(placeholders(rule.message)):
            yield form.id, rule.id
