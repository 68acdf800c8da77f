"""A guard that was taken away, and whatever was put on the tables of a store, is told by ``verify``."""

from tests.evidence.world import on_sqlite, small_history
from trialkit.evidence.database.table_listing import TableListing
from trialkit.evidence.database.verifying_guards import table_differences
from trialkit.evidence.log.problems import Tampering
from trialkit.evidence.verifying.verifying import verify

ON_EITHER = {
    "CREATE INDEX more ON event (person)": "index event.more",
    "DROP INDEX form_row_in_order": "index form_row.form_row_in_order",
}
OF_ONE_ENGINE = {
    "sqlite": {
        "DROP TRIGGER event_is_kept": "trigger event.event_is_kept",
        "CREATE TRIGGER evil AFTER INSERT ON event BEGIN DELETE FROM form_row; END": "trigger event.evil",
    },
    "postgresql": {
        "ALTER TABLE event DISABLE TRIGGER event_is_kept": "trigger event.event_is_kept",
        "ALTER TABLE content DISABLE ROW LEVEL SECURITY": "security content.rows",
        "CREATE POLICY more ON event FOR SELECT USING (true)": "policy event.more",
        "DROP POLICY seen ON event": "policy event.seen",
        "GRANT UPDATE ON person_grant TO eve": "grant person_grant. UPDATE to eve",
        "GRANT DELETE ON event TO entering": "grant event. DELETE to the application",
        "CREATE OR REPLACE FUNCTION is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NULL; END $$": "function is_kept",
        "INSERT INTO role_right VALUES ('auditor', 'enter')": "",
        "GRANT SELECT ON event TO eve": "",
        "CREATE TABLE notes (x int)": "",
    },
}


def test_guards_that_are_gone_or_more_are_told(kept) -> None:
    small_history(kept.store)
    if kept.path is None:
        # who verifies on a server may be granted nothing more than others, and sees the catalogue
        assert verify(kept.store).holds
    undo = {}
    for statement, told in {**ON_EITHER, **OF_ONE_ENGINE[kept.store.engine.dialect.name]}.items():
        assert kept.by_force(statement, guarded=True) == ""
        undo[statement] = told
        found = verify(kept.store).problems
        assert {each.trace for each in found} == {Tampering.TABLES}
        lines = [each.told for each in found]
        assert len(lines) >= sum(map(bool, undo.values())) or not told
        assert any(line.startswith(told) for line in lines)


def test_trigger_by_a_name_of_the_engine_is_told(tmp_path) -> None:
    kept = on_sqlite(tmp_path)
    small_history(kept.store)
    kept.store.close()
    evil = "CREATE TRIGGER evil AFTER INSERT ON event BEGIN DELETE FROM form_row; END"
    rename = (
        "UPDATE sqlite_master SET name = 'sqlite_evil', sql = replace(sql, 'evil', 'sqlite_evil') "
    )
    assert (
        kept.by_force(
            evil, "PRAGMA writable_schema = ON", rename + "WHERE name = 'evil'", guarded=True
        )
        == ""
    )

    (problem,) = verify(kept.store).problems

    kept.store.close()
    assert problem.told.startswith("trigger event.sqlite_evil")


def test_what_an_account_may_not_look_at_is_not_missing() -> None:
    whole = TableListing(lines=frozenset({"table a", "row a.x | y"}))
    assert table_differences(whole, TableListing(lines=frozenset({"table a"}))) == ()
    some = TableListing(lines=frozenset({"table a", "row a.x | z"}))
    assert table_differences(whole, some) == (
        "row a.x | y: is missing, or is another one",
        "row a.x | z: was not made by trialkit",
    )


def test_log_of_another_revision_than_the_store_says_is_told(kept) -> None:
    from unittest.mock import patch

    from trialkit.evidence.writing import beginning

    with patch.object(beginning, "HEAD", "0002"):
        small_history(kept.store)

    (problem,) = verify(kept.store).problems

    assert problem.trace is Tampering.TABLES
    assert "its log that they are of 0002" in problem.told
