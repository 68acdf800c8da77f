from trialkit.evidence.log.hashing import CHAINED
from trialkit.evidence.log.tables import CONTENT, EVENT, REDACTABLE


def test_hash_covers_every_column_of_an_event_but_itself():
    assert {column.name for column in EVENT.columns} == {*CHAINED, "hash"}


def test_nothing_but_texts_and_their_salts_can_leave():
    assert REDACTABLE == ("old", "old_salt", "new", "new_salt", "reason", "reason_salt")
    assert [column.name for column in CONTENT.primary_key] == ["seq"]
