"""An import is the difference between a source and the store, cell by cell."""

from dataclasses import replace

import polars as pl
import pytest

from tests.evidence.world import occasion, on_sqlite, opened
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.comparing import difference
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.writing.appending import append
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource
from trialkit.store.sources.memory_source import MemorySource

NOW = occasion(door=Door.IMPORT)


@pytest.fixture(scope="module")
def example_schemas(example):
    return example.schemas


@pytest.fixture
def source(example, example_schemas):
    """The example's tables in memory, where cells can be changed."""
    folder = FolderSource(folder=example.folder)
    data = example_schemas.data
    tables = {each.id: folder.table(each, data).cells for each in example_schemas.forms}
    return MemorySource(tables=tables)


@pytest.fixture
def store(tmp_path, source, example_schemas):
    made = on_sqlite(tmp_path).store
    append(made, difference(made, source, example_schemas).entries, NOW)
    yield made
    made.close()


def test_what_was_imported_is_frozen_as_the_folder_is(store, source, example_schemas):
    expected = freeze(source, example_schemas)
    found = freeze(source_at(store)[0], example_schemas)

    assert found.forms.keys() == expected.forms.keys()
    for form, data in expected.forms.items():
        assert found.forms[form].entered.equals(data.entered), form
        assert found.forms[form].typed.equals(data.typed), form
        assert found.forms[form].coded.equals(data.coded), form


def test_what_is_there_already_is_no_difference(store, source, example_schemas):
    found = difference(store, source, example_schemas)

    assert found.entries.is_empty()
    assert found.absent.is_empty()
    assert not found.needs_reason


def changed(source, form, row, **cells):
    table = source.tables[form].with_row_index("row")
    columns = [
        pl.when(pl.col("row") == row).then(pl.lit(text)).otherwise(pl.col(name)).alias(name)
        for name, text in cells.items()
    ]
    return replace(source, tables={**source.tables, form: table.with_columns(columns).drop("row")})


def first_item(example_schemas):
    form = next(each for each in example_schemas.forms if "visit" in each.key)
    return form, form.items[0].id


def test_cell_that_differs_is_one_change(store, source, example_schemas):
    form, item = first_item(example_schemas)
    before = source.tables[form.id][item][2]
    other = changed(source, form.id, 2, **{item: "other"})

    found = difference(store, other, example_schemas, reason="source data")

    (entry,) = found.entries.iter_rows(named=True)
    assert (entry["action"], entry["form"], entry["item"]) == (EventAction.CHANGED, form.id, item)
    assert (entry["old"], entry["new"], entry["reason"]) == (before, "other", "source data")
    assert entry["subject_id"] == source.tables[form.id]["subject_id"][2]
    assert found.needs_reason


def test_import_makes_the_store_what_the_source_is(store, source, example_schemas):
    form, item = first_item(example_schemas)
    table = source.tables[form.id]
    more = pl.concat([table, table.head(1).with_columns(subject_id=pl.lit("NEW-1"))])
    other = changed(
        replace(source, tables={**source.tables, form.id: more}), form.id, 0, **{item: ""}
    )

    append(store, difference(store, other, example_schemas, reason="source data").entries, NOW)

    assert source_at(store)[0].tables[form.id].equals(other.tables[form.id])
    assert difference(store, other, example_schemas).entries.is_empty()


def test_rows_of_one_key_are_kept_apart(store, source, example_schemas):
    form, item = first_item(example_schemas)
    table = source.tables[form.id]
    twice = pl.concat([table, table.head(1).with_columns(pl.lit("again").alias(item))])
    other = replace(source, tables={**source.tables, form.id: twice})

    append(store, difference(store, other, example_schemas).entries, NOW)

    assert source_at(store)[0].tables[form.id].equals(twice)


def test_row_that_the_source_lacks_stays_unless_it_is_asked_to_go(store, source, example_schemas):
    form, _ = first_item(example_schemas)
    fewer = replace(source, tables={**source.tables, form.id: source.tables[form.id].slice(1)})

    found = difference(store, fewer, example_schemas)
    assert found.entries.is_empty()
    assert found.absent.height == 1

    going = difference(store, fewer, example_schemas, reason="never took place", removing=True)
    append(store, going.entries, NOW)
    assert source_at(store)[0].tables[form.id].equals(fewer.tables[form.id])
    assert going.count(EventAction.ROW_REMOVED) == 1


def test_column_does_not_go_by_an_import(store, source, example_schemas):
    form, _ = first_item(example_schemas)
    wider = [*source.tables[form.id].columns, "side"]
    append(store, entries([opened(form.id, tuple(wider))]), NOW)

    with pytest.raises(EvidenceError, match=f"{form.id}: the store has the columns side"):
        difference(store, source, example_schemas)
