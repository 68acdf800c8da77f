"""The secret of whoever signs, asked anew at each signature: by the store, or by the server itself."""

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.engine_refusals import told
from trialkit.evidence.log.events import Occasion
from trialkit.evidence.people.secret_kinds import SigningSecret, secret_asked
from trialkit.evidence.signing.passphrases import check_passphrase
from trialkit.evidence.signing.secret_tries import keep_refused, refuse_too_many

PATIENCE_SECONDS = 10
"""How long the server may take to say whether a password is right; others wait meanwhile."""


def check_secret(store: Store, secret: str, occasion: Occasion) -> SigningSecret:
    """Ask for the secret of whoever acts; gives what it was.

    Raises :class:`EvidenceError` for a wrong one, which is an event, and after several in a row.
    """
    asked = secret_asked(store)
    if asked is SigningSecret.PASSPHRASE:
        check_passphrase(store, secret, occasion)
    else:
        _check_password(store, secret, occasion)
    return asked


def _check_password(store: Store, password: str, occasion: Occasion) -> None:
    person = occasion.author.person
    with store.by(person).writing() as connection:
        refuse_too_many(connection, occasion)
        if _is_taken(store, person, password):
            return
        keep_refused(connection, occasion, of=SigningSecret.DATABASE_PASSWORD)
    raise EvidenceError(
        f"the server does not take this as the password of {person}; nothing was signed, and the log has "
        "it"
    )


def _is_taken(store: Store, person: str, password: str) -> bool:
    """Whether the server lets this account in by this password, and by nothing else."""
    # libpq looks for a blank one in PGPASSWORD and ~/.pgpass, and reads no further than a NUL
    if not password or "\0" in password or not _can_be_sent(password):
        return False
    login = sa.create_engine(
        store.engine.url.set(username=person, password=password),
        poolclass=sa.NullPool,
        connect_args={"connect_timeout": PATIENCE_SECONDS},
    )
    try:
        with login.connect() as fresh:
            driver = fresh.connection.driver_connection
            was_asked = driver is not None and driver.pgconn.used_password
            is_theirs = fresh.scalar(sa.text("SELECT session_user")) == person
    except DBAPIError as error:
        asked = getattr(error.orig, "pgconn", None)
        if asked is not None and asked.used_password:
            return False
        raise EvidenceError(
            f"{store.place}: does not let {person} in a second time, to ask for the password, and nothing "
            f"was signed; {told(error.orig, None)}"
        ) from None
    if not was_asked or not is_theirs:
        raise EvidenceError(
            f"{store.place}: lets {person} in without a password, so that any word would do, and nothing "
            "was signed; the server's administrator writes scram-sha-256 for this account in pg_hba.conf"
        )
    return True


def _can_be_sent(password: str) -> bool:
    try:
        password.encode()
    except UnicodeEncodeError:  # bytes of the terminal that are no text
        return False
    return True
