"""A store is frozen as the folder is that it would export: same Snapshot, files, lines and digests."""

import polars as pl
import pytest

from tests.evidence.world import cell, occasion, on_sqlite, opened, row
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.comparing import difference
from trialkit.evidence.contents.exporting import exported
from trialkit.evidence.contents.store_source import StoreSource, store_source
from trialkit.evidence.database.addressing import FILE
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.events import entries
from trialkit.evidence.writing.appending import append
from trialkit.store.freezing import freeze
from trialkit.store.log_mark import LogMark
from trialkit.store.sources.folder_source import FolderSource


@pytest.fixture
def stored(tmp_path, example):
    """The example in a store, and the end of its log."""
    made = on_sqlite(tmp_path).store
    folder = FolderSource(folder=example.folder)
    found = difference(made, folder, example.schemas)
    head = append(made, found.entries, occasion(door=Door.IMPORT))
    yield made, head
    made.close()


def test_it_is_the_snapshot_of_its_export(stored, example, tmp_path):
    store, head = stored
    files, _ = exported(store, example.schemas.data)
    place = tmp_path / "copy" / "data"
    place.mkdir(parents=True)
    for name, content in files.items():
        (place / name).write_bytes(content)

    source = store_source(tmp_path, "", as_of=None)
    found = freeze(source, example.schemas)
    expected = freeze(FolderSource(folder=place.parent), example.schemas)

    assert source.log == LogMark(seq=head.seq, hash=head.hash)
    assert found.sha256_of_files == expected.sha256_of_files
    for form, data in expected.forms.items():
        assert found.forms[form].entered.equals(data.entered), form
        assert found.forms[form].typed.equals(data.typed), form
        assert found.forms[form].lines.tolist() == data.lines.tolist(), form
        assert (found.forms[form].file, found.forms[form].counted) == (data.file, "line")


def test_a_cell_of_several_lines_moves_the_rows_below(example, tmp_path):
    form = example.schemas.forms[0]
    columns = [*form.key, *form.entered[len(form.key) :]]
    cells = pl.DataFrame({name: ["a", "b\nc\nd", "", "x"] for name in columns})
    cells = cells.with_columns(subject_id=pl.Series(["1", "2", "3", "4"]))
    data = example.schemas.data
    source = StoreSource(
        folder=tmp_path, tables={form.id: cells}, log=LogMark(seq=1, hash="0" * 64)
    )

    found = source.table(form, data)

    more = 2 * (len(columns) - 1)
    assert found.lines.tolist() == [2, 3, 4 + more, 5 + more]


def test_a_moment_is_chosen(stored, example, tmp_path):
    store, head = stored
    form = next(each for each in example.schemas.forms if "visit" in each.key)
    first = example.snapshot.forms[form.id].entered.row(0, named=True)
    item = form.items[0].id
    change = cell(
        first["subject_id"], item, first[item], "other", form=form.id, visit=first["visit"]
    )
    append(store, entries([change]), occasion(9))

    before = store_source(tmp_path, str(tmp_path / FILE), as_of=head.seq)

    assert before.log.hash == head.hash
    assert before.tables[form.id][item][0] == first[item]
    assert store_source(tmp_path, "", as_of=None).tables[form.id][item][0] == "other"


def test_rows_of_a_form_that_is_gone_are_not_passed_over(stored, example, tmp_path):
    store, _ = stored
    append(store, entries([opened("gone")]), occasion(1))
    store_source(tmp_path, "", as_of=None).refuse_strangers(example.schemas)
    append(store, entries([row("P1", form="gone")]), occasion(2))
    with pytest.raises(EvidenceError, match=r"1 row of form 'gone', .*write forms/gone"):
        store_source(tmp_path, "", as_of=None).refuse_strangers(example.schemas)


def test_a_form_that_was_never_imported_is_asked_for(example, tmp_path):
    source = StoreSource(folder=tmp_path, tables={}, log=LogMark(seq=1, hash="0" * 64))
    with pytest.raises(EvidenceError, match="has no table in the store at event 1"):
        source.table(example.schemas.forms[0], example.schemas.data)
