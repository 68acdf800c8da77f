"""What a call of ``trialkit store`` is about, and where a trial says to which site somebody belongs."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from trialkit.cli.store_author import address
from trialkit.evidence.opening import Store
from trialkit.evidence.reaches import Reach
from trialkit.schemas.forms.forms import Purpose, Schemas


def reach(arguments: Namespace) -> Reach:
    """What the options name; what they do not name may be anything."""
    return Reach(
        subject_id=arguments.subject,
        visit=arguments.visit,
        repeat=arguments.number,
        form=arguments.form,
        item=arguments.item,
        site=arguments.of_site,
    )


def site_item(schemas: Schemas) -> tuple[str, str]:
    """The form and the item that say of a participant to which site it belongs; blank if none does."""
    for form in schemas.forms:
        item = form.item_for(Purpose.SITE)
        if item is not None and form.key == ("subject_id",):
            return form.id, item.id
    return "", ""


@contextmanager
def opened(arguments: Namespace) -> Iterator[Store]:
    """The store that the call means, closed at the end."""
    store = address(arguments).store()
    try:
        yield store
    finally:
        store.close()
