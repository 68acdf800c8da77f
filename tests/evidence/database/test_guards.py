"""What a database refuses by itself, with the rights of the application and with the owner's."""

import pytest

from tests.evidence.world import every_event, small_history
from trialkit.evidence.database import postgres_guard, postgres_rights, sqlite_guard

ATTACKS = {
    "change": "UPDATE event SET person = 'eve' WHERE seq = 3",
    "delete": "DELETE FROM event WHERE seq = 8",
    "delete all": "DELETE FROM event",
    "change a text": "UPDATE content SET new = '99' WHERE seq = 8",
    "take a text away": "UPDATE content SET new = NULL WHERE seq = 8",
    "delete a text": "DELETE FROM content WHERE seq = 8",
    "insert out of turn": "INSERT INTO event SELECT {columns} FROM event WHERE seq = 3",
}
OF_ONE_ENGINE = {
    "sqlite": {
        "replace": "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 3",
        "replace a text": "INSERT OR REPLACE INTO content (seq, new) VALUES (8, '99')",
        "replace by update": "UPDATE OR REPLACE event SET seq = 3 WHERE seq = 8",
    },
    "postgresql": {
        "truncate": "TRUNCATE event",
        "truncate texts": "TRUNCATE content",
        "replace": "INSERT INTO event SELECT * FROM event WHERE seq = 3 "
        "ON CONFLICT (seq) DO UPDATE SET person = 'eve'",
    },
}
COLUMNS = ", ".join(
    f"{name} + 90" if name == "seq" else name
    for name in (
        "seq", "batch", "at", "zone", "person", "printed_name", "role", "site", "door", "definition",
        "action", "form", "subject_id", "visit", "repeat", "copy", "item", "missing_old",
        "missing_new", "about", "details", "old_sha256", "new_sha256", "reason_sha256", "before",
        "hash",
    )
)  # fmt: skip


@pytest.mark.parametrize("rights", ["application", "owner"])
def test_log_is_only_added_to(kept, rights):
    small_history(kept.store)
    before = every_event(kept.store)
    attacks = ATTACKS | OF_ONE_ENGINE[kept.store.engine.dialect.name]

    refusals = (
        sqlite_guard.NEXT,
        sqlite_guard.KEPT,
        sqlite_guard.NO_REDACTION,
        "permission denied",
    )
    for name, statement in attacks.items():
        sql = statement.format(columns=COLUMNS)
        said = (
            kept.as_application(sql)
            if rights == "application"
            else kept.by_force(sql, guarded=True)
        )
        assert any(part in said for part in refusals), f"{name}: {said!r}"

    assert every_event(kept.store).equals(before)


@pytest.mark.postgres
def test_application_cannot_take_the_guards_away(kept):
    if not kept.store.is_served:
        pytest.skip("the owner of a file can do with it what he likes; then the chain tells")

    for statement in (
        "DROP TRIGGER event_is_kept ON event",
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DROP TABLE event",
    ):
        said = kept.as_application(statement)
        assert "must be owner" in said or "permission denied" in said, statement


def test_whoever_enters_data_may_read_and_add_and_no_more():
    rights = " ".join((*postgres_rights.STATEMENTS, *postgres_guard.RIGHTS))

    assert "GRANT SELECT, INSERT ON event, content, definition" in rights
    assert "GRANT ALL" not in rights
