"""``trialkit store export`` and ``diff``: the data as they stood at a moment, and what came between."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trialkit.cli.main import main
from trialkit.cli.store_exporting import export_store, show_store_difference
from trialkit.evidence.contents.moments import definitions_at, last_event
from trialkit.evidence.database.opening import sqlite_store


def called(code, *words, day=2):
    assert main(words, moment=datetime(2026, 3, day, 9, 0, tzinfo=UTC)) == code, words


@pytest.fixture
def trial(stored):
    """Data of the second of March, and one value that was changed on the fourth."""
    place = Path("trial/data/demographics.csv")
    place.write_text(place.read_text().replace("001,f,34", "001,f,35"))
    form = Path("trial/forms/demographics.toml")
    form.write_text(form.read_text().replace("Age", "Age in years", 1))
    mapping = Path("mapping.toml")
    mapping.write_text(
        'reason = "the same question"\naccepted = [{ form = "demographics", item = "age_years", what = "label" }]'
    )
    called(0, "store", "migrate", "trial", "--mapping", str(mapping), "--write", day=4)
    called(0, "store", "import", "folder", "trial", "--write", "--reason", "typed", day=4)
    return Path("trial")


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def test_the_folder_as_it_stood_has_its_data_and_its_definitions(trial, capsys):
    called(0, "store", "export", "trial", "before", "--as-of", "2026-03-03")
    assert "As of event" in capsys.readouterr().out
    called(0, "store", "export", "trial", "now")
    before, now = tree("before"), tree("now")
    assert before.keys() == now.keys()
    assert {name for name in now if before[name] != now[name]} == {
        "data/demographics.csv", "forms/demographics.toml",
    }  # fmt: skip
    assert now["data/demographics.csv"] == (trial / "data/demographics.csv").read_bytes()
    called(0, "validate", "before")
    assert export_store.__doc__


def test_one_moment_is_the_same_bytes(trial):
    called(0, "store", "export", "trial", "one", "--as-of", "2026-03-03")
    called(0, "store", "export", "trial", "two", "--as-of", "2026-03-02", day=5)
    assert tree("one") == tree("two")


def test_an_export_does_not_go_among_other_data(trial, capsys):
    called(2, "store", "export", "trial", "trial")
    assert "which holds what people wrote" in capsys.readouterr().err
    called(0, "store", "export", "trial", "one")
    called(2, "store", "export", "trial", "one")
    assert "holds data already; name a new folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-03-01", "was begun after"),
        ("99999", "event 99999 is not in the log"),
        ("0", "event 0"),
    ],
)
def test_a_moment_that_the_log_does_not_have_is_told(trial, capsys, moment, said):
    called(2, "store", "export", "trial", "out", "--as-of", moment)
    assert said in capsys.readouterr().err
    assert not Path("out").exists()


def test_what_lies_between_two_moments_is_shown_both_ways(trial, capsys):
    called(1, "store", "diff", "trial", "2026-03-02", "2026-03-04")
    assert "changed  demographics.age_years  001  34  35" in capsys.readouterr().out
    called(1, "store", "diff", "trial", "2026-03-04", "2026-03-02")
    assert "changed  demographics.age_years  001  35  34" in capsys.readouterr().out
    called(0, "store", "diff", "trial", "2026-03-02", "2026-03-03")
    assert "The data are the same at both moments." in capsys.readouterr().out
    assert show_store_difference.__doc__


def test_rows_come_between_and_go_the_other_way(trial, capsys):
    called(1, "store", "diff", "trial", "2", "2026-03-04", "--all")
    forward = capsys.readouterr().out
    assert "filled  demographics.age_years  001  -  35" in forward
    called(1, "store", "diff", "trial", "9", "4", "--all")
    assert "row removed  screening" in capsys.readouterr().out


def test_a_moment_is_a_day_or_an_event(trial):
    store = sqlite_store(trial / "evidence.sqlite")
    assert last_event(store, None) is None
    assert last_event(store, 7) == 7
    assert "protocol.toml" in definitions_at(store, 7)
    assert definitions_at(store, 1) == {}
    store.close()
