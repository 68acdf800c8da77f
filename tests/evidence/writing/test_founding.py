"""A store is founded with its first events, or not at all."""

import pytest

from tests.evidence.world import every_event, occasion
from trialkit.errors import EvidenceError
from trialkit.evidence.database.addressing import FILE, StoreAddress
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing import founding
from trialkit.evidence.writing.founding import found

NOW = occasion(door=Door.STORE)
TEXTS = {"protocol.toml": "[trial]\n", "forms/pain.toml": "[form]\n"}


def made(address, **said):
    return found(address, trial="T1", definitions=TEXTS, occasion=NOW, **said)


def test_it_begins_with_its_identity_and_its_definitions(tmp_path):
    address = StoreAddress(folder=tmp_path)
    head = made(address)
    store = address.store()
    log = every_event(store)
    assert log["action"].to_list() == [EventAction.BEGAN, EventAction.DEFINED]
    assert head.seq == 2
    assert head.hash == log["hash"][-1]
    assert verify(store, [head]).holds
    store.close()
    assert [each.name for each in tmp_path.iterdir()] == [FILE]


def test_a_place_that_is_taken_stays_as_it_is(tmp_path):
    (tmp_path / FILE).write_bytes(b"mine")
    with pytest.raises(EvidenceError, match="is there already"):
        made(StoreAddress(folder=tmp_path))
    assert (tmp_path / FILE).read_bytes() == b"mine"


def test_what_fails_on_the_way_leaves_nothing(tmp_path, monkeypatch):
    def fails(*_: object) -> None:
        raise EvidenceError("on the way")

    monkeypatch.setattr(founding, "publish_in", fails)
    with pytest.raises(EvidenceError, match="on the way"):
        made(StoreAddress(folder=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(EvidenceError, match=r"none/evidence.sqlite: cannot be written: it or its"):
        made(StoreAddress(folder=tmp_path / "none"))


def test_a_server_needs_the_account_that_enters(tmp_path):
    with pytest.raises(EvidenceError, match="--application: names no account"):
        made(StoreAddress(folder=tmp_path, said="postgresql://owner@127.0.0.1:1/x"))


@pytest.mark.postgres
def test_on_a_server_all_of_it_or_nothing(postgres, tmp_path, monkeypatch):
    from tests.evidence.postgres_server import ENTERING, new_database

    address = StoreAddress(folder=tmp_path, said=new_database(postgres, "founded"))

    def fails(*_: object) -> None:
        raise EvidenceError("on the way")

    with monkeypatch.context() as patch:
        patch.setattr(founding, "publish_in", fails)
        with pytest.raises(EvidenceError, match="on the way"):
            made(address, application=ENTERING)
    assert made(address, application=ENTERING).seq == 2
    with pytest.raises(EvidenceError, match="holds a store already"):
        made(address, application=ENTERING)
