"""The act of signing: with the secret of the account, under what stands there at this moment."""

from trialkit.evidence.contents.what_is_there import refuse_nothing, with_subjects
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.reaches import Level, Reach
from trialkit.evidence.log.rights import Right
from trialkit.evidence.people.gate import permit_somewhere
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.signing.signing_secrets import check_secret
from trialkit.evidence.standing.signatures import SignatureMeaning, content_now
from trialkit.evidence.writing.appending import append_to
from trialkit.evidence.writing.review_marks import refuse_unseen
from trialkit.protocol.tables.canonical import canonical


def refuse_who_signs_nothing(store: Store, occasion: Occasion) -> None:
    """Raise :class:`~trialkit.errors.EvidenceError` for who may sign nowhere, before a secret is asked for."""
    person = occasion.author.person
    with store.by(person).reading() as connection:
        permit_somewhere(connection, person, Right.SIGN)


def sign(
    store: Store,
    reach: Reach,
    meaning: SignatureMeaning,
    occasion: Occasion,
    *,
    secret: str,
    as_of: int | None = None,
    site_item: tuple[str, str] = ("", ""),
) -> LogEnd:
    """Sign what the reach covers as it stood after the event ``as_of`` (as it stands, if None).

    ``secret`` is the password of the account where a server asks one, else the passphrase.
    ``site_item`` is needed for a site, as for its lock.

    Raises :class:`~trialkit.errors.EvidenceError` for who may sign nowhere, for a wrong secret, where nothing was entered,
    and where something has changed since it was looked at.
    """
    refuse_who_signs_nothing(store, occasion)
    by = check_secret(store, secret, occasion)
    with store.by(occasion.author.person).writing() as connection:
        if reach.level is Level.SITE:
            reach = with_subjects(connection, reach, site_item)
        sight = sight_of(connection, occasion.author.person)
        refuse_nothing(connection, reach, sight)
        seen = refuse_unseen(connection, reach, as_of, sight)
        details = {
            "meaning": meaning.value, "as_of": seen, "by": by.value,
            "content_sha256": content_now(connection, reach),
            **({"site": reach.site, "subjects": list(reach.subjects)} if reach.site else {}),
        }  # fmt: skip
        said = {"action": EventAction.SIGNED, **reach.place, "details": canonical(details)}
        return append_to(connection, entries([said]), occasion)
