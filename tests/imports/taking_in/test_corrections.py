"""Right values reach their cells in any order, none is lost, and the way back is written down."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checks.query_trial import SCHEMAS, QueryTrial, key_of
from tests.conftest import examples
from tests.signed import SIGNED
from trialkit.checks.queries.by_hand import applied
from trialkit.checks.queries.queries import Queries, Query, QueryAnswer
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.errors import DataFileError
from trialkit.files.whole_files import write_together
from trialkit.imports.taking_in.corrections import corrections, waiting
from trialkit.imports.taking_in.writing import import_contents
from trialkit.store.changes.change_log import read_changes

THERE = {"A": "97", "B": "98", "C": "400"}


def written(folder: Path, values: dict[str, str]) -> Path:
    path = folder / "data" / "pain.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = "".join(f"{subject},{value},50\n" for subject, value in values.items())
    path.write_text(f"subject_id,vas,before\n{rows}", encoding="utf-8")
    return path


def held(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return {line.split(",")[0]: line.split(",")[1] for line in lines}


def answered(right: dict[str, str]) -> Queries:
    trial = QueryTrial(values=dict(THERE), severities={"97": "soft", "98": "soft", "400": "hard"})
    queries = trial.validate()
    by_key = dict(queries.by_key)
    for subject, value in right.items():
        key = key_of(subject, "hard" if subject == "C" else "soft")
        by_key[key] = replace(
            by_key[key], answer=QueryAnswer.CORRECTED, right_value=value, reason="misread",
            answered_by="Ana",
        )  # fmt: skip
    return replace(queries, by_key=by_key)


def apply(folder: Path, asked: Sequence[Query]) -> int:
    found = corrections(folder, SCHEMAS, asked)
    files = import_contents(found.difference, SCHEMAS.data, signed=SIGNED, replace=True, empty=True)
    write_together(files)
    return len(found.taken)


RIGHT = st.dictionaries(st.sampled_from("ABC"), st.sampled_from(["41", "42.5", "ND", "(blank)"]))


@settings(deadline=None, max_examples=examples(25))
@given(right=RIGHT)
def test_the_order_is_all_one_and_the_changes_lead_back(
    tmp_path_factory: pytest.TempPathFactory, right: dict[str, str]
) -> None:
    asked = waiting(answered(right))
    ends = set()
    for order in permutations(asked):
        folder = tmp_path_factory.mktemp("trial")
        path = written(folder, THERE)
        for query in order:
            assert apply(folder, [query]) == 1
        log = read_changes(folder / "data")
        assert sorted(line.query_key for line in log) == sorted(each.query_key for each in asked)
        ends.add(path.read_bytes())
        now = held(path)
        for line in reversed(log):
            assert now[line.subject_id] == line.new
            now[line.subject_id] = line.old
        assert now == THERE
    folder = tmp_path_factory.mktemp("together")
    path = written(folder, THERE)
    assert apply(folder, asked) == len(asked)
    assert ends == {path.read_bytes()}
    assert held(path) == THERE | {
        subject: "" if value == "(blank)" else value for subject, value in right.items()
    }


def test_two_answers_about_one_cell_that_differ_are_both_refused(tmp_path: Path) -> None:
    path = written(tmp_path, THERE)
    (query,) = waiting(answered({"A": "41"}))
    other = replace(query, query_key="q2", right_value="42")

    found = corrections(tmp_path, SCHEMAS, [query, other])
    same = corrections(tmp_path, SCHEMAS, [query, replace(other, right_value="41")])

    assert [each.why for each in found.refused] == [
        "the answers about this cell name '41' and '42'; ask which is right"
    ] * 2
    assert (found.cells, found.taken) == ((), ())
    assert [cell.query_key for cell in same.cells] == [f"{query.query_key} q2"]
    assert held(path) == THERE


def test_a_value_that_changed_since_is_left_and_one_that_is_right_is_done(tmp_path: Path) -> None:
    asked = waiting(answered({"A": "41", "B": "42.50"}))
    written(tmp_path, THERE | {"A": "55", "B": "42.5"})

    found = corrections(tmp_path, SCHEMAS, asked)

    assert [each.why for each in found.refused] == [
        "the data hold '55' there by now, and '97' was asked about; validate, and ask again"
    ]
    assert [each.subject_id for each in found.taken] == ["B"]
    assert found.cells == ()


def test_a_row_that_is_gone_and_a_place_without_a_value_are_told(tmp_path: Path) -> None:
    (query,) = waiting(answered({"A": "41"}))
    written(tmp_path, {"B": "98"})

    found = corrections(tmp_path, SCHEMAS, [query, replace(query, item="")])

    assert [each.why.partition(";")[0] for each in found.refused] == [
        "the query is about a whole form and not about one answer",
        "its row is not in the data any more",
    ]


def test_of_two_that_write_at_once_the_second_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, THERE)
    one, other = waiting(answered({"A": "41", "B": "42"}))
    both = [corrections(tmp_path, SCHEMAS, [each]) for each in (one, other)]
    files = [
        import_contents(each.difference, SCHEMAS.data, signed=SIGNED, replace=True) for each in both
    ]

    write_together(files[0])
    with pytest.raises(DataFileError, match="was changed by somebody else"):
        write_together(files[1])
    assert held(path) == THERE | {"A": "41"}
    assert len(read_changes(tmp_path / "data")) == 1
    assert apply(tmp_path, [other]) == 1
    assert held(path) == THERE | {"A": "41", "B": "42"}


def test_of_two_histories_that_are_written_at_once_the_second_is_refused(tmp_path: Path) -> None:
    folder = QueryFolder(trial=tmp_path)
    start = QueryTrial(values=dict(THERE), severities={"97": "soft", "98": "soft"}).validate()
    folder.write(start, before=Queries())
    one, other = (start.by_key[key_of(each)] for each in "AB")
    first = folder.files(applied(start, [one], by="Ana", on=""), before=start)
    second = folder.files(applied(start, [other], by="Bo", on=""), before=start)

    write_together(first)
    with pytest.raises(DataFileError, match=r"history\.csv: has changed while this command ran"):
        write_together(second)
    assert [event.answered_by for event in folder.read().history[-2:]] == ["", "Ana"]
