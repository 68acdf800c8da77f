"""What of a listing a site may read: nothing of other sites, no note, and nothing that shows an arm.

A note compares a value with those of all sites. What was allocated, and in which block, is for the
coordinator to put right.
"""

import numpy as np

from trialkit.checks.listings.marking import Listing
from trialkit.schemas.forms.forms import Form, Purpose, Schemas, Severity
from trialkit.schemas.forms.placeholders import placeholders

SECRET = (Purpose.ARM, Purpose.BLOCK)
"""What an item is used for that no site is shown."""


def for_site(listing: Listing, site: str, schemas: Schemas) -> Listing:
    """The listing of one site as it may be given to that site."""
    return for_sites(listing.of_site(site), schemas)


def for_sites(listing: Listing, schemas: Schemas) -> Listing:
    """The listing without what no site may read."""
    frame = listing.frame
    secret = {place for form in schemas.forms for place in _secret(form)}
    places = zip(frame["form"], frame["item"], frame["rule_id"], strict=True)
    hidden = [(form, item) in secret or (form, rule) in secret for form, item, rule in places]
    is_note = frame["severity"] == Severity.NOTE.value
    return Listing(frame=frame[~is_note & ~np.array(hidden, dtype=bool)])


def secret_items(form: Form) -> frozenset[str]:
    """The items of a form that show an arm or a block."""
    return frozenset(item.id for item in form.items if item.purpose in SECRET)


def _secret(form: Form) -> set[tuple[str, str]]:
    """The items, and the rules whose words would print one of them, each with its form."""
    items = secret_items(form)
    rules = {rule.id for rule in form.rules if items & set(placeholders(rule.message))}
    return {(form.id, name) for name in items | rules}
