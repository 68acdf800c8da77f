"""What a signature rests on: the password of the account on a server, else the passphrase kept here.

A server that let the session in by a password is asked again for that of the account that signs. Where
it has other ways to know somebody (a certificate, Kerberos, the account of its own computer), or takes
everybody, there is no password to ask for: then the passphrase of the store is asked as in a file. The
signature says which of the two it was.
"""

from enum import StrEnum

from trialkit.evidence.database.opening import Store


class SigningSecret(StrEnum):
    """What is asked of whoever signs; kept in the event of the signature."""

    PASSPHRASE = "passphrase"
    """Kept by trialkit beside the log."""
    DATABASE_PASSWORD = "database password"
    """Of the account on the server, which alone knows it."""


def secret_asked(store: Store) -> SigningSecret:
    """What is asked for a signature here."""
    if not store.is_served:
        return SigningSecret.PASSPHRASE
    with store.reading() as connection:
        driver = connection.connection.driver_connection
        is_by_password = driver is not None and driver.pgconn.used_password
    return SigningSecret.DATABASE_PASSWORD if is_by_password else SigningSecret.PASSPHRASE
