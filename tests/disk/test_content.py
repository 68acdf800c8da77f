"""Content that comes in pieces is that which comes at once, and can be asked for twice."""

from collections.abc import Iterator
from pathlib import Path

from trialkit.disk.content import Pieces, pieces_of, whole
from trialkit.files.whole_files import write_together


def letters() -> Iterator[bytes]:
    yield b"ab"
    yield b"c"


def test_pieces_are_made_anew_each_time() -> None:
    content = Pieces(letters)
    assert list(pieces_of(content)) == [b"ab", b"c"]
    assert whole(content) == whole(b"abc") == b"abc"


def test_bytes_are_one_piece() -> None:
    assert list(pieces_of(b"ab")) == [b"ab"]


def test_a_file_of_pieces_is_written_whole(tmp_path: Path) -> None:
    write_together({tmp_path / "a": Pieces(letters), tmp_path / "b": b"abc"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == b"abc"
