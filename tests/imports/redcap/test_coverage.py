"""What is carried over of dictionaries with the habits of public projects: the benchmark's goals are met."""

from pathlib import Path

import pytest

from benchmarks.import_coverage import GOALS, Asked, asked_of, made_up, main, missed, project_of
from benchmarks.redcap_idioms import IDIOMS
from trialkit.imports.redcap.dictionary import read_dictionary


@pytest.fixture(scope="module")
def asked_by(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Asked]]:
    """By dictionary what it asks for."""
    return {
        name: list(asked_of(project_of(read_dictionary(path))))
        for name, path in made_up(tmp_path_factory.mktemp("made up"))
    }


@pytest.mark.parametrize("name", IDIOMS)
def test_all_that_is_asked_is_carried_over(name: str, asked_by: dict[str, list[Asked]]) -> None:
    assert {each.field: each.lost for each in asked_by[name] if each.lost} == {}


def test_the_goals_are_met(asked_by: dict[str, list[Asked]]) -> None:
    asked = [each for of_one in asked_by.values() for each in of_one]
    assert {each.kind for each in asked} >= set(GOALS)
    assert missed(asked) == {}


def test_what_rests_on_a_field_that_the_file_lacks_counts_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = dict(made_up(tmp_path))["adverse events"]
    text = path.read_text().splitlines()
    (tmp_path / "lacking.csv").write_text(
        "\n".join(line for line in text if not line.startswith("goes_on,"))
    )

    assert main([str(tmp_path / "lacking.csv")]) == 0
    *_, total, told = capsys.readouterr().out.splitlines()
    assert total.startswith("in all")
    assert "100.0 %" not in total.split("/")[0]
    assert told.startswith("of what the files tell          100.0 %")


def test_the_table_has_a_line_a_file_and_says_what_is_no_dictionary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n")
    path = dict(made_up(tmp_path))["adverse events"]

    assert main([str(path), str(tmp_path / "odd.csv"), "--lost"]) == 0

    first, one, odd, total = capsys.readouterr().out.splitlines()
    assert first.split()[:2] == ["branching", "calculations"]
    assert one.startswith("adverse_events.csv")
    assert "100.0 %     3/3" in one
    assert odd.startswith("odd.csv")
    assert "its header is" in odd
    assert total.startswith("in all")
