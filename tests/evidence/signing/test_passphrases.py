"""A passphrase is kept as scrypt makes it, and stands nowhere in the store."""

import hashlib

import pytest
import sqlalchemy as sa

from tests.evidence.standing.test_signatures import CHEAP, SECRET
from tests.evidence.world import every_event, occasion, small_history
from tests.evidence.writing.test_holding import BEN
from trialkit.errors import EvidenceError
from trialkit.evidence.database.tables_of_control import SECRET as TABLE
from trialkit.evidence.signing.passphrases import (
    ScryptCost,
    check_passphrase,
    has_passphrase,
    set_passphrase,
)
from trialkit.evidence.signing.secret_tries import TRIES
from trialkit.evidence.verifying.verifying import verify


def test_key_is_scrypt_of_rfc_7914():
    """The third test vector of RFC 7914, section 12."""
    key = ScryptCost(n=16384, r=8, p=1).key("pleaseletmein", b"SodiumChloride")

    assert key.hex() == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"


def test_passphrase_is_neither_in_the_log_nor_beside_it(kept):
    small_history(kept.store)
    set_passphrase(kept.store, SECRET, occasion(5), cost=CHEAP)

    check_passphrase(kept.store, SECRET, occasion(6))

    assert has_passphrase(kept.store, "ann")
    assert not has_passphrase(kept.store, "ben")
    with kept.store.reading() as connection:
        row = connection.execute(sa.select(TABLE)).one()
    assert SECRET.encode() not in row.key + row.salt
    assert SECRET not in str(every_event(kept.store).rows())
    if kept.path is not None:
        files = [kept.path, kept.path.with_name(f"{kept.path.name}-wal")]
        assert not any(SECRET.encode() in each.read_bytes() for each in files if each.exists())
    assert verify(kept.store).holds


def test_two_accounts_with_one_passphrase_have_different_keys(kept):
    small_history(kept.store)
    set_passphrase(kept.store, SECRET, occasion(5), cost=CHEAP)
    set_passphrase(kept.store, SECRET, occasion(5, author=BEN), cost=CHEAP)

    keys = set()
    for person in ("ann", "ben"):  # a server gives nobody another's
        with kept.store.by(person).reading() as connection:
            of_own = TABLE.c.person == person
            keys |= set(connection.execute(sa.select(TABLE.c.key).where(of_own)).scalars())

    assert len(keys) == 2


def test_another_passphrase_takes_the_one_before(kept):
    small_history(kept.store)
    set_passphrase(kept.store, SECRET, occasion(5), cost=CHEAP)

    with pytest.raises(EvidenceError, match="is not the passphrase"):
        set_passphrase(kept.store, "another long one", occasion(6), cost=CHEAP)
    set_passphrase(kept.store, "another long one", occasion(7), before=SECRET, cost=CHEAP)

    check_passphrase(kept.store, "another long one", occasion(8))
    with pytest.raises(EvidenceError, match="is not the passphrase"):
        check_passphrase(kept.store, SECRET, occasion(9))
    assert verify(kept.store).holds


def test_short_passphrase_is_refused(kept):
    small_history(kept.store)

    with pytest.raises(EvidenceError, match="fewer than 12"):
        set_passphrase(kept.store, "short one   ", occasion(5), cost=CHEAP)


def test_after_several_wrong_ones_the_account_waits(kept):
    small_history(kept.store)
    set_passphrase(kept.store, SECRET, occasion(5), cost=CHEAP)
    set_passphrase(kept.store, SECRET, occasion(5, author=BEN), cost=CHEAP)
    for _ in range(TRIES):
        with pytest.raises(EvidenceError, match="is not the passphrase"):
            check_passphrase(kept.store, "wrong", occasion(6))

    with pytest.raises(EvidenceError, match=r"5 wrong ones in a row; try again after 08:21"):
        check_passphrase(kept.store, SECRET, occasion(7))
    check_passphrase(kept.store, SECRET, occasion(7, author=BEN))
    check_passphrase(kept.store, SECRET, occasion(22))


ATTACKS = (
    "UPDATE secret SET key = salt",
    "UPDATE secret SET person = 'ben'",
    "DELETE FROM secret",
    """UPDATE secret SET cost = '{"n":2,"p":1,"r":1}'""",
)


@pytest.mark.parametrize("statement", ATTACKS)
def test_secret_that_was_replaced_in_the_database_is_told(kept, statement):
    small_history(kept.store)
    set_passphrase(kept.store, SECRET, occasion(5), cost=CHEAP)
    assert not kept.by_force(statement, guarded=False)

    traces = {each.trace for each in verify(kept.store).problems}

    assert traces == {"passphrase replaced"}


@pytest.mark.parametrize("cost", ['{"n":1099511627776,"p":1,"r":8}', "{}", "x"])
def test_kept_cost_that_would_stop_the_machine_is_refused(kept, cost):
    small_history(kept.store)
    set_passphrase(kept.store, SECRET, occasion(5), cost=CHEAP)
    kept.by_force(f"UPDATE secret SET cost = '{cost}'", guarded=False)

    with pytest.raises(EvidenceError, match="'verify' says what was changed"):
        check_passphrase(kept.store, SECRET, occasion(6))


def test_usual_cost_is_worth_something():
    usual = ScryptCost()

    assert usual.n * usual.r * usual.p >= 2**15 * 8 * 3
    assert len(usual.key("x", b"salt")) == hashlib.sha256().digest_size
