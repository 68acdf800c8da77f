import pytest

from tests.evidence.world import cell, occasion, on_sqlite
from trialkit.evidence.contents.comparing import difference
from trialkit.evidence.contents.exporting import exported
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.events import entries
from trialkit.evidence.writing.appending import append
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

NOW = occasion(door=Door.IMPORT)


@pytest.fixture
def store(tmp_path, example):
    made = on_sqlite(tmp_path).store
    folder = FolderSource(folder=example.folder)
    append(made, difference(made, folder, example.schemas).entries, NOW)
    yield made
    made.close()


def test_import_of_an_export_is_the_same_snapshot(store, example, tmp_path):
    files, _ = exported(store, example.schemas.data)
    place = tmp_path / "copy" / "data"
    place.mkdir(parents=True)
    for name, content in files.items():
        (place / name).write_bytes(content)

    found = freeze(FolderSource(folder=place.parent), example.schemas)

    for form, data in example.snapshot.forms.items():
        assert found.forms[form].entered.equals(data.entered), form


def test_one_moment_is_the_same_bytes_whatever_came_after(store, example):
    before, head = exported(store, example.schemas.data)
    form = next(each for each in example.schemas.forms if "visit" in each.key)
    first = example.snapshot.forms[form.id].entered.row(0, named=True)
    item = form.items[0].id
    change = cell(
        first["subject_id"], item, first[item], "other", form=form.id, visit=first["visit"]
    )
    append(store, entries([change]), occasion(9))

    again, same = exported(store, example.schemas.data, until=head.seq)

    assert (again, same) == (before, head)
    assert exported(store, example.schemas.data)[0] != before
