"""Made-up forms with the habits of public ones are carried over as far as is promised."""

from pathlib import Path

import pytest

from benchmarks.xlsform_coverage import GOALS, counts, drafted, made_up, measure, share
from benchmarks.xlsform_idioms import IDIOMS


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
        (path.stem, column, row)
        for path in made_up(tmp_path)
        for (column, row), said in drafted(path).tally.items()
        if not said
    }
    # a number that is drawn once
    assert lost == {("clinic", "calculation", 16)}


def test_a_share_counts_each_expression_once(tmp_path: Path) -> None:
    clinic = next(path for path in made_up(tmp_path) if path.stem == "clinic")
    counted = counts(drafted(clinic))
    assert (counted["calculation", True], counted["calculation", False]) == (5, 1)
    assert share(counted, "calculation") == pytest.approx(5 / 6)
    assert share(counted, "nothing") == 1.0


def test_a_form_that_is_none_is_named_and_not_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none.csv").write_text("nothing\n")
    assert not measure([tmp_path / "none.csv"])
    assert "no sheet 'survey'" in capsys.readouterr().out
