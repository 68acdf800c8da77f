"""A signature on a server takes the account's password again, and no other word, from nowhere else."""

import io
import logging
import os
import stat
import traceback
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests.evidence.postgres_server import NO_LOGIN, PASSWORDS
from tests.evidence.standing.test_signatures import APPROVAL, CHEAP, SECRET
from tests.evidence.world import ANN, every_event, occasion, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import postgres_store
from trialkit.evidence.log.events import Actor
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.people.secret_kinds import SigningSecret, secret_asked
from trialkit.evidence.signing.passphrases import set_passphrase
from trialkit.evidence.signing.secret_tries import TRIES
from trialkit.evidence.signing.signing_a_reach import sign
from trialkit.evidence.signing.signing_secrets import check_secret
from trialkit.evidence.standing.signatures import signatures
from trialkit.evidence.verifying.verifying import verify

pytestmark = pytest.mark.postgres
KIM = Actor(person="kim", printed_name="Kim Ito", role="investigator")
P1 = Reach(subject_id="P1")


@pytest.fixture
def kept(request, tmp_path):
    from tests.evidence.world import on_postgres

    made = on_postgres(request.getfixturevalue("postgres"))
    small_history(made.store)
    yield made
    for store in (made.store, *made.opened):
        store.close()


def by_password(kept, person="kim"):
    """The store as somebody opens it whom the server asks for a password."""
    url = sa.make_url(kept.application_url).set(username=person, password=PASSWORDS[person])
    store = postgres_store(url.render_as_string(hide_password=False)).by(person)
    kept.opened.append(store)
    return store


@pytest.mark.parametrize("person", ["kim", "max"])
def test_password_signs_and_the_signature_says_on_what_it_rests(kept, person):
    store = by_password(kept, person)
    who = replace(KIM, person=person)

    sign(store, P1, APPROVAL, occasion(6, author=who), secret=PASSWORDS[person])

    (found,) = signatures(store)
    assert found.by is SigningSecret.DATABASE_PASSWORD
    assert "(approval, by database password)" in found.told
    assert verify(store).holds


@pytest.mark.parametrize("said", ["wrong", "", "\0", PASSWORDS["kim"] + "\0x", "\udcff", "A Word"])
def test_wrong_word_signs_nothing_and_is_an_event(kept, said, monkeypatch, tmp_path):
    """Not even where libpq would find the right one by itself."""
    monkeypatch.setenv("PGPASSWORD", PASSWORDS["kim"])
    passfile = tmp_path / "pgpass"
    passfile.write_text("*:*:*:kim:" + PASSWORDS["kim"].replace(":", "\\:"))
    passfile.chmod(stat.S_IRUSR | stat.S_IWUSR)
    monkeypatch.setenv("PGPASSFILE", str(passfile))
    store = by_password(kept)

    with pytest.raises(EvidenceError, match="does not take this as the password of kim"):
        sign(store, P1, APPROVAL, occasion(6, author=KIM), secret=said)

    last = every_event(store).row(-1, named=True)
    assert (last["action"], last["person"]) == ("passphrase refused", "kim")
    assert last["details"] == '{"by":"database password"}'
    assert signatures(store) == ()


def test_password_stands_nowhere(kept):
    written = io.StringIO()
    listening, before = logging.StreamHandler(written), logging.root.level
    logging.root.addHandler(listening)
    logging.root.setLevel(logging.DEBUG)
    store = by_password(kept)
    told = []
    for said in ("a wrong word", PASSWORDS["lee"]):
        with pytest.raises(EvidenceError) as refused:
            sign(store, P1, APPROVAL, occasion(6, author=KIM), secret=said)
        told += [repr(refused.value), *traceback.format_exception(refused.value)]
    sign(store, P1, APPROVAL, occasion(7, author=KIM), secret=PASSWORDS["kim"])
    logging.root.removeHandler(listening)
    logging.root.setLevel(before)

    everything = f"{told} {written.getvalue()} {every_event(store).rows()} {store}"

    for said in ("a wrong word", PASSWORDS["lee"], PASSWORDS["kim"]):
        assert said not in everything


def test_after_several_wrong_ones_the_account_waits_for_its_right_one(kept):
    store = by_password(kept)
    for _ in range(TRIES):
        with pytest.raises(EvidenceError, match="does not take"):
            check_secret(store, "wrong", occasion(6, author=KIM))

    with pytest.raises(EvidenceError, match=r"5 wrong ones in a row; try again after 08:21 UTC"):
        check_secret(store, PASSWORDS["kim"], occasion(7, author=KIM))
    assert check_secret(store, PASSWORDS["kim"], occasion(22, author=KIM))


def test_passphrase_is_not_taken_where_the_server_asks_a_password(kept):
    trusted = postgres_store(kept.application_url.replace("//ann@", "//ben@"))
    kept.opened.append(trusted)
    ben = replace(ANN, person="ben")
    set_passphrase(trusted, SECRET, occasion(5, author=ben), cost=CHEAP)
    assert secret_asked(trusted) is SigningSecret.PASSPHRASE
    assert check_secret(trusted, SECRET, occasion(6, author=ben)) is SigningSecret.PASSPHRASE
    store = by_password(kept)

    with pytest.raises(EvidenceError, match="takes the password of the account on the server"):
        set_passphrase(store, SECRET, occasion(5, author=KIM), cost=CHEAP)
    with pytest.raises(EvidenceError, match="does not take this"):
        check_secret(store, SECRET, occasion(6, author=KIM))


def test_who_acts_for_somebody_is_asked_for_the_password_of_that_account(kept):
    """By SET ROLE: the word of the login says nothing of who sits there."""
    store = by_password(kept, "lee")

    with pytest.raises(EvidenceError, match="lets ann in without a password, so that any word"):
        check_secret(store.by("ann"), PASSWORDS["lee"], occasion(6))
    ned = replace(KIM, person=NO_LOGIN)
    with pytest.raises(EvidenceError, match='"ned" is not permitted to log in'):
        check_secret(store.by(NO_LOGIN), PASSWORDS["lee"], occasion(6, author=ned))
    assert every_event(store)["action"][-1] != "signed"


def test_server_that_does_not_answer_is_no_wrong_password(kept, monkeypatch):
    store = by_password(kept)
    before = every_event(store).height
    monkeypatch.setattr("trialkit.evidence.signing.signing_secrets.secret_asked", lambda _: "asked")
    elsewhere = replace(store, engine=_Elsewhere(store.engine))

    with pytest.raises(EvidenceError, match="does not let kim in a second time") as no:
        check_secret(elsewhere, PASSWORDS["kim"], occasion(6, author=KIM))

    assert PASSWORDS["kim"] not in "".join(traceback.format_exception(no.value))
    assert every_event(store).height == before


class _Elsewhere:
    """An engine whose connections stand, while nobody answers a new one any more."""

    def __init__(self, engine):
        self._engine = engine
        self.url = engine.url.set(port=1)

    def __getattr__(self, name):
        return getattr(self._engine, name)


def test_signature_by_a_passphrase_that_was_never_set_is_told(kept):
    """As somebody writes it who has an account and SQL."""
    store = by_password(kept)
    from trialkit.evidence.log.events import entries
    from trialkit.evidence.writing.appending import append
    from trialkit.protocol.tables.canonical import canonical

    for by in ("passphrase", "hearsay"):
        details = {"as_of": 1, "by": by, "content_sha256": "0" * 64, "meaning": "approval"}
        append(
            store,
            entries([{"action": "signed", "subject_id": "P9", "details": canonical(details)}]),
            occasion(7, author=KIM),
        )

    told = [each.told for each in verify(store).problems if each.trace == "past the rules"]

    assert len(told) == 2
    assert "names a passphrase, and kim had set none" in told[0]
    assert os.environ.get("PGPASSWORD") is None
