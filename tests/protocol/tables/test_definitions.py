"""Tables become nouns, and every complaint comes back with the others."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.tables import definitions
from trialkit.protocol.tables.definitions import Complaints, load_toml, read_table, read_tables


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    code: str
    count: int
    colour: Colour
    day: date | None = None
    inner: Inner | None = None
    words: tuple[str, ...] = ()
    flag: bool = False

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ProtocolError(f"count must not be negative, got {self.count}")


def read(raw: object) -> tuple[Noun | None, list[str]]:
    complaints = Complaints("a.toml")
    noun = read_table(Noun, raw, table="noun", complaints=complaints)
    return noun, [str(each) for each in complaints.all()]


def test_a_table_that_is_not_there_is_nothing_and_not_called_none() -> None:
    assert read(None) == (None, ["a.toml: [noun]: found nothing; expected a table"])


def test_a_table_becomes_the_noun_it_describes() -> None:
    noun, complaints = read(
        {
            "code": "A",
            "count": 3,
            "colour": "red",
            "day": date(2025, 3, 31),
            "inner": {"size": 2},
            "words": ["x", "y"],
            "flag": True,
        }
    )
    assert complaints == []
    assert noun == Noun(
        code="A",
        count=3,
        colour=Colour.RED,
        day=date(2025, 3, 31),
        inner=Inner(size=2.0),
        words=("x", "y"),
        flag=True,
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"count": "3"}, "count: found '3'; expected a whole number"),
        ({"count": True}, "count: found True; expected a whole number"),
        ({"count": 3.0}, "count: found 3.0; expected a whole number"),
        ({"count": -1}, "count must not be negative, got -1"),
        ({"colour": "gren"}, "did you mean 'green'?"),
        ({"colour": 3}, "colour: found 3; expected one of red, green"),
        ({"day": "2025-03-31"}, "expected a date such as 2025-03-31"),
        ({"inner": {}}, "[noun.inner] size: found nothing; expected a number (required)"),
        ({"inner": 3}, "found 3; expected a table"),
        ({"words": "x"}, "words: found 'x'; expected a list"),
        ({"words": ["x", 3]}, "words: found 3; expected a text"),
        ({"flag": "yes"}, "flag: found 'yes'; expected true or false"),
        ({"shape": 1}, "[noun] shape: found an unknown key"),
    ],
)
def test_one_wrong_value_gives_one_complaint(change: dict[str, object], said: str) -> None:
    noun, complaints = read({"code": "A", "count": 3, "colour": "red"} | change)
    assert noun is None or "shape" in change
    assert len(complaints) == 1
    assert said in complaints[0]


def test_a_misspelt_required_key_is_one_complaint_and_not_two() -> None:
    noun, complaints = read({"code": "A", "coutn": 3, "colour": "red"})
    assert noun is None
    assert len(complaints) == 1
    assert "did you mean 'count'?" in complaints[0]


def test_all_complaints_come_together() -> None:
    _, complaints = read({"code": 1, "count": "x", "colour": "blue", "extra": 0})
    assert len(complaints) == 4


def test_wrong_tables_of_an_array_are_named_by_their_code() -> None:
    complaints = Complaints("a.toml")
    kept = read_tables(
        Noun,
        [{"code": "A", "count": 1, "colour": "red"}, {"code": "B", "count": 1, "colour": "x"}],
        table="nouns",
        complaints=complaints,
    )
    assert [noun.code for noun in kept] == ["A"]
    assert "[nouns 'B'] colour" in str(complaints.all()[0])


@pytest.mark.parametrize("raw", ["text", 3, {"code": "A"}])
def test_an_array_that_is_none_is_complained_of(raw: object) -> None:
    complaints = Complaints("a.toml")
    assert read_tables(Noun, raw, table="nouns", complaints=complaints) == ()
    assert complaints.all()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = ", "is not valid TOML"),
        ("a = 'é'".encode("latin-1"), "is not UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(ProtocolError, match=said):
        load_toml(path, file="a.toml")


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\n")
    tables, sha256 = load_toml(path, file="a.toml")
    assert tables == {"a": 1}
    assert len(sha256) == 64


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match=r"a\.toml: cannot be read"):
        load_toml(tmp_path / "a.toml", file="a.toml")


def test_lists_are_bounded_before_their_entries_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "LONGEST_LIST", 2)
    complaints = Complaints("a.toml")
    read_tables(Noun, [{}] * 3, table="nouns", complaints=complaints, most=2)
    read_table(Noun, {"words": ["a"] * 3}, table="noun", complaints=complaints)
    said = [str(each) for each in complaints.all()]
    assert said[0] == "a.toml: [nouns]: found 3 tables [[nouns]]; expected 2 at most"
    assert "words: found a list of 3; expected 2 entries at most" in said[-1]


def test_very_many_unknown_keys_are_counted_and_not_compared_one_by_one() -> None:
    _, said = read({f"k{number}": 1 for number in range(201)})
    assert said[0].startswith("a.toml: [noun]: found 201 unknown keys, the first 'k0'; expected")


def test_complaints_beyond_those_that_anybody_reads_are_counted() -> None:
    complaints = Complaints("a.toml")
    for number in range(203):
        complaints.add(table="t", key=f"k{number}", found="x", expected="y")
    lines = str(ProtocolError(complaints.all())).splitlines()
    assert (len(lines), lines[0]) == (202, "203 things are wrong:")
    assert lines[-1] == "  ... and 3 more; mend these first"


def test_a_text_that_nobody_reads_to_its_end_is_refused() -> None:
    sound = {"code": "x" * 200_000, "count": 1, "colour": "red"}
    assert read(sound)[1] == []
    [said] = read({**sound, "code": "x" * 200_001})[1]
    assert said.endswith("expected 200,000 characters at most")
