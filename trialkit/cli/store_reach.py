"""What a call of ``trialkit store`` is about, and where a trial says to which site somebody belongs."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from trialkit.cli.store_author import address
from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.reaches import Level, Reach
from trialkit.schemas.forms.forms import Form, Item, Purpose, Schemas


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


def refuse_unnamed(arguments: Namespace) -> None:
    """Raise :class:`EvidenceError` where all of the database would be meant without ``--database``."""
    is_all = reach(arguments).level is Level.DATABASE
    if is_all and not arguments.database:
        raise EvidenceError(
            "nothing is named; name a participant, a visit, a form or a site, or pass --database"
        )
    if arguments.database and not is_all:
        raise EvidenceError(
            "--database is all of it, and something is named beside; leave one of them out"
        )


def site_item(schemas: Schemas) -> tuple[str, str]:
    """The form and the item that say of a participant to which site it belongs; blank if none does."""
    once = ((form.id, item.id) for form, item in site_items(schemas) if form.key == ("subject_id",))
    return next(once, ("", ""))


def site_items(schemas: Schemas) -> Iterator[tuple[Form, Item]]:
    """Every item that says a site, with its form, which may have several rows of a participant."""
    for form in schemas.forms:
        for item in form.items:
            if item.purpose is Purpose.SITE:
                yield form, item


@contextmanager
def opened(arguments: Namespace) -> Iterator[Store]:
    """The store that the call means, closed at the end."""
    store = address(arguments).store()
    try:
        yield store
    finally:
        store.close()
