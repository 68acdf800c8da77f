"""A number where a text belongs, bytes where a number does: ``verify`` tells it, and nothing falls over it."""

import pytest

from tests.evidence.world import cell, every_event, occasion, on_sqlite, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.database.verifying_guards import kind_problems
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.problems import Tampering
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append

OF_ANOTHER_KIND = {
    "UPDATE event SET copy = 'many' WHERE seq = 6": "event.copy",
    "UPDATE event SET missing_old = x'fffe' WHERE seq = 6": "event.missing_old",
    "UPDATE event SET hash = x'fffe' WHERE seq = 8": "event.hash",
    "UPDATE content SET new = x'fffe' WHERE seq = 8": "content.new",
    "UPDATE content SET new_salt = 'salt' WHERE seq = 8": "content.new_salt",
    "UPDATE person_grant SET seq = 'first'": "person_grant.seq",
    "UPDATE form_row SET position = 1.5 WHERE subject_id = 'P1'": "form_row.position",
    "UPDATE form_table SET form = x'fffe'": "form_table.form",
}


@pytest.fixture
def made(tmp_path):
    kept = on_sqlite(tmp_path)
    small_history(kept.store)
    yield kept
    kept.store.close()


@pytest.mark.parametrize(("statement", "column"), OF_ANOTHER_KIND.items())
def test_column_with_another_kind_of_value_is_named(made, statement, column):
    assert made.by_force(statement, guarded=False) == ""

    (problem,) = verify(made.store).problems

    assert problem.trace is Tampering.EDITED
    assert problem.told.startswith(f"{column}: holds what is no ")
    assert "(rows: 1)" in problem.told


def test_untouched_store_and_one_whose_text_is_null_have_none(made):
    append(made.store, entries([cell("P2", "vas", "31", "32")]), occasion(5))
    with made.store.reading() as connection:
        assert list(kind_problems(connection)) == []


def test_log_that_cannot_be_read_any_more_says_so(made):
    assert made.by_force("UPDATE event SET copy = 'many' WHERE seq = 6", guarded=False) == ""

    with pytest.raises(
        EvidenceError, match=r"events 1 to 8: one holds what the store did not write"
    ):
        every_event(made.store)


def test_rows_that_are_no_json_any_more_say_so(made):
    sql = "UPDATE form_row SET cells = '2026-03-02' WHERE subject_id = 'P1'"
    assert made.by_force(sql, guarded=False) == ""

    with pytest.raises(
        EvidenceError, match=r"form 'pain': a row holds what the store did not write"
    ):
        source_at(made.store)
