"""The file of changes only grows, keeps what it was told to the sign, and is believed only if whole."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.signed import SIGNED
from trialkit.disk.content import whole
from trialkit.errors import DataFileError
from trialkit.files.whole_files import write_together
from trialkit.store.changes.change_log import (
    COLUMNS,
    FILE,
    Change,
    DataRow,
    Signature,
    What,
    change,
    read_changes,
    removal,
    with_changes,
)

ROW = DataRow(form="pain", subject_id="007", visit="BL")
HEAD = ",".join(COLUMNS)


def one(new: str = "45", old: str = "444", query_key: str = "") -> Change:
    return change(ROW, "vas", old=old, new=new, signed=SIGNED, query_key=query_key)


def kept(folder: Path, *changes: Change) -> Path:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    write_together(with_changes(data, changes))
    return data / FILE


def test_a_line_says_who_when_what_and_why(tmp_path: Path) -> None:
    path = kept(tmp_path, one(query_key="qabc"))

    assert path.read_text() == (
        f"{HEAD}\n2025-03-31T08:30:05Z,Ann,changed,pain,007,BL,,vas,444,45,a test,qabc\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [("4", "5", What.CHANGED), (" ", "5", What.FILLED), ("4", "", What.EMPTIED)],
)
def test_what_became_of_a_cell_is_told_by_what_it_held(old: str, new: str, what: What) -> None:
    assert one(old=old, new=new).what is what


def test_a_row_that_goes_leaves_a_line_for_each_answer_and_at_least_one() -> None:
    gone = removal(ROW, [("vas", "44"), ("drug", " ")], signed=SIGNED)
    empty = removal(ROW, [("vas", "")], signed=SIGNED)

    assert [(each.item, each.old, each.new, each.what) for each in gone] == [
        ("vas", "44", "", What.REMOVED)
    ]
    assert [(each.item, each.what) for each in empty] == [("", What.REMOVED)]


def test_moments_of_other_zones_are_kept_in_utc() -> None:
    there = datetime(2025, 4, 1, 1, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    signed = Signature(who=" Ann\nB ", on=there, reason="a\nb")

    line = change(ROW, "vas", old="1", new="2", signed=signed)

    assert (line.on, line.who, line.reason) == ("2025-03-31T23:30:05Z", "Ann B", "a b")


def test_lines_are_added_behind_what_is_there(tmp_path: Path) -> None:
    before = kept(tmp_path, one("45")).read_bytes()
    after = kept(tmp_path, one("46"), one("47")).read_bytes()

    assert after.startswith(before)
    assert [each.new for each in read_changes(tmp_path / "data")] == ["45", "46", "47"]


def test_what_somebody_adds_in_between_stays(tmp_path: Path) -> None:
    path = kept(tmp_path, one("45"))
    mine = with_changes(path.parent, (one("47"),))
    kept(tmp_path, one("46"))

    write_together(mine)

    assert [each.new for each in read_changes(path.parent)] == ["45", "46", "47"]


def test_a_file_that_lost_lines_in_between_stays_as_it_is(tmp_path: Path) -> None:
    path = kept(tmp_path, one("45"), one("46"))
    mine = with_changes(path.parent, (one("47"),))
    shorter = path.read_bytes().rpartition(b"2025")[0]
    path.write_bytes(shorter)

    with pytest.raises(DataFileError, match="lines that were there when this command began"):
        write_together(mine)
    assert path.read_bytes() == shorter


def test_nothing_to_say_makes_no_file(tmp_path: Path) -> None:
    assert with_changes(tmp_path, ()) == {}
    assert read_changes(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n", "its first line should be"),
        (f"{HEAD}\nx\n", "row 2: has 1 cells, expected are 12"),
        (f"{HEAD}\n2025-03-31T08:30:05Z,A,odd,p,1,,,i,1,2,r,\n", "what is 'odd'"),
        (f"{HEAD}\n31.3.2025,A,changed,p,1,,,i,1,2,r,\n", "on is '31.3.2025'"),
        (f'{HEAD}\n"x', "cannot be read"),
    ],
)
def test_what_trialkit_did_not_write_is_refused_with_its_place(
    tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FILE).write_text(text)

    with pytest.raises(DataFileError, match="bring it back from a backup") as error:
        with_changes(tmp_path / "data", (one(),))
    assert words in str(error.value)


def test_a_link_out_of_the_trial_is_not_followed(tmp_path: Path) -> None:
    data = tmp_path / "trial" / "data"
    data.mkdir(parents=True)
    (data / FILE).symlink_to(tmp_path / "elsewhere.csv")

    with pytest.raises(DataFileError, match="leads out of the trial's folder"):
        with_changes(data, (one(),))


WORDS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"))


@given(old=WORDS, new=WORDS)
def test_texts_come_back_as_they_were_and_no_cell_is_a_formula(
    tmp_path_factory: pytest.TempPathFactory, old: str, new: str
) -> None:
    data = tmp_path_factory.mktemp("trial") / "data"
    data.mkdir()
    line = change(ROW, "vas", old=old, new=new, signed=SIGNED)
    content = whole(with_changes(data, (line,))[data / FILE])
    (data / FILE).write_bytes(content)

    (back,) = read_changes(data)

    for was, now in ((old, back.old), (new, back.new)):
        lines = was.replace("\r\n", "\n").replace("\r", "\n")
        told_apart = lines[:1] != "'"  # a quotation mark before a formula may be ours
        assert now == lines if told_apart else now in {lines, lines[1:]}
    assert back.on == SIGNED.on.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
