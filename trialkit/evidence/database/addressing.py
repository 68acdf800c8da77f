"""Where the store of a trial is: a file in its folder, another file, or a database on a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store, postgres_store, sqlite_store
from trialkit.printable import is_text

FILE = "evidence.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAddress:
    """What a call, or a protocol, says of where the store is."""

    folder: Path
    """Of the trial."""
    said: str = ""
    """A URL, a file, or nothing."""
    person: str = ""
    """The account of who opens it, who sees and does what that may; ``""`` is the owner of a file."""

    @property
    def is_served(self) -> bool:
        """Whether it names a server."""
        return "://" in self.said

    @property
    def path(self) -> Path:
        """The file of a store that is not on a server."""
        return Path(self.said) if self.said else self.folder / FILE

    @property
    def url(self) -> str:
        """The URL of a store on a server.

        Raises :class:`EvidenceError` for one that is none, or has a password in it.
        """
        try:
            parsed = sa.make_url(self.said)
        except (sa.exc.ArgumentError, ValueError):
            raise EvidenceError(
                "--url: cannot be read as a URL; write postgresql://ACCOUNT@HOST/DATABASE"
            ) from None
        if parsed.password is not None or "password" in parsed.query:
            raise EvidenceError(
                "--url: holds a password, which everybody on this computer can read in the list of "
                "programs; leave it out, and set PGPASSWORD or write it to ~/.pgpass"
            )
        return self.said

    @property
    def login(self) -> str:
        """The account by which a server is reached; ``""`` where the address does not say it."""
        return sa.make_url(self.url).username or "" if self.is_served else ""

    @property
    def account(self) -> str:
        """By which account whoever runs this reaches it: that of the server, else of the computer.

        Raises :class:`EvidenceError` where the computer does not say whose account it is.
        """
        try:
            account = self.login or getuser()
        except (OSError, KeyError, ImportError):
            account = ""
        if not account or not is_text(account):
            raise EvidenceError(
                "this computer does not say whose account it is, or not as text in UTF-8, and the log is kept "
                "by account; set LOGNAME"
            )
        return account

    def store(self) -> Store:
        """The store that is there; raises :class:`EvidenceError` where none is."""
        store = postgres_store(self.url) if self.is_served else sqlite_store(self.path)
        return store.by(self.person)

    @contextmanager
    def read_by_account(self) -> Iterator[Store]:
        """The same for a while, by the account of whoever runs this."""
        store = self.store().by(self.account)
        try:
            yield store
        finally:
            store.close()
