"""Where a store is, and that no password is said or taken from the call."""

import pytest

from trialkit.errors import EvidenceError
from trialkit.evidence.database.addressing import StoreAddress


def test_a_store_is_the_trials_own_unless_another_is_named(tmp_path):
    assert StoreAddress(folder=tmp_path).path == tmp_path / "evidence.sqlite"
    other = StoreAddress(folder=tmp_path, said=str(tmp_path / "x.sqlite"))
    assert (other.path, other.is_served) == (tmp_path / "x.sqlite", False)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ann:s3cret@host/db", "holds a password"),
        ("postgresql://ann@host/db?password=s3cret", "holds a password"),
        ("postgresql://ann:s3cret@host:port/db", "cannot be read as a URL"),
        ("mysql://ann@host/db", "a store on a server is PostgreSQL"),
    ],
)
def test_a_url_that_will_not_do_is_refused_without_its_password(tmp_path, url, said):
    with pytest.raises(EvidenceError, match=said) as refused:
        StoreAddress(folder=tmp_path, said=url).store()
    assert "s3cret" not in str(refused.value)


def test_no_store_is_told_with_what_begins_one(tmp_path):
    with pytest.raises(EvidenceError, match="no store stands here; begin one with"):
        StoreAddress(folder=tmp_path).store()


def test_a_server_that_does_not_answer_is_told(tmp_path):
    address = StoreAddress(folder=tmp_path, said="postgresql://ann@127.0.0.1:1/db")
    store = address.store()
    with pytest.raises(EvidenceError, match=r"the server says: .*refused"), store.reading():
        pass
