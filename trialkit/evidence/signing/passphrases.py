"""The passphrase of an account, by which it signs: kept as scrypt makes it, and never in the log.

Whoever owns the store can put another passphrase in the place of one, and then sign as somebody else;
the log has a digest of what was kept, so that ``verify`` tells it. A store in a file rests on the
account of the operating system and on this passphrase, and on nothing else. On a server it is asked
where the server asks no password; see :mod:`trialkit.evidence.people.secret_kinds`.
"""

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.database.tables_of_control import SECRET
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.problems import Problem, Tampering
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.secret_kinds import SigningSecret, secret_asked
from trialkit.evidence.signing.secret_tries import keep_refused, refuse_too_many
from trialkit.evidence.writing.appending import append_to
from trialkit.protocol.tables.canonical import canonical

SHORTEST = 12
"""Characters of a passphrase."""
_SALT_BYTES, _KEY_BYTES = 16, 32
_LEFT_OUT = "left out"
"""Stands as the cost where a copy of a store has no passphrase, which the store had."""
_MOST = {"n": 2**20, "r": 32, "p": 16}
"""What a kept cost may ask for: more would be somebody's, who wants the machine to stand still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScryptCost:
    """How much work it is to try one passphrase; kept beside each, so that later ones may cost more."""

    n: int = 2**15
    r: int = 8
    p: int = 3

    def key(self, passphrase: str, salt: bytes) -> bytes:
        """What is kept of a passphrase."""
        return hashlib.scrypt(
            unicodedata.normalize("NFKC", passphrase).encode(),
            salt=salt, n=self.n, r=self.r, p=self.p, maxmem=256 * self.n * self.r,
            dklen=_KEY_BYTES,
        )  # fmt: skip


USUAL = ScryptCost()


def set_passphrase(
    store: Store,
    passphrase: str,
    occasion: Occasion,
    *,
    before: str = "",
    cost: ScryptCost = USUAL,
) -> LogEnd:
    """Give whoever acts a passphrase, or another one in the place of ``before``.

    Raises :class:`EvidenceError` for one that is too short, a wrong one before, and on a server that asks
    the account's own password.
    """
    refuse_needless(store)
    if len(passphrase.strip()) < SHORTEST:
        raise EvidenceError(
            f"the passphrase has fewer than {SHORTEST} characters; several words are easy to remember"
        )
    person = occasion.author.person
    if has_passphrase(store, person):
        check_passphrase(store, before, occasion)
    salt = os.urandom(_SALT_BYTES)
    key, written = cost.key(passphrase, salt), canonical(asdict(cost))
    with store.by(occasion.author.person).writing() as connection:
        details = canonical({"kept_sha256": _digest(salt, key, written)})
        said = {"action": EventAction.PASSPHRASE_SET, "details": details}
        seq = head_of(connection).seq + 1
        connection.execute(SECRET.delete().where(SECRET.c.person == person))
        kept = {"person": person, "salt": salt, "key": key, "cost": written, "seq": seq}
        connection.execute(SECRET.insert().values(kept))
        return append_to(connection, entries([said]), occasion)


def refuse_needless(store: Store) -> None:
    """Raise :class:`EvidenceError` where signatures take another secret, and a passphrase is of no use."""
    if secret_asked(store) is SigningSecret.DATABASE_PASSWORD:
        raise EvidenceError(
            f"{store.place}: a signature here takes the password of the account on the server, and no "
            "passphrase beside it; nothing was set"
        )


def has_passphrase(store: Store, person: str) -> bool:
    """Whether the account can sign."""
    with store.reading() as connection:
        return _kept(connection, person) is not None


def check_passphrase(store: Store, passphrase: str, occasion: Occasion) -> None:
    """Raise :class:`EvidenceError` unless this is the passphrase of whoever acts.

    A wrong one is an event, and after several in a row the account waits.
    """
    person = occasion.author.person
    with store.by(occasion.author.person).writing() as connection:
        refuse_too_many(connection, occasion)
        kept = _kept(connection, person)
        if kept is None:
            raise EvidenceError(
                f"{person}: has no passphrase in this store yet; set one with 'trialkit store "
                "passphrase'"
            )
        salt, key, cost = kept
        if hmac.compare_digest(cost.key(passphrase, salt), key):
            return
        keep_refused(connection, occasion, of=SigningSecret.PASSPHRASE)
    raise EvidenceError(
        f"this is not the passphrase of {person}; nothing was signed, and the log has it"
    )


def leave_out(connection: sa.Connection) -> tuple[str, ...]:
    """Write, into a copy of a store, that the passphrases of its log are not in it; gives whose.

    They sign by none until they set another.
    """
    said = _set_in_log(connection)
    for person, (seq, _) in said.items():
        left = {"person": person, "salt": b"", "key": b"", "cost": _LEFT_OUT, "seq": seq}
        connection.execute(SECRET.insert().values(left))
    return tuple(sorted(said))


def left_out(connection: sa.Connection) -> tuple[str, ...]:
    """Who has to set a passphrase anew, since this copy of the store is without it."""
    return tuple(
        person
        for person, _, digest in sorted(_kept_digests(connection))
        if digest == _LEFT_OUT_SHA256
    )


def wrong_secrets(connection: sa.Connection) -> Iterator[Problem]:
    """Where what is kept of a passphrase is not what the log says was set."""
    said = _set_in_log(connection)
    found = {
        person: (seq, canonical({"kept_sha256": digest}))
        for person, seq, digest in _kept_digests(connection)
    }
    left = canonical({"kept_sha256": _LEFT_OUT_SHA256})
    for person in sorted(said.keys() | found.keys()):
        seq, _ = said.get(person, (0, ""))
        if found.get(person) not in (said.get(person), (seq, left)):
            yield Problem(
                trace=Tampering.SECRET,
                seq=seq,
                told=f"the passphrase of {person} is not the one that was set: replaced, so that somebody "
                "else can sign with this name",
            )


def _set_in_log(connection: sa.Connection) -> dict[str, tuple[int, str]]:
    """The last event by which each account set its passphrase, with its details."""
    rows = connection.execute(
        sa.select(EVENT.c.seq, EVENT.c.person, EVENT.c.details)
        .where(EVENT.c.action == EventAction.PASSPHRASE_SET)
        .order_by(EVENT.c.seq)
    )
    return {person: (seq, details) for seq, person, details in rows}


def _kept(connection: sa.Connection, person: str) -> tuple[bytes, bytes, ScryptCost] | None:
    row = connection.execute(
        sa.select(SECRET.c.salt, SECRET.c.key, SECRET.c.cost).where(SECRET.c.person == person)
    ).one_or_none()
    if row is None or row.cost == _LEFT_OUT:
        return None
    said = kept_object(row.cost, of=f"the cost of the passphrase of {person}")
    if said.keys() != _MOST.keys() or not all(
        isinstance(said[name], int) and 0 < said[name] <= most for name, most in _MOST.items()
    ):
        raise EvidenceError(
            f"the passphrase of {person} is not kept as the store does; 'verify' says what was changed"
        )
    return row.salt, row.key, ScryptCost(**said)


def _kept_digests(connection: sa.Connection) -> Iterator[tuple[str, int, str]]:
    """What is kept for each account, as the log has it; a server gives nobody another's secret."""
    if connection.dialect.name == "postgresql":
        told = sa.func.kept_secrets().table_valued("person", "seq", "kept_sha256")
        yield from (tuple(row) for row in connection.execute(sa.select(told)))
        return
    for row in connection.execute(sa.select(SECRET)):
        yield row.person, row.seq, _digest(row.salt, row.key, row.cost)


def _digest(salt: bytes, key: bytes, cost: str) -> str:
    return hashlib.sha256(salt + key + cost.encode()).hexdigest()


_LEFT_OUT_SHA256 = _digest(b"", b"", _LEFT_OUT)
