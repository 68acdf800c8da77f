"""Made-up forms with the habits of public ones are carried over as far as is promised."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.xlsform_coverage import GOALS, counts, drafted, made_up, measure, share
from benchmarks.xlsform_idioms import IDIOMS
from trialkit.imports.xlsform.logic import Carried


def test_the_promised_shares_are_reached(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = made_up(tmp_path)
    every = measure(paths)
    assert {
        column: share(every, column) >= goal for column, goal in GOALS.items()
    } == dict.fromkeys(GOALS, True)
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed] == [*IDIOMS, "all"]


def test_what_is_not_carried_over_is_known(tmp_path: Path) -> None:
    lost = {
        (path.stem, column, row): carried
        for path in made_up(tmp_path)
        for (column, row), carried in drafted(path).tally.items()
        if carried is not Carried.SAID
    }
    assert lost == {
        ("clinic", "calculation", 16): Carried.BEYOND,  # a number that is drawn once
        ("toolkit", "calculation", 16): Carried.BEYOND,  # the name of a month
        ("toolkit", "calculation", 17): Carried.BEYOND,  # a file that is not there
        ("rows", "calculation", 14): Carried.LOST,  # the texts of several rows
    }


def test_a_share_counts_each_expression_once(tmp_path: Path) -> None:
    clinic = next(path for path in made_up(tmp_path) if path.stem == "clinic")
    counted = counts(drafted(clinic))
    assert [counted["calculation", each] for each in Carried] == [5, 0, 1]
    assert share(counted, "calculation") == 1.0
    assert share(Counter({("a", Carried.SAID): 3, ("a", Carried.LOST): 1}), "a") == 0.75
    assert share(counted, "nothing") == 1.0


def test_a_form_that_is_none_is_named_and_not_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none.csv").write_text("nothing\n")
    assert not measure([tmp_path / "none.csv"])
    assert "no sheet 'survey'" in capsys.readouterr().out
